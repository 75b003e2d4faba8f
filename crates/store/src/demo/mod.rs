//! Demo data: two shops, and the morning they have had.

mod customer;
mod fill;
mod insert;
mod morning;
mod order;
mod people;

pub use people::{PASSWORD, PEOPLE, Person};
