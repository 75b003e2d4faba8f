//! The readers: a bounded number of connections, and a bounded wait for one.

use std::time::Duration;

use sqlx::{PgPool, SqlitePool, postgres::PgPoolOptions, sqlite::SqlitePoolOptions};

use super::{Connection, Link, Place, State};

#[derive(Clone)]
pub(crate) struct Pool {
    kind: Kind,
    patience: Duration,
}

#[derive(Clone)]
enum Kind {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Pool {
    /// Connects once, so that what is wrong shows at once.
    pub(crate) async fn connect(
        place: &Place,
        readers: u32,
        patience: Duration,
    ) -> Result<Self, sqlx::Error> {
        let kind = match place {
            Place::Sqlite(path) => Kind::Sqlite(
                SqlitePoolOptions::new()
                    .max_connections(readers)
                    .acquire_timeout(patience)
                    .idle_timeout(None)
                    .max_lifetime(None)
                    .test_before_acquire(false)
                    .connect_with(Place::sqlite(path, patience).pragma("query_only", "on"))
                    .await?,
            ),
            Place::Postgres(options) => Kind::Postgres(
                PgPoolOptions::new()
                    .max_connections(readers)
                    .acquire_timeout(patience)
                    .connect_with(Place::postgres(options, patience))
                    .await?,
            ),
        };
        Ok(Self { kind, patience })
    }

    /// For one statement, which is a snapshot in itself.
    pub(crate) async fn acquire(&self) -> Result<Connection, sqlx::Error> {
        let link = match &self.kind {
            Kind::Sqlite(pool) => Link::SqliteReader(pool.acquire().await?),
            Kind::Postgres(pool) => Link::PostgresReader(Some(pool.acquire().await?)),
        };
        Ok(Connection::new(link, self.patience))
    }

    /// A snapshot for several statements: it stands at the first one.
    pub(crate) async fn begin(&self) -> Result<Connection, sqlx::Error> {
        if let Kind::Sqlite(pool) = &self.kind {
            let link = Link::SqliteSnapshot(pool.begin().await?);
            return Ok(Connection::new(link, self.patience));
        }
        let mut connection = self.acquire().await?;
        connection.state = State::Snapshot;
        connection
            .run_soon("begin isolation level repeatable read, read only")
            .await?;
        Ok(connection)
    }

    pub(crate) async fn close(&self) {
        match &self.kind {
            Kind::Sqlite(pool) => pool.close().await,
            Kind::Postgres(pool) => pool.close().await,
        }
    }
}
