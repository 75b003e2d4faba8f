//! A Socket.IO server: real-time transport that knows nothing of what it carries.
//!
//! Five layers, each knowing only those below:
//!
//! * `websocket`: frames and the opening handshake (RFC 6455);
//! * `engine_io`: sessions over polling and WebSocket, the upgrade, heartbeat (Engine.IO 4);
//! * `socket_io`: packets, their bytes and acknowledgements (Socket.IO 5);
//! * `rooms`: names, members, and who is reached by a set of rooms;
//! * `engine`: what an application sees, re-exported here. Start at [`App`] and [`Engine`].
//!
//! Engine.IO can also be had alone: see [`messages`].
//!
//! Delivery encodes once and writes through: an event becomes one complete WebSocket frame in
//! shared memory, and the one who sends writes it to each socket on the spot. Only what the kernel
//! does not take is queued, within bounds, and drained by the connection's own task. A socket for
//! which there is no more room falls behind: see [`Socket::behind`].

mod config;
mod engine;
mod engine_io;
pub mod http;
pub mod messages;
mod reason;
mod rooms;
mod socket_io;
mod stats;
mod websocket;

pub use config::{Config, Origins};
pub use engine::{
    Ack, AckError, Admission, App, Broadcast, Connecting, Delivery, Engine, EngineService, Event,
    Identity, JoinError, Namespace, Refusal, Socket, View,
};
pub use engine_io::Packet;
pub use http::Peer;
pub use reason::Reason;
pub use socket_io::{Args, is_within_depth};
pub use stats::Stats;
