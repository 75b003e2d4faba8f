//! A Socket.IO server: real-time transport that knows nothing of what it carries.
//!
//! ```no_run
//! use shopbell_engine::{
//!     Admission, App, Config, Connecting, Engine, Event, Reason, Refusal, Socket, View,
//! };
//!
//! struct Echo;
//!
//! impl App for Echo {
//!     type Session = ();
//!
//!     async fn connect(&self, connecting: Connecting<Self>) -> Result<Socket<Self>, Refusal> {
//!         Ok(connecting.accept(Admission::new((), View(0), [])))
//!     }
//!
//!     async fn event(&self, socket: &Socket<Self>, event: Event) {
//!         socket.emit_args(&event.name, &event.args);
//!     }
//!
//!     async fn disconnect(&self, _: &Socket<Self>, _: Reason) {}
//! }
//!
//! #[tokio::main]
//! async fn main() -> std::io::Result<()> {
//!     let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
//!     let engine = Engine::new(Config::default(), Echo);
//!     engine.serve(listener, std::future::pending()).await
//! }
//! ```
//!
//! Where to go from here:
//!
//! | to | see |
//! | --- | --- |
//! | let clients in, and hear what they send | [`App`], [`Connecting`], [`Event`] |
//! | answer | [`Ack`], [`Socket::emit`], [`Socket::emit_with_ack`] |
//! | tell many what is true for a moment | [`Engine::to`], [`Broadcast`] |
//! | tell many what must not be lost | [`Engine::deliver`], [`Delivery`], [`Socket::behind`] |
//! | let clients recover their session | [`Identity`], [`Admission`], [`Packet::event_at`] |
//! | mount it beside other routes | [`Engine::service`], [`http::serve`] |
//! | set a limit | [`Config`] |
//! | do without Socket.IO | [`messages`] |
//!
//! The crate's README says more of the model and of what is not there. Two examples can be run:
//! `echo` and `chat`.
//!
//! # How it is built
//!
//! Five layers, each knowing only those below:
//!
//! * `websocket`: frames and the opening handshake (RFC 6455);
//! * `engine_io`: sessions over polling and WebSocket, the upgrade, heartbeat (Engine.IO 4);
//! * `socket_io`: packets, their bytes and acknowledgements (Socket.IO 5);
//! * `rooms`: names, members, and who is reached by a set of rooms;
//! * `engine`: what an application sees, re-exported here. Start at [`App`] and [`Engine`].
//!
//! Delivery encodes once and writes through: an event becomes one complete WebSocket frame in
//! shared memory, and the one who sends writes it to each socket on the spot. Only what the kernel
//! does not take is queued, within bounds, and drained by the connection's own task. A socket for
//! which there is no more room falls behind: see [`Socket::behind`].

mod by_id;
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

/// Compiles the README's code.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;
