//! Tickets become work orders, and follow them.

use shopbell_domain::{Actor, Refusal};
use shopbell_protocol::{
    Field, Priority, Reason, Status, TicketConversion, TicketId, TicketStatus, UserId, WorkOrder,
};

use crate::{
    checks::check,
    people::{ana, dana, jelena, marko, olga, tarik, theo},
    shop::{Shop, assigns, later, moves, now, refusal},
    tickets::{CANCELLED, IPHONE, PRINTER, brought},
};

fn to(technician: Option<UserId>) -> TicketConversion {
    TicketConversion {
        technician_id: Field::Set(technician),
        ..TicketConversion::default()
    }
}

async fn convert(
    shop: &Shop,
    who: &Actor,
    id: TicketId,
    conversion: TicketConversion,
) -> Result<WorkOrder, Refusal> {
    match shop.store.convert_ticket(who, id, conversion, now()).await {
        Ok(committed) => Ok(committed.value),
        refused => Err(refusal(refused)),
    }
}

#[tokio::test]
async fn a_converted_one_gives_its_number_and_texts_to_the_order() {
    let shop = Shop::open().await;
    let (ticket, head) = (shop.ticket(PRINTER).await, shop.head().await);
    let conversion = TicketConversion {
        description: Some("Print head worn".to_owned()),
        priority: Some(Priority::Urgent),
        technician_id: Field::Set(Some(jelena().id)),
    };
    let committed = shop
        .store
        .convert_ticket(&dana(), PRINTER, conversion, later(5))
        .await
        .unwrap();
    let order = committed.value;
    assert_eq!(order, shop.order(order.id).await);
    assert_eq!(
        (&order.number, order.ticket_id),
        (&ticket.number, Some(PRINTER))
    );
    assert_eq!(
        (order.device.as_str(), order.description.as_str()),
        ("Epson TM-T20III", "Print head worn")
    );
    assert_eq!(order.customer_email.as_deref(), Some("korzo@bar.example"));
    assert_eq!(order.technician_name.as_deref(), Some("Jelena Đurić"));
    assert_eq!(order.status, Status::Intake);

    let converted = shop.ticket(PRINTER).await;
    assert_eq!(
        (
            converted.status,
            converted.work_order_id,
            converted.version.0
        ),
        (
            TicketStatus::Converted,
            Some(order.id),
            ticket.version.0 + 1
        )
    );
    assert_eq!(committed.seq.0, head.0 + 4, "before the notifications");
    assert_eq!(
        shop.heard(&marko(), head).await,
        ["work_order_updated", "repair_ticket_updated"]
    );
    assert_eq!(
        shop.heard(&jelena(), head).await[..3],
        [
            "work_order_updated",
            "work_order_assignment_update",
            "repair_ticket_updated"
        ]
    );
    // Tarik took it in, but does not see whose it is: he is told that it is gone, and of no order.
    assert_eq!(shop.heard(&tarik(), head).await, ["repair_ticket_removed"]);
    assert_eq!(
        shop.inbox(&jelena()).await[0].related_entity_id,
        Some(order.id.0)
    );
    check(&shop.store).await;
}

#[tokio::test]
async fn who_took_it_in_is_told_of_the_order_and_of_its_moves() {
    let shop = Shop::open().await;
    let order = convert(&shop, &marko(), TicketId(20), to(Some(tarik().id)))
        .await
        .unwrap();
    // Dana took in the laptop of the driving school.
    let told = shop.inbox(&dana()).await.remove(0);
    assert_eq!(
        (told.reason, told.related_entity_id),
        (Reason::Owner, Some(20))
    );
    shop.patch(&tarik(), order.id, moves(Status::Diagnosing))
        .await
        .unwrap();
    let told = shop.inbox(&dana()).await.remove(0);
    assert_eq!(
        (told.reason, told.related_entity_id),
        (Reason::Owner, Some(order.id.0))
    );
}

#[tokio::test]
async fn a_technician_converts_to_themselves_and_the_office_to_anyone_or_nobody() {
    let shop = Shop::open().await;
    let plain = TicketConversion::default;
    let refused = convert(&shop, &tarik(), PRINTER, to(Some(jelena().id))).await;
    let only_self = Refusal::ForbiddenFields(vec!["technician_id".into()]);
    assert_eq!(refused.unwrap_err(), only_self);
    let refused = convert(&shop, &tarik(), PRINTER, to(None)).await;
    assert_eq!(refused.unwrap_err(), only_self);
    let order = convert(&shop, &tarik(), PRINTER, plain()).await.unwrap();
    assert_eq!(order.technician_id, Some(tarik().id));
    assert_eq!(order.technician_name.as_deref(), Some("Tarik Šehić"));

    for conversion in [plain(), to(None)] {
        let ticket = shop.store.add_ticket(&dana(), brought(1), now()).await;
        let id = ticket.unwrap().value.id;
        let order = convert(&shop, &dana(), id, conversion).await.unwrap();
        assert_eq!((order.technician_id, order.technician_name), (None, None));
        assert!(shop.store.ticket(&jelena(), id).await.unwrap().is_some());
    }
    let ticket = shop.store.add_ticket(&dana(), brought(1), now()).await;
    let id = ticket.unwrap().value.id;
    // Neither the desk nor another shop repairs here.
    for nobody in [dana().id, theo().id, UserId(99)] {
        let refused = convert(&shop, &marko(), id, to(Some(nobody))).await;
        assert!(matches!(refused, Err(Refusal::Invalid(_))));
    }
    check(&shop.store).await;
}

#[tokio::test]
async fn nothing_is_converted_twice_or_after_its_end() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    for id in [IPHONE, CANCELLED] {
        let refused = convert(&shop, &ana(), id, TicketConversion::default()).await;
        assert!(matches!(refused, Err(Refusal::Conflict(_))));
    }
    for (who, id) in [(olga(), PRINTER), (ana(), TicketId(999)), (tarik(), IPHONE)] {
        let refused = convert(&shop, &who, id, TicketConversion::default()).await;
        assert_eq!(refused.unwrap_err(), Refusal::NotFound);
    }
    shop.assert_untouched(head).await;
}

#[tokio::test]
async fn the_ticket_follows_the_order_from_hand_to_hand() {
    let shop = Shop::open().await;
    let order = shop.ticket(IPHONE).await.work_order_id.unwrap();
    let head = shop.head().await;
    shop.patch(&marko(), order, assigns(Some(tarik().id)))
        .await
        .unwrap();
    assert!(shop.store.ticket(&tarik(), IPHONE).await.unwrap().is_some());
    assert!(
        shop.store
            .ticket(&jelena(), IPHONE)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        shop.heard(&tarik(), head)
            .await
            .contains(&"repair_ticket_updated")
    );
    assert!(
        shop.heard(&jelena(), head)
            .await
            .contains(&"repair_ticket_removed")
    );
    assert!(
        !shop
            .heard(&dana(), head)
            .await
            .contains(&"repair_ticket_updated")
    );

    let head = shop.head().await;
    shop.patch(&marko(), order, assigns(None)).await.unwrap();
    assert!(
        shop.heard(&jelena(), head)
            .await
            .contains(&"repair_ticket_updated")
    );
    assert!(
        !shop
            .heard(&tarik(), head)
            .await
            .contains(&"repair_ticket_updated")
    );
    check(&shop.store).await;
}
