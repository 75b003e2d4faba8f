//! The rules of Shopbell: who may, what follows, who is told.
//!
//! **Architecture invariant:** pure. State, command and time go in; rows, journal entries and refusals come out. There is
//! no clock, no I/O and no async here, so every rule can be read and tested on its own.
//!
//! Start with [`work_order::patch`], then [`visible`].

mod actor;
mod audience;
mod journal;
pub mod notification;
mod refusal;
mod transition;
mod visible;
pub mod work_order;

pub use actor::{Actor, Staff};
pub use audience::Audience;
pub use journal::{Entry, Journal};
pub use refusal::Refusal;
pub use transition::is_legal_move;
pub use visible::{
    Entity, View, Visible, may_see_passcode, may_see_work_order, revealed, visible, visible_user,
};
