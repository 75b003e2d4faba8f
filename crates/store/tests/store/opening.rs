//! Opening a work order without a ticket.

use shopbell_domain::Refusal;
use shopbell_protocol::{
    Action, CustomerId, DurableEvent, Money, NewWorkOrder, Passcode, Priority, Reason, Status,
    UserId, Version,
};

use crate::{
    checks::check,
    people::{dana, jelena, marko, tarik, theo},
    shop::{Shop, later, now, refusal},
};

fn order() -> NewWorkOrder {
    NewWorkOrder {
        customer_id: CustomerId(1),
        device: "Fairphone 5".to_owned(),
        description: "Display to be swapped".to_owned(),
        priority: Some(Priority::High),
        technician_id: Some(jelena().id),
        estimate_total: Money::from_cents(9_900),
        due_at: Some(later(86_400_000)),
        device_passcode: Some(Passcode("8642".to_owned())),
    }
}

#[tokio::test]
async fn it_starts_in_intake_and_is_told_to_its_technician() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    let opened = shop
        .store
        .add_work_order(&dana(), order(), later(1))
        .await
        .unwrap();
    let order = opened.value;
    assert_eq!(order, shop.order(order.id).await);
    assert_eq!(
        (order.number.as_str(), order.status, order.ticket_id),
        ("2026-0052", Status::Intake, None)
    );
    assert_eq!(
        order.customer_email.as_deref(),
        Some("ivana.babic@mail.example")
    );
    assert_eq!(order.technician_name.as_deref(), Some("Jelena Đurić"));
    assert_eq!(order.device_passcode, Some(Passcode("8642".to_owned())));
    assert_eq!((order.created_at, order.version), (later(1), Version(1)));

    assert_eq!(opened.seq.0, head.0 + 2, "before its notifications");
    let rows = shop.events(head).await;
    let DurableEvent::WorkOrderUpdated(event) = &rows[0].event else {
        panic!("another event");
    };
    assert_eq!((event.action, &event.data), (Action::Created, &None));
    let journal = format!("{rows:?}");
    assert!(!journal.contains("8642") && !journal.contains("Passcode"));
    assert_eq!(shop.heard(&marko(), head).await, ["work_order_updated"]);
    assert_eq!(
        shop.heard(&jelena(), head).await,
        [
            "work_order_updated",
            "work_order_assignment_update",
            "notification_received",
            "notification_count_updated",
        ]
    );
    assert_eq!(shop.inbox(&jelena()).await[0].reason, Reason::Assigned);
    assert!(shop.heard(&tarik(), head).await.is_empty());
    check(&shop.store).await;
}

#[tokio::test]
async fn one_for_nobody_is_in_the_pool() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    let pool = NewWorkOrder {
        technician_id: None,
        priority: None,
        ..order()
    };
    let order = shop
        .store
        .add_work_order(&marko(), pool, now())
        .await
        .unwrap()
        .value;
    assert_eq!(
        (order.technician_name, order.priority),
        (None, Priority::Medium)
    );
    for who in [tarik(), jelena(), dana()] {
        assert_eq!(shop.heard(&who, head).await, ["work_order_updated"]);
    }
}

#[tokio::test]
async fn a_refusal_leaves_no_trace() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    let refused = shop.store.add_work_order(&tarik(), order(), now()).await;
    assert_eq!(refusal(refused), Refusal::Forbidden);
    // Neither the desk nor another shop repairs here; nor has it its customers.
    for (customer, technician) in [
        (1, theo().id),
        (1, dana().id),
        (1, UserId(99)),
        (31, jelena().id),
    ] {
        let new = NewWorkOrder {
            customer_id: CustomerId(customer),
            technician_id: Some(technician),
            ..order()
        };
        let refused = refusal(shop.store.add_work_order(&dana(), new, now()).await);
        assert!(matches!(refused, Refusal::Invalid(errors) if errors.len() == 1));
    }
    shop.assert_untouched(head).await;
}
