//! Changing a work order: [`patch`] decides, [`record`] writes it down for the journal, [`notices`] says who is told.

mod notices;
mod patch;
mod record;
mod rights;
#[cfg(test)]
mod tests;

pub use notices::notices;
pub use patch::{CustomerContact, Patch, Patched, patch};
pub use record::record;
