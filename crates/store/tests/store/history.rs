//! What happened to a work order.

use shopbell_protocol::{Action, DurableEvent, Status, WorkOrderId};
use shopbell_store::HistoryRow;

use crate::{
    people::{ana, dana, jelena, marko, olga, tarik},
    shop::{Shop, assigns, describes, later, moves, page},
};

fn actions(rows: &[HistoryRow]) -> Vec<Action> {
    let action = |row: &HistoryRow| match &row.event {
        DurableEvent::WorkOrderUpdated(event) => event.action,
        other => panic!("{other:?}"),
    };
    rows.iter().map(action).collect()
}

#[tokio::test]
async fn it_has_the_orders_own_entries_newest_first() {
    let shop = Shop::open().await;
    let id = shop.find(Status::Pending, None).await;
    let patch = async |who, patch, at| {
        let patched = shop
            .store
            .patch_work_order(&who, id, patch, None, later(at))
            .await;
        patched.unwrap();
    };
    patch(marko(), assigns(Some(jelena().id)), 1).await;
    patch(jelena(), moves(Status::InProgress), 2).await;
    shop.patch(&dana(), WorkOrderId(1), describes("another"))
        .await
        .unwrap();
    patch(dana(), describes("with its case"), 3).await;

    let history = shop.store.history(&jelena(), id, &page(100)).await;
    let history = history.unwrap().unwrap();
    assert_eq!(history.seq, shop.head().await);
    let rows = history.value.rows;
    assert_eq!(
        actions(&rows)[..3],
        [Action::Updated, Action::StatusChanged, Action::Assigned]
    );
    assert_eq!(rows[0].at, later(3));
    assert!(rows.is_sorted_by(|a, b| a.event.seq() > b.event.seq()));

    let mut listed = Vec::new();
    let mut next = page(2);
    loop {
        let page = shop
            .store
            .history(&ana(), id, &next)
            .await
            .unwrap()
            .unwrap();
        listed.extend(page.value.rows);
        match page.value.next_cursor {
            Some(cursor) => next.cursor = Some(cursor.to_string().parse().unwrap()),
            None => break,
        }
    }
    assert_eq!(listed, rows);
}

#[tokio::test]
async fn it_begins_with_the_opening() {
    let shop = Shop::open().await;
    // Made from its ticket this morning.
    let history = shop
        .store
        .history(&dana(), WorkOrderId(40), &page(10))
        .await;
    let rows = history.unwrap().unwrap().value.rows;
    assert_eq!(actions(&rows), [Action::Created]);
}

#[tokio::test]
async fn who_does_not_see_the_order_reads_none_of_it() {
    let shop = Shop::open().await;
    let id = shop.find(Status::InProgress, Some(tarik().id)).await;
    for (who, id) in [(jelena(), id), (olga(), id), (ana(), WorkOrderId(999))] {
        let history = shop.store.history(&who, id, &page(10)).await.unwrap();
        assert!(history.is_none());
    }
}
