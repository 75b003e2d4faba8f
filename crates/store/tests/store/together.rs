//! Many at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Waker},
};

use shopbell_protocol::{CustomerId, DurableEvent, NewTicket, Seq, TicketConversion, WorkOrderId};
use shopbell_store::{TicketFilter, WorkOrderFilter};

use crate::{
    checks::check,
    people::{ana, dana, marko, olga, tarik, theo},
    shop::{Shop, assigns, describes, later, page},
};

const WRITERS: i64 = 64;
const EACH: i64 = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_writers_leave_no_hole_and_share_their_flushes() {
    let shop = Arc::new(Shop::open().await);
    let head = shop.head().await;
    let tasks: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let shop = Arc::clone(&shop);
            tokio::spawn(async move {
                let mut seqs = Vec::new();
                for turn in 0..EACH {
                    let id = WorkOrderId(1 + (writer + turn) % 40);
                    let text = format!("{writer} was here for the {turn}. time");
                    seqs.push(shop.patch(&dana(), id, describes(text)).await.unwrap().seq);
                }
                assert!(
                    seqs.is_sorted(),
                    "what one does in order is numbered in order"
                );
                seqs
            })
        })
        .collect();
    let mut answered = BTreeSet::new();
    for task in tasks {
        answered.extend(task.await.unwrap());
    }
    assert_eq!(answered.len() as i64, WRITERS * EACH);

    check(&shop.store).await;
    let rows = shop
        .store
        .read_journal(ana().shop, head, u32::MAX)
        .await
        .unwrap();
    let written: BTreeSet<Seq> = rows
        .iter()
        .filter(|row| matches!(row.event, DurableEvent::WorkOrderUpdated(_)))
        .map(|row| row.event.seq())
        .collect();
    assert_eq!(written, answered, "each answer names its own event");
    // One after the other in the journal is one version after the other in the row.
    let mut versions: BTreeMap<_, i64> = BTreeMap::new();
    for row in &rows {
        if let DurableEvent::WorkOrderUpdated(event) = &row.event {
            let version = event.work_order.version.0;
            let before = versions.insert(event.work_order_id, version);
            assert!(before.is_none_or(|before| before + 1 == version));
        }
    }
    let bells = shop.rung();
    assert!(bells.is_sorted());
    assert_eq!(bells.last().unwrap().1, rows.last().unwrap().event.seq());
    let (flushes, writes) = (bells.len() as i64, WRITERS * EACH);
    assert!(
        flushes * 8 <= writes,
        "{flushes} flushes for {writes} writes"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_and_its_head_are_of_one_moment() {
    let shop = Arc::new(Shop::open().await);
    let done = Arc::new(AtomicBool::new(false));
    let writer = tokio::spawn({
        let (shop, done) = (Arc::clone(&shop), Arc::clone(&done));
        async move {
            for turn in 0..200 {
                let id = WorkOrderId(1 + turn % 5);
                shop.patch(&marko(), id, describes(format!("turn {turn}")))
                    .await
                    .unwrap();
            }
            done.store(true, Ordering::Relaxed);
        }
    });
    let mut seen = Vec::new();
    while !done.load(Ordering::Relaxed) {
        let any = WorkOrderFilter::default();
        let orders = shop
            .store
            .work_orders(&ana(), &any, &page(100))
            .await
            .unwrap();
        let versions: i64 = orders.value.rows.iter().map(|order| order.version.0).sum();
        seen.push((orders.seq, versions));
    }
    writer.await.unwrap();
    // The journal up to the head accounts for every version in the list.
    let rows = shop
        .store
        .read_journal(ana().shop, Seq(0), u32::MAX)
        .await
        .unwrap();
    let updates = |to: Seq| {
        rows.iter()
            .filter(|row| row.event.seq() <= to)
            .filter(|row| matches!(row.event, DurableEvent::WorkOrderUpdated(_)))
            .count() as i64
    };
    let (first, versions) = seen[0];
    for (seq, later) in &seen {
        assert_eq!(later - versions, updates(*seq) - updates(first));
    }
    assert!(seen.len() > 1);
}

#[tokio::test]
async fn a_caller_that_goes_away_in_the_middle_loses_nothing() {
    let (shop, dana) = (Shop::open().await, dana());
    let head = shop.head().await;
    for turn in 0..20 {
        let patch = describes(format!("turn {turn}"));
        let mut gone = Box::pin(shop.patch(&dana, WorkOrderId(29), patch));
        // Dropped at another moment each time: as soon as the writer has it, or while it works.
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..=turn {
            if gone.as_mut().poll(&mut context).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(gone);
    }
    // Whatever was asked before this is done when this is.
    shop.patch(&dana, WorkOrderId(29), describes("last"))
        .await
        .unwrap();
    check(&shop.store).await;
    let rows = shop
        .store
        .read_journal(ana().shop, head, 1000)
        .await
        .unwrap();
    let updates = rows
        .iter()
        .filter(|row| matches!(row.event, DurableEvent::WorkOrderUpdated(_)))
        .count();
    assert_eq!(updates, 21);
    let head = shop.head().await;
    assert_eq!(shop.rung().last(), Some(&(ana().shop, head)));
}

#[tokio::test]
async fn each_shop_counts_for_itself() {
    let shop = Shop::open().await;
    let theirs = shop.orders(&olga(), &Default::default()).await;
    let free = theirs
        .iter()
        .find(|order| order.technician_id.is_none())
        .unwrap();
    let before = shop.store.heads().await.unwrap();
    let (marko, olga) = (marko(), olga());
    let (ours, others) = tokio::join!(
        shop.patch(&marko, WorkOrderId(1), describes("ours")),
        shop.store
            .patch_work_order(&olga, free.id, assigns(Some(theo().id)), None, later(1)),
    );
    assert_eq!(ours.unwrap().seq, before[0].1.next());
    assert!(others.unwrap().seq > before[1].1);
    let rung: BTreeSet<_> = shop.rung().iter().map(|bell| bell.0).collect();
    assert_eq!(rung, [marko.shop, olga.shop].into());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tickets_orders_and_bulk_changes_at_once_leave_no_hole_and_share_no_number() {
    let shop = Arc::new(Shop::open().await);
    let tasks: Vec<_> = (0..24)
        .map(|task| {
            let shop = Arc::clone(&shop);
            tokio::spawn(async move {
                for turn in 0..5 {
                    let (store, now) = (&shop.store, later(task + turn));
                    let new = NewTicket {
                        customer_id: CustomerId(1 + task),
                        device: format!("device {task}"),
                        problem_description: "does not work".to_owned(),
                        priority: None,
                        notes: None,
                    };
                    let ticket = store.add_ticket(&dana(), new, now).await.unwrap().value;
                    if turn % 2 == 0 {
                        let plain = TicketConversion::default();
                        let who = [dana(), tarik()][usize::try_from(task % 2).unwrap()].clone();
                        store
                            .convert_ticket(&who, ticket.id, plain, now)
                            .await
                            .unwrap();
                    }
                    // Each bulk change meets others in its middle.
                    let ids = (20..=35).map(|id| WorkOrderId(20 + (id + task) % 16));
                    let patch = describes(format!("{task} in turn {turn}"));
                    let changed = store
                        .patch_work_orders(&marko(), ids.collect(), patch, now)
                        .await;
                    let changed = changed.unwrap().value;
                    assert!(changed.iter().all(|order| order.updated_at == now));
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    check(&shop.store).await;
    // One after the other: all sixteen were changed by the same one at last.
    let texts: BTreeSet<_> = shop
        .orders(&ana(), &WorkOrderFilter::default())
        .await
        .into_iter()
        .filter(|order| (20..=35).contains(&order.id.0))
        .map(|order| order.description)
        .collect();
    assert_eq!(texts.len(), 1, "{texts:?}");
    let numbers: BTreeSet<_> = shop
        .store
        .tickets(&ana(), &TicketFilter::default(), &page(1000))
        .await
        .unwrap()
        .value
        .rows
        .into_iter()
        .map(|ticket| ticket.number)
        .collect();
    assert_eq!(numbers.len(), 20 + 24 * 5);
    assert_eq!(numbers.last().map(String::as_str), Some("2026-0171"));
}
