//! The demo data of the contract, §9.

use std::collections::BTreeSet;

use shopbell_protocol::{Seq, ShopId, Status};
use shopbell_store::{NotificationFilter, WorkOrderFilter};

use crate::shop::{Shop, ana, everyone, now, olga, page};

#[tokio::test]
async fn two_shops_have_had_a_morning() {
    let shop = Shop::open().await;
    let orders = shop
        .store
        .work_orders(&ana(), &WorkOrderFilter::default(), &page(100))
        .await
        .unwrap();
    let orders = orders.value.rows;
    assert_eq!(orders.len(), 40);
    let statuses: BTreeSet<Status> = orders.iter().map(|order| order.status).collect();
    assert_eq!(statuses.len(), Status::ALL.len());
    assert!(orders.iter().any(|order| order.technician_id.is_none()));
    for order in &orders {
        assert!(order.number.starts_with("2026-"), "{}", order.number);
        assert!(order.created_at <= order.updated_at && order.updated_at < now());
        let begun = order.started_at.unwrap_or(order.created_at);
        assert!(order.created_at <= begun && begun <= order.completed_at.unwrap_or(begun));
    }
    let others = shop
        .store
        .work_orders(&olga(), &WorkOrderFilter::default(), &page(100))
        .await
        .unwrap();
    assert_eq!(others.value.rows.len(), 6);

    for who in everyone().iter().filter(|who| who.id != olga().id) {
        let filter = NotificationFilter {
            unread: true,
            r#type: None,
        };
        let unread = shop
            .store
            .notifications(who, &filter, &page(100))
            .await
            .unwrap();
        assert!(
            !unread.value.rows.is_empty(),
            "{} has nothing unread",
            who.name
        );
        println!(
            "{}: {:#?}",
            who.name,
            unread
                .value
                .rows
                .iter()
                .map(|n| (&n.title, &n.message))
                .collect::<Vec<_>>()
        );
    }
    println!("{:?}", shop.store.heads().await.unwrap());
    let _ = (Seq(0), ShopId(1));
}
