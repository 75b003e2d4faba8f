//! Customers: reading, adding and changing them.

mod add;
mod list;
mod patch;
mod row;

pub use list::CustomerFilter;

pub(crate) use row::{get, insert};
