//! Bringing a database up to date.

use shopbell_store::{MigrateError, Settings, Store, StoreError};
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
    let other = open(&shop.folder, &shop.bells).await;
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

#[tokio::test]
async fn the_file_is_kept_the_safe_way() {
    let shop = Shop::open().await;
    let mut connection = shop.connect().await;
    let mode: String = sqlx::query_scalar("pragma journal_mode")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(mode, "wal");
    // Older ones have a race in resetting the write-ahead log.
    let version: String = sqlx::query_scalar("select sqlite_version()")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let version: Vec<u32> = version
        .split('.')
        .map(|part| part.parse().unwrap())
        .collect();
    assert!(version >= vec![3, 51, 3], "{version:?}");
}

#[tokio::test]
async fn closing_leaves_one_file_and_ends_every_call() {
    let shop = Shop::open().await;
    shop.store.close().await;
    let files: Vec<_> = std::fs::read_dir(shop.folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert_eq!(files, ["shopbell.db"]);
    assert!(matches!(
        shop.store.ping().await,
        Err(StoreError::Unavailable)
    ));
    assert!(matches!(
        shop.store.heads().await,
        Err(StoreError::Unavailable)
    ));

    let again = open(&shop.folder, &shop.bells).await;
    again.ping().await.unwrap();
    check(&again).await;
}

#[tokio::test]
async fn what_is_no_database_does_not_open() {
    let shop = Shop::empty().await;
    let path = shop.folder.path().join("letter.txt");
    std::fs::write(&path, "Dear Sir or Madam, ".repeat(100)).unwrap();
    let error = Store::open(Settings::at(&path), |_| {}).await.unwrap_err();
    assert!(error.to_string().starts_with("open the database at "));
    assert_eq!(error.path, path.display().to_string());
}
