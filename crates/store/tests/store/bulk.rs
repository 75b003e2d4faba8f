//! The same change to many orders.

use shopbell_domain::Refusal;
use shopbell_protocol::{
    DurableEvent, NotificationId, Priority, Status, UserId, WorkOrderId, WorkOrderPatch,
};
use shopbell_store::CommandError;

use crate::{
    checks::check,
    people::{ana, dana, jelena, marko, olga, tarik},
    shop::{Shop, assigns, later, moves, now, refusal},
};

fn orders<const N: usize>(ids: [i64; N]) -> Vec<WorkOrderId> {
    ids.map(WorkOrderId).to_vec()
}

fn becomes(priority: Priority) -> WorkOrderPatch {
    WorkOrderPatch {
        priority: Some(priority),
        ..WorkOrderPatch::default()
    }
}

async fn read_all(shop: &Shop) {
    for who in crate::people::staff() {
        let all = NotificationId(i64::MAX);
        shop.store.mark_all_read(&who, all, now()).await.unwrap();
    }
    shop.bells.lock().unwrap().clear();
}

#[tokio::test]
async fn all_are_changed_in_one_transaction_and_given_in_the_order_of_asking() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    // 39 is urgent already, 27 is named twice.
    let asked = orders([33, 27, 39, 27, 30]);
    let changed = shop
        .store
        .patch_work_orders(&marko(), asked, becomes(Priority::Urgent), later(9))
        .await
        .unwrap();
    let ids: Vec<_> = changed.value.iter().map(|order| order.id).collect();
    assert_eq!(ids, orders([33, 27, 39, 30]));
    for order in &changed.value {
        assert_eq!(*order, shop.order(order.id).await);
        assert_eq!(order.priority, Priority::Urgent);
        assert_eq!(order.updated_at == later(9), order.id != WorkOrderId(39));
    }
    assert_eq!(changed.seq.0, head.0 + 3, "before the notifications");
    assert_eq!(shop.rung(), [(marko().shop, shop.head().await)]);
    check(&shop.store).await;
}

#[tokio::test]
async fn nobody_gets_more_than_one_notification() {
    let shop = Shop::open().await;
    read_all(&shop).await;
    let head = shop.head().await;
    // Of each technician's orders three and one.
    let asked = orders([25, 27, 33, 26]);
    let changed = shop
        .store
        .patch_work_orders(&ana(), asked, becomes(Priority::Urgent), later(1))
        .await;
    changed.unwrap();
    let mut told: Vec<UserId> = Vec::new();
    for row in shop.events(head).await {
        if let DurableEvent::NotificationReceived(event) = row.event {
            told.push(event.notification.user_id);
        }
    }
    assert_eq!(told, [marko().id, tarik().id]);
    let summary = shop.inbox(&tarik()).await.remove(0);
    assert_eq!(summary.title, "3 orders were changed");
    assert_eq!(
        (summary.related_entity_type, summary.related_entity_id),
        (None, None)
    );
    // Order 26 was urgent before. What concerns one order alone is told as ever.
    let one = orders([28, 27]);
    let changed = shop
        .store
        .patch_work_orders(&ana(), one, becomes(Priority::High), later(2))
        .await;
    changed.unwrap();
    let told = shop.inbox(&jelena()).await.remove(0);
    assert_eq!(told.related_entity_id, Some(28));
    // A summary is about no one thing: the next one is a row of its own.
    let again = shop
        .store
        .patch_work_orders(&ana(), orders([25, 33]), becomes(Priority::Low), later(3))
        .await;
    again.unwrap();
    let inbox = shop.inbox(&tarik()).await;
    assert_eq!(inbox[0].title, "2 orders were changed");
    assert_ne!(inbox[0].id, summary.id);
    check(&shop.store).await;
}

#[tokio::test]
async fn one_refusal_undoes_all_and_names_the_order() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    let before = shop.orders(&ana(), &Default::default()).await;
    // 27 may be tested, 31 too, but 37 is only being looked at.
    let asked = orders([27, 37, 31]);
    let refused = shop
        .store
        .patch_work_orders(&marko(), asked, moves(Status::Testing), now())
        .await;
    let Err(CommandError::Refused {
        refusal: Refusal::IllegalTransition { .. },
        current: Some(current),
        seq,
        ..
    }) = refused
    else {
        panic!("not refused");
    };
    assert_eq!(*current, [shop.order(WorkOrderId(37)).await]);
    assert_eq!(seq, head);

    let theirs = shop.orders(&olga(), &Default::default()).await[0].id.0;
    for stranger in [theirs, 999] {
        let asked = orders([25, stranger]);
        let refused = shop
            .store
            .patch_work_orders(&ana(), asked, becomes(Priority::Low), now())
            .await;
        let Err(CommandError::Refused {
            refusal, current, ..
        }) = refused
        else {
            panic!("not refused");
        };
        assert_eq!((refusal, current), (Refusal::NotFound, None));
    }
    assert_eq!(shop.orders(&ana(), &Default::default()).await, before);
    shop.assert_untouched(head).await;
}

#[tokio::test]
async fn only_those_who_lead_change_many() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    for who in [dana(), tarik()] {
        let asked = orders([25]);
        let refused = shop
            .store
            .patch_work_orders(&who, asked, becomes(Priority::Low), now())
            .await;
        assert_eq!(refusal(refused), Refusal::Forbidden);
    }
    let none = shop
        .store
        .patch_work_orders(&ana(), Vec::new(), becomes(Priority::Low), now())
        .await
        .unwrap();
    assert_eq!((none.value.len(), none.seq), (0, head));
    shop.assert_untouched(head).await;
}

#[tokio::test]
async fn a_bench_is_handed_over_at_once() {
    let shop = Shop::open().await;
    read_all(&shop).await;
    let of_tarik: Vec<_> = shop
        .orders(&ana(), &Default::default())
        .await
        .into_iter()
        .filter(|order| order.technician_id == Some(tarik().id))
        .map(|order| order.id)
        .collect();
    assert!(of_tarik.len() > 10);
    let handed = shop
        .store
        .patch_work_orders(
            &marko(),
            of_tarik.clone(),
            assigns(Some(jelena().id)),
            later(1),
        )
        .await;
    handed.unwrap();
    for id in of_tarik {
        assert!(shop.store.work_order(&tarik(), id).await.unwrap().is_none());
        assert!(
            shop.store
                .work_order(&jelena(), id)
                .await
                .unwrap()
                .is_some()
        );
    }
    for who in [tarik(), jelena()] {
        assert_eq!(shop.store.notification_count(&who).await.unwrap().value, 1);
    }
    check(&shop.store).await;
}
