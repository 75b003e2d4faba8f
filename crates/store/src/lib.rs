//! The memory of Shopbell: tables, migrations and the journal. The only place with SQL.
//!
//! It is a file of SQLite or a PostgreSQL server, by the same SQL text; what differs is in `database/`.
//!
//! Every change goes through a writer task, the only one of its shop: it takes the commands that are waiting, runs each in a savepoint of one
//! transaction, commits once, and only then answers. A command locks its shop's journal head first, reads the state under
//! that lock, lets `domain` decide, and writes rows, journal and head together; so commit order is `seq` order, numbers
//! have no holes, and counts are right. Reads run beside it on a pool, each in one snapshot with the journal's head.
//!
//! An order or a ticket changes only together with its version and an event. So what it shows of other rows, a customer's
//! name or a technician's, is its own copy, which `reflect` keeps in step while it is open.
//!
//! Under a key a command is done at most once, and its answer given again (`idempotency.rs`). Sessions of sockets are kept
//! beside it all (`session.rs`).
//!
//! **Architecture invariants:** no clock (`now` is a parameter), no rules (those are in `domain`), nothing is sent from
//! here: [`Store::open`] is given a function to tell after each commit.
//!
//! Start with `work_order/patch.rs`, then `writer.rs`.

mod account;
mod check;
mod command;
mod customer;
mod database;
pub mod demo;
mod epoch;
mod error;
mod filter;
mod idempotency;
mod journal;
mod migration;
mod note;
mod notification;
mod number;
mod page;
mod purge;
mod reflect;
mod row;
mod search;
mod session;
mod store;
mod ticket;
mod token;
mod user;
mod window;
mod work_order;
mod writer;

#[cfg(test)]
mod explain;

pub use account::Account;
pub use check::Fault;
pub use command::CommandError;
pub use customer::CustomerFilter;
pub use database::{ParseUrlError, Place};
pub use error::{MigrateError, OpenError, StoreError};
pub use idempotency::{Kept, Once, StoredAnswer};
pub use journal::{Committed, JournalRow, Snapshot};
pub use notification::NotificationFilter;
pub use page::{Cursor, Page, PageRequest, ParseCursorError};
pub use session::StoredSession;
pub use store::{Settings, Store};
pub use ticket::TicketFilter;
pub use token::{RotateRefusal, Rotated, Rotation, TokenHash};
pub use window::{Gap, Window};
pub use work_order::{HistoryRow, TechnicianFilter, WorkOrderFilter};
pub use writer::News;
