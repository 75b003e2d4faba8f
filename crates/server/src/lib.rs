//! The Shopbell server: REST, sockets and the web app in one program.
//!
//! [`Server::start`] puts it together; `http` is the REST side, `gateway` the sockets' side, `delivery` carries the
//! journal to the sockets.

pub mod auth;
pub mod cli;
mod clock;
pub mod config;
mod delivery;
mod gateway;
mod http;
mod presence;
mod server;
mod shops;

pub use clock::Clock;
pub use server::{Server, open_auth, open_store};
