//! Work orders: reading those one may see, and changing one.

mod list;
mod patch;
mod row;

pub use list::{TechnicianFilter, WorkOrderFilter};

pub(crate) use patch::patch;
pub(crate) use row::search_key;
