//! A session: one client, its state, what it takes in, and its end.

use std::sync::Arc;
use std::task::Waker;

use bytes::BytesMut;
use parking_lot::{Mutex, MutexGuard};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::inbox::Inbox;
use super::moment::Moment;
use super::packet::{Incoming, Packet, Violation};
use super::queue::Queue;
use super::server::Server;
use super::timers::{Due, LINGER, Timers};
use super::{Handshake, Id, Lane, Message, Protocol};
use crate::by_id::HasId;
use crate::http::Seat;
use crate::websocket::{CloseCode, Decoder};
use crate::{Config, Reason};

/// One client.
pub(crate) struct Session<P: Protocol> {
    pub(super) id: Id,
    pub(crate) handshake: Handshake,
    pub(crate) protocol: P,
    pub(crate) server: Arc<Server<P>>,
    state: Mutex<State<P::Job>>,
}

pub(super) struct State<J> {
    pub(super) outlet: Outlet,
    pub(super) queue: Queue,
    pub(super) inbox: Inbox<J>,
    pub(super) closing: Option<Reason>,
    pub(super) timers: Timers,
    /// A WebSocket on its way to the session's task.
    pub(super) arrived: Option<Box<Arrived>>,
    /// The session's task.
    pub(super) driver: Option<Waker>,
    /// A POST that waits for room in the inbox.
    pub(super) poster: Option<Waker>,
    /// Those who wait for the queue to drain: one for each socket at most, as a rule.
    pub(super) waiting: Vec<Waker>,
}

/// Where packets go.
pub(super) enum Outlet {
    /// Into the queue, until a GET fetches them.
    Polling(Box<Polling>),
    /// Into the socket, or into the queue while the socket does not take them.
    WebSocket(OwnedWriteHalf),
    /// Nowhere.
    Gone,
}

#[derive(Debug, Default)]
pub(super) struct Polling {
    /// A GET is waiting, and is woken through this once it has been polled.
    pub(super) get: Option<Option<Waker>>,
    /// A POST is being read.
    pub(super) posting: bool,
    pub(super) upgrade: Upgrading,
}

/// How far an upgrade to WebSocket has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Upgrading {
    #[default]
    No,
    /// A WebSocket is open beside the polling.
    Opened,
    /// It was probed: as many GETs are answered at once, so that the client can finish. A stock client may have asked again
    /// before it heard of the probe's answer; one that goes on asking waits.
    Probed { noops: u8 },
}

/// What a message asks for.
pub(super) struct Task<J> {
    pub(super) job: J,
    /// Bytes that the client sent for it.
    pub(super) bytes: usize,
}

/// The incoming direction of a WebSocket.
pub(super) struct Arrived {
    pub(super) stream: OwnedReadHalf,
    pub(super) decoder: Decoder,
    /// Bytes that were read but not yet decoded.
    pub(super) unread: BytesMut,
    /// The connection's place among those that are open, when they are counted.
    pub(super) _seat: Option<Seat>,
}

impl<P: Protocol> Session<P> {
    pub(super) fn new(
        server: Arc<Server<P>>,
        id: Id,
        outlet: Outlet,
        handshake: Handshake,
        protocol: P,
    ) -> Session<P> {
        let mut timers = Timers::new(&server.config, Moment::now());
        if !P::CONNECTS {
            timers.connect = None;
        }
        let state = State {
            outlet,
            queue: Queue::default(),
            inbox: Inbox::default(),
            closing: None,
            timers,
            arrived: None,
            driver: None,
            poster: None,
            waiting: Vec::new(),
        };
        Session {
            id,
            handshake,
            protocol,
            server,
            state: Mutex::new(state),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State<P::Job>> {
        self.state.lock()
    }

    /// Takes one packet of the client: does quick work at once, and returns the rest.
    pub(super) fn receive(
        self: &Arc<Self>,
        packet: &str,
    ) -> Result<Option<Task<P::Job>>, Violation> {
        match Incoming::read(packet)? {
            Incoming::Message(text) => {
                self.server.counters.packets_in.add(1);
                return self.take(Message::Text(text));
            }
            Incoming::Pong => {
                let mut state = self.lock();
                state.timers.pong(&self.server.config, Moment::now());
                self.arm(&mut state);
            }
            Incoming::Close => self.close(Reason::TransportClose),
            Incoming::Noop => {}
        }
        Ok(None)
    }

    /// Takes one message of the client; returns what is to be done about it.
    pub(super) fn take(
        self: &Arc<Self>,
        message: Message<'_>,
    ) -> Result<Option<Task<P::Job>>, Violation> {
        let asked = self.protocol.message(self, message)?;
        Ok(asked.map(|(job, bytes)| Task { job, bytes }))
    }

    /// Has a task wait for its turn, unless the session is closed. The session's own task looks for it
    /// after it has read; anybody else must wake that.
    pub(super) fn queue(&self, task: Task<P::Job>) {
        let mut state = self.lock();
        if state.closing.is_none() {
            state.inbox.push(task.job, task.bytes);
        }
    }

    /// Adds a job that no message asks for, which is run even if the session closes. Not to be
    /// called once [`Protocol::last_job`] has said that there is none left.
    pub(crate) fn add_job(&self, job: P::Job) {
        let mut state = self.lock();
        state.inbox.push(job, 0);
        state.wake();
    }

    /// Ends the session because of what the client has sent.
    pub(super) fn refuse(self: &Arc<Self>, violation: Violation) {
        let code = match violation {
            Violation::Malformed => CloseCode::PROTOCOL,
            Violation::TooBig => CloseCode::TOO_BIG,
        };
        self.close_with(Reason::ParseError, Some(code));
    }

    /// Ends the session; the first reason counts. Its task does the rest.
    pub(crate) fn close(self: &Arc<Self>, reason: Reason) {
        self.close_with(reason, code(reason));
    }

    /// Ends the session, with a close frame when its outlet is a WebSocket and there is a `code`.
    pub(super) fn close_with(self: &Arc<Self>, reason: Reason, code: Option<CloseCode>) {
        let mut state = self.lock();
        if state.closing.is_some() {
            return;
        }
        let lingers = match &state.outlet {
            Outlet::Polling(polling) => polling.get.is_some() || is_told(reason),
            Outlet::WebSocket(_) => code.is_some(),
            Outlet::Gone => false,
        };
        if let (Outlet::WebSocket(_), Some(code)) = (&state.outlet, code) {
            state.queue.push(Packet::bare(code.frame()));
        }
        if lingers {
            state.timers.linger = Some(Moment::now() + LINGER);
            state.timers.stall = None;
            self.arm(&mut state);
        } else {
            state.outlet = Outlet::Gone;
        }
        state.close(reason);
    }

    /// Sets when the layer above must have a socket connected: `true` for the configured time from
    /// now, `false` for never.
    pub(crate) fn await_connect(self: &Arc<Self>, awaited: bool) {
        let mut state = self.lock();
        state.timers.connect = awaited.then(|| Moment::now() + self.server.config.connect_timeout);
        self.arm(&mut state);
    }

    /// Whether the session is closed, or should be because the client has been silent for too long.
    pub(super) fn is_over(self: &Arc<Self>) -> bool {
        let silent = {
            let state = self.lock();
            if state.closing.is_some() {
                return true;
            }
            state.timers.silent(Moment::now())
        };
        if silent {
            self.close(Reason::PingTimeout);
        }
        silent
    }

    /// Whether the session is closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closing.is_some()
    }

    /// Does what is due at `now`, when the wheel comes round.
    pub(super) fn tick(self: &Arc<Self>, now: Moment) {
        let due = {
            let mut state = self.lock();
            state.timers.disarm(now);
            state.timers.due(now)
        };
        match due {
            Due::Ping => {
                self.server.counters.packets_out.add(1);
                self.send(&Packet::ping(), Lane::Durable);
            }
            Due::Close(reason) => self.close(reason),
            Due::Forget => {
                let mut state = self.lock();
                state.forget();
                state.wake();
            }
            Due::Nothing => {}
        }
        let mut state = self.lock();
        if state.closing.is_none() || state.timers.linger.is_some() {
            self.arm(&mut state);
        }
    }

    /// Has the wheel come round in time for what is due next.
    pub(super) fn arm(self: &Arc<Self>, state: &mut State<P::Job>) {
        let wheel = &self.server.wheel;
        if let Some(at) = state.timers.rearm(wheel.horizon()) {
            wheel.arm(at, self.id);
        }
    }
}

impl<P: Protocol> HasId for Arc<Session<P>> {
    fn id(&self) -> &str {
        &self.id
    }
}

impl<J> State<J> {
    /// Marks the session as closed and wakes everyone who waits for it.
    pub(super) fn close(&mut self, reason: Reason) {
        self.closing.get_or_insert(reason);
        if let Outlet::Polling(polling) = &mut self.outlet {
            polling.wake();
        }
        if let Some(poster) = self.poster.take() {
            poster.wake();
        }
        self.wake();
    }

    /// Gives up what a closed session still had to send.
    pub(super) fn forget(&mut self) {
        self.outlet = Outlet::Gone;
        self.queue = Queue::default();
        self.timers.linger = None;
    }

    /// Whether a job still waits that is in the way of reading more.
    pub(super) fn is_full(&self, config: &Config) -> bool {
        self.inbox.is_full(config.max_payload)
    }

    /// Wakes the session's task.
    pub(super) fn wake(&self) {
        if let Some(driver) = &self.driver {
            driver.wake_by_ref();
        }
    }
}

impl Polling {
    /// Wakes the GET that waits.
    pub(super) fn wake(&mut self) {
        if let Some(Some(get)) = &self.get {
            get.wake_by_ref();
        }
    }
}

/// The close frame that goes with a reason. A client that is silent or does not read is not waited
/// for, one that broke off hears nothing.
pub(super) fn code(reason: Reason) -> Option<CloseCode> {
    match reason {
        Reason::ParseError => Some(CloseCode::PROTOCOL),
        Reason::ServerShutdown => Some(CloseCode::AWAY),
        Reason::TransportError | Reason::PingTimeout | Reason::SlowConsumer => None,
        Reason::ClientDisconnect
        | Reason::ServerDisconnect
        | Reason::TransportClose
        | Reason::ConnectTimeout
        | Reason::ServerClose => Some(CloseCode::NORMAL),
    }
}

/// Whether a polling client is told, by its next GET, that the session was closed for this reason;
/// for the others the session is simply unknown from then on. A client that closes may have sent a
/// GET just before, which has been overtaken.
pub(super) fn is_told(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::ServerDisconnect
            | Reason::ServerClose
            | Reason::ServerShutdown
            | Reason::TransportClose
    )
}
