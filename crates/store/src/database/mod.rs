//! The two databases behind one face: a place to connect to, connections, a pool of readers, rows.
//!
//! The SQL is the same text for both; what differs between them is in this folder, in `migration.rs` and in the writer's
//! commit. (sqlx's own `Any` reads no boolean of SQLite and knows no options but a URL, so this is an enum of our own.)

mod place;
mod pool;
mod query;

use std::time::Duration;

use sqlx::{
    Connection as _, Decode, PgConnection, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite,
    SqliteConnection, Type, pool::PoolConnection, postgres::PgRow, raw_sql, sqlite::SqliteRow,
};
use tokio::time::timeout;

pub use place::{ParseUrlError, Place};
pub(crate) use pool::Pool;
pub(crate) use query::{On, Query, query, query_scalar};

/// One connection, from a pool or not.
pub(crate) struct Connection {
    link: Link,
    /// How long a statement may take; only a server can hang.
    patience: Duration,
    state: State,
}

enum Link {
    Sqlite(SqliteConnection),
    SqliteReader(PoolConnection<Sqlite>),
    SqliteSnapshot(sqlx::Transaction<'static, Sqlite>),
    Postgres(PgConnection),
    /// Empty only while it is dropped.
    PostgresReader(Option<PoolConnection<Postgres>>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    /// Of a pool, and inside a transaction that only reads.
    Snapshot,
    /// The answer to the last statement never came: good for nothing more.
    Overdue,
}

/// Which of the two a connection leads to.
enum Wire<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Connection {
    fn new(link: Link, patience: Duration) -> Self {
        Self {
            link,
            patience,
            state: State::Idle,
        }
    }

    pub(crate) const fn is_postgres(&self) -> bool {
        matches!(self.link, Link::Postgres(_) | Link::PostgresReader(_))
    }

    /// Runs one or more statements without parameters, however long they take.
    pub(crate) async fn run(&mut self, sql: impl SqlSafeStr) -> Result<(), sqlx::Error> {
        self.link.run(sql.into_sql_str()).await
    }

    /// The same in the time that queries have.
    pub(crate) async fn run_soon(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        let (link, limit) = self.parts();
        limit.hold(link.run(sql.into_sql_str())).await
    }

    /// A statement of PostgreSQL must be answered in time; SQLite has a limit of its own for waiting and never hangs.
    fn parts(&mut self) -> (&mut Link, Limit<'_>) {
        let patience = self.is_postgres().then_some(self.patience);
        let limit = Limit {
            patience,
            state: &mut self.state,
        };
        (&mut self.link, limit)
    }

    /// For a writer's own connection: says goodbye, so that SQLite leaves one file. A server is not waited for.
    pub(crate) async fn close(mut self) {
        // There is nobody to tell and nothing to do about a failure: it is as good as after a crash.
        if let Link::Sqlite(connection) = self.take() {
            connection.close().await.ok();
        }
    }

    fn take(&mut self) -> Link {
        std::mem::replace(&mut self.link, Link::PostgresReader(None))
    }
}

impl Link {
    fn wire(&mut self) -> Result<Wire<'_>, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(connection) => Wire::Sqlite(connection),
            Self::SqliteReader(connection) => Wire::Sqlite(connection),
            Self::SqliteSnapshot(transaction) => Wire::Sqlite(transaction),
            Self::Postgres(connection) => Wire::Postgres(connection),
            Self::PostgresReader(connection) => {
                Wire::Postgres(connection.as_mut().ok_or(sqlx::Error::PoolClosed)?)
            }
        })
    }

    async fn run(&mut self, sql: SqlStr) -> Result<(), sqlx::Error> {
        match self.wire()? {
            Wire::Sqlite(connection) => raw_sql(sql).execute(connection).await.map(drop),
            Wire::Postgres(connection) => raw_sql(sql).execute(connection).await.map(drop),
        }
    }
}

/// How long a connection's next statement may take.
struct Limit<'c> {
    patience: Option<Duration>,
    state: &'c mut State,
}

impl Limit<'_> {
    async fn hold<T>(
        self,
        statement: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, sqlx::Error> {
        let Some(patience) = self.patience else {
            return statement.await;
        };
        if *self.state == State::Overdue {
            return Err(sqlx::Error::PoolTimedOut);
        }
        timeout(patience, statement).await.unwrap_or_else(|_| {
            *self.state = State::Overdue;
            Err(sqlx::Error::PoolTimedOut)
        })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Link::PostgresReader(Some(mut connection)) = self.take() else {
            return;
        };
        match self.state {
            State::Idle => {}
            State::Overdue => connection.close_on_drop(),
            State::Snapshot => {
                let patience = self.patience;
                // Without a runtime the process is ending, and the connection with it.
                let Ok(runtime) = tokio::runtime::Handle::try_current() else {
                    return;
                };
                runtime.spawn(async move {
                    let rolled_back =
                        timeout(patience, raw_sql("rollback").execute(&mut *connection));
                    if !matches!(rolled_back.await, Ok(Ok(_))) {
                        connection.close_on_drop();
                    }
                });
            }
        }
    }
}

/// A row of either.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// What can be read from a column of either.
pub(crate) trait Column<'r>:
    Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>
{
}

impl<'r, T> Column<'r> for T where
    T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>
{
}

impl Row {
    pub(crate) fn try_get<'r, T: Column<'r>>(&'r self, column: &str) -> Result<T, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }

    /// The only column.
    fn first<'r, T: Column<'r>>(&'r self) -> Result<T, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get(0),
            Self::Postgres(row) => row.try_get(0),
        }
    }
}
