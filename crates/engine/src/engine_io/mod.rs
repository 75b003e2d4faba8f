//! Engine.IO 4: sessions over polling and WebSocket, the upgrade between them, heartbeat.
//!
//! <https://socket.io/docs/v4/engine-io-protocol/>. The layer above is a [`Protocol`]; this one
//! knows nothing of what the messages say. One [`Session`] is one client. It has one door outward
//! ([`Session::send`], for everybody), one small task ([`driver`]) that reads its WebSocket, drains
//! its queue and runs its handlers one after another, and no timer of its own.

mod door;
mod driver;
mod error;
mod handshake;
mod inbox;
mod moment;
mod origin;
mod packet;
mod packets;
mod polling;
mod queue;
mod request;
mod server;
mod session;
mod timers;
mod upgrade;
mod wheel;

use std::sync::Arc;

pub(crate) use door::Lane;
pub(crate) use handshake::{Handshake, Id};
pub use packet::Packet;
pub(crate) use packet::{Malformed, Violation};
pub(crate) use packets::Packets;
pub(crate) use server::Server;
pub(crate) use session::Session;

use crate::Reason;

/// A message, of a client or for one: Engine.IO 4, "Message".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message<'a> {
    /// Text.
    Text(&'a str),
    /// Bytes.
    Binary(&'a [u8]),
}

/// The layer above a session: one value for each session.
pub(crate) trait Protocol: Send + Sync + Sized + 'static {
    /// Whether the layer must have a socket connected in time; see [`Session::await_connect`].
    const CONNECTS: bool;

    /// Work that a message asks for. A session's jobs run one after another, in order.
    type Job: Send + 'static;

    /// Takes a message the moment it is read, while a job may be running. Must be quick. A job comes
    /// with the bytes that the client has sent for it.
    fn message(
        &self,
        session: &Arc<Session<Self>>,
        message: Message<'_>,
    ) -> Result<Option<(Self::Job, usize)>, Violation>;

    /// Runs a job.
    fn run(
        session: Arc<Session<Self>>,
        job: Self::Job,
    ) -> impl Future<Output = ()> + Send + 'static;

    /// The session has just closed; jobs may still be waiting.
    fn closed(&self);

    /// One of the last jobs of a closed session, asked for once all others are done, until there
    /// is none left.
    fn last_job(&self, reason: Reason) -> Option<Self::Job>;
}
