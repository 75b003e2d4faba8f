//! A client that asks for a connection.

use std::net::SocketAddr;
use std::sync::Arc;

use http::HeaderMap;
use serde_json::Value;

use super::client::{self, Client};
use super::namespace::Space;
use super::{App, Engine, Socket, View};
use crate::Reason;
use crate::engine_io::Session;
use crate::socket_io::encode;

/// A client whose CONNECT is yet to be answered. Dropping it leaves the client without an answer
/// until [`Config::connect_timeout`](crate::Config::connect_timeout) closes it.
pub struct Connecting<A: App> {
    session: Arc<Session<Client<A>>>,
    space: Arc<Space<A>>,
    /// The id that the socket will have.
    id: Box<str>,
    auth: Value,
    headers: HeaderMap,
}

impl<A: App> Connecting<A> {
    pub(super) fn new(
        session: Arc<Session<Client<A>>>,
        space: Arc<Space<A>>,
        id: Box<str>,
        auth: Value,
    ) -> Connecting<A> {
        let headers = session.handshake.headers();
        Connecting {
            session,
            space,
            id,
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

    /// The headers of the request that opened the session.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Who is at the other end of the connection that opened the session.
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

    /// Accepts: answers CONNECT with a fresh id, then makes the socket a member of `rooms`, which
    /// do not count towards [`Config::rooms_per_socket`](crate::Config::rooms_per_socket). Does not
    /// wait for anything, so that a caller can hold a lock of its own: membership starts within the
    /// call. `view` is which of the views of a delivery the socket reads.
    ///
    /// A client that has gone meanwhile gets a socket all the same, and [`App::disconnect`]
    /// follows.
    pub fn accept(
        self,
        session: A::Session,
        view: View,
        rooms: impl IntoIterator<Item = String>,
    ) -> Socket<A> {
        let door = self.session;
        let socket = Socket::new(door.clone(), self.space, self.id, session, view);
        door.protocol.connected(&door, &socket);
        match encode::connected(socket.namespace(), socket.id()) {
            Ok(packet) => client::reply(&door, packet),
            Err(error) => tracing::error!(%error, "failed to encode the answer to CONNECT"),
        }
        socket.attach(rooms);
        socket
    }
}
