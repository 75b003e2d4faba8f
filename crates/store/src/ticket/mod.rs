//! Repair tickets: reading those one may see, taking in, changing and converting them.

mod add;
mod convert;
mod list;
mod patch;
mod row;

pub use list::TicketFilter;

pub(crate) use add::add;
pub(crate) use convert::convert;
pub(crate) use patch::patch;
pub(crate) use row::{TicketsOf, get, in_intake, insert, update};
