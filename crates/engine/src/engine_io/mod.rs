//! Engine.IO 4: sessions over polling and WebSocket, the upgrade between them, heartbeat.
//!
//! <https://socket.io/docs/v4/engine-io-protocol/>. The layer above is a [`Protocol`]; this one
//! knows nothing of what the messages say. One [`Session`] is one client. It has one door outward
//! ([`Session::send`], for everybody), one small task ([`driver`]) that reads its WebSocket, drains
//! its queue and runs its handlers one after another, and no timer of its own.

mod driver;
mod error;
mod handshake;
mod origin;
mod packet;
mod polling;
mod queue;
mod request;
mod server;
mod session;
mod timers;
mod upgrade;
mod wheel;

use std::sync::Arc;

pub(crate) use handshake::{Handshake, random_id};
pub(crate) use packet::Malformed;
pub use packet::Packet;
pub(crate) use server::Server;
pub(crate) use session::{Lane, Session};

use crate::Reason;

/// The layer above a session: one value for each session.
pub(crate) trait Protocol: Send + Sync + Sized + 'static {
    /// Work that a message asks for. A session's jobs run one after another, in order.
    type Job: Send + 'static;

    /// Takes a message the moment it is read, while a job may be running. Must be quick.
    fn message(
        &self,
        session: &Arc<Session<Self>>,
        text: &str,
    ) -> Result<Option<Self::Job>, Malformed>;

    /// Runs a job.
    fn run(
        session: Arc<Session<Self>>,
        job: Self::Job,
    ) -> impl Future<Output = ()> + Send + 'static;

    /// The session has just closed; jobs may still be waiting.
    fn closed(&self);

    /// The last job of a closed session, asked for once all others are done.
    fn last_job(&self, reason: Reason) -> Option<Self::Job>;
}
