//! One module per path under `/api`.

pub(super) mod auth;
pub(super) mod customers;
pub(super) mod events;
pub(super) mod notes;
pub(super) mod notifications;
pub(super) mod tickets;
pub(super) mod users;
pub(super) mod websocket;
pub(super) mod work_orders;
