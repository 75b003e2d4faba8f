//! What people are told, and what they have read.

use shopbell_domain::Refusal;
use shopbell_protocol::{
    DurableEvent, NotificationId, NotificationType, ReadMark, Status, WorkOrderId,
};
use shopbell_store::NotificationFilter;

use crate::{
    checks::check,
    people::{ana, dana, jelena, marko, tarik},
    shop::{Shop, describes, later, moves, now, page, refusal},
};

/// Tarik's inbox is read, and he works on this order.
async fn quiet() -> (Shop, WorkOrderId) {
    let shop = Shop::open().await;
    let all = NotificationId(i64::MAX);
    shop.store
        .mark_all_read(&tarik(), all, now())
        .await
        .unwrap();
    let id = shop.find(Status::InProgress, Some(tarik().id)).await;
    (shop, id)
}

async fn unread(shop: &Shop) -> i64 {
    shop.store.notification_count(&tarik()).await.unwrap().value
}

#[tokio::test]
async fn events_on_one_order_fold_into_one_row_while_it_is_unread() {
    let (shop, id) = quiet().await;
    for text in ["one", "two", "three"] {
        shop.patch(&marko(), id, describes(text)).await.unwrap();
    }
    let row = shop.inbox(&tarik()).await.remove(0);
    assert_eq!((row.related_entity_id, row.event_count), (Some(id.0), 3));
    assert_eq!(unread(&shop).await, 1);

    let read = shop
        .store
        .mark_notification(&tarik(), row.id, true, now())
        .await;
    assert!(read.unwrap().value.is_read);
    shop.patch(&marko(), id, describes("four")).await.unwrap();
    let next = shop.inbox(&tarik()).await.remove(0);
    assert_ne!(next.id, row.id);
    assert_eq!(next.event_count, 1);
    check(&shop.store).await;
}

#[tokio::test]
async fn a_folded_row_comes_to_the_top_and_rings_no_new_count() {
    let (shop, id) = quiet().await;
    let other = shop.find(Status::PartsOrdered, Some(tarik().id)).await;
    shop.patch(&marko(), id, describes("first")).await.unwrap();
    shop.patch(&marko(), other, describes("second"))
        .await
        .unwrap();
    let before = shop.head().await;
    let again = shop
        .store
        .patch_work_order(&marko(), id, describes("third"), None, later(1))
        .await;
    again.unwrap();
    assert_eq!(shop.inbox(&tarik()).await[0].related_entity_id, Some(id.0));
    let rows = shop
        .store
        .read_journal(marko().shop, before, 10)
        .await
        .unwrap();
    let names: Vec<_> = rows.iter().map(|row| row.event.name()).collect();
    assert_eq!(names, ["work_order_updated", "notification_received"]);
}

#[tokio::test]
async fn marking_one_tells_the_persons_other_tabs() {
    let (shop, id) = quiet().await;
    shop.patch(&marko(), id, describes("news")).await.unwrap();
    let row = shop.inbox(&tarik()).await.remove(0);
    let before = shop.head().await;
    let read = shop
        .store
        .mark_notification(&tarik(), row.id, true, later(1))
        .await;
    let read = read.unwrap();
    assert_eq!(read.value.updated_at, row.updated_at, "it keeps its place");
    assert_eq!(read.seq.0, before.0 + 2);
    let events = shop
        .store
        .read_journal(marko().shop, before, 10)
        .await
        .unwrap();
    let [read, count] = &events[..] else {
        panic!("{events:?}");
    };
    let DurableEvent::NotificationRead(read) = &read.event else {
        panic!("{read:?}");
    };
    assert_eq!(read.mark, ReadMark::Ids { ids: vec![row.id] });
    let DurableEvent::NotificationCountUpdated(count) = &count.event else {
        panic!("{count:?}");
    };
    assert_eq!((count.user_id, count.unread_count), (tarik().id, 0));
}

#[tokio::test]
async fn marking_what_is_already_so_is_no_event() {
    let (shop, id) = quiet().await;
    shop.patch(&marko(), id, describes("news")).await.unwrap();
    let row = shop.inbox(&tarik()).await.remove(0);
    let head = shop.head().await;
    let mark = async |is_read| {
        shop.store
            .mark_notification(&tarik(), row.id, is_read, now())
            .await
    };
    assert_eq!(mark(false).await.unwrap().seq, head);
    assert_eq!(shop.head().await, head);
    mark(true).await.unwrap();
    assert_eq!(unread(&shop).await, 0);
    mark(false).await.unwrap();
    assert_eq!(unread(&shop).await, 1);
    check(&shop.store).await;
}

#[tokio::test]
async fn nobody_marks_what_is_not_theirs() {
    let (shop, id) = quiet().await;
    shop.patch(&marko(), id, describes("news")).await.unwrap();
    let row = shop.inbox(&tarik()).await.remove(0);
    for who in [ana(), jelena(), dana()] {
        let marked = shop
            .store
            .mark_notification(&who, row.id, true, now())
            .await;
        assert_eq!(refusal(marked), Refusal::NotFound);
    }
    assert_eq!(unread(&shop).await, 1);
}

#[tokio::test]
async fn marking_all_stops_at_what_the_reader_had_seen() {
    let (shop, first) = quiet().await;
    let second = shop.find(Status::PartsOrdered, Some(tarik().id)).await;
    shop.patch(&marko(), first, describes("seen"))
        .await
        .unwrap();
    let seen = shop.inbox(&tarik()).await[0].id;
    shop.patch(&marko(), second, describes("not yet seen"))
        .await
        .unwrap();

    let marked = shop
        .store
        .mark_all_read(&tarik(), seen, now())
        .await
        .unwrap();
    assert_eq!(marked.value, 1);
    assert_eq!(unread(&shop).await, 1);
    let head = shop.head().await;
    let again = shop
        .store
        .mark_all_read(&tarik(), seen, now())
        .await
        .unwrap();
    assert_eq!((again.value, again.seq), (0, head));
    check(&shop.store).await;
}

#[tokio::test]
async fn filters_and_pages_show_the_newest_first() {
    let shop = Shop::open().await;
    let all = shop.inbox(&jelena()).await;
    assert!(all.is_sorted_by(|a, b| (a.updated_at, a.id) > (b.updated_at, b.id)));
    let filter = NotificationFilter {
        unread: true,
        r#type: Some(NotificationType::WorkOrder),
    };
    let unread: Vec<_> = all.iter().filter(|row| !row.is_read).cloned().collect();
    assert!(unread.len() > 1 && unread.len() < all.len());
    let mut next = page(1);
    for row in unread {
        let page = shop
            .store
            .notifications(&jelena(), &filter, &next)
            .await
            .unwrap()
            .value;
        assert_eq!(page.rows, [row]);
        next.cursor = page.next_cursor;
    }
    assert_eq!(next.cursor, None);
    let system = NotificationFilter {
        unread: false,
        r#type: Some(NotificationType::System),
    };
    let none = shop
        .store
        .notifications(&jelena(), &system, &page(10))
        .await
        .unwrap();
    assert!(none.value.rows.is_empty());
}

#[tokio::test]
async fn the_desk_is_told_whom_to_call() {
    let (shop, id) = quiet().await;
    shop.patch(&tarik(), id, moves(Status::Completed))
        .await
        .unwrap();
    let row = shop.inbox(&dana()).await.remove(0);
    assert_eq!(row.related_entity_id, Some(id.0));
    assert!(!row.is_read);
    assert_eq!(row.updated_at, now());
}

#[tokio::test]
async fn a_deleted_one_is_gone_from_every_tab() {
    let (shop, id) = quiet().await;
    shop.patch(&marko(), id, describes("news")).await.unwrap();
    let [unread, read] = shop.inbox(&tarik()).await[..2].to_vec().try_into().unwrap();
    assert!(!unread.is_read && read.is_read);
    for (row, expected) in [
        (
            unread,
            &["notification_deleted", "notification_count_updated"][..],
        ),
        // The number did not change.
        (read, &["notification_deleted"][..]),
    ] {
        for who in [ana(), jelena()] {
            let deleted = shop.store.delete_notification(&who, row.id, now()).await;
            assert!(deleted.unwrap().is_none());
        }
        let head = shop.head().await;
        let deleted = shop
            .store
            .delete_notification(&tarik(), row.id, now())
            .await;
        assert_eq!(deleted.unwrap().unwrap().seq, shop.head().await);
        assert_eq!(shop.heard(&tarik(), head).await, expected);
        assert!(
            shop.inbox(&tarik())
                .await
                .iter()
                .all(|other| other.id != row.id)
        );
        let again = shop
            .store
            .delete_notification(&tarik(), row.id, now())
            .await;
        assert!(again.unwrap().is_none());
    }
    assert_eq!(self::unread(&shop).await, 0);
    // The next event on the same order is a row of its own.
    shop.patch(&marko(), id, describes("more")).await.unwrap();
    assert_eq!(shop.inbox(&tarik()).await[0].event_count, 1);
    check(&shop.store).await;
}
