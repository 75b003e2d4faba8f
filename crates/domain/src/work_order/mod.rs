//! Work orders: [`open`] and [`patch()`] decide, [`record`] writes it down for the journal, [`notices()`] says who is told.

mod bulk;
mod notices;
mod open;
mod patch;
mod record;
mod reflect;
mod rights;
#[cfg(test)]
mod tests;
mod text;

pub use bulk::{MAX_BULK, may_change_many, summarize};
pub use notices::{notices, opened_notices};
pub use open::{Opening, open};
pub(crate) use patch::named_technician;
pub use patch::{Patch, Patched, patch, show_customer};
pub use record::{record, record_note, record_opened};
pub use reflect::reflect;
