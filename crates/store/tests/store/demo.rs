//! The demo data of the contract, §9.

use std::collections::BTreeSet;

use shopbell_protocol::{Status, UserId};
use shopbell_store::{NotificationFilter, WorkOrderFilter};

use crate::{
    checks::check,
    people::{ana, everyone, olga, staff},
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
