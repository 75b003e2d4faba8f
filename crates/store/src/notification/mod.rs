//! What each person is told, kept until read.

mod list;
mod mark;
mod notify;
mod row;

pub use list::NotificationFilter;

pub(crate) use mark::mark_all;
pub(crate) use notify::notify;
