//! A connected client.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::oneshot;

use super::app::Reply;
use super::client::Client;
use super::{Ack, App, Engine, View};
use crate::Reason;
use crate::engine_io::{Lane, Packet, Session};
use crate::rooms::Membership;
use crate::socket_io::{Acks, encode};

/// A connected client. Cloning is cheap and gives the same socket; after it is gone, what is sent
/// to it is dropped.
pub struct Socket<A: App>(Member<A>);

/// A socket as rooms hold it.
pub(super) type Member<A> = Arc<Connected<A>>;

pub(super) struct Connected<A: App> {
    door: Arc<Session<Client<A>>>,
    view: AtomicU8,
    id: Box<str>,
    session: A::Session,
    rooms: Mutex<Joined<A>>,
    acks: Mutex<Acks>,
}

/// The rooms of a socket.
struct Joined<A: App> {
    memberships: Vec<Membership<Member<A>>>,
    /// How many of them, the first ones, were given by the application on accepting.
    given: usize,
    /// The socket is gone; the memberships have ended and only tell the rooms' names.
    gone: bool,
}

/// A room was not joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// The socket is in as many rooms as
    /// [`Config::rooms_per_socket`](crate::Config::rooms_per_socket) allows.
    #[error("too many rooms")]
    RoomLimit,
    /// The socket is gone.
    #[error("socket is closed")]
    Closed,
}

/// An acknowledgement did not come.
#[derive(Debug, thiserror::Error)]
pub enum AckError {
    /// Not in time.
    #[error("acknowledgement timed out")]
    Timeout,
    /// The socket is gone.
    #[error("socket is closed")]
    Closed,
    /// The event's data cannot be written as JSON.
    #[error("event cannot be encoded: {0}")]
    Encode(#[from] serde_json::Error),
}

impl<A: App> Socket<A> {
    pub(super) fn new(
        door: Arc<Session<Client<A>>>,
        id: Box<str>,
        session: A::Session,
        view: View,
    ) -> Socket<A> {
        let socket = Socket(Arc::new(Connected {
            door,
            view: AtomicU8::new(0),
            id,
            session,
            rooms: Mutex::new(Joined {
                memberships: Vec::new(),
                given: 0,
                gone: false,
            }),
            acks: Mutex::default(),
        }));
        socket.set_view(view);
        socket
    }

    /// The socket's id, as the client knows it. Not secret.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// What the application keeps with it.
    pub fn session(&self) -> &A::Session {
        &self.0.session
    }

    /// Who is at the other end of the connection that opened its session.
    pub fn peer(&self) -> SocketAddr {
        self.0.door.handshake.peer
    }

    /// The engine.
    pub fn engine(&self) -> &Engine<A> {
        &self.0.door.protocol.engine
    }

    /// Which of the views of a delivery it reads.
    pub fn view(&self) -> View {
        self.0.view()
    }

    /// Changes which of the views of a delivery it reads, from the next delivery on.
    pub fn set_view(&self, view: View) {
        self.0
            .view
            .store(view.0 % View::COUNT as u8, Ordering::Relaxed);
    }

    /// Joins `room`. Being in it already is as good.
    pub fn join(&self, room: &str) -> Result<(), JoinError> {
        self.join_then(room, || ())
    }

    /// Joins `room` and acknowledges with what `answer` returns, under the lock that makes the
    /// membership: the client hears the acknowledgement before anything that is sent to the room,
    /// and misses nothing after it. `answer` must be quick and must not use rooms. On an error
    /// nothing is acknowledged.
    pub fn join_and_answer<T: Serialize>(
        &self,
        room: &str,
        ack: Option<Ack>,
        answer: impl FnOnce() -> T,
    ) -> Result<(), JoinError> {
        self.join_then(room, || {
            let answer = answer();
            if let Some(ack) = ack {
                ack.send(&answer);
            }
        })
    }

    fn join_then(&self, room: &str, then: impl FnOnce()) -> Result<(), JoinError> {
        let engine = self.engine();
        let mut joined = self.0.rooms.lock();
        if joined.gone {
            return Err(JoinError::Closed);
        }
        if joined.is_in(room) {
            then();
            return Ok(());
        }
        if joined.memberships.len() - joined.given >= engine.config().rooms_per_socket {
            return Err(JoinError::RoomLimit);
        }
        let membership = engine.0.rooms.join(room, self.0.clone(), then);
        joined.memberships.push(membership);
        Ok(())
    }

    /// Leaves `room`; returns whether it was in it.
    pub fn leave(&self, room: &str) -> bool {
        let mut joined = self.0.rooms.lock();
        let Some(index) = joined
            .memberships
            .iter()
            .position(|each| each.name() == room)
        else {
            return false;
        };
        if joined.gone {
            return false;
        }
        let membership = joined.memberships.remove(index);
        if index < joined.given {
            joined.given -= 1;
        }
        self.engine().0.rooms.leave(&membership);
        true
    }

    /// Whether it is in `room`.
    pub fn is_in(&self, room: &str) -> bool {
        let joined = self.0.rooms.lock();
        !joined.gone && joined.is_in(room)
    }

    /// The rooms it is in; once it is gone, those it was in then.
    pub fn rooms(&self) -> Vec<String> {
        self.0
            .rooms
            .lock()
            .memberships
            .iter()
            .map(|each| each.name().to_owned())
            .collect()
    }

    /// Sends an event with `data` as its one argument. It arrives or the connection is closed. Data
    /// that cannot be written as JSON is logged and not sent.
    pub fn emit<T: Serialize + ?Sized>(&self, event: &str, data: &T) {
        match Packet::event(event, data) {
            Ok(packet) => self.0.door.clone().reply(packet),
            Err(error) => tracing::error!(%error, event, "failed to encode an event"),
        }
    }

    /// Sends an event and waits for the client's acknowledgement, up to `timeout`; returns its
    /// arguments.
    pub fn emit_with_ack<T: Serialize + ?Sized>(
        &self,
        event: &str,
        data: &T,
        timeout: Duration,
    ) -> impl Future<Output = Result<Vec<Value>, AckError>> + Send {
        let (id, acknowledged) = self.0.acks.lock().expect();
        let expected = Expected { socket: self, id };
        // Encoded here, so that the data need not outlive the call.
        let packet = encode::event_with_ack(id, event, data);
        expected.wait(packet, acknowledged, timeout)
    }

    /// Sends DISCONNECT and closes the connection. Stock clients do not come back by themselves.
    pub fn disconnect(&self) {
        self.0.door.clone().reply(encode::disconnect());
        self.0.door.close(Reason::ServerDisconnect);
    }

    /// Closes the transport, without a DISCONNECT packet: stock clients come back by themselves.
    pub fn close(&self, reason: Reason) {
        self.0.door.close(reason);
    }

    /// The socket that rooms hold so.
    pub(super) fn from_member(member: Member<A>) -> Socket<A> {
        Socket(member)
    }

    /// The socket as rooms hold it.
    pub(super) fn member(&self) -> &Member<A> {
        &self.0
    }

    /// Makes the socket known and a member of its first rooms.
    pub(super) fn attach(&self, rooms: impl IntoIterator<Item = String>) {
        let engine = self.engine();
        {
            let mut joined = self.0.rooms.lock();
            engine
                .0
                .sockets
                .write()
                .insert(self.0.id.clone(), self.clone());
            for room in rooms {
                if !joined.is_in(&room) {
                    let membership = engine.0.rooms.join(&room, self.0.clone(), || ());
                    joined.memberships.push(membership);
                }
            }
            joined.given = joined.memberships.len();
        }
        if self.0.door.is_closed() {
            self.detach();
        }
    }

    /// Ends all memberships and whatever waits for an acknowledgement: the socket is gone.
    pub(super) fn detach(&self) {
        let engine = self.engine();
        let mut joined = self.0.rooms.lock();
        if joined.gone {
            return;
        }
        joined.gone = true;
        engine.0.sockets.write().remove(&self.0.id);
        for membership in &joined.memberships {
            engine.0.rooms.leave(membership);
        }
        self.0.acks.lock().clear();
    }

    /// The client acknowledged an event.
    pub(super) fn acknowledged(&self, id: u64, args: Vec<Value>) {
        self.0.acks.lock().resolve(id, args);
    }
}

impl<A: App> Connected<A> {
    /// Sends packets, shared with other sockets perhaps; returns whether the first was taken.
    pub(super) fn send(&self, packets: &[Packet], lane: Lane) -> bool {
        self.door.send(packets, lane)
    }

    /// Which of the views of a delivery it reads.
    pub(super) fn view(&self) -> View {
        View(self.view.load(Ordering::Relaxed))
    }
}

impl<A: App> Joined<A> {
    /// A socket is in few rooms, so that looking at each beats keeping an index.
    fn is_in(&self, room: &str) -> bool {
        self.memberships.iter().any(|each| each.name() == room)
    }
}

impl<A: App> Clone for Socket<A> {
    fn clone(&self) -> Socket<A> {
        Socket(self.0.clone())
    }
}

impl<A: App> std::fmt::Debug for Socket<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Socket")
            .field("id", &self.0.id)
            .finish_non_exhaustive()
    }
}

/// An acknowledgement that is waited for: forgotten when nobody waits any more.
struct Expected<'a, A: App> {
    socket: &'a Socket<A>,
    id: u64,
}

impl<A: App> Expected<'_, A> {
    async fn wait(
        self,
        packet: Result<Packet, serde_json::Error>,
        acknowledged: oneshot::Receiver<Vec<Value>>,
        timeout: Duration,
    ) -> Result<Vec<Value>, AckError> {
        let door = &self.socket.0.door;
        if !door.send(&[packet?], Lane::Durable) {
            return Err(AckError::Closed);
        }
        door.server.counters.packets_out.add(1);
        match tokio::time::timeout(timeout, acknowledged).await {
            Ok(Ok(args)) => Ok(args),
            Ok(Err(_)) => Err(AckError::Closed),
            Err(_) => Err(AckError::Timeout),
        }
    }
}

impl<A: App> Drop for Expected<'_, A> {
    fn drop(&mut self) {
        self.socket.0.acks.lock().forget(self.id);
    }
}
