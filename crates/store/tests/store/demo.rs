//! The demo data of the contract, §9.

use std::collections::BTreeSet;

use shopbell_protocol::{Status, TicketStatus, UserId};
use shopbell_store::{CustomerFilter, NotificationFilter, TicketFilter, WorkOrderFilter};

use crate::{
    checks::check,
    people::{ana, dana, everyone, jelena, marko, olga, staff, tarik},
    shop::{Shop, now, page},
};

#[tokio::test]
async fn the_first_shop_has_forty_orders_over_every_status() {
    let shop = Shop::open().await;
    let orders = shop.orders(&ana(), &WorkOrderFilter::default()).await;
    let numbers: BTreeSet<_> = orders.iter().map(|order| order.number.as_str()).collect();
    assert_eq!(orders.len(), 40);
    assert_eq!(numbers.len(), 40);
    assert_eq!(numbers.first(), Some(&"2026-0001"));
    assert_eq!(numbers.last(), Some(&"2026-0040"));
    let statuses: BTreeSet<Status> = orders.iter().map(|order| order.status).collect();
    assert_eq!(statuses.len(), Status::ALL.len());
    let of = |technician| {
        orders
            .iter()
            .filter(|order| order.technician_id == technician)
            .count()
    };
    assert!(of(None) >= 5 && of(Some(UserId(3))) >= 10 && of(Some(UserId(4))) >= 10);
    for order in &orders {
        let begun = order.started_at.unwrap_or(order.created_at);
        let finished = order.completed_at.unwrap_or(begun);
        let times = [order.created_at, begun, finished, now()];
        assert!(times.is_sorted(), "{}: {times:?}", order.number);
        assert!(order.created_at <= order.updated_at && order.updated_at < now());
    }
    let others = shop.orders(&olga(), &WorkOrderFilter::default()).await;
    assert_eq!(others.len(), 6);
}

#[tokio::test]
async fn it_has_thirty_customers_and_twenty_tickets_of_which_eight_are_in_intake() {
    let shop = Shop::open().await;
    let any = CustomerFilter::default();
    let customers = shop
        .store
        .customers(ana().shop, &any, &ana(), &page(100))
        .await;
    assert_eq!(customers.unwrap().value.rows.len(), 30);
    let tickets = shop.tickets(&ana(), &TicketFilter::default()).await;
    let of = |status| {
        tickets
            .iter()
            .filter(|ticket| ticket.status == status)
            .count()
    };
    assert_eq!(
        TicketStatus::ALL.map(of),
        [8, 9, 3],
        "in intake, converted, cancelled"
    );
    for ticket in &tickets {
        let times = [ticket.created_at, ticket.updated_at, now()];
        assert!(times.is_sorted(), "{}: {times:?}", ticket.number);
        let Some(order) = ticket.work_order_id else {
            continue;
        };
        let order = shop.order(order).await;
        assert_eq!(
            (&order.number, order.ticket_id),
            (&ticket.number, Some(ticket.id))
        );
        assert!(ticket.created_at < order.created_at);
        assert_eq!(order.customer_name, ticket.customer_name);
        assert_eq!(order.device, ticket.device);
    }
    // Later ones have higher numbers.
    let mut numbered: Vec<_> = tickets.iter().filter(|ticket| ticket.id.0 > 8).collect();
    numbered.sort_by_key(|ticket| &ticket.number);
    assert!(numbered.is_sorted_by_key(|ticket| ticket.created_at));
    assert_eq!(
        shop.tickets(&olga(), &TicketFilter::default()).await.len(),
        4
    );
}

#[tokio::test]
async fn people_have_written_notes_and_mentioned_each_other() {
    let shop = Shop::open().await;
    let mut noted = 0;
    for order in shop.orders(&ana(), &WorkOrderFilter::default()).await {
        let notes = shop.store.notes(&ana(), order.id, &page(100)).await;
        noted += usize::from(!notes.unwrap().unwrap().value.rows.is_empty());
    }
    assert!(noted >= 6, "{noted}");
    for who in [marko(), tarik(), jelena(), dana()] {
        let inbox = shop.inbox(&who).await;
        let mentioned = inbox
            .iter()
            .any(|row| row.title_key == "work_order.mentioned.title");
        assert!(mentioned, "{}", who.name);
    }
}

#[tokio::test]
async fn everyone_can_sign_in_and_finds_something_to_read() {
    let shop = Shop::open().await;
    for who in everyone() {
        let account = shop.store.account(who.id).await.unwrap().unwrap();
        assert_eq!((account.shop, account.role), (who.shop, who.role));
        assert_eq!(account.password_hash(), "$argon2id$demo");
    }
    for who in staff() {
        let unread = NotificationFilter {
            unread: true,
            r#type: None,
        };
        let rows = shop.store.notifications(&who, &unread, &page(100)).await;
        assert!(!rows.unwrap().value.rows.is_empty(), "{}", who.name);
    }
    check(&shop.store).await;
}

#[tokio::test]
async fn the_same_moment_makes_the_same_shop() {
    let (one, other) = (Shop::open().await, Shop::open().await);
    let any = WorkOrderFilter::default();
    assert_eq!(
        one.orders(&ana(), &any).await,
        other.orders(&ana(), &any).await
    );
    let journal = async |shop: &Shop| {
        let shop_1 = ana().shop;
        shop.store
            .read_journal(shop_1, shopbell_protocol::Seq(0), 1000)
            .await
            .unwrap()
    };
    assert_eq!(journal(&one).await, journal(&other).await);
}

#[tokio::test]
async fn only_an_empty_database_is_filled() {
    let shop = Shop::empty().await;
    shop.store.migrate().await.unwrap();
    assert!(shop.store.is_empty().await.unwrap());
    shop.store.fill_demo("", now()).await.unwrap();
    assert!(!shop.store.is_empty().await.unwrap());
    let head = shop.head().await;
    shop.store.fill_demo("", now()).await.unwrap();
    assert_eq!(shop.head().await, head);
    assert_eq!(shop.rung().len(), 2);
}
