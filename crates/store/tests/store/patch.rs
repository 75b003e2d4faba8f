//! One PATCH, from the lock to the journal.

use shopbell_domain::{Refusal, Sight};
use shopbell_protocol::{
    Action, CustomerId, DurableEvent, Field, Money, Passcode, Priority, Status, UserId, Version,
    WorkOrderId, WorkOrderPatch,
};
use shopbell_store::CommandError;

use crate::{
    checks::check,
    people::{ana, dana, jelena, marko, olga, tarik, theo},
    shop::{Shop, assigns, describes, later, moves, now, refusal},
};

#[tokio::test]
async fn it_changes_the_row_writes_the_journal_and_rings() {
    let shop = Shop::open().await;
    let id = shop.find(Status::InProgress, Some(tarik().id)).await;
    let (before, head) = (shop.order(id).await, shop.head().await);
    let patch = WorkOrderPatch {
        status: Some(Status::Testing),
        priority: Some(Priority::Urgent),
        estimate_total: Field::Set(Money::from_cents(12_345)),
        due_at: Field::Set(None),
        device_passcode: Field::Set(Some(Passcode("9999".to_owned()))),
        ..WorkOrderPatch::default()
    };
    let committed = shop
        .store
        .patch_work_order(&dana(), id, patch, None, later(7))
        .await;
    let committed = committed.unwrap();

    let after = shop.order(id).await;
    assert_eq!(committed.value, after);
    assert_eq!(
        (after.status, after.priority),
        (Status::Testing, Priority::Urgent)
    );
    assert_eq!(after.version.0, before.version.0 + 1);
    assert_eq!((after.updated_at, after.due_at), (later(7), None));
    assert_eq!(after.device_passcode, Some(Passcode("9999".to_owned())));

    let rows = shop
        .store
        .read_journal(dana().shop, head, 100)
        .await
        .unwrap();
    let actions: Vec<_> = rows
        .iter()
        .filter_map(|row| match &row.event {
            DurableEvent::WorkOrderUpdated(event) => Some((event.seq.0 - head.0, event.action)),
            _ => None,
        })
        .collect();
    assert_eq!(actions, [(1, Action::StatusChanged), (2, Action::Updated)]);
    assert_eq!(committed.seq.0, head.0 + 2, "before its notifications");
    assert!(rows.len() > 2);
    let journal = format!("{rows:?}");
    assert!(
        !journal.contains("9999"),
        "a passcode never enters the journal"
    );
    assert_eq!(shop.rung(), [(dana().shop, shop.head().await)]);
    check(&shop.store).await;
}

#[tokio::test]
async fn the_journal_knows_whose_the_order_is_now() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    let id = shop.find(Status::Pending, None).await;
    shop.patch(&tarik(), id, assigns(Some(tarik().id)))
        .await
        .unwrap();
    shop.patch(&marko(), id, assigns(Some(jelena().id)))
        .await
        .unwrap();
    let rows = shop
        .store
        .read_journal(ana().shop, head, 100)
        .await
        .unwrap();
    for row in rows {
        let about = row.audience.object();
        let expected = about.map_or(Sight::All, |_| Sight::Only(jelena().id));
        assert_eq!(row.sight_now, expected, "{:?}", row.event);
    }
}

#[tokio::test]
async fn what_is_already_so_is_no_event() {
    let shop = Shop::open().await;
    let (id, head) = (WorkOrderId(25), shop.head().await);
    let order = shop.order(id).await;
    let same = shop
        .patch(&dana(), id, describes(order.description.as_str()))
        .await
        .unwrap();
    assert_eq!((same.value, same.seq), (order, head));
    assert_eq!(shop.head().await, head);
    assert!(shop.rung().is_empty());
}

#[tokio::test]
async fn a_stale_version_gets_the_row_of_now() {
    let shop = Shop::open().await;
    let id = WorkOrderId(25);
    let stale = shop.order(id).await.version;
    shop.patch(&marko(), id, describes("first")).await.unwrap();
    let head = shop.head().await;
    let second = shop
        .store
        .patch_work_order(&dana(), id, describes("second"), Some(stale), now())
        .await;
    let Err(CommandError::Refused {
        refusal: Refusal::VersionMismatch,
        current: Some(current),
        seq,
        ..
    }) = second
    else {
        panic!("not refused");
    };
    assert_eq!((*current, seq), (shop.order(id).await, head));
    let fresh = Version(stale.0 + 1);
    let third = shop
        .store
        .patch_work_order(&dana(), id, describes("third"), Some(fresh), now())
        .await;
    third.unwrap();
}

#[tokio::test]
async fn a_refusal_leaves_no_trace() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    let of_jelena = shop.find(Status::Pending, Some(jelena().id)).await;
    let theirs = shop.orders(&olga(), &Default::default()).await[0].id;
    let pool = shop.find(Status::Pending, None).await;

    let refused = refusal(shop.patch(&tarik(), of_jelena, describes("mine")).await);
    assert_eq!(refused, Refusal::NotFound);
    let refused = refusal(shop.patch(&ana(), theirs, describes("mine")).await);
    assert_eq!(refused, Refusal::NotFound);
    let refused = refusal(
        shop.patch(&ana(), WorkOrderId(9999), describes("none"))
            .await,
    );
    assert_eq!(refused, Refusal::NotFound);
    let refused = refusal(
        shop.patch(&dana(), of_jelena, moves(Status::PickedUp))
            .await,
    );
    assert!(matches!(refused, Refusal::IllegalTransition { .. }));
    let refused = refusal(shop.patch(&dana(), pool, moves(Status::InProgress)).await);
    assert_eq!(refused, Refusal::TechnicianRequired);
    // Neither staff nor customers of another shop can be named.
    let refused = refusal(shop.patch(&ana(), pool, assigns(Some(theo().id))).await);
    assert!(matches!(refused, Refusal::Invalid(_)));
    let customer = WorkOrderPatch {
        customer_id: Some(CustomerId(31)),
        ..WorkOrderPatch::default()
    };
    let refused = refusal(shop.patch(&ana(), pool, customer).await);
    assert!(matches!(refused, Refusal::Invalid(_)));

    assert_eq!(shop.head().await, head);
    assert!(shop.rung().is_empty());
    check(&shop.store).await;
}

#[tokio::test]
async fn another_customer_brings_their_name_and_number() {
    let shop = Shop::open().await;
    let patch = WorkOrderPatch {
        customer_id: Some(CustomerId(29)),
        ..WorkOrderPatch::default()
    };
    let committed = shop
        .patch(&dana(), WorkOrderId(20), patch)
        .await
        .unwrap()
        .value;
    assert_eq!(committed.customer_name, "Piotr Wiśniewski");
    assert_eq!(committed.customer_phone, None);
    assert_eq!(shop.order(WorkOrderId(20)).await, committed);
}

#[tokio::test]
async fn one_who_loses_an_order_is_told_so_and_shown_no_more() {
    let shop = Shop::open().await;
    let id = shop.find(Status::Pending, Some(jelena().id)).await;
    let head = shop.head().await;
    shop.patch(&marko(), id, assigns(Some(tarik().id)))
        .await
        .unwrap();
    assert!(
        shop.store
            .work_order(&jelena(), id)
            .await
            .unwrap()
            .is_none()
    );
    assert!(shop.store.work_order(&tarik(), id).await.unwrap().is_some());
    let rows = shop
        .store
        .read_journal(ana().shop, head, 100)
        .await
        .unwrap();
    let hers: Vec<_> = rows
        .iter()
        .filter(|row| {
            let rooms = row.audience.rooms(row.sight_now);
            rooms.contains(&shopbell_protocol::Room::User(UserId(4)))
        })
        .map(|row| row.event.name())
        .collect();
    assert_eq!(
        hers,
        [
            "work_order_removed",
            "work_order_assignment_update",
            "notification_received",
            "notification_count_updated",
        ]
    );
}
