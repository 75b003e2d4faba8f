//! The engine as a client sees it: raw sockets that speak HTTP and WebSocket by hand.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod accept;
mod app;
mod behind;
mod binary;
mod bounds;
mod chat;
mod client;
mod closing;
mod events;
mod heartbeat;
mod http;
mod messages;
mod namespaces;
mod newest;
mod polling;
mod recovery;
mod rooms;
mod upgrade;
mod volatile;
mod websocket;
