//! Tickets: taken in, changed, cancelled, converted.

use shopbell_domain::Refusal;
use shopbell_protocol::{
    CustomerId, DurableEvent, Field, NewTicket, NewWorkOrder, Priority, Reason, Status,
    TicketAction, TicketConversion, TicketData, TicketId, TicketPatch, TicketStatus, UserId,
    Version, WorkOrder,
};
use shopbell_store::CommandError;

use crate::{
    checks::check,
    people::{ana, dana, jelena, marko, olga, tarik, theo},
    shop::{Shop, assigns, later, now, refusal},
};

/// Taken in by Dana this morning and still in intake.
const PRINTER: TicketId = TicketId(17);
/// Cancelled.
const CANCELLED: TicketId = TicketId(11);
/// Converted to Jelena's order 37.
const IPHONE: TicketId = TicketId(6);

fn brought(customer: i64) -> NewTicket {
    NewTicket {
        customer_id: CustomerId(customer),
        device: "Tolino Shine 3".to_owned(),
        problem_description: "Page button broken".to_owned(),
        priority: None,
        notes: Some("With its sleeve".to_owned()),
    }
}

fn cancels() -> TicketPatch {
    TicketPatch {
        status: Some(TicketStatus::Cancelled),
        ..TicketPatch::default()
    }
}

fn renames(device: &str) -> TicketPatch {
    TicketPatch {
        device: Some(device.to_owned()),
        ..TicketPatch::default()
    }
}

fn to(technician: Option<UserId>) -> TicketConversion {
    TicketConversion {
        technician_id: Field::Set(technician),
        ..TicketConversion::default()
    }
}

async fn patch(
    shop: &Shop,
    who: &shopbell_domain::Actor,
    id: TicketId,
    patch: TicketPatch,
) -> Result<shopbell_store::Committed<shopbell_protocol::Ticket>, Refusal> {
    match shop.store.patch_ticket(who, id, patch, None, now()).await {
        Ok(committed) => Ok(committed),
        refused => Err(refusal(refused)),
    }
}

async fn convert(
    shop: &Shop,
    who: &shopbell_domain::Actor,
    id: TicketId,
    conversion: TicketConversion,
) -> Result<WorkOrder, Refusal> {
    match shop.store.convert_ticket(who, id, conversion, now()).await {
        Ok(committed) => Ok(committed.value),
        refused => Err(refusal(refused)),
    }
}

#[tokio::test]
async fn anyone_takes_one_in_and_everyone_hears_of_it() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    let committed = shop.store.add_ticket(&tarik(), brought(1), later(3)).await;
    let committed = committed.unwrap();
    let ticket = committed.value;
    assert_eq!(ticket, shop.ticket(ticket.id).await);
    assert_eq!(
        (ticket.number.as_str(), ticket.status),
        ("2026-0052", TicketStatus::Intake)
    );
    assert_eq!(ticket.customer_name, "Ivana Babić");
    assert_eq!(ticket.submitted_by_name, "Tarik Šehić");
    assert_eq!((ticket.created_at, ticket.version), (later(3), Version(1)));

    assert_eq!(committed.seq.0, head.0 + 1, "before its notifications");
    for who in [ana(), jelena()] {
        assert_eq!(shop.heard(&who, head).await, ["repair_ticket_updated"]);
    }
    // Front desk and managers are told; never the one who did it.
    for who in [dana(), marko()] {
        assert!(
            shop.heard(&who, head)
                .await
                .contains(&"notification_received")
        );
        assert_eq!(
            shop.inbox(&who).await[0].related_entity_id,
            Some(ticket.id.0)
        );
    }
    let DurableEvent::RepairTicketUpdated(event) = &shop.events(head).await[0].event else {
        panic!("another event");
    };
    assert_eq!(
        (event.action, &event.data, &*event.ticket),
        (TicketAction::Created, &None, &ticket)
    );
    check(&shop.store).await;
}

#[tokio::test]
async fn tickets_and_direct_orders_count_together_and_a_refusal_takes_no_number() {
    let shop = Shop::open().await;
    let order = |customer| NewWorkOrder {
        customer_id: CustomerId(customer),
        device: "Tolino".to_owned(),
        description: "Page button broken".to_owned(),
        priority: None,
        technician_id: None,
        estimate_total: None,
        due_at: None,
        device_passcode: None,
    };
    let mut numbers = Vec::new();
    for customer in [1, 31, 2] {
        if let Ok(ticket) = shop
            .store
            .add_ticket(&dana(), brought(customer), now())
            .await
        {
            numbers.push(ticket.value.number);
        }
        if let Ok(order) = shop
            .store
            .add_work_order(&dana(), order(customer), now())
            .await
        {
            numbers.push(order.value.number);
        }
    }
    assert_eq!(
        numbers,
        ["2026-0052", "2026-0053", "2026-0054", "2026-0055"]
    );
    // The other shop counts for itself, and each year anew.
    let theirs = shop.store.add_ticket(&theo(), brought(31), now()).await;
    assert_eq!(theirs.unwrap().value.number, "2026-0009");
    let new_year = later(304 * 86_400_000);
    let next = shop.store.add_ticket(&dana(), brought(1), new_year).await;
    assert_eq!(next.unwrap().value.number, "2027-0001");
    check(&shop.store).await;
}

#[tokio::test]
async fn a_customer_of_another_shop_cannot_be_named() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    for customer in [31, 999] {
        let refused = refusal(
            shop.store
                .add_ticket(&dana(), brought(customer), now())
                .await,
        );
        assert!(matches!(refused, Refusal::Invalid(_)));
    }
    let patch_to = TicketPatch {
        customer_id: Some(CustomerId(31)),
        ..TicketPatch::default()
    };
    let refused = patch(&shop, &dana(), PRINTER, patch_to).await;
    assert!(matches!(refused, Err(Refusal::Invalid(_))));
    shop.assert_untouched(head).await;
}

#[tokio::test]
async fn a_change_is_told_to_all_who_see_it_and_to_who_took_it_in() {
    let shop = Shop::open().await;
    let (before, head) = (shop.ticket(PRINTER).await, shop.head().await);
    let change = TicketPatch {
        customer_id: Some(CustomerId(28)),
        priority: Some(Priority::Urgent),
        notes: Field::Set(Some("Needed on Friday".to_owned())),
        ..TicketPatch::default()
    };
    let committed = patch(&shop, &jelena(), PRINTER, change).await.unwrap();
    let after = committed.value;
    assert_eq!(after, shop.ticket(PRINTER).await);
    assert_eq!(after.customer_name, "Autoškola Volan");
    assert_eq!(after.version.0, before.version.0 + 1);
    let rows = shop.events(head).await;
    let DurableEvent::RepairTicketUpdated(event) = &rows[0].event else {
        panic!("another event");
    };
    let Some(TicketData::Updated {
        updated_fields,
        updated_by,
    }) = &event.data
    else {
        panic!("other data");
    };
    let fields: Vec<_> = updated_fields.keys().map(String::as_str).collect();
    assert_eq!(
        fields,
        [
            "customer_id",
            "customer_name",
            "customer_phone",
            "notes",
            "priority"
        ]
    );
    assert_eq!(*updated_by, jelena().id);
    // Tarik took it in.
    let told = shop.inbox(&tarik()).await.remove(0);
    assert_eq!(
        (told.reason, told.related_entity_id),
        (Reason::Owner, Some(PRINTER.0))
    );
    assert_eq!(shop.heard(&dana(), head).await, ["repair_ticket_updated"]);
    check(&shop.store).await;
}

#[tokio::test]
async fn a_cancelled_one_is_gone_for_technicians() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    let both = TicketPatch {
        device: Some("Epson TM-T20III, the second".to_owned()),
        ..cancels()
    };
    patch(&shop, &dana(), PRINTER, both).await.unwrap();
    assert_eq!(
        shop.heard(&marko(), head).await,
        ["repair_ticket_updated", "repair_ticket_updated"]
    );
    assert_eq!(shop.heard(&jelena(), head).await, ["repair_ticket_removed"]);
    // Who took it in is told of its end, without seeing it.
    assert_eq!(
        shop.heard(&tarik(), head).await,
        [
            "repair_ticket_removed",
            "notification_received",
            "notification_count_updated"
        ]
    );
    for who in [tarik(), jelena()] {
        assert!(shop.store.ticket(&who, PRINTER).await.unwrap().is_none());
        let refused = patch(&shop, &who, PRINTER, renames("mine")).await;
        assert_eq!(refused.unwrap_err(), Refusal::NotFound);
        let refused = convert(&shop, &who, PRINTER, TicketConversion::default()).await;
        assert_eq!(refused.unwrap_err(), Refusal::NotFound);
    }
    check(&shop.store).await;
}

#[tokio::test]
async fn a_technician_changes_those_in_intake_but_cancels_none() {
    let shop = Shop::open().await;
    patch(&shop, &jelena(), PRINTER, renames("Epson TM-T20IV"))
        .await
        .unwrap();
    let refused = patch(&shop, &jelena(), PRINTER, cancels()).await;
    assert_eq!(
        refused.unwrap_err(),
        Refusal::ForbiddenFields(vec!["status"])
    );
    // Hers once it was converted, but not hers to change any more.
    let refused = patch(&shop, &jelena(), IPHONE, renames("mine")).await;
    assert_eq!(refused.unwrap_err(), Refusal::Forbidden);
    let refused = patch(&shop, &tarik(), IPHONE, renames("mine")).await;
    assert_eq!(refused.unwrap_err(), Refusal::NotFound);
}

#[tokio::test]
async fn only_from_intake_and_only_to_cancelled() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    let status = |status| TicketPatch {
        status: Some(status),
        ..TicketPatch::default()
    };
    for (id, to) in [
        (PRINTER, TicketStatus::Converted),
        (CANCELLED, TicketStatus::Intake),
        (CANCELLED, TicketStatus::Converted),
        (IPHONE, TicketStatus::Intake),
        (IPHONE, TicketStatus::Cancelled),
    ] {
        let refused = patch(&shop, &ana(), id, status(to)).await.unwrap_err();
        assert!(matches!(refused, Refusal::IllegalTransition { .. }), "{to}");
    }
    // What is already so is no event.
    for (id, to) in [
        (PRINTER, TicketStatus::Intake),
        (CANCELLED, TicketStatus::Cancelled),
    ] {
        assert_eq!(
            patch(&shop, &ana(), id, status(to)).await.unwrap().seq,
            head
        );
    }
    shop.assert_untouched(head).await;
}

#[tokio::test]
async fn a_stale_version_gets_the_ticket_of_now() {
    let shop = Shop::open().await;
    let stale = shop.ticket(PRINTER).await.version;
    patch(&shop, &dana(), PRINTER, renames("first"))
        .await
        .unwrap();
    let second = shop
        .store
        .patch_ticket(&marko(), PRINTER, renames("second"), Some(stale), now())
        .await;
    let Err(CommandError::Refused {
        refusal: Refusal::VersionMismatch,
        current: Some(current),
        ..
    }) = second
    else {
        panic!("not refused");
    };
    assert_eq!(*current, shop.ticket(PRINTER).await);
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
    shop.patch(&tarik(), order.id, crate::shop::moves(Status::Diagnosing))
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
    let only_self = Refusal::ForbiddenFields(vec!["technician_id"]);
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
        let refused = patch(&shop, &who, id, renames("theirs")).await;
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
