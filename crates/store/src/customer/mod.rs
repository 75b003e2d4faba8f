//! Customers: reading, adding and changing them.

mod row;

pub(crate) use row::get;
