//! Notes on work orders.

use shopbell_domain::{Actor, Refusal};
use shopbell_protocol::{
    Action, DurableEvent, NewNote, Note, Reason, Status, UpdateData, Urgency, WorkOrderId,
};

use crate::{
    checks::check,
    people::{ana, dana, jelena, marko, olga, tarik},
    shop::{Shop, later, now, page, refusal},
};

fn says(content: &str) -> NewNote {
    NewNote {
        content: content.to_owned(),
        customer_visible: None,
    }
}

async fn write(shop: &Shop, who: &Actor, order: WorkOrderId, content: &str) -> Note {
    let written = shop.store.add_note(who, order, says(content), now()).await;
    written.unwrap().value
}

async fn notes(shop: &Shop, order: WorkOrderId) -> Vec<Note> {
    let notes = shop.store.notes(&ana(), order, &page(100)).await;
    notes.unwrap().unwrap().value.rows
}

#[tokio::test]
async fn a_note_reaches_all_who_see_the_order_and_changes_no_field_of_it() {
    let shop = Shop::open().await;
    let id = shop.find(Status::InProgress, Some(tarik().id)).await;
    let (before, head) = (shop.order(id).await, shop.head().await);
    let new = NewNote {
        customer_visible: Some(true),
        ..says("Screen is in, touch works.")
    };
    let written = shop
        .store
        .add_note(&dana(), id, new, later(4))
        .await
        .unwrap();
    let note = written.value;
    assert_eq!(
        (note.author_id, note.author_name.as_str()),
        (dana().id, "Dana Horvat")
    );
    assert!(note.customer_visible);
    assert_eq!(notes(&shop, id).await[0], note);
    assert_eq!(shop.order(id).await, before);

    assert_eq!(written.seq.0, head.0 + 1, "before its notifications");
    let DurableEvent::WorkOrderUpdated(event) = &shop.events(head).await[0].event else {
        panic!("another event");
    };
    assert_eq!(event.action, Action::NoteAdded);
    assert_eq!(event.data, Some(UpdateData::NoteAdded { note }));
    assert_eq!(event.work_order.version, before.version);
    assert_eq!(shop.heard(&jelena(), head).await, [""; 0]);
    // The technician is told, quietly.
    let told = shop.inbox(&tarik()).await.remove(0);
    assert_eq!(
        (told.reason, told.urgency),
        (Reason::Assigned, Urgency::Quiet)
    );
    check(&shop.store).await;
}

#[tokio::test]
async fn whom_it_mentions_is_told_unless_they_do_not_see_the_order() {
    let shop = Shop::open().await;
    let id = shop.find(Status::InProgress, Some(tarik().id)).await;
    let head = shop.head().await;
    let content = "@marko kovač, @Jelena Đurić and @Dana Horvat: price?";
    write(&shop, &dana(), id, content).await;
    let told = shop.inbox(&marko()).await.remove(0);
    assert_eq!(
        (told.reason, told.urgency),
        (Reason::Mentioned, Urgency::Interrupt)
    );
    assert_eq!(told.related_entity_id, Some(id.0));
    // Not Jelena, who does not see it; not Dana, who wrote it; not Ana, who is not named.
    assert!(shop.heard(&jelena(), head).await.is_empty());
    for who in [dana(), ana()] {
        assert_eq!(shop.heard(&who, head).await, ["work_order_updated"]);
    }
    // In the pool everyone sees it.
    let pool = shop.find(Status::Pending, None).await;
    write(&shop, &tarik(), pool, "@Jelena Đurić yours?").await;
    assert_eq!(
        shop.inbox(&jelena()).await[0].related_entity_id,
        Some(pool.0)
    );
    check(&shop.store).await;
}

#[tokio::test]
async fn who_does_not_see_the_order_neither_reads_nor_writes() {
    let shop = Shop::open().await;
    let id = shop.find(Status::InProgress, Some(tarik().id)).await;
    let head = shop.head().await;
    for (who, id) in [(jelena(), id), (olga(), id), (ana(), WorkOrderId(999))] {
        let refused = shop.store.add_note(&who, id, says("mine"), now()).await;
        assert_eq!(refusal(refused), Refusal::NotFound);
        let notes = shop.store.notes(&who, id, &page(10)).await.unwrap();
        assert!(notes.is_none());
    }
    shop.assert_untouched(head).await;
}

#[tokio::test]
async fn the_newest_comes_first_page_by_page() {
    let shop = Shop::open().await;
    let id = WorkOrderId(39);
    let before = notes(&shop, id).await;
    assert_eq!(before.len(), 2);
    for turn in 0..5 {
        write(&shop, &jelena(), id, &format!("Note {turn}")).await;
    }
    write(&shop, &jelena(), WorkOrderId(37), "Of another order").await;
    let all = notes(&shop, id).await;
    assert_eq!(all.len(), 7);
    assert!(all.is_sorted_by(|a, b| (a.created_at, a.id) > (b.created_at, b.id)));
    let mut listed = Vec::new();
    let mut next = page(3);
    loop {
        let notes = shop
            .store
            .notes(&jelena(), id, &next)
            .await
            .unwrap()
            .unwrap();
        listed.extend(notes.value.rows);
        match notes.value.next_cursor {
            Some(cursor) => next.cursor = Some(cursor.to_string().parse().unwrap()),
            None => break,
        }
    }
    assert_eq!(listed, all);
}
