//! The Shopbell server: REST, sockets and the web app in one program.
//!
//! [`Server::start`] puts it together; `http` is the REST side, `gateway` the sockets' side, `delivery` carries the
//! journal to the sockets, `behind` to those that have missed some of it.

pub mod auth;
mod behind;
pub mod cli;
mod clock;
pub mod config;
mod delivery;
mod gateway;
mod http;
mod presence;
mod reading;
mod server;
mod shops;
mod upkeep;

pub use clock::Clock;
pub use server::{Server, connect_store, database, open_auth, open_store};
