//! Where a database is.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, SqliteConnection,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use thiserror::Error;
use tokio::time::timeout;

use super::{Connection, Link};

/// A file of SQLite, or a database of a PostgreSQL server. Shown without its password.
#[derive(Clone)]
pub enum Place {
    /// The file, in a folder that exists.
    Sqlite(PathBuf),
    /// A server of version 15 or later.
    Postgres(Box<PgConnectOptions>),
}

/// As the server counts versions: 15.
const OLDEST: u32 = 150_000;

/// The text names no database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "understand the database URL: it is sqlite://path or postgres://user:password@host:port/name"
)]
pub struct ParseUrlError;

impl FromStr for Place {
    type Err = ParseUrlError;

    fn from_str(url: &str) -> Result<Self, ParseUrlError> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            // What is no path would be taken for a file of that name.
            let is_path = !path.is_empty() && !path.contains(['?', '#']);
            return is_path
                .then(|| Self::Sqlite(PathBuf::from(path)))
                .ok_or(ParseUrlError);
        }
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(ParseUrlError);
        }
        let options = url.parse().map_err(|_| ParseUrlError)?;
        Ok(Self::Postgres(Box::new(options)))
    }
}

impl Place {
    /// Whether it is a server, which other processes write to as well.
    #[must_use]
    pub const fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    pub(super) fn sqlite(path: &Path, patience: Duration) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .busy_timeout(patience)
            .disable_statement_logging()
    }

    pub(super) fn postgres(options: &PgConnectOptions, patience: Duration) -> PgConnectOptions {
        let millis = patience.as_millis();
        options
            .clone()
            .application_name("shopbell")
            // A process that is cut off must not hold a shop for the others.
            .options([
                ("lock_timeout", millis.to_string()),
                (
                    "idle_in_transaction_session_timeout",
                    (5 * millis).to_string(),
                ),
            ])
            .disable_statement_logging()
    }

    /// A connection that writes. Creates the file, not the database of a server.
    pub(crate) async fn connect(&self, patience: Duration) -> Result<Connection, sqlx::Error> {
        let link = match self {
            Self::Sqlite(path) => {
                let options = Self::sqlite(path, patience)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    // After a long read let the log shrink again: 64 MiB.
                    .pragma("journal_size_limit", "67108864");
                Link::Sqlite(SqliteConnection::connect_with(&options).await?)
            }
            Self::Postgres(options) => {
                let options = Self::postgres(options, patience);
                let connection = timeout(patience, PgConnection::connect_with(&options)).await;
                let connection = connection.map_err(|_| sqlx::Error::PoolTimedOut)??;
                match connection.server_version_num() {
                    Some(version) if version < OLDEST => {
                        let refused = format!("PostgreSQL {} is too old", version / 10_000);
                        return Err(sqlx::Error::Configuration(refused.into()));
                    }
                    _ => Link::Postgres(connection),
                }
            }
        };
        Ok(Connection::new(link, patience))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Postgres(options) => {
                let (user, host, port) = (
                    options.get_username(),
                    options.get_host(),
                    options.get_port(),
                );
                let name = options.get_database().unwrap_or(user);
                write!(f, "postgres://{user}@{host}:{port}/{name}")
            }
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_file_or_a_server_and_never_shows_a_password() {
        let file: Place = "sqlite://data/shopbell.db".parse().unwrap();
        assert!(matches!(&file, Place::Sqlite(path) if path == Path::new("data/shopbell.db")));
        let file: Place = "sqlite:///var/lib/shopbell.db".parse().unwrap();
        assert_eq!(file.to_string(), "/var/lib/shopbell.db");
        let server: Place = "postgres://bell:secret@db.example:5433/shop"
            .parse()
            .unwrap();
        assert_eq!(server.to_string(), "postgres://bell@db.example:5433/shop");
        assert_eq!(format!("{server:?}"), server.to_string());
        for url in [
            "",
            "data/shopbell.db",
            "sqlite://",
            "sqlite::memory:",
            "sqlite://shopbell.db?mode=ro",
            "mysql://db.example/shop",
            "postgres://db.example:port/shop",
        ] {
            assert_eq!(url.parse::<Place>().unwrap_err(), ParseUrlError, "{url}");
        }
    }
}
