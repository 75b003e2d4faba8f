//! Tickets: taken in, changed, cancelled.

use shopbell_domain::{Actor, Refusal};
use shopbell_protocol::{
    CustomerId, DurableEvent, Field, NewTicket, NewWorkOrder, Priority, Reason, Ticket,
    TicketAction, TicketConversion, TicketData, TicketId, TicketPatch, TicketStatus, Version,
};
use shopbell_store::{CommandError, Committed};

use crate::{
    checks::check,
    people::{ana, dana, jelena, marko, olga, tarik, theo},
    shop::{Shop, later, now, refusal},
};

/// Taken in by Tarik this morning and still in intake.
pub(crate) const PRINTER: TicketId = TicketId(17);
/// Cancelled.
pub(crate) const CANCELLED: TicketId = TicketId(11);
/// Converted to Jelena's order 37.
pub(crate) const IPHONE: TicketId = TicketId(6);

pub(crate) fn brought(customer: i64) -> NewTicket {
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

async fn patch(
    shop: &Shop,
    who: &Actor,
    id: TicketId,
    patch: TicketPatch,
) -> Result<Committed<Ticket>, Refusal> {
    match shop.store.patch_ticket(who, id, patch, None, now()).await {
        Ok(committed) => Ok(committed),
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
        let plain = TicketConversion::default();
        let refused = shop.store.convert_ticket(&who, PRINTER, plain, now()).await;
        assert_eq!(refusal(refused), Refusal::NotFound);
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
        Refusal::ForbiddenFields(vec!["status".into()])
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
async fn one_that_is_not_there_for_someone_cannot_be_changed_by_them() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    for (who, id) in [(olga(), PRINTER), (ana(), TicketId(999)), (tarik(), IPHONE)] {
        let refused = patch(&shop, &who, id, renames("theirs")).await;
        assert_eq!(refused.unwrap_err(), Refusal::NotFound);
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
