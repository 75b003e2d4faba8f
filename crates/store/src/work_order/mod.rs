//! Work orders: reading those one may see, opening and changing them.

mod add;
mod bulk;
mod history;
mod list;
mod patch;
mod row;

pub use history::HistoryRow;
pub use list::{TechnicianFilter, WorkOrderFilter};

pub(crate) use patch::patch;
pub(crate) use row::{OrdersOf, get, insert, open_orders, seen, update};
