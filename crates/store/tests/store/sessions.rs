//! Sockets that can be recovered: kept over the end of a process, not over a power failure.

use shopbell_protocol::{Epoch, Room, Seq, Timestamp, WorkOrderId};
use shopbell_store::{Store, StoredSession};

use crate::{
    people::tarik,
    shop::{Bells, Shop, later, now, open},
};

const BOOT: &str = "this start";

pub(crate) fn tariks(pid: &str) -> StoredSession {
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

pub(crate) async fn serving() -> Shop {
    serve(Shop::open().await).await
}

/// Serving, with sessions `a` and `b`.
pub(crate) async fn serve(shop: Shop) -> Shop {
    shop.store.resume_sessions(BOOT, now()).await.unwrap();
    for pid in ["a", "b"] {
        shop.store.open_session(&tariks(pid)).await.unwrap();
    }
    shop
}

/// What is still found, whenever it was left.
pub(crate) async fn found(store: &Store, reach: Timestamp) -> Vec<&'static str> {
    let mut found = Vec::new();
    for pid in ["a", "b"] {
        if store.session(pid, reach).await.unwrap().is_some() {
            found.push(pid);
        }
    }
    found
}

/// Another process serves, as if the one before had ended without a goodbye.
pub(crate) async fn killed(shop: &Shop, boot: &str) -> Store {
    let store = open(&shop.home, &Bells::default()).await;
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

    assert!(store.resume_session("a").await.unwrap());
    store.end_session("a").await.unwrap();
    assert_eq!(found(store, now()).await, ["b"]);
    assert!(!store.resume_session("a").await.unwrap());
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
