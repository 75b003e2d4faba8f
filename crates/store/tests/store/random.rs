//! Random people do random things, and what must hold holds.

use std::collections::BTreeSet;

use proptest::prelude::*;
use shopbell_domain::{Actor, Sight};
use shopbell_protocol::{
    DurableEvent, Field, Money, NotificationId, Passcode, Priority, Role, Room, Status, UserId,
    WorkOrderId, WorkOrderPatch,
};
use shopbell_store::{CommandError, JournalRow};

use crate::{
    checks::check,
    people::staff,
    shop::{Shop, later},
};

#[derive(Clone, Debug)]
enum Deed {
    Patch(WorkOrderId, Box<WorkOrderPatch>),
    Mark(usize, bool),
    ReadAll,
}

fn field<T: Clone + std::fmt::Debug>(
    value: impl Strategy<Value = T>,
) -> impl Strategy<Value = Field<T>> {
    prop_oneof![
        6 => Just(Field::Keep),
        1 => Just(Field::Set(None)),
        2 => value.prop_map(|value| Field::Set(Some(value))),
    ]
}

fn patch() -> impl Strategy<Value = WorkOrderPatch> {
    let rare = |strategy| prop::option::weighted(0.3, strategy);
    let people = (1..=7_i64).prop_map(UserId);
    let money = (0..100_000_i64).prop_map(|cents| Money::from_cents(cents).unwrap());
    (
        prop::option::weighted(0.5, prop::sample::select(Status::ALL.to_vec())),
        rare(Just("because".to_owned()).boxed()),
        field(people),
        rare("[a-z]{1,3}".boxed()),
        prop::option::weighted(0.2, prop::sample::select(Priority::ALL.to_vec())),
        field(money.clone()),
        field(money),
        field("[0-9]{4}".prop_map(Passcode)),
    )
        .prop_map(
            |(
                status,
                override_reason,
                technician_id,
                description,
                priority,
                estimate,
                cost,
                passcode,
            )| {
                WorkOrderPatch {
                    status,
                    override_reason,
                    technician_id,
                    description,
                    priority,
                    estimate_total: estimate,
                    cost_total: cost,
                    device_passcode: passcode,
                    ..WorkOrderPatch::default()
                }
            },
        )
}

fn deed() -> impl Strategy<Value = Deed> {
    // Few orders, so that people meet.
    let order = (25..=31_i64).prop_map(WorkOrderId);
    prop_oneof![
        8 => (order, patch()).prop_map(|(order, patch)| Deed::Patch(order, Box::new(patch))),
        2 => (0..10_usize, any::<bool>()).prop_map(|(row, is_read)| Deed::Mark(row, is_read)),
        1 => Just(Deed::ReadAll),
    ]
}

/// The people that a row reaches at this moment.
fn reached(row: &JournalRow) -> BTreeSet<UserId> {
    let rooms = row.audience.rooms(row.sight_now);
    let people = staff();
    let in_room =
        |who: &&Actor| rooms.contains(&Room::User(who.id)) || rooms.contains(&Room::Role(who.role));
    people.iter().filter(in_room).map(|who| who.id).collect()
}

fn seers(technician: Option<UserId>) -> BTreeSet<UserId> {
    let people = staff();
    let sees = |who: &&Actor| Sight::of_order(technician).is_seen_by(who.id, who.role);
    people.iter().filter(sees).map(|who| who.id).collect()
}

/// Whoever hears of a change could see the order before it or can after it, and all who can see it now hear of it.
fn assert_audience(rows: &[JournalRow], before: Option<UserId>, after: Option<UserId>) {
    let could: BTreeSet<_> = seers(before).union(&seers(after)).copied().collect();
    for row in rows {
        let reached = reached(row);
        match &row.event {
            DurableEvent::WorkOrderUpdated(_) => assert_eq!(reached, seers(after)),
            DurableEvent::WorkOrderRemoved(_) => {
                let lost: BTreeSet<_> = seers(before).difference(&seers(after)).copied().collect();
                assert_eq!(reached, lost);
            }
            DurableEvent::WorkOrderAssignmentUpdate(_) => assert!(reached.is_subset(&could)),
            DurableEvent::NotificationReceived(event) => {
                assert_eq!(reached, [event.notification.user_id].into());
                assert!(reached.is_subset(&could));
            }
            DurableEvent::NotificationCountUpdated(event) => {
                assert_eq!(reached, [event.user_id].into());
            }
            DurableEvent::NotificationRead(_) => assert_eq!(reached.len(), 1),
        }
    }
}

async fn act(shop: &Shop, who: &Actor, deed: Deed, at: i64) {
    let head = shop.head().await;
    match deed {
        Deed::Patch(id, patch) => {
            let before = shop.order(id).await;
            let visible = Sight::of_order(before.technician_id).is_seen_by(who.id, who.role);
            let overrides = patch.override_reason.is_some();
            let done = shop
                .store
                .patch_work_order(who, id, *patch, None, later(at))
                .await;
            let after = shop.order(id).await;
            let rows = shop.store.read_journal(who.shop, head, 1000).await.unwrap();
            match done {
                Ok(committed) => {
                    assert!(visible);
                    assert!(!overrides || matches!(who.role, Role::Admin | Role::Manager));
                    assert_eq!(committed.value, after);
                    let changed = i64::from(!rows.is_empty());
                    assert_eq!(after.version.0, before.version.0 + changed);
                    assert_audience(&rows, before.technician_id, after.technician_id);
                }
                Err(CommandError::Refused { .. }) => {
                    assert_eq!(before, after);
                    assert!(rows.is_empty());
                }
                Err(CommandError::Store(error)) => panic!("{error:?}"),
            }
        }
        Deed::Mark(row, is_read) => {
            if let Some(row) = shop.inbox(who).await.get(row) {
                let marked = shop
                    .store
                    .mark_notification(who, row.id, is_read, later(at))
                    .await;
                assert_eq!(marked.unwrap().unwrap().value.is_read, is_read);
            }
        }
        Deed::ReadAll => {
            let all = NotificationId(i64::MAX);
            shop.store.mark_all_read(who, all, later(at)).await.unwrap();
            assert_eq!(shop.store.notification_count(who).await.unwrap().value, 0);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_do_the_shop_stays_sound(
        deeds in prop::collection::vec((0..5_usize, deed()), 1..40),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let shop = Shop::open().await;
            for (at, (who, deed)) in (1..).zip(deeds) {
                act(&shop, &staff()[who], deed, at).await;
            }
            check(&shop.store).await;
        });
    }
}
