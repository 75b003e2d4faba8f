//! What is so of a file alone.

use std::{fs::OpenOptions, os::unix::fs::FileExt as _};

use shopbell_store::{Settings, Store, StoreError};
use sqlx::Connection as _;

use crate::{
    checks::check,
    faults::after,
    sessions::{found, killed, serving},
    shop::{Bells, Shop, later, now, open},
};

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
    let files: Vec<_> = std::fs::read_dir(shop.home.folder())
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

    let again = open(&shop.home, &shop.bells).await;
    again.ping().await.unwrap();
    check(&again).await;
}

#[tokio::test]
async fn what_is_no_database_does_not_open() {
    let shop = Shop::empty().await;
    let path = shop.home.folder().join("letter.txt");
    std::fs::write(&path, "Dear Sir or Madam, ".repeat(100)).unwrap();
    let error = Store::open(Settings::at(&path), |_| {}).await.unwrap_err();
    assert!(error.to_string().starts_with("open the database at "));
    assert_eq!(error.path, path.display().to_string());
}

#[tokio::test]
async fn references_that_lead_nowhere_and_values_that_cannot_be() {
    assert_eq!(
        after("update notes set author_id = 99 where id = 1").await,
        ["The row 1 of notes names one of users that is not there."]
    );
    let found = after(
        "pragma ignore_check_constraints = on; update tickets set status = 'lost' where id = 1",
    )
    .await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("The database is damaged: "));
}

#[tokio::test]
async fn a_page_that_a_bad_disk_gave_back() {
    let shop = Shop::open().await;
    let mut connection = shop.connect().await;
    let page: i64 =
        sqlx::query_scalar("select rootpage from sqlite_schema where name = 'customers_by_name'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    // The last one to close puts everything into the file.
    connection.close().await.unwrap();
    shop.store.close().await;
    let file = OpenOptions::new()
        .write(true)
        .open(shop.home.path())
        .unwrap();
    let middle = u64::try_from(page - 1).unwrap() * 4096 + 3000;
    file.write_all_at(&[0xff; 1000], middle).unwrap();
    let store = open(&shop.home, &Bells::default()).await;
    let faults = store.check().await.unwrap();
    assert!(
        faults[0]
            .to_string()
            .starts_with("The database is damaged: ")
    );
}

#[tokio::test]
async fn after_a_power_failure_nobody_is_recovered() {
    let shop = serving().await;
    let store = killed(&shop, "the next start").await;
    assert!(found(&store, now()).await.is_empty());
}

#[tokio::test]
async fn an_orderly_end_is_trusted_once_over_a_restart_of_the_machine() {
    let shop = serving().await;
    shop.store.close().await;
    let store = killed(&shop, "the next start").await;
    assert_eq!(found(&store, later(100)).await, ["a", "b"]);
    let store = killed(&shop, "the one after").await;
    assert!(found(&store, now()).await.is_empty());
}

#[tokio::test]
async fn one_who_only_looked_does_not_vouch_for_what_a_power_failure_left() {
    let shop = serving().await;
    let looking = open(&shop.home, &Bells::default()).await;
    looking.heads().await.unwrap();
    looking.close().await;
    let store = killed(&shop, "the next start").await;
    assert!(found(&store, now()).await.is_empty());
}
