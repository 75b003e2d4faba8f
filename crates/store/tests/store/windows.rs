//! What somebody missed, and when it cannot be told.

use std::time::Duration;

use shopbell_protocol::{Epoch, Seq, Timestamp, WorkOrderId};
use shopbell_store::{Gap, JournalRow, Snapshot, Window};

use crate::{
    people::dana,
    shop::{Shop, describes, later, now},
};

const AGE: Duration = Duration::from_secs(60);

async fn read(
    shop: &Shop,
    after: i64,
    epoch: Option<&str>,
    events: i64,
    at: Timestamp,
) -> Snapshot<Result<Vec<JournalRow>, Gap>> {
    let window = Window { events, age: AGE };
    let epoch = epoch.map(|epoch| Epoch(epoch.to_owned()));
    shop.store
        .events(dana().shop, Seq(after), epoch.as_ref(), 100, window, at)
        .await
        .unwrap()
}

/// A few rows more, written `now`; gives the heads before and after them.
async fn written() -> (Shop, i64, i64) {
    let shop = Shop::open().await;
    let head = shop.head().await;
    for text in ["one", "two", "three"] {
        let patched = shop.patch(&dana(), WorkOrderId(37), describes(text)).await;
        patched.unwrap();
    }
    let after = shop.head().await;
    (shop, head.0, after.0)
}

fn numbers(rows: &[JournalRow]) -> Vec<i64> {
    rows.iter().map(|row| row.event.seq().0).collect()
}

#[tokio::test]
async fn what_was_missed_comes_in_order_with_the_head_of_the_same_moment() {
    let (shop, before, head) = written().await;
    let read = read(&shop, before, None, 100, now()).await;
    assert_eq!(read.seq, Seq(head));
    let expected: Vec<i64> = (before + 1..=head).collect();
    assert_eq!(numbers(&read.value.unwrap()), expected);

    let window = Window {
        events: 100,
        age: AGE,
    };
    let page = shop
        .store
        .events(dana().shop, Seq(before), None, 2, window, now());
    let page = page.await.unwrap().value.unwrap();
    assert_eq!(numbers(&page), [before + 1, before + 2]);
}

#[tokio::test]
async fn one_row_too_many_is_too_old() {
    let (shop, before, head) = written().await;
    let missed = head - before;
    for (events, expected) in [(missed, true), (missed - 1, false)] {
        let read = read(&shop, before, None, events, now()).await;
        assert_eq!(read.value.is_ok(), expected);
        assert!(expected || read.value == Err(Gap::TooOld));
    }
}

#[tokio::test]
async fn the_first_row_that_was_missed_must_be_young_enough() {
    let (shop, before, head) = written().await;
    assert!(
        read(&shop, before, None, 99, later(60_000))
            .await
            .value
            .is_ok()
    );
    let late = later(60_001);
    assert_eq!(
        read(&shop, before, None, 99, late).await.value,
        Err(Gap::TooOld)
    );
    // Nothing was missed, however long ago.
    let nothing = read(&shop, head, None, 0, later(i64::MAX / 2)).await;
    assert_eq!(nothing.value, Ok(vec![]));
}

#[tokio::test]
async fn another_epoch_and_a_place_beyond_the_end_are_refused() {
    let (shop, _, head) = written().await;
    let (_, _, Epoch(epoch)) = shop.store.heads().await.unwrap().remove(0);
    for (after, epoch, expected) in [
        (head, Some(epoch.as_str()), Ok(vec![])),
        (head, Some("another"), Err(Gap::Epoch)),
        (head + 1, Some("another"), Err(Gap::Epoch)),
        (head + 1, Some(epoch.as_str()), Err(Gap::Ahead)),
        (-1, None, Err(Gap::Ahead)),
    ] {
        assert_eq!(read(&shop, after, epoch, 9, now()).await.value, expected);
    }
}
