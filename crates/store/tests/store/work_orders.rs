//! Who reads which work orders.

use std::collections::BTreeSet;

use shopbell_domain::Sight;
use shopbell_protocol::{Priority, Status, WorkOrder, WorkOrderId};
use shopbell_store::{PageRequest, TechnicianFilter, WorkOrderFilter};

use crate::{
    people::{ana, dana, everyone, jelena, marko, olga, staff, tarik},
    shop::{Shop, assigns, describes, page},
};

fn search(text: &str) -> WorkOrderFilter {
    WorkOrderFilter {
        search: Some(text.to_owned()),
        ..WorkOrderFilter::default()
    }
}

fn ids(orders: &[WorkOrder]) -> BTreeSet<WorkOrderId> {
    orders.iter().map(|order| order.id).collect()
}

#[tokio::test]
async fn a_list_shows_exactly_what_the_rule_lets_each_person_see() {
    let shop = Shop::open().await;
    // The owner and the manager have benches too.
    for (id, who) in [(1, ana()), (2, marko()), (3, tarik()), (4, jelena())] {
        let id = WorkOrderId(id);
        shop.patch(&ana(), id, assigns(Some(who.id))).await.unwrap();
    }
    let all = shop.orders(&ana(), &WorkOrderFilter::default()).await;
    let filters = [None, Some(TechnicianFilter::Unassigned)]
        .into_iter()
        .chain(everyone().map(|who| Some(TechnicianFilter::User(who.id))));
    for technician in filters {
        let filter = WorkOrderFilter {
            technician,
            ..WorkOrderFilter::default()
        };
        for who in staff() {
            let expected: BTreeSet<_> = all
                .iter()
                .filter(|order| Sight::of_order(order.technician_id).is_seen_by(who.id, who.role))
                .filter(|order| match technician {
                    None => true,
                    Some(TechnicianFilter::Unassigned) => order.technician_id.is_none(),
                    Some(TechnicianFilter::User(user)) => order.technician_id == Some(user),
                })
                .map(|order| order.id)
                .collect();
            let listed = shop.orders(&who, &filter).await;
            assert_eq!(ids(&listed), expected, "{} {technician:?}", who.name);
        }
    }
    for order in &all {
        for who in staff() {
            let one = shop.store.work_order(&who, order.id).await.unwrap();
            let may = Sight::of_order(order.technician_id).is_seen_by(who.id, who.role);
            assert_eq!(one.is_some(), may, "{} {}", who.name, order.number);
        }
    }
}

#[tokio::test]
async fn another_shop_does_not_exist() {
    let shop = Shop::open().await;
    let any = WorkOrderFilter::default();
    let (ours, theirs) = (
        shop.orders(&ana(), &any).await,
        shop.orders(&olga(), &any).await,
    );
    assert!(ids(&ours).is_disjoint(&ids(&theirs)));
    for order in theirs {
        assert!(
            shop.store
                .work_order(&ana(), order.id)
                .await
                .unwrap()
                .is_none()
        );
        let found = shop.orders(&ana(), &search(&order.device)).await;
        assert!(found.iter().all(|found| found.id != order.id));
    }
}

#[tokio::test]
async fn pages_follow_one_another_without_a_gap() {
    let shop = Shop::open().await;
    let all = shop.orders(&dana(), &WorkOrderFilter::default()).await;
    assert!(all.is_sorted_by(|a, b| (a.updated_at, a.id) > (b.updated_at, b.id)));
    let mut listed = Vec::new();
    let mut next = PageRequest {
        limit: 7,
        cursor: None,
    };
    loop {
        let any = WorkOrderFilter::default();
        let orders = shop
            .store
            .work_orders(&dana(), &any, &next)
            .await
            .unwrap()
            .value;
        assert!(orders.rows.len() == 7 || orders.next_cursor.is_none());
        listed.extend(orders.rows);
        // Something changes between two pages: it moves to the top, and the rest stays where it is.
        shop.patch(
            &dana(),
            WorkOrderId(1),
            describes(format!("seen {}", listed.len())),
        )
        .await
        .unwrap();
        match orders.next_cursor {
            Some(cursor) => next.cursor = Some(cursor.to_string().parse().unwrap()),
            None => break,
        }
    }
    let unmoved = |orders: &[WorkOrder]| {
        let mut ids: Vec<_> = orders.iter().map(|order| order.id).collect();
        ids.retain(|id| *id != WorkOrderId(1));
        ids
    };
    assert_eq!(unmoved(&listed), unmoved(&all));
}

#[tokio::test]
async fn an_exact_last_page_has_no_next_one() {
    let shop = Shop::open().await;
    let any = WorkOrderFilter::default();
    let orders = shop
        .store
        .work_orders(&ana(), &any, &page(40))
        .await
        .unwrap();
    assert_eq!(
        (orders.value.rows.len(), orders.value.next_cursor),
        (40, None)
    );
    let orders = shop
        .store
        .work_orders(&ana(), &any, &page(39))
        .await
        .unwrap();
    assert!(orders.value.next_cursor.is_some());
}

#[tokio::test]
async fn filters_narrow_together() {
    let shop = Shop::open().await;
    let filter = WorkOrderFilter {
        status: vec![Status::PartsOrdered, Status::Pending],
        priority: vec![Priority::Low],
        ..WorkOrderFilter::default()
    };
    let all = shop.orders(&ana(), &WorkOrderFilter::default()).await;
    let expected: BTreeSet<_> = all
        .iter()
        .filter(|order| matches!(order.status, Status::PartsOrdered | Status::Pending))
        .filter(|order| order.priority == Priority::Low)
        .map(|order| order.id)
        .collect();
    assert!(!expected.is_empty());
    assert_eq!(ids(&shop.orders(&ana(), &filter).await), expected);

    let customer = all[0].customer_id;
    let of_one = WorkOrderFilter {
        customer_id: Some(customer),
        ..WorkOrderFilter::default()
    };
    let orders = shop.orders(&ana(), &of_one).await;
    assert!(!orders.is_empty() && orders.iter().all(|order| order.customer_id == customer));
}

#[tokio::test]
async fn search_minds_neither_case_nor_accents_and_takes_signs_as_they_are() {
    let shop = Shop::open().await;
    for (text, device) in [
        ("SIMIC", "HP Pavilion 15"),
        ("élodie", "MacBook Pro 14\" (2021)"),
        ("wisniewski", "Lenovo ThinkPad X1 Carbon (gen 9)"),
        ("FĒNIX", "Garmin fēnix 6"),
        ("2026-0031", "Sunmi V2 Pro"),
        ("olive  tree", "DJI Mini 2"),
    ] {
        let found = shop.orders(&ana(), &search(text)).await;
        assert!(found.iter().any(|order| order.device == device), "{text}");
    }
    assert_eq!(
        ids(&shop.orders(&ana(), &search("71 %")).await),
        ids(&shop.orders(&ana(), &search("%")).await)
    );
    assert!(shop.orders(&ana(), &search("_")).await.is_empty());
    assert!(shop.orders(&ana(), &search("\\")).await.is_empty());
    assert_eq!(shop.orders(&ana(), &search("   ")).await.len(), 40);
}

#[tokio::test]
async fn what_someone_may_not_see_their_search_does_not_find() {
    let shop = Shop::open().await;
    // Tarik's order 31 is the till of a bar: its phone is for the office alone.
    for text in ["korzo@bar.example", "+385 1 555 0116"] {
        assert!(!shop.orders(&dana(), &search(text)).await.is_empty());
        assert!(
            shop.orders(&tarik(), &search(text)).await.is_empty(),
            "{text}"
        );
    }
    let passcode = shop.order(WorkOrderId(31)).await.device_passcode.unwrap();
    for who in staff() {
        assert!(shop.orders(&who, &search(&passcode.0)).await.is_empty());
    }
    assert!(!shop.orders(&tarik(), &search("korzo")).await.is_empty());
}

#[tokio::test]
async fn a_search_finds_the_text_of_now() {
    let shop = Shop::open().await;
    let id = WorkOrderId(20);
    shop.patch(&dana(), id, describes("Čuje se šum"))
        .await
        .unwrap();
    assert_eq!(
        ids(&shop.orders(&dana(), &search("cuje se sum")).await),
        [id].into()
    );
    assert!(
        shop.orders(&dana(), &search("rain got in"))
            .await
            .is_empty()
    );
}
