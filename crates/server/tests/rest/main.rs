//! REST, told by the people who use it. A module per path.

mod auth;
mod edge;
mod notifications;
mod users;
mod visibility;
mod work_orders;
