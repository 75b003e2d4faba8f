//! Demo data: two shops, and the morning they have had.

mod customer;
mod fill;
mod insert;
mod live;
mod morning;
mod order;
mod people;
mod ticket;

pub use people::{PASSWORD, PEOPLE, Person};
