//! A database of the version before tickets works on as if it had always been of this one.

use shopbell_domain::Sight;
use shopbell_protocol::{
    CustomerId, CustomerPatch, Field, NewTicket, Seq, Status, TicketConversion, WorkOrderId,
};
use shopbell_store::{CustomerFilter, WorkOrderFilter};
use sqlx::{Connection as _, raw_sql};

use crate::{
    mirror::Mirror,
    people::{olga, theo},
    shop::{Shop, describes, later, page},
};

const BEFORE: [&str; 4] = [
    include_str!("../../migrations/0001_people.sql"),
    include_str!("../../migrations/0002_work_orders.sql"),
    include_str!("../../migrations/0003_notifications.sql"),
    include_str!("../../migrations/0004_journal.sql"),
];

/// Made and filled by the version before tickets, then brought up to date.
async fn upgraded() -> Shop {
    let shop = Shop::empty().await;
    let mut connection = shop.connect().await;
    let mut run = async |sql| {
        raw_sql(sql).execute(&mut connection).await.unwrap();
    };
    run("create table migrations (version bigint primary key not null)").await;
    for sql in BEFORE {
        run(sql).await;
    }
    run("insert into migrations (version) values (1), (2), (3), (4)").await;
    run(include_str!("before_tickets.sql")).await;
    connection.close().await.unwrap();
    shop.store.migrate().await.unwrap();
    shop.store.migrate().await.unwrap();
    shop
}

async fn numbers(shop: &Shop, who: &shopbell_domain::Actor, text: &str) -> Vec<String> {
    let filter = WorkOrderFilter {
        search: Some(text.to_owned()),
        ..WorkOrderFilter::default()
    };
    let orders = shop.orders(who, &filter).await;
    orders.into_iter().map(|order| order.number).collect()
}

#[tokio::test]
async fn orders_show_the_names_that_they_showed_before() {
    let shop = upgraded().await;
    let orders = shop.orders(&olga(), &WorkOrderFilter::default()).await;
    assert_eq!(orders.len(), 6);
    for order in orders {
        let customer = shop.store.customer(olga().shop, order.customer_id).await;
        let customer = customer.unwrap().unwrap().value;
        assert_eq!(order.customer_name, customer.name);
        assert_eq!(order.customer_phone, customer.phone);
        assert_eq!(order.customer_email, customer.email);
        let technician = order.technician_id.map(|_| "Theo Other");
        assert_eq!(order.technician_name.as_deref(), technician);
        assert_eq!(order.ticket_id, None);
    }
}

#[tokio::test]
async fn what_was_found_is_found() {
    let shop = upgraded().await;
    for who in [olga(), theo()] {
        assert_eq!(numbers(&shop, &who, "zon").await.len(), 1);
        assert_eq!(numbers(&shop, &who, "philips").await.len(), 1);
    }
    assert_eq!(numbers(&shop, &olga(), "bram@devries").await.len(), 2);
    assert!(numbers(&shop, &theo(), "bram@devries").await.is_empty());
    let any = CustomerFilter::default();
    let customers = shop
        .store
        .customers(olga().shop, &any, &olga(), &page(10))
        .await;
    assert_eq!(customers.unwrap().value.rows.len(), 4);
}

#[tokio::test]
async fn the_journal_is_read_as_it_was_written() {
    let shop = upgraded().await;
    let rows = shop
        .store
        .read_journal(olga().shop, Seq(0), 100)
        .await
        .unwrap();
    assert_eq!(rows.len(), 8);
    for row in &rows {
        let about = row.audience.object();
        let expected = about.map_or(Sight::All, |_| Sight::Only(theo().id));
        assert_eq!(row.sight_now, expected);
    }
    let history = shop
        .store
        .history(&theo(), WorkOrderId(45), &page(10))
        .await;
    assert_eq!(history.unwrap().unwrap().value.rows.len(), 1);
    for who in [olga(), theo()] {
        let mut replayed = Mirror::empty(&who);
        replayed.catch_up(&shop.store).await;
        replayed.assert_within(&Mirror::read(&shop.store, &who).await);
    }
}

#[tokio::test]
async fn work_goes_on() {
    let shop = upgraded().await;
    let (olga, theo) = (olga(), theo());
    let mut apps = [
        Mirror::read(&shop.store, &olga).await,
        Mirror::read(&shop.store, &theo).await,
    ];
    let new = NewTicket {
        customer_id: CustomerId(32),
        device: "Sonos Move".to_owned(),
        problem_description: "Does not charge".to_owned(),
        priority: None,
        notes: None,
    };
    let ticket = shop
        .store
        .add_ticket(&theo, new, later(1))
        .await
        .unwrap()
        .value;
    assert_eq!(ticket.number, "2026-0007", "the counter goes on");
    let plain = TicketConversion::default();
    let order = shop
        .store
        .convert_ticket(&theo, ticket.id, plain, later(2))
        .await;
    assert_eq!(order.unwrap().value.number, ticket.number);
    shop.patch(&olga, WorkOrderId(43), describes("Glass is in"))
        .await
        .unwrap();
    let patch = CustomerPatch {
        name: Some("B. de Vries".to_owned()),
        phone: Field::Set(None),
        ..CustomerPatch::default()
    };
    let bram = shop
        .store
        .patch_customer(&olga, CustomerId(32), patch, None, later(3))
        .await;
    bram.unwrap();
    let names = shop.orders(&olga, &WorkOrderFilter::default()).await;
    let names = names
        .into_iter()
        .filter(|order| order.customer_id == CustomerId(32));
    for order in names {
        let closed = order.status == Status::PickedUp;
        let expected = if closed {
            "Bram de Vries"
        } else {
            "B. de Vries"
        };
        assert_eq!(order.customer_name, expected);
    }
    for (app, who) in apps.iter_mut().zip([olga, theo]) {
        app.catch_up(&shop.store).await;
        app.assert_is(&Mirror::read(&shop.store, &who).await);
    }
}
