//! What must hold of a shop at any time.

use std::collections::BTreeMap;

use shopbell_protocol::{DurableEvent, ReadMark, Seq, ShopId, WorkOrder};
use shopbell_store::{Store, WorkOrderFilter};

use crate::{
    people::{ana, staff},
    shop::page,
};

/// The journal of shop 1 has no holes and ends at its head, and whoever replays it has the rows of now.
pub(crate) async fn check(store: &Store) {
    let (shop, head) = store.heads().await.unwrap()[0];
    assert_eq!(shop, ShopId(1));
    let rows = store.read_journal(shop, Seq(0), u32::MAX).await.unwrap();
    let numbers: Vec<i64> = rows.iter().map(|row| row.event.seq().0).collect();
    assert_eq!(numbers, (1..=head.0).collect::<Vec<_>>());

    let mut orders = BTreeMap::new();
    let mut inboxes: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    let mut counts = BTreeMap::new();
    for row in rows {
        match row.event {
            DurableEvent::WorkOrderUpdated(event) => {
                orders.insert(event.work_order_id, *event.work_order);
            }
            DurableEvent::NotificationReceived(event) => {
                let row = event.notification;
                inboxes.entry(row.user_id).or_default().insert(row.id, row);
            }
            DurableEvent::NotificationRead(event) => {
                let reader = row.audience.rooms(row.sight_now);
                for (user, inbox) in &mut inboxes {
                    if reader != [shopbell_protocol::Room::User(*user)] {
                        continue;
                    }
                    for row in inbox.values_mut() {
                        let meant = match &event.mark {
                            ReadMark::Ids { ids } => ids.contains(&row.id),
                            ReadMark::UpTo { up_to_id } => row.id <= *up_to_id,
                        };
                        if meant {
                            row.is_read = event.is_read;
                        }
                    }
                }
            }
            DurableEvent::NotificationCountUpdated(event) => {
                counts.insert(event.user_id, event.unread_count);
            }
            DurableEvent::WorkOrderRemoved(_) | DurableEvent::WorkOrderAssignmentUpdate(_) => {}
        }
    }

    let stored = store
        .work_orders(&ana(), &WorkOrderFilter::default(), &page(1000))
        .await
        .unwrap();
    for order in stored.value.rows {
        if let Some(replayed) = orders.get(&order.id) {
            let public = WorkOrder {
                device_passcode: None,
                ..order
            };
            assert_eq!(*replayed, public);
        }
    }
    for who in staff() {
        let any = shopbell_store::NotificationFilter::default();
        let stored = store
            .notifications(&who, &any, &page(10_000))
            .await
            .unwrap();
        let mut replayed: Vec<_> = inboxes
            .remove(&who.id)
            .unwrap_or_default()
            .into_values()
            .collect();
        replayed.sort_by_key(|row| (std::cmp::Reverse(row.updated_at), std::cmp::Reverse(row.id)));
        assert_eq!(replayed, stored.value.rows, "{}", who.name);

        let unread = stored.value.rows.iter().filter(|row| !row.is_read).count();
        let unread = i64::try_from(unread).unwrap();
        let count = store.notification_count(&who).await.unwrap();
        assert_eq!(count.value, unread, "{}", who.name);
        assert_eq!(
            counts.get(&who.id).copied().unwrap_or(0),
            unread,
            "{}",
            who.name
        );
    }
}
