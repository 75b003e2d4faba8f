//! REST, told by the people who use it. A module per path.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed step of a test's own machinery fails the test"
)]

mod auth;
mod edge;
mod notifications;
mod users;
mod visibility;
mod work_orders;
