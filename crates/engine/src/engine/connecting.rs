//! A client that asks for a connection.

use std::net::SocketAddr;
use std::sync::Arc;

use http::HeaderMap;
use serde_json::Value;

use super::client::Client;
use super::namespace::Space;
use super::{App, Engine, Socket, View};
use crate::Reason;
use crate::engine_io::{Id, Packet, Session};
use crate::socket_io::encode;

/// A client whose CONNECT is yet to be answered. Dropping it leaves the client without an answer
/// until [`Config::connect_timeout`](crate::Config::connect_timeout) closes it.
pub struct Connecting<A: App> {
    session: Arc<Session<Client<A>>>,
    space: Arc<Space<A>>,
    /// The id that the socket will have, unless it is given one.
    id: Id,
    pid: Id,
    auth: Value,
    headers: HeaderMap,
}

impl<A: App> Connecting<A> {
    pub(super) fn new(
        session: Arc<Session<Client<A>>>,
        space: Arc<Space<A>>,
        [id, pid]: [Id; 2],
        auth: Value,
    ) -> Connecting<A> {
        let headers = session.handshake.headers();
        Connecting {
            session,
            space,
            id,
            pid,
            auth,
            headers,
        }
    }

    /// The namespace asked for: `/`, or one of
    /// [`Config::namespaces`](crate::Config::namespaces).
    pub fn namespace(&self) -> &str {
        &self.space.name
    }

    /// The payload of the CONNECT packet, an object; empty when there was none.
    pub fn auth(&self) -> &Value {
        &self.auth
    }

    /// The headers of the request that opened the session, save those that only concern its
    /// connection.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Who is at the other end of the connection that opened the session, by the request's
    /// [`Peer`](crate::Peer) (a reverse proxy, perhaps); `0.0.0.0:0` when it had none.
    pub fn peer(&self) -> SocketAddr {
        self.session.handshake.peer
    }

    /// Closes the transport instead of answering: "try later". A stock client comes back by itself,
    /// which it does not after a refusal.
    pub fn close(&self) {
        self.session.close(Reason::ServerClose);
    }

    /// The engine.
    pub fn engine(&self) -> &Engine<A> {
        &self.session.protocol.engine
    }

    /// The id that the socket will have, unless it is given one.
    pub fn fresh_id(&self) -> &str {
        &self.id
    }

    /// A fresh `pid`, of as many random bits as a socket's id: the client is told it if it is put
    /// into an [`Identity`], and nobody else ever is.
    pub fn fresh_pid(&self) -> &str {
        &self.pid
    }

    /// Accepts: sends what comes before, makes the socket a member of its rooms and answers CONNECT.
    /// Does not wait for anything, so that a caller can hold a lock of its own: membership starts
    /// within the call. A socket of the same id is gone then, its transport closed.
    ///
    /// A client that has gone meanwhile gets a socket all the same, and [`App::disconnect`]
    /// follows.
    pub fn accept(self, admission: Admission<A::Session>) -> Socket<A> {
        let door = self.session;
        let (sid, pid) = match admission.identity {
            Some(Identity { sid, pid }) => (sid, Some(pid)),
            None => (None, None),
        };
        let id = sid.map_or_else(|| (*self.id).into(), String::into_boxed_str);
        let socket = Socket::new(
            door.clone(),
            self.space,
            id,
            admission.session,
            admission.view,
        );
        door.protocol.connected(&door, &socket);
        let taken = socket.replay(&admission.before);
        let missed = admission.before.get(taken);
        let missed = missed.map(|(position, _)| position.saturating_sub(1));
        socket.set_behind(missed.or(admission.behind));
        // From here on it misses nothing; what reaches it before the answer does, clients keep until then.
        socket.attach(admission.rooms, admission.joined);
        match encode::connected(socket.namespace(), socket.id(), pid.as_deref()) {
            Ok(packet) => door.protocol.answer(&door, &socket, packet),
            Err(error) => tracing::error!(%error, "failed to encode the answer to CONNECT"),
        }
        socket
    }
}

/// How a socket is [accepted](Connecting::accept).
#[derive(Debug)]
pub struct Admission<S> {
    /// What the application keeps with the socket.
    pub session: S,
    /// Which of the views of a delivery it reads.
    pub view: View,
    /// Rooms that do not count towards
    /// [`Config::rooms_per_socket`](crate::Config::rooms_per_socket).
    pub rooms: Vec<String>,
    /// Rooms that do, as the client joined them before; all are entered, even past that limit.
    pub joined: Vec<String>,
    /// Without one the socket has a fresh id and the client no `pid`.
    pub identity: Option<Identity>,
    /// Packets of the journal that are sent before the answer to CONNECT, as if
    /// [replayed](Socket::replay). The first of them that does not fit leaves the socket behind at
    /// the position before it.
    pub before: Vec<(u64, Packet)>,
    /// The position in the journal that the socket starts [behind](Socket::behind) at; `None` for
    /// a socket that is live.
    pub behind: Option<u64>,
}

impl<S> Admission<S> {
    /// A live socket with a fresh id and no `pid`, in rooms that do not count as joined.
    pub fn new(session: S, view: View, rooms: impl IntoIterator<Item = String>) -> Admission<S> {
        Admission {
            session,
            view,
            rooms: rooms.into_iter().collect(),
            joined: Vec::new(),
            identity: None,
            before: Vec::new(),
            behind: None,
        }
    }
}

/// What a client is told to recover its socket by: the `sid` and `pid` in the answer to CONNECT.
///
/// A client that holds a `pid` shows it as `pid` in the payload of its next CONNECT, beside the
/// `offset` of the last [event that had one](Packet::event_at): see [`Connecting::auth`]. Whether
/// they are good is for the application to judge, and what was missed for it to send.
#[derive(Clone)]
pub struct Identity {
    /// The socket's id; a fresh one when absent. A client takes a socket for recovered when it gets
    /// the `pid` that it holds.
    pub sid: Option<String>,
    /// The secret that the client shows to recover: see [`Connecting::fresh_pid`].
    pub pid: String,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("sid", &self.sid)
            .finish_non_exhaustive()
    }
}
