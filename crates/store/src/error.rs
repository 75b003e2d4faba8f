//! What can go wrong, as far as a caller can act on it.

use std::{error::Error, sync::Arc};

use thiserror::Error;

/// A read or a write that did not happen, or that may not have.
#[derive(Clone, Debug, Error)]
pub enum StoreError {
    /// Too much is waiting, the database is busy, or the store was closed. Nothing was changed; try again later.
    #[error("reach the database in time")]
    Unavailable,
    /// The disk is full. Nothing was changed; it works again once there is space.
    #[error("write to a full disk")]
    StorageFull,
    /// The database went away under a commit: it was done or not, and nobody can tell from here.
    #[error("learn whether it was done")]
    Unknown,
    /// Anything else: a damaged file, a mistake of ours. Nothing was changed.
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
        match Kind::of(&error) {
            Kind::Busy => Self::Unavailable,
            Kind::Full => Self::StorageFull,
            Kind::Io | Kind::Damage | Kind::Other => Self::internal(error),
        }
    }
}

impl StoreError {
    /// What a failed commit means. One that the database itself has refused was not done.
    pub(crate) fn of_commit(error: sqlx::Error) -> Self {
        let is_sure = match error.as_database_error().and_then(|error| error.code()) {
            // Integrity, a rollback, no resources, cancelled or not allowed now; but 40003 is "statement completion unknown".
            Some(code) if code.len() == 5 => {
                code != "40003"
                    && ["23", "40", "53", "55", "25", "57014"]
                        .iter()
                        .any(|class| code.starts_with(class))
            }
            Some(_) => !matches!(Kind::of(&error), Kind::Io),
            None => false,
        };
        if is_sure { error.into() } else { Self::Unknown }
    }
}

/// Whether the file holds what SQLite cannot have written.
pub(crate) fn is_damage(error: &sqlx::Error) -> bool {
    Kind::of(error) == Kind::Damage
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Busy,
    Full,
    Io,
    Damage,
    Other,
}

impl Kind {
    fn of(error: &sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code());
        match (code, error) {
            (Some(code), _) if code.len() == 5 => Self::of_postgres(&code),
            (Some(code), _) => code.parse().map_or(Self::Other, Self::of_sqlite),
            // The server went away, or did not answer in time; a file fails with a code.
            (None, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_)) => {
                Self::Busy
            }
            _ => Self::Other,
        }
    }

    /// <https://www.postgresql.org/docs/15/errcodes-appendix.html>: a code of five letters, its class in the first two.
    fn of_postgres(code: &str) -> Self {
        match code {
            "53100" => Self::Full,
            // Two processes at once: a duplicate, a serialization failure, a deadlock, a lock not had in time.
            "23505" | "40001" | "40P01" | "55P03" | "57014" | "25P03" => Self::Busy,
            // The connection, resources, an operator who stops the server.
            _ if ["08", "53", "57"]
                .iter()
                .any(|class| code.starts_with(class)) =>
            {
                Self::Busy
            }
            _ => Self::Other,
        }
    }

    /// <https://sqlite.org/rescode.html>; the low byte of an extended code is its kind.
    const fn of_sqlite(code: u32) -> Self {
        match code & 0xff {
            5 | 6 => Self::Busy,
            13 => Self::Full,
            10 => Self::Io,
            11 => Self::Damage,
            _ => Self::Other,
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_attempt_may_mend_is_told_apart() {
        for code in [
            "23505", "40001", "40P01", "55P03", "57014", "57P01", "57P03", "08006", "53300",
        ] {
            assert_eq!(Kind::of_postgres(code), Kind::Busy, "{code}");
        }
        assert_eq!(Kind::of_postgres("53100"), Kind::Full);
        for code in ["23503", "42601", "22021", "XX000"] {
            assert_eq!(Kind::of_postgres(code), Kind::Other, "{code}");
        }
        // SQLITE_BUSY_SNAPSHOT, SQLITE_IOERR_FSYNC, SQLITE_CORRUPT_INDEX, SQLITE_CONSTRAINT_UNIQUE.
        assert_eq!(Kind::of_sqlite(517), Kind::Busy);
        assert_eq!(Kind::of_sqlite(1034), Kind::Io);
        assert_eq!(Kind::of_sqlite(779), Kind::Damage);
        assert_eq!(Kind::of_sqlite(2067), Kind::Other);
    }

    #[test]
    fn a_commit_without_an_answer_may_have_been_done() {
        let broken = || sqlx::Error::Io(std::io::ErrorKind::UnexpectedEof.into());
        for error in [
            broken(),
            sqlx::Error::PoolTimedOut,
            sqlx::Error::WorkerCrashed,
        ] {
            let error = StoreError::of_commit(error);
            assert!(matches!(error, StoreError::Unknown), "{error:?}");
        }
        assert!(matches!(broken().into(), StoreError::Unavailable));
    }
}
