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
    apply(connection, &MIGRATIONS).await
}

async fn apply(
    connection: &mut Connection,
    migrations: &[&'static str],
) -> Result<i64, StoreError> {
    raw_sql("create table if not exists migrations (version bigint primary key not null)")
        .execute(&mut *connection)
        .await?;
    let found: i64 = sqlx::query_scalar("select coalesce(max(version), 0) from migrations")
        .fetch_one(&mut *connection)
        .await?;
    for (version, sql) in (1_i64..)
        .zip(migrations)
        .filter(|(version, _)| *version > found)
    {
        raw_sql(*sql).execute(&mut *connection).await?;
        sqlx::query("insert into migrations (version) values ($1)")
            .bind(version)
            .execute(&mut *connection)
            .await?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::{
        env, fs,
        path::PathBuf,
        process::{self, Command},
    };

    use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
    use tempfile::TempDir;

    use super::*;
    use crate::Settings;

    const DATABASE: &str = "SHOPBELL_STORE_MIGRATION_TEST";
    const STEPS: &str = "SHOPBELL_STORE_MIGRATION_TEST_STEPS";

    async fn apply_some(store: &Store, steps: usize) {
        let applied = store.writer.run(move |connection| {
            Box::pin(async move {
                Ok(Written::quietly(
                    apply(connection, &MIGRATIONS[..steps]).await?,
                ))
            })
        });
        applied.await.unwrap();
    }

    /// The tables and indexes, and the migrations that are noted down.
    async fn schema(path: &PathBuf) -> Vec<String> {
        let options = SqliteConnectOptions::new().filename(path);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let mut schema: Vec<String> =
            sqlx::query_scalar("select sql from sqlite_schema where sql is not null order by name")
                .fetch_all(&mut connection)
                .await
                .unwrap();
        if !schema.is_empty() {
            let versions: Vec<i64> = sqlx::query_scalar("select version from migrations")
                .fetch_all(&mut connection)
                .await
                .unwrap();
            schema.push(format!("{versions:?}"));
        }
        schema
    }

    /// Not a test by itself: what the next one starts. Ends abruptly after some migrations, before the commit.
    #[tokio::test]
    async fn dies_in_the_middle() {
        let Some(path) = env::var_os(DATABASE) else {
            return;
        };
        let steps: usize = env::var(STEPS).unwrap().parse().unwrap();
        let store = Store::open(Settings::at(PathBuf::from(path)), |_| {})
            .await
            .unwrap();
        let dying = store.writer.run::<(), _>(move |connection| {
            Box::pin(async move {
                // What does not fit goes to the file before the commit.
                raw_sql("pragma cache_size = 1")
                    .execute(&mut *connection)
                    .await?;
                apply(connection, &MIGRATIONS[..steps]).await?;
                process::abort()
            })
        });
        dying.await.unwrap();
    }

    #[tokio::test]
    async fn one_that_is_killed_is_not_begun_and_succeeds_the_next_time() {
        let folder = TempDir::new().unwrap();
        let whole = folder.path().join("whole.db");
        let store = Store::open(Settings::at(&whole), |_| {}).await.unwrap();
        store.migrate().await.unwrap();
        for before in [0, 4] {
            let path = folder.path().join(format!("from_{before}.db"));
            let store = Store::open(Settings::at(&path), |_| {}).await.unwrap();
            if before > 0 {
                apply_some(&store, before).await;
            }
            store.close().await;
            let found = schema(&path).await;
            for steps in before + 1..=MIGRATIONS.len() {
                let child = Command::new(env::current_exe().unwrap())
                    .args(["migration::tests::dies_in_the_middle", "--exact"])
                    .env(DATABASE, &path)
                    .env(STEPS, steps.to_string())
                    .output()
                    .unwrap();
                assert!(!child.status.success());
                let log = fs::metadata(path.with_extension("db-wal")).unwrap();
                assert!(log.len() > 0, "nothing was written before the commit");
                assert_eq!(schema(&path).await, found, "{before} to {steps}");
            }
            let store = Store::open(Settings::at(&path), |_| {}).await.unwrap();
            store.migrate().await.unwrap();
            assert_eq!(schema(&path).await, schema(&whole).await);
            assert_eq!(store.check().await.unwrap(), []);
        }
    }
}
