//! Random people do random things, and what must hold holds.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use shopbell_domain::Sight;
use shopbell_protocol::{DurableEvent, Seq, TicketId, UserId, WorkOrderId};
use shopbell_store::{JournalRow, TicketFilter, WorkOrderFilter};

use crate::{
    checks::check,
    deeds::{Outcome, act, deeds},
    mirror::{Mirror, reaches},
    people::{ana, staff},
    shop::{Shop, page},
};

/// Who sees what at a moment.
struct Sights {
    orders: BTreeMap<WorkOrderId, Sight>,
    tickets: BTreeMap<TicketId, Sight>,
}

impl Sights {
    async fn read(shop: &Shop) -> Self {
        let (ana, page) = (ana(), page(1000));
        let any = WorkOrderFilter::default();
        let orders = shop.store.work_orders(&ana, &any, &page).await.unwrap();
        let orders: BTreeMap<_, _> = orders
            .value
            .rows
            .into_iter()
            .map(|order| (order.id, Sight::of_order(order.technician_id)))
            .collect();
        let any = TicketFilter::default();
        let tickets = shop.store.tickets(&ana, &any, &page).await.unwrap();
        let of = |order| match orders.get(&order) {
            Some(Sight::Only(technician)) => Some(*technician),
            _ => None,
        };
        let tickets = tickets.value.rows.into_iter().map(|ticket| {
            let technician = ticket.work_order_id.and_then(of);
            (ticket.id, Sight::of_ticket(ticket.status, technician))
        });
        Self {
            tickets: tickets.collect(),
            orders,
        }
    }
}

/// The people that a row reaches at this moment.
fn reached(row: &JournalRow) -> BTreeSet<UserId> {
    let people = staff().into_iter();
    let people = people.filter(|who| reaches(row, who));
    people.map(|who| who.id).collect()
}

/// What is not there yet nobody sees.
fn seers(sight: Option<&Sight>) -> BTreeSet<UserId> {
    let Some(sight) = sight else {
        return BTreeSet::new();
    };
    let people = staff().into_iter();
    let people = people.filter(|who| sight.is_seen_by(who.id, who.role));
    people.map(|who| who.id).collect()
}

/// All who see something hear of its change, and nobody else; who loses it is told, and nobody else.
fn assert_audience(row: &JournalRow, before: &Sights, after: &Sights) {
    let reached = reached(row);
    let assert_lost = |before, after| {
        let lost: BTreeSet<_> = seers(before).difference(&seers(after)).copied().collect();
        assert_eq!(reached, lost, "{row:?}");
    };
    match &row.event {
        DurableEvent::WorkOrderUpdated(event) => {
            assert_eq!(reached, seers(after.orders.get(&event.work_order_id)));
        }
        DurableEvent::WorkOrderRemoved(event) => {
            let id = &event.work_order_id;
            assert_lost(before.orders.get(id), after.orders.get(id));
        }
        DurableEvent::WorkOrderAssignmentUpdate(event) => {
            let id = &event.work_order_id;
            let (before, after) = (before.orders.get(id), after.orders.get(id));
            let could: BTreeSet<_> = seers(before).union(&seers(after)).copied().collect();
            assert!(reached.is_subset(&could));
        }
        DurableEvent::RepairTicketUpdated(event) => {
            let id = &event.ticket_id;
            let (before, now) = (seers(before.tickets.get(id)), seers(after.tickets.get(id)));
            // The change of hands of the order behind it concerns only those to whom it is new.
            let gained = now.difference(&before).copied().collect();
            assert!(reached == now || reached == gained, "{row:?}");
        }
        DurableEvent::RepairTicketRemoved(event) => {
            let id = &event.ticket_id;
            assert_lost(before.tickets.get(id), after.tickets.get(id));
        }
        DurableEvent::NotificationReceived(event) => {
            assert_eq!(reached, [event.notification.user_id].into());
        }
        DurableEvent::NotificationCountUpdated(event) => {
            assert_eq!(reached, [event.user_id].into());
        }
        DurableEvent::NotificationRead(_) | DurableEvent::NotificationDeleted(_) => {
            assert_eq!(reached.len(), 1);
        }
    }
}

/// What happened earlier reaches nobody who does not see now what it is about.
fn assert_narrowed(row: &JournalRow, now: &Sights) {
    let sight = match &row.event {
        DurableEvent::WorkOrderUpdated(event) => now.orders.get(&event.work_order_id),
        DurableEvent::RepairTicketUpdated(event) => now.tickets.get(&event.ticket_id),
        _ => return,
    };
    assert!(reached(row).is_subset(&seers(sight)), "{row:?}");
}

/// Runs a story of its own.
fn run(story: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    runtime.block_on(story);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_do_the_shop_stays_sound(deeds in deeds(1..50)) {
        run(async {
            let shop = Shop::open().await;
            for (at, (who, deed)) in (1..).zip(deeds) {
                let (head, before) = (shop.head().await, Sights::read(&shop).await);
                let outcome = act(&shop, &who, deed, at).await;
                let after = Sights::read(&shop).await;
                let rows = shop.events(head).await;
                assert!(outcome == Outcome::Done || rows.is_empty(), "{outcome:?}");
                for row in &rows {
                    assert_audience(row, &before, &after);
                }
            }
            let now = Sights::read(&shop).await;
            for row in shop.events(Seq(0)).await {
                assert_narrowed(&row, &now);
            }
            check(&shop.store).await;
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 100, ..ProptestConfig::default() })]

    /// One of each person's apps hears of everything at once, one now and then, one only at the end.
    #[test]
    fn what_was_read_and_the_events_since_are_what_is_read_now(deeds in deeds(150..300)) {
        run(async {
            let shop = Shop::open().await;
            let mut apps = Vec::new();
            for who in staff() {
                let mirror = Mirror::read(&shop.store, &who).await;
                apps.extend([1, 7, usize::MAX].map(|pace| (pace, mirror.clone())));
            }
            for (at, (who, deed)) in (1..).zip(deeds) {
                act(&shop, &who, deed, at).await;
                let turn = usize::try_from(at).unwrap();
                for (_, app) in apps.iter_mut().filter(|(pace, _)| turn.is_multiple_of(*pace)) {
                    app.catch_up(&shop.store).await;
                }
            }
            for (who, apps) in staff().iter().zip(apps.chunks_mut(3)) {
                let fresh = Mirror::read(&shop.store, who).await;
                for (_, app) in apps {
                    app.catch_up(&shop.store).await;
                    app.assert_is(&fresh);
                }
            }
        });
    }
}
