//! Socket.IO 5: packets and acknowledgements.
//!
//! <https://socket.io/docs/v4/socket-io-protocol/>. Pure: text in, packets out. What is done with
//! them is said by [`crate::engine`].

mod acks;
mod args;
mod decode;
pub(crate) mod encode;
mod json;
mod partial;

pub(crate) use acks::Acks;
pub use args::Args;
pub(crate) use decode::{Incoming, Kind, Limits};
pub use json::is_within_depth;
pub(crate) use partial::Partial;
