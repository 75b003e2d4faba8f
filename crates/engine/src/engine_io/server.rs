//! All sessions of one engine.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::RwLock;
use serde::Serialize;
use tokio::sync::Notify;

use super::driver::Driver;
use super::error::Error;
use super::moment::Moment;
use super::packet::Packet;
use super::session::{Arrived, Outlet, Session};
use super::wheel::Wheel;
use super::{Handshake, Id, Protocol};
use crate::by_id::ById;
use crate::stats::Counters;
use crate::{Config, Reason};

/// Slices in which a drain closes its sessions.
const SLICES: usize = 50;

pub(crate) struct Server<P: Protocol> {
    pub(crate) config: Config,
    pub(crate) counters: Counters,
    pub(super) wheel: Wheel<Id>,
    sessions: RwLock<ById<Arc<Session<P>>>>,
    /// How many of them are open.
    open: AtomicUsize,
    /// Whether the task that turns the wheel was started.
    ticking: AtomicBool,
    draining: AtomicBool,
    /// Notified when the last session is gone.
    empty: Notify,
}

impl<P: Protocol> Server<P> {
    pub(crate) fn new(config: Config) -> Server<P> {
        let shortest = [
            config.ping_interval,
            config.ping_timeout,
            config.connect_timeout,
            config.queue_stall,
        ]
        .into_iter()
        .fold(Duration::MAX, Duration::min);
        let tick = (shortest / 50).clamp(Duration::from_millis(5), Duration::from_millis(100));
        Server {
            config,
            counters: Counters::default(),
            wheel: Wheel::new(tick),
            sessions: RwLock::default(),
            open: AtomicUsize::new(0),
            ticking: AtomicBool::new(false),
            draining: AtomicBool::new(false),
            empty: Notify::new(),
        }
    }

    /// Opens a session over polling; returns it and the text of its OPEN packet.
    pub(super) fn open_polling(
        self: &Arc<Self>,
        handshake: Handshake,
        protocol: P,
    ) -> Result<(Arc<Session<P>>, Packet), Error> {
        self.open(
            Outlet::Polling(Box::default()),
            None,
            handshake,
            protocol,
            &["websocket"],
        )
    }

    /// Opens a session over a WebSocket and sends its OPEN packet.
    pub(super) fn open_websocket(
        self: &Arc<Self>,
        outlet: Outlet,
        arrived: Arrived,
        handshake: Handshake,
        protocol: P,
    ) -> Result<(), Error> {
        self.open(outlet, Some(Box::new(arrived)), handshake, protocol, &[])
            .map(drop)
    }

    fn open(
        self: &Arc<Self>,
        outlet: Outlet,
        arrived: Option<Box<Arrived>>,
        handshake: Handshake,
        protocol: P,
        upgrades: &[&str],
    ) -> Result<(Arc<Session<P>>, Packet), Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Open<'a> {
            sid: &'a str,
            upgrades: &'a [&'a str],
            ping_interval: u128,
            ping_timeout: u128,
            max_payload: usize,
        }
        let id = Id::random().map_err(|_| Error::Unavailable)?;
        let open = Open {
            sid: &id,
            upgrades,
            ping_interval: self.config.ping_interval.as_millis(),
            ping_timeout: self.config.ping_timeout.as_millis(),
            max_payload: self.config.max_payload,
        };
        let packet = Packet::build(|out| {
            out.push(b'0');
            serde_json::to_writer(out, &open)
        })
        .map_err(|_| Error::Unavailable)?;
        let session = Arc::new(Session::new(self.clone(), id, outlet, handshake, protocol));
        {
            let mut sessions = self.sessions.write();
            if self.is_draining() || self.is_full() {
                return Err(Error::Unavailable);
            }
            sessions.insert(session.clone());
            self.open.fetch_add(1, Ordering::Relaxed);
        }
        self.counters.opened.add(1);
        if let Some(arrived) = arrived {
            session.send(&packet, super::Lane::Durable);
            session.lock().arrived = Some(arrived);
        }
        session.arm(&mut session.lock());
        Driver::spawn(session.clone());
        self.start_ticking();
        Ok((session, packet))
    }

    /// The open session of that id, or a closed one whose client has yet to be told.
    pub(super) fn find(&self, id: &str) -> Result<Arc<Session<P>>, Error> {
        let session = self
            .sessions
            .read()
            .get(id)
            .cloned()
            .ok_or(Error::UnknownSession)?;
        if session.is_over() && !session.is_to_be_told() {
            Err(Error::UnknownSession)
        } else {
            Ok(session)
        }
    }

    /// Sessions there are.
    pub(crate) fn len(&self) -> usize {
        self.sessions.read().len()
    }

    pub(super) fn remove(&self, id: &str) {
        let mut sessions = self.sessions.write();
        sessions.remove(id);
        if sessions.len() == 0 {
            self.empty.notify_waiters();
        }
    }

    /// Whether there are as many open sessions as may be. Those that are closed and have only their
    /// last jobs to do are nobody's.
    pub(super) fn is_full(&self) -> bool {
        self.open.load(Ordering::Relaxed) >= self.config.max_sessions
    }

    /// A session is no longer open.
    pub(super) fn closed(&self, reason: Reason) {
        self.open.fetch_sub(1, Ordering::Relaxed);
        self.counters.closed(reason);
    }

    /// Whether new sessions are refused because the server is going down.
    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// Refuses new sessions and closes those there are, in slices spread over `over`; returns when
    /// all are gone.
    pub(crate) async fn drain(&self, over: Duration) {
        self.draining.store(true, Ordering::Release);
        let sessions: Vec<_> = self.sessions.read().values().cloned().collect();
        let slice = sessions.len().div_ceil(SLICES).max(1);
        let pause = over / sessions.len().div_ceil(slice).max(1) as u32;
        for (number, slice) in sessions.chunks(slice).enumerate() {
            if number > 0 {
                tokio::time::sleep(pause).await;
            }
            for session in slice {
                session.close(Reason::ServerShutdown);
            }
        }
        drop(sessions);
        loop {
            let mut gone = std::pin::pin!(self.empty.notified());
            gone.as_mut().enable();
            if self.len() == 0 {
                return;
            }
            gone.await;
        }
    }

    /// Starts the task that turns the wheel, with the first session. It ends with the engine.
    fn start_ticking(self: &Arc<Self>) {
        if self.ticking.swap(true, Ordering::Relaxed) {
            return;
        }
        let server = Arc::downgrade(self);
        let mut ticks = tokio::time::interval(self.wheel.tick());
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        tokio::spawn(async move {
            loop {
                ticks.tick().await;
                let Some(server) = server.upgrade() else {
                    return;
                };
                let now = Moment::now();
                for id in server.wheel.take_due(now) {
                    let session = server.sessions.read().get(&id).cloned();
                    if let Some(session) = session {
                        session.tick(now);
                    }
                }
            }
        });
    }
}
