//! What is past goes, and nothing else.

use std::{iter, time::Duration};

use shopbell_protocol::{Epoch, Role, Seq, Timestamp, WorkOrderId};
use shopbell_store::{
    Gap, Kept, Once, Rotation, StoredAnswer, StoredSession, TokenHash, Window, WorkOrderFilter,
};

use crate::{
    checks::check,
    people::{dana, marko, tarik},
    shop::{Shop, describes, later, now},
};

const DAY: i64 = 24 * 3_600_000;

/// Keeps everything that this test does not mean.
const WIDE: Window = Window {
    events: 1_000_000,
    age: Duration::from_secs(365 * 24 * 3600),
};

const SESSION_AGE: Duration = Duration::from_secs(60);

async fn purge(shop: &Shop, window: Window, at: Timestamp) -> bool {
    shop.store.purge(window, SESSION_AGE, at).await.unwrap()
}

/// The numbers of shop 1's journal, and of those for people alone.
async fn numbers(shop: &Shop) -> (Vec<i64>, Vec<i64>) {
    let rows = shop.events(Seq(0)).await;
    let personal = rows.iter().filter(|row| row.audience.object().is_none());
    let numbers = |row: &shopbell_store::JournalRow| row.event.seq().0;
    (
        rows.iter().map(numbers).collect(),
        personal.map(numbers).collect(),
    )
}

#[tokio::test]
async fn what_was_for_people_alone_goes_beyond_the_window() {
    let shop = Shop::open().await;
    let (all, personal) = numbers(&shop).await;
    let head = shop.head().await.0;
    let events = 20;
    let window = Window { events, ..WIDE };
    assert!(!purge(&shop, window, now()).await);
    let expected: Vec<i64> = all
        .iter()
        .filter(|seq| **seq > head - events || !personal.contains(seq))
        .copied()
        .collect();
    assert!(expected.len() < all.len());
    assert_eq!(numbers(&shop).await.0, expected);
    assert_eq!(shop.store.check().await.unwrap(), []);

    // As many as the window is wide can still be told, whatever wider one is asked for.
    let told = async |after, window| {
        let told = shop
            .store
            .events(dana().shop, Seq(after), None, 1000, window, now());
        told.await.unwrap().value.map(|rows| rows.len())
    };
    assert_eq!(told(head - events, window).await, Ok(20));
    assert_eq!(told(head - events - 1, WIDE).await, Err(Gap::TooOld));

    shop.patch(&marko(), WorkOrderId(37), describes("more"))
        .await
        .unwrap();
    purge(&shop, window, now()).await;
    assert_eq!(shop.store.check().await.unwrap(), []);
}

#[tokio::test]
async fn what_is_too_old_goes_however_few_came_since() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    shop.patch(&marko(), WorkOrderId(37), describes("today"))
        .await
        .unwrap();
    let today = shop.events(head).await;
    let window = Window {
        age: Duration::from_secs(1),
        ..WIDE
    };
    purge(&shop, window, later(1_000)).await;
    let (_, personal) = numbers(&shop).await;
    assert!(personal.iter().all(|seq| *seq > head.0));
    assert_eq!(shop.events(head).await, today);
    purge(&shop, window, later(1_001)).await;
    assert_eq!(numbers(&shop).await.1, [0; 0]);
    assert_eq!(shop.store.check().await.unwrap(), []);
    let nothing = shop
        .store
        .events(dana().shop, shop.head().await, None, 9, window, later(DAY));
    assert_eq!(nothing.await.unwrap().value, Ok(vec![]));
}

#[tokio::test]
async fn a_wide_window_takes_nothing() {
    let shop = Shop::open().await;
    assert!(!purge(&shop, WIDE, now()).await);
    check(&shop.store).await;
}

#[tokio::test]
async fn it_goes_a_part_at_a_time() {
    let shop = Shop::open().await;
    let orders = shop.orders(&marko(), &WorkOrderFilter::default()).await;
    let ids: Vec<WorkOrderId> = orders.iter().map(|order| order.id).collect();
    for turn in 0..1000 / ids.len() {
        let ids = ids.clone();
        let patch = describes(format!("{turn}"));
        shop.store
            .patch_work_orders(&marko(), ids, patch, now())
            .await
            .unwrap();
    }
    assert!(shop.head().await.0 > 1000);
    let none = Window { events: 0, ..WIDE };
    let mut calls = 1;
    while purge(&shop, none, now()).await {
        calls += 1;
    }
    assert!(calls > 1);
    assert_eq!(numbers(&shop).await.1, [0; 0]);
    assert_eq!(shop.store.check().await.unwrap(), []);
}

#[tokio::test]
async fn sessions_and_keys_go_when_nobody_can_use_them() {
    let shop = Shop::open().await;
    let session = |pid: &str| StoredSession {
        pid: pid.to_owned(),
        sid: pid.to_owned(),
        shop: tarik().shop,
        user: tarik().id,
        role: Role::Technician,
        since: Seq(0),
        epoch: Epoch("e".to_owned()),
        rooms: Vec::new(),
    };
    for pid in ["open", "left", "long gone"] {
        shop.store.open_session(&session(pid)).await.unwrap();
    }
    shop.store.leave_session("left", later(1)).await.unwrap();
    shop.store.leave_session("long gone", now()).await.unwrap();
    let key = |key: &str, now| Once {
        user: tarik().id,
        route: "POST /api/things".to_owned(),
        key: key.to_owned(),
        hash: [1; 32],
        now,
    };
    let answer = StoredAnswer {
        status: 400,
        body: String::new(),
        seq: None,
        epoch: None,
    };
    for (name, at) in [("old", later(60_001 - DAY)), ("young", later(60_002 - DAY))] {
        let kept = shop.store.keep_answer(&key(name, at), answer.clone()).await;
        kept.unwrap();
    }

    purge(&shop, WIDE, later(60_001)).await;
    for (pid, stays) in [("open", true), ("left", true), ("long gone", false)] {
        let found = shop.store.session(pid, Timestamp::from_millis(0)).await;
        assert_eq!(found.unwrap().is_some(), stays, "{pid}");
    }
    // Asked as of a time when both were young.
    for (name, expected) in [("old", None), ("young", Some(Kept::Answer(answer)))] {
        let found = shop.store.kept(&key(name, now())).await;
        assert_eq!(found.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_login_goes_a_week_after_its_last_token() {
    let shop = Shop::open().await;
    let token = |name| TokenHash([name; 32]);
    shop.store
        .start_family("login", tarik().id, &token(1), later(0), now())
        .await
        .unwrap();
    let rotation = |old, new, expires, at| Rotation {
        old: token(old),
        new: token(new),
        expires: later(expires),
        grace: Duration::from_secs(0),
        now: later(at),
    };
    let rotated = shop.store.rotate(rotation(1, 2, 2 * DAY, -1)).await;
    rotated.unwrap().unwrap();
    let count = async |sql: &'static str| -> i64 {
        let count = sqlx::query_scalar(sql)
            .fetch_one(&mut shop.connect().await)
            .await;
        count.unwrap()
    };
    for (at, tokens, families) in [
        (7 * DAY, 2, 1),
        (7 * DAY + 1, 1, 1),
        (9 * DAY, 1, 1),
        (9 * DAY + 1, 0, 0),
    ] {
        purge(&shop, WIDE, later(at)).await;
        assert_eq!(count("select count(*) from refresh_tokens").await, tokens);
        assert_eq!(count("select count(*) from token_families").await, families);
    }
}

#[tokio::test]
async fn a_new_epoch_ends_every_cursor_and_session() {
    let shop = Shop::open().await;
    let before = shop.store.heads().await.unwrap();
    let session = StoredSession {
        pid: "a".to_owned(),
        sid: "a".to_owned(),
        shop: tarik().shop,
        user: tarik().id,
        role: Role::Technician,
        since: Seq(0),
        epoch: before[0].2.clone(),
        rooms: Vec::new(),
    };
    shop.store.open_session(&session).await.unwrap();
    let mut epochs: Vec<Epoch> = before.iter().map(|(_, _, epoch)| epoch.clone()).collect();
    // The demo shops were founded at this very moment.
    for _ in 0..2 {
        shop.store.new_epoch(now()).await.unwrap();
        for (old, new) in iter::zip(&before, shop.store.heads().await.unwrap()) {
            assert_eq!((old.0, old.1), (new.0, new.1));
            assert_ne!(epochs.last(), Some(&new.2));
        }
        epochs.push(shop.store.heads().await.unwrap().remove(0).2);
    }
    let found = shop.store.session("a", now()).await;
    assert_eq!(found.unwrap(), None);
    let (shop_1, head, epoch) = &before[0];
    let window = Window { events: 9, ..WIDE };
    shop.store.new_epoch(later(5)).await.unwrap();
    let missed = shop
        .store
        .events(*shop_1, *head, Some(epoch), 9, window, now());
    assert_eq!(missed.await.unwrap().value, Err(Gap::Epoch));
}
