//! Bringing the tables up to date: every missing migration in one transaction, so that it is done whole or not at all.

use sqlx::raw_sql;

use crate::{
    MigrateError, Store, StoreError,
    writer::{Connection, Written},
};

/// Numbered 1, 2, 3… by their place. What was released is never changed, only added to.
const MIGRATIONS: [&str; 10] = [
    include_str!("../migrations/0001_people.sql"),
    include_str!("../migrations/0002_work_orders.sql"),
    include_str!("../migrations/0003_notifications.sql"),
    include_str!("../migrations/0004_journal.sql"),
    include_str!("../migrations/0005_tickets.sql"),
    include_str!("../migrations/0006_notes.sql"),
    include_str!("../migrations/0007_history.sql"),
    include_str!("../migrations/0008_sessions.sql"),
    include_str!("../migrations/0009_retention.sql"),
    include_str!("../migrations/0010_idempotency.sql"),
];

impl Store {
    /// Brings the database up to date. Safe to run twice, from two processes at once, and to be killed.
    ///
    /// # Errors
    ///
    /// Fails when a newer version of the program has written the database, or with the database.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
        let found = self
            .writer
            .run(|connection| {
                Box::pin(async move { Ok(Written::quietly(migrate(connection).await?)) })
            })
            .await?;
        if found > known {
            return Err(MigrateError::Newer { found, known });
        }
        Ok(())
    }
}

/// Gives the number of the last migration that was there before.
pub(crate) async fn migrate(connection: &mut Connection) -> Result<i64, StoreError> {
    raw_sql("create table if not exists migrations (version bigint primary key not null)")
        .execute(&mut *connection)
        .await?;
    let found: i64 = sqlx::query_scalar("select coalesce(max(version), 0) from migrations")
        .fetch_one(&mut *connection)
        .await?;
    for (version, sql) in (1_i64..)
        .zip(MIGRATIONS)
        .filter(|(version, _)| *version > found)
    {
        raw_sql(sql).execute(&mut *connection).await?;
        sqlx::query("insert into migrations (version) values ($1)")
            .bind(version)
            .execute(&mut *connection)
            .await?;
    }
    Ok(found)
}
