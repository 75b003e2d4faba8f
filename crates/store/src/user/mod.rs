//! The shop's staff: reading, adding and changing them.

mod add;
mod list;
mod patch;
mod row;

pub(crate) use row::{active, insert, staff};
