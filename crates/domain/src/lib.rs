//! The rules of Shopbell: who may, what follows, who is told.
//!
//! **Architecture invariant:** pure. State, command and time go in; rows, journal entries and refusals come out. There is
//! no clock, no I/O and no async here, so every rule can be read and tested on its own.
//!
//! Start with [`work_order::patch`], then [`visible`].

mod actor;
mod audience;
mod change;
pub mod customer;
mod journal;
pub mod note;
pub mod notification;
mod refusal;
mod sight;
pub mod ticket;
mod transition;
pub mod user;
mod visible;
pub mod work_order;

pub use actor::{Actor, Staff};
pub use audience::{Audience, Object};
pub use journal::{Entry, Journal};
pub use refusal::Refusal;
pub use sight::Sight;
pub use transition::is_legal_move;
pub use visible::{
    Entity, View, Visible, is_shown, may_see_passcode, revealed, visible, visible_user,
};
