//! What can go wrong, as far as a caller can act on it.

use std::{error::Error, sync::Arc};

use thiserror::Error;

/// A read or a write that did not happen. After [`StoreError::Internal`] from a write the outcome may be unknown.
#[derive(Clone, Debug, Error)]
pub enum StoreError {
    /// Too much is waiting, the database is busy, or the store was closed. Nothing was changed; try again later.
    #[error("reach the database in time")]
    Unavailable,
    /// The disk is full. Nothing was changed; it works again once there is space.
    #[error("write to a full disk")]
    StorageFull,
    /// Anything else: a damaged file, a failed disk, a mistake of ours.
    #[error("use the database")]
    Internal(#[source] Arc<dyn Error + Send + Sync>),
}

impl StoreError {
    pub(crate) fn internal(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Internal(Arc::new(error))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        const BUSY: u32 = 5;
        const LOCKED: u32 = 6;
        const FULL: u32 = 13;
        match (kind(&error), &error) {
            (Some(FULL), _) => Self::StorageFull,
            (Some(BUSY | LOCKED), _)
            | (None, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) => Self::Unavailable,
            _ => Self::internal(error),
        }
    }
}

/// https://sqlite.org/rescode.html; the low byte of an extended code is its kind.
fn kind(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

/// Whether the file holds what SQLite cannot have written.
pub(crate) fn is_damage(error: &sqlx::Error) -> bool {
    const CORRUPT: u32 = 11;
    kind(error) == Some(CORRUPT)
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

/// The database could not be opened.
#[derive(Debug, Error)]
#[error("open the database at {path}")]
pub struct OpenError {
    /// The file that was asked for.
    pub path: String,
    #[source]
    pub(crate) source: sqlx::Error,
}

/// The database could not be brought up to date; it is as it was.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// It was written by a newer version of this program.
    #[error("understand the database: it is at migration {found}, this program knows {known}")]
    #[expect(missing_docs, reason = "the fields are what they are called")]
    Newer { found: i64, known: i64 },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
