//! REST, told by the people who use it. A module per path.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed step of a test's own machinery fails the test"
)]

mod auth;
mod bulk;
mod customers;
mod edge;
mod notes;
mod notifications;
mod openapi;
mod tickets;
mod users;
mod visibility;
mod websocket;
mod work_orders;
