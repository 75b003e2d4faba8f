//! Bringing a database up to date.

use shopbell_store::MigrateError;
use sqlx::raw_sql;

use crate::{
    checks::check,
    shop::{Shop, open},
};

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let shop = Shop::open().await;
    shop.store.migrate().await.unwrap();
    check(&shop.store).await;
}

#[tokio::test]
async fn two_processes_may_migrate_at_once() {
    let shop = Shop::empty().await;
    let other = open(&shop.home, &shop.bells).await;
    let (one, two) = tokio::join!(shop.store.migrate(), other.migrate());
    one.unwrap();
    two.unwrap();
    assert!(other.is_empty().await.unwrap());
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let shop = Shop::open().await;
    raw_sql("insert into migrations (version) values (99)")
        .execute(&mut shop.connect().await)
        .await
        .unwrap();
    let refused = shop.store.migrate().await;
    assert!(matches!(
        refused,
        Err(MigrateError::Newer { found: 99, .. })
    ));
}
