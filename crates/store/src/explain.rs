//! Tests only: how SQLite would go about a query.

use sqlx::{AssertSqlSafe, Connection as _, QueryBuilder, Row, Sqlite, SqliteConnection};

use crate::{Cursor, PageRequest, migration::migrate, writer::Connection};

/// An empty database with all tables.
pub(crate) async fn database() -> Connection {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    migrate(&mut connection).await.unwrap();
    connection
}

/// A first page and a later one.
pub(crate) fn pages() -> [PageRequest; 2] {
    [None, Some(Cursor { at: 1, id: 1 })].map(|cursor| PageRequest { limit: 20, cursor })
}

/// Every table is entered by an index, and the order comes from it too. Gives the plan.
pub(crate) async fn assert_no_scan(
    database: &mut Connection,
    query: QueryBuilder<Sqlite>,
) -> Vec<String> {
    let sql = query.into_string();
    let rows = sqlx::query(AssertSqlSafe(format!("explain query plan {sql}")))
        .fetch_all(database)
        .await
        .unwrap();
    let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
    let costly = plan
        .iter()
        .any(|step| step.starts_with("SCAN") || step.contains("TEMP B-TREE"));
    assert!(!costly && !plan.is_empty(), "{sql}\n{plan:#?}");
    plan
}
