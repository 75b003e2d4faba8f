//! The store as its callers see it, on real files.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod bulk;
mod checks;
mod commands;
mod conversions;
mod crash;
mod customers;
mod deeds;
mod demo;
mod disk;
mod faults;
mod file;
mod history;
mod home;
mod idempotency;
mod migration;
mod mirror;
mod notes;
mod notifications;
mod opening;
mod patch;
mod people;
mod random;
mod retention;
mod rights;
mod sessions;
mod shop;
mod staff;
mod ticket_lists;
mod tickets;
mod together;
mod tokens;
mod upgrade;
mod users;
mod windows;
mod work_orders;
