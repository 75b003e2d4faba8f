//! Sockets that can be recovered: kept over the end of a process, not over a power failure.

use shopbell_protocol::{Epoch, Room, Seq, Timestamp, WorkOrderId};
use shopbell_store::{Store, StoredSession};

use crate::{
    people::tarik,
    shop::{Bells, Shop, later, now, open},
};

const BOOT: &str = "this start";

fn tariks(pid: &str) -> StoredSession {
    StoredSession {
        pid: pid.to_owned(),
        sid: format!("public {pid}"),
        shop: tarik().shop,
        user: tarik().id,
        role: tarik().role,
        since: Seq(7),
        epoch: Epoch("e".to_owned()),
        rooms: vec![Room::User(tarik().id), Room::Role(tarik().role)],
    }
}

/// Serving, with sessions `a` and `b`.
async fn serving() -> Shop {
    let shop = Shop::open().await;
    shop.store.resume_sessions(BOOT, now()).await.unwrap();
    for pid in ["a", "b"] {
        shop.store.open_session(&tariks(pid)).await.unwrap();
    }
    shop
}

/// What is still found, whenever it was left.
async fn found(store: &Store, reach: Timestamp) -> Vec<&'static str> {
    let mut found = Vec::new();
    for pid in ["a", "b"] {
        if store.session(pid, reach).await.unwrap().is_some() {
            found.push(pid);
        }
    }
    found
}

/// Another process serves, as if the one before had ended without a goodbye.
async fn killed(shop: &Shop, boot: &str) -> Store {
    let store = open(&shop.folder, &Bells::default()).await;
    store.resume_sessions(boot, later(100)).await.unwrap();
    store
}

#[tokio::test]
async fn a_session_is_kept_with_its_rooms_until_it_ends() {
    let shop = serving().await;
    let store = &shop.store;
    let kept = store.session("a", now()).await.unwrap();
    assert_eq!(kept, Some(tariks("a")));

    let rooms = [Room::WorkOrder(WorkOrderId(25))];
    store.set_session_rooms("a", &rooms).await.unwrap();
    let kept = store.session("a", now()).await.unwrap().unwrap();
    assert_eq!(kept.rooms, rooms);
    let other = store.session("b", now()).await.unwrap();
    assert_eq!(other, Some(tariks("b")));

    store.end_session("a").await.unwrap();
    assert_eq!(found(store, now()).await, ["b"]);
    assert_eq!(store.session("unknown", now()).await.unwrap(), None);
}

#[tokio::test]
async fn one_that_was_left_too_long_ago_is_not_found() {
    let shop = serving().await;
    let store = &shop.store;
    store.leave_session("a", later(10)).await.unwrap();
    assert_eq!(found(store, later(10)).await, ["a", "b"]);
    assert_eq!(found(store, later(11)).await, ["b"]);
    store.resume_session("a").await.unwrap();
    assert_eq!(found(store, later(11)).await, ["a", "b"]);
}

#[tokio::test]
async fn a_killed_process_leaves_them_at_the_moment_of_the_next_start() {
    let shop = serving().await;
    shop.store.leave_session("b", later(10)).await.unwrap();
    let store = killed(&shop, BOOT).await;
    assert_eq!(found(&store, later(10)).await, ["a", "b"]);
    assert_eq!(found(&store, later(100)).await, ["a"]);
    assert!(found(&store, later(101)).await.is_empty());
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
    let looking = open(&shop.folder, &Bells::default()).await;
    looking.heads().await.unwrap();
    looking.close().await;
    let store = killed(&shop, "the next start").await;
    assert!(found(&store, now()).await.is_empty());
}
