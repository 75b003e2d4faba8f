//! The same stories on PostgreSQL, and what happens when the server does not answer.
//!
//! Without a PostgreSQL to start they are skipped.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../store/bulk.rs"]
mod bulk;
#[path = "../store/checks.rs"]
mod checks;
#[path = "../store/commands.rs"]
mod commands;
#[path = "../store/conversions.rs"]
mod conversions;
#[path = "../store/customers.rs"]
mod customers;
#[path = "../store/deeds.rs"]
mod deeds;
#[path = "../store/demo.rs"]
mod demo;
#[path = "../store/faults.rs"]
mod faults;
#[path = "../store/history.rs"]
mod history;
mod home;
#[path = "../store/idempotency.rs"]
mod idempotency;
#[path = "../store/migration.rs"]
mod migration;
#[path = "../store/mirror.rs"]
mod mirror;
#[path = "../store/notes.rs"]
mod notes;
#[path = "../store/notifications.rs"]
mod notifications;
#[path = "../store/opening.rs"]
mod opening;
mod outage;
#[path = "../store/patch.rs"]
mod patch;
#[path = "../store/people.rs"]
mod people;
#[path = "../store/random.rs"]
mod random;
#[path = "../store/retention.rs"]
mod retention;
#[path = "../store/rights.rs"]
mod rights;
mod server;
#[path = "../store/sessions.rs"]
mod sessions;
#[path = "../store/shop.rs"]
mod shop;
#[path = "../store/staff.rs"]
mod staff;
#[path = "../store/ticket_lists.rs"]
mod ticket_lists;
#[path = "../store/tickets.rs"]
mod tickets;
#[path = "../store/together.rs"]
mod together;
#[path = "../store/tokens.rs"]
mod tokens;
#[path = "../store/users.rs"]
mod users;
#[path = "../store/windows.rs"]
mod windows;
#[path = "../store/work_orders.rs"]
mod work_orders;
