//! Who reads which tickets.

use std::collections::BTreeSet;

use proptest::prelude::*;
use shopbell_domain::Sight;
use shopbell_protocol::{
    CustomerId, Field, Priority, Ticket, TicketConversion, TicketId, TicketPatch, TicketStatus,
    UserId,
};
use shopbell_store::{PageRequest, TicketFilter};

use crate::{
    people::{ana, dana, jelena, olga, staff, tarik},
    shop::{Shop, assigns, later, now, page},
};

fn search(text: &str) -> TicketFilter {
    TicketFilter {
        search: Some(text.to_owned()),
        ..TicketFilter::default()
    }
}

fn ids(tickets: &[Ticket]) -> BTreeSet<TicketId> {
    tickets.iter().map(|ticket| ticket.id).collect()
}

/// The rule, told from the ticket and its order.
async fn sight(shop: &Shop, ticket: &Ticket) -> Sight {
    let technician = match ticket.work_order_id {
        Some(order) => shop.order(order).await.technician_id,
        None => None,
    };
    Sight::of_ticket(ticket.status, technician)
}

/// List, search and single reads agree with the rule, for everyone.
async fn assert_sights(shop: &Shop) {
    let all = shop.tickets(&ana(), &TicketFilter::default()).await;
    for who in staff() {
        let mut expected = BTreeSet::new();
        for ticket in &all {
            let sees = sight(shop, ticket).await.is_seen_by(who.id, who.role);
            let one = shop.store.ticket(&who, ticket.id).await.unwrap();
            assert_eq!(one.is_some(), sees, "{} {}", who.name, ticket.number);
            let found = shop.tickets(&who, &search(&ticket.number)).await;
            assert_eq!(ids(&found).contains(&ticket.id), sees, "{}", who.name);
            if sees {
                expected.insert(ticket.id);
            }
        }
        let listed = shop.tickets(&who, &TicketFilter::default()).await;
        assert_eq!(ids(&listed), expected, "{}", who.name);
        for status in TicketStatus::ALL {
            let filter = TicketFilter {
                status: vec![status],
                ..TicketFilter::default()
            };
            let listed = shop.tickets(&who, &filter).await;
            let expected = all
                .iter()
                .filter(|ticket| ticket.status == status && expected.contains(&ticket.id))
                .map(|ticket| ticket.id);
            assert_eq!(ids(&listed), expected.collect(), "{} {status}", who.name);
        }
    }
}

#[tokio::test]
async fn at_the_end_of_the_demo_morning_everyone_reads_what_the_rule_lets_them_see() {
    let shop = Shop::open().await;
    assert_sights(&shop).await;
    let of = async |who| shop.tickets(&who, &TicketFilter::default()).await.len();
    assert_eq!(of(dana()).await, 20);
    assert!(of(tarik()).await < 20 && of(tarik()).await > 8);
    assert_eq!(of(olga()).await, 4);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 50, ..ProptestConfig::default() })]

    /// Each ticket comes to another end, and each order made from one to another bench or none.
    #[test]
    fn whatever_becomes_of_tickets_everyone_reads_what_the_rule_lets_them_see(
        ends in prop::collection::vec((0..3, prop::option::of(1..=4_i64)), 20),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let shop = Shop::open().await;
            let tickets = shop.tickets(&ana(), &TicketFilter::default()).await;
            for (ticket, (end, technician)) in tickets.iter().zip(ends) {
                let technician = technician.map(UserId);
                match (ticket.work_order_id, end) {
                    (Some(order), _) => {
                        shop.patch(&ana(), order, assigns(technician)).await.unwrap();
                    }
                    (None, 1) if ticket.status == TicketStatus::Intake => {
                        let conversion = TicketConversion {
                            technician_id: Field::Set(technician),
                            ..TicketConversion::default()
                        };
                        let converted = shop.store.convert_ticket(&ana(), ticket.id, conversion, now()).await;
                        converted.unwrap();
                    }
                    (None, 2) if ticket.status == TicketStatus::Intake => {
                        let cancels = TicketPatch {
                            status: Some(TicketStatus::Cancelled),
                            ..TicketPatch::default()
                        };
                        let cancelled = shop.store.patch_ticket(&ana(), ticket.id, cancels, None, now()).await;
                        cancelled.unwrap();
                    }
                    (None, _) => {}
                }
            }
            assert_sights(&shop).await;
        });
    }
}

#[tokio::test]
async fn another_shop_does_not_exist() {
    let shop = Shop::open().await;
    let any = TicketFilter::default();
    let (ours, theirs) = (
        shop.tickets(&ana(), &any).await,
        shop.tickets(&olga(), &any).await,
    );
    assert!(ids(&ours).is_disjoint(&ids(&theirs)));
    for ticket in theirs {
        assert!(
            shop.store
                .ticket(&ana(), ticket.id)
                .await
                .unwrap()
                .is_none()
        );
        assert!(
            shop.tickets(&ana(), &search(&ticket.device))
                .await
                .is_empty()
        );
    }
}

#[tokio::test]
async fn search_looks_where_the_reader_may_look() {
    let shop = Shop::open().await;
    for (text, number) in [
        ("epson tm", "2026-0048"),
        ("PALE AND STOPS", "2026-0048"),
        ("caffe bar korzo", "2026-0048"),
        ("straps", "2026-0041"),
        ("2026-0040", "2026-0040"),
    ] {
        for who in [dana(), jelena()] {
            let found = shop.tickets(&who, &search(text)).await;
            let found = found.iter().map(|ticket| ticket.number.as_str());
            assert!(found.collect::<Vec<_>>().contains(&number), "{text}");
        }
    }
    let phone = search("+385 1 555 0116");
    assert!(!shop.tickets(&dana(), &phone).await.is_empty());
    for who in [tarik(), jelena()] {
        assert!(shop.tickets(&who, &phone).await.is_empty());
    }
    for nothing in ["%", "_", "\\"] {
        assert!(shop.tickets(&dana(), &search(nothing)).await.is_empty());
    }
}

#[tokio::test]
async fn filters_narrow_together_and_pages_follow_one_another() {
    let shop = Shop::open().await;
    let all = shop.tickets(&dana(), &TicketFilter::default()).await;
    assert!(all.is_sorted_by(|a, b| (a.updated_at, a.id) > (b.updated_at, b.id)));
    let filter = TicketFilter {
        status: vec![TicketStatus::Intake],
        priority: vec![Priority::Low, Priority::High],
        ..TicketFilter::default()
    };
    let expected: Vec<_> = all
        .iter()
        .filter(|ticket| ticket.status == TicketStatus::Intake)
        .filter(|ticket| ticket.priority != Priority::Medium)
        .cloned()
        .collect();
    assert!(expected.len() > 3);
    let mut listed = Vec::new();
    let mut next = PageRequest {
        limit: 2,
        cursor: None,
    };
    loop {
        let tickets = shop.store.tickets(&dana(), &filter, &next).await.unwrap();
        listed.extend(tickets.value.rows);
        match tickets.value.next_cursor {
            Some(cursor) => next.cursor = Some(cursor.to_string().parse().unwrap()),
            None => break,
        }
    }
    assert_eq!(listed, expected);
    let of_one = TicketFilter {
        customer_id: Some(CustomerId(16)),
        ..TicketFilter::default()
    };
    let tickets = shop.tickets(&dana(), &of_one).await;
    assert!(tickets.len() > 1);
    assert!(
        tickets
            .iter()
            .all(|ticket| ticket.customer_id == CustomerId(16))
    );
}

#[tokio::test]
async fn a_change_moves_it_to_the_top() {
    let shop = Shop::open().await;
    let last = shop
        .tickets(&dana(), &TicketFilter::default())
        .await
        .pop()
        .unwrap();
    let notes = TicketPatch {
        notes: Field::Set(Some("Called twice".to_owned())),
        ..TicketPatch::default()
    };
    let patched = shop
        .store
        .patch_ticket(&dana(), last.id, notes, None, later(1))
        .await;
    patched.unwrap();
    let first = shop
        .store
        .tickets(&dana(), &TicketFilter::default(), &page(1))
        .await;
    assert_eq!(first.unwrap().value.rows[0].id, last.id);
}
