//! What must hold of a shop at any time.

use std::collections::BTreeMap;

use shopbell_protocol::{Seq, ShopId, TicketStatus};
use shopbell_store::{Store, TicketFilter, WorkOrderFilter};

use crate::{
    mirror::Mirror,
    people::{ana, staff},
    shop::page,
};

/// The journal of shop 1 has no holes and ends at its head, whoever replays it has the rows of now, and no number is given out
/// twice.
pub(crate) async fn check(store: &Store) {
    let (shop, head, _) = store.heads().await.unwrap()[0];
    assert_eq!(shop, ShopId(1));
    let rows = store.read_journal(shop, Seq(0), u32::MAX).await.unwrap();
    let numbers: Vec<i64> = rows.iter().map(|row| row.event.seq().0).collect();
    assert_eq!(numbers, (1..=head.0).collect::<Vec<_>>());

    for who in staff() {
        let mut replayed = Mirror::empty(&who);
        replayed.catch_up(store).await;
        replayed.assert_within(&Mirror::read(store, &who).await);
    }
    check_numbers(store).await;
    assert_eq!(store.check().await.unwrap(), []);
}

/// An order made from a ticket has its number; beyond that each is given out once.
async fn check_numbers(store: &Store) {
    let any = TicketFilter::default();
    let tickets = store.tickets(&ana(), &any, &page(1000)).await.unwrap();
    let any = WorkOrderFilter::default();
    let orders = store.work_orders(&ana(), &any, &page(1000)).await.unwrap();
    let mut numbers = BTreeMap::new();
    for ticket in tickets.value.rows {
        assert_eq!(ticket.number, ticket.ticket_number);
        let is_converted = ticket.status == TicketStatus::Converted;
        assert_eq!(ticket.work_order_id.is_some(), is_converted);
        let twice = numbers.insert(ticket.number, (ticket.id, ticket.work_order_id));
        assert_eq!(twice, None);
    }
    for order in orders.value.rows {
        match (order.ticket_id, numbers.get(&order.number)) {
            (None, None) => {
                let nobodys = (shopbell_protocol::TicketId(0), Some(order.id));
                numbers.insert(order.number, nobodys);
            }
            (Some(ticket), Some(of)) => assert_eq!(*of, (ticket, Some(order.id))),
            other => panic!("{}: {other:?}", order.number),
        }
    }
}
