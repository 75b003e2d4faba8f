//! Socket.IO 5: packets and acknowledgements.
//!
//! <https://socket.io/docs/v4/socket-io-protocol/>. Pure: text in, packets out. What is done with
//! them is said by [`crate::engine`].

mod acks;
mod decode;
pub(crate) mod encode;
mod json;

pub(crate) use acks::Acks;
pub(crate) use decode::{Incoming, Kind};
pub use json::is_within_depth;
