//! A connected client.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use parking_lot::Mutex;
use serde::Serialize;

use super::behind::Progress;
use super::client::Client;
use super::namespace::Space;
use super::{Ack, App, Broadcast, Engine, View};
use crate::by_id::HasId;
use crate::engine_io::{Lane, Packet, Session};
use crate::rooms::Membership;
use crate::socket_io::Acks;
use crate::{Args, Reason};

/// A connected client. Cloning is cheap and gives the same socket; after it is gone, what is sent
/// to it is dropped.
pub struct Socket<A: App>(pub(super) Member<A>);

/// A socket as rooms hold it.
pub(super) type Member<A> = Arc<Connected<A>>;

pub(super) struct Connected<A: App> {
    pub(super) door: Arc<Session<Client<A>>>,
    view: AtomicU8,
    /// The socket is gone; it changes under the lock of `rooms`.
    gone: AtomicBool,
    pub(super) space: Arc<Space<A>>,
    id: Box<str>,
    session: A::Session,
    pub(super) progress: Progress,
    rooms: Mutex<Joined<A>>,
    pub(super) acks: Mutex<Acks>,
}

/// The rooms of a socket; once it is gone, the memberships have ended and only tell their names.
struct Joined<A: App> {
    memberships: Vec<Membership<Member<A>>>,
    /// How many of them, the first ones, were given by the application on accepting.
    given: usize,
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

impl<A: App> Socket<A> {
    pub(super) fn new(
        door: Arc<Session<Client<A>>>,
        space: Arc<Space<A>>,
        id: Box<str>,
        session: A::Session,
        view: View,
    ) -> Socket<A> {
        let socket = Socket(Arc::new(Connected {
            door,
            view: AtomicU8::new(0),
            gone: AtomicBool::new(false),
            space,
            id,
            session,
            progress: Progress::default(),
            rooms: Mutex::new(Joined {
                memberships: Vec::new(),
                given: 0,
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

    /// Its namespace.
    pub fn namespace(&self) -> &str {
        &self.0.space.name
    }

    /// What the application keeps with it.
    pub fn session(&self) -> &A::Session {
        &self.0.session
    }

    /// Who is at the other end of the connection that opened its session: see
    /// [`Connecting::peer`](crate::Connecting::peer).
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

    /// Joins `room`, a name of the application's choosing. Being in it already is as good. Fails at
    /// the limit of rooms, and once the socket is gone.
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
        let mut joined = self.0.rooms.lock();
        if self.0.is_gone() {
            return Err(JoinError::Closed);
        }
        if joined.is_in(room) {
            then();
            return Ok(());
        }
        if joined.memberships.len() - joined.given >= self.engine().config().rooms_per_socket {
            return Err(JoinError::RoomLimit);
        }
        let membership = self.0.space.rooms.join(room, self.0.clone(), then);
        if joined.memberships.is_empty() {
            // Most are in one room, or in few.
            joined.memberships.reserve_exact(1);
        }
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
        if self.0.is_gone() {
            return false;
        }
        let membership = joined.memberships.remove(index);
        if index < joined.given {
            joined.given -= 1;
        }
        self.0.space.rooms.leave(&membership);
        true
    }

    /// Addresses everyone else in the namespace with an ephemeral event.
    pub fn broadcast(&self) -> Broadcast<'_, A> {
        Broadcast::new(self.engine(), &self.0.space).except_socket(self.id())
    }

    /// Addresses the members of `room` with an ephemeral event, save this socket.
    pub fn to(&self, room: &str) -> Broadcast<'_, A> {
        self.broadcast().to(room)
    }

    /// Whether it is in `room`.
    pub fn is_in(&self, room: &str) -> bool {
        let joined = self.0.rooms.lock();
        !self.0.is_gone() && joined.is_in(room)
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

    /// Whether it is gone: what is sent to it is dropped.
    pub fn is_gone(&self) -> bool {
        self.0.is_gone()
    }

    /// Sends DISCONNECT: Socket.IO 5, "Disconnection from a namespace". Stock clients do not come back by themselves. The connection is closed,
    /// unless it has a socket in another namespace.
    pub fn disconnect(&self) {
        let door = &self.0.door;
        door.protocol.disconnect(door, self);
    }

    /// Closes the transport for a `reason` that [`App::disconnect`] is given, without a DISCONNECT
    /// packet, and with it the sockets of all
    /// namespaces: stock clients come back by themselves.
    pub fn close(&self, reason: Reason) {
        self.0.door.close(reason);
    }

    /// The socket that rooms hold so.
    pub(super) fn from_member(member: Member<A>) -> Socket<A> {
        Socket(member)
    }

    /// Whether it is the same socket.
    pub(super) fn is(&self, other: &Socket<A>) -> bool {
        self.is_member(&other.0)
    }

    /// Whether rooms hold it so.
    pub(super) fn is_member(&self, member: &Member<A>) -> bool {
        Arc::ptr_eq(&self.0, member)
    }

    /// What belongs to its namespace.
    pub(super) fn space(&self) -> &Arc<Space<A>> {
        &self.0.space
    }

    /// The socket as rooms hold it.
    pub(super) fn member(&self) -> &Member<A> {
        &self.0
    }

    /// Makes the socket known and a member of its first rooms, `given` by the application or joined
    /// before. One that is known by the same id is the client's past: it is closed.
    pub(super) fn attach(&self, given: Vec<String>, joined_before: Vec<String>) {
        let space = &self.0.space;
        {
            let mut joined = self.0.rooms.lock();
            if self.0.is_gone() {
                return;
            }
            let replaced = space.sockets.write().insert(self.clone());
            if let Some(old) = replaced {
                old.detach();
                old.close(Reason::ServerClose);
            }
            joined.add(self, given);
            joined.given = joined.memberships.len();
            joined.add(self, joined_before);
        }
        if self.0.door.is_closed() {
            self.detach();
        }
    }

    /// Ends all memberships and whatever waits for an acknowledgement: the socket is gone.
    pub(super) fn detach(&self) {
        let Connected { space, id, .. } = &*self.0;
        let joined = self.0.rooms.lock();
        if self.0.gone.swap(true, Ordering::Relaxed) {
            return;
        }
        {
            let mut sockets = space.sockets.write();
            if sockets.get(id).is_some_and(|known| known.is(self)) {
                sockets.remove(id);
            }
        }
        for membership in &joined.memberships {
            space.rooms.leave(membership);
        }
        self.0.acks.lock().clear();
        // This is also how those who wait hear that the session is closed.
        self.0.door.wake_waiting();
    }

    /// The client acknowledged an event.
    pub(super) fn acknowledged(&self, id: u64, args: Args) {
        self.0.acks.lock().resolve(id, args);
    }
}

impl<A: App> Connected<A> {
    /// Sends a packet, shared with other sockets perhaps; returns whether it was taken.
    pub(super) fn send(&self, packet: &Packet, lane: Lane<'_>) -> bool {
        self.door.send(packet, lane)
    }

    /// Whether the socket is gone.
    pub(super) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
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

    /// Makes the socket a member of rooms.
    fn add(&mut self, socket: &Socket<A>, rooms: Vec<String>) {
        self.memberships.reserve_exact(rooms.len());
        for room in rooms {
            if !self.is_in(&room) {
                let membership = socket.space().rooms.join(&room, socket.0.clone(), || ());
                self.memberships.push(membership);
            }
        }
    }
}

impl<A: App> HasId for Socket<A> {
    fn id(&self) -> &str {
        self.id()
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
