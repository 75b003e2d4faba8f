//! Tests only: how SQLite would go about a query.

use std::time::Duration;

use crate::{
    Cursor, PageRequest, Place,
    database::{self, Query},
    migration::migrate,
    writer::Connection,
};

/// An empty database with all tables.
pub(crate) async fn database() -> Connection {
    let place = Place::Sqlite(":memory:".into());
    let mut connection = place.connect(Duration::ZERO).await.unwrap();
    migrate(&mut connection).await.unwrap();
    connection
}

/// A first page and a later one.
pub(crate) fn pages() -> [PageRequest; 2] {
    [None, Some(Cursor { at: 1, id: 1 })].map(|cursor| PageRequest { limit: 20, cursor })
}

/// Every table is entered by an index, and the order comes from it too. Gives the plan.
pub(crate) async fn assert_no_scan(connection: &mut Connection, query: Query) -> Vec<String> {
    let sql = query.into_string();
    let rows = database::query("explain query plan ")
        .push(&sql)
        .build()
        .fetch_all(connection)
        .await
        .unwrap();
    let plan: Vec<String> = rows
        .iter()
        .map(|row| row.try_get("detail").unwrap())
        .collect();
    let costly = plan
        .iter()
        .any(|step| step.starts_with("SCAN") || step.contains("TEMP B-TREE"));
    assert!(!costly && !plan.is_empty(), "{sql}\n{plan:#?}");
    plan
}
