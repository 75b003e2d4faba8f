//! What one person's app holds: read once, then kept by the events that reach them.

use std::collections::BTreeMap;

use shopbell_domain::{Actor, Entity, View, visible};
use shopbell_protocol::{
    DurableEvent, Note, Notification, NotificationId, ReadMark, Seq, Ticket, TicketId, UpdateData,
    WorkOrder, WorkOrderId, WorkOrderOrRef,
};
use shopbell_store::{
    HistoryRow, JournalRow, NotificationFilter, Store, TicketFilter, WorkOrderFilter,
};

use crate::shop::page;

#[derive(Clone, Debug)]
pub(crate) struct Mirror {
    who: Actor,
    orders: BTreeMap<WorkOrderId, WorkOrder>,
    tickets: BTreeMap<TicketId, Ticket>,
    /// Of orders that were in sight all the time.
    notes: BTreeMap<WorkOrderId, Vec<Note>>,
    histories: BTreeMap<WorkOrderId, Vec<DurableEvent>>,
    inbox: BTreeMap<NotificationId, Notification>,
    unread: i64,
    /// The last event that was looked at.
    seq: Seq,
}

/// Whether a row is for this person, by the rights of the moment at which it was read.
pub(crate) fn reaches(row: &JournalRow, who: &Actor) -> bool {
    row.audience.includes(who, row.sight_now)
}

impl Mirror {
    /// Of one who has read nothing yet.
    pub(crate) fn empty(who: &Actor) -> Self {
        Self {
            who: who.clone(),
            orders: BTreeMap::new(),
            tickets: BTreeMap::new(),
            notes: BTreeMap::new(),
            histories: BTreeMap::new(),
            inbox: BTreeMap::new(),
            unread: 0,
            seq: Seq(0),
        }
    }

    /// Reads all that the person may read, as REST would give it.
    pub(crate) async fn read(store: &Store, who: &Actor) -> Self {
        let mut mirror = Self::empty(who);
        let any = WorkOrderFilter::default();
        let orders = store.work_orders(who, &any, &page(1000)).await.unwrap();
        mirror.seq = orders.seq;
        for order in orders.value.rows {
            let id = order.id;
            let notes = store.notes(who, id, &page(1000)).await.unwrap().unwrap();
            let history = store.history(who, id, &page(1000)).await.unwrap().unwrap();
            mirror.notes.insert(id, notes.value.rows);
            let entries = history.value.rows.into_iter();
            let entries = entries.map(|HistoryRow { event, .. }| mirror.shown(event));
            mirror.histories.insert(id, entries.collect());
            mirror.orders.insert(id, mirror.shown(order));
        }
        let any = TicketFilter::default();
        let tickets = store.tickets(who, &any, &page(1000)).await.unwrap();
        for ticket in tickets.value.rows {
            mirror.tickets.insert(ticket.id, mirror.shown(ticket));
        }
        let any = NotificationFilter::default();
        let inbox = store.notifications(who, &any, &page(10_000)).await.unwrap();
        let rows = inbox.value.rows.into_iter();
        mirror.inbox = rows.map(|row| (row.id, row)).collect();
        let count = store.notification_count(who).await.unwrap();
        mirror.unread = count.value;
        assert_eq!(
            [tickets.seq, inbox.seq, count.seq],
            [mirror.seq; 3],
            "something was changed while reading"
        );
        mirror
    }

    fn shown<E: Entity + Clone>(&self, entity: E) -> E {
        visible(entity, View::of(self.who.role)).get().clone()
    }

    /// Takes what has happened since, as far as it is for this person.
    pub(crate) async fn catch_up(&mut self, store: &Store) {
        let rows = store.read_journal(self.who.shop, self.seq, u32::MAX).await;
        for row in rows.unwrap() {
            self.seq = row.event.seq();
            if reaches(&row, &self.who) {
                self.hear(self.shown(row.event));
            }
        }
    }

    fn hear(&mut self, event: DurableEvent) {
        match event.clone() {
            DurableEvent::WorkOrderUpdated(update) => {
                let id = update.work_order_id;
                if let Some(history) = self.histories.get_mut(&id) {
                    history.insert(0, event);
                }
                if let (Some(UpdateData::NoteAdded { note }), Some(notes)) =
                    (update.data, self.notes.get_mut(&id))
                {
                    notes.insert(0, note);
                }
                self.orders.insert(id, *update.work_order);
            }
            DurableEvent::WorkOrderRemoved(removed) => {
                self.orders.remove(&removed.work_order_id);
                self.notes.remove(&removed.work_order_id);
                self.histories.remove(&removed.work_order_id);
            }
            DurableEvent::WorkOrderAssignmentUpdate(update) => match update.work_order {
                WorkOrderOrRef::WorkOrder(order) => {
                    self.orders.insert(order.id, *order);
                }
                WorkOrderOrRef::Ref(_) => {}
            },
            DurableEvent::RepairTicketUpdated(update) => {
                self.tickets.insert(update.ticket_id, *update.ticket);
            }
            DurableEvent::RepairTicketRemoved(removed) => {
                self.tickets.remove(&removed.ticket_id);
            }
            DurableEvent::NotificationReceived(received) => {
                let row = received.notification;
                assert_eq!(row.user_id, self.who.id);
                self.inbox.insert(row.id, row);
            }
            DurableEvent::NotificationDeleted(deleted) => {
                self.inbox.retain(|id, _| !deleted.ids.contains(id));
            }
            DurableEvent::NotificationRead(read) => {
                for (id, row) in &mut self.inbox {
                    let meant = match &read.mark {
                        ReadMark::Ids { ids } => ids.contains(id),
                        ReadMark::UpTo { up_to_id } => id <= up_to_id,
                    };
                    if meant {
                        row.is_read = read.is_read;
                    }
                }
            }
            DurableEvent::NotificationCountUpdated(update) => {
                assert_eq!(update.user_id, self.who.id);
                self.unread = update.unread_count;
            }
        }
    }

    /// Everything is as a fresh read gives it.
    pub(crate) fn assert_is(&self, fresh: &Self) {
        let who = &self.who.name;
        assert_eq!(
            self.orders.keys().collect::<Vec<_>>(),
            fresh.orders.keys().collect::<Vec<_>>(),
            "{who}"
        );
        assert_eq!(
            self.tickets.keys().collect::<Vec<_>>(),
            fresh.tickets.keys().collect::<Vec<_>>(),
            "{who}"
        );
        self.assert_within(fresh);
    }

    /// What is known is as a fresh read gives it; all notifications are known.
    pub(crate) fn assert_within(&self, fresh: &Self) {
        let who = &self.who.name;
        for (id, order) in &self.orders {
            assert_eq!(Some(order), fresh.orders.get(id), "{who}");
        }
        for (id, ticket) in &self.tickets {
            assert_eq!(Some(ticket), fresh.tickets.get(id), "{who}");
        }
        for (id, notes) in &self.notes {
            assert_eq!(Some(notes), fresh.notes.get(id), "{who}");
        }
        for (id, history) in &self.histories {
            assert_eq!(Some(history), fresh.histories.get(id), "{who}");
        }
        assert_eq!(self.inbox, fresh.inbox, "{who}");
        let unread = self.inbox.values().filter(|row| !row.is_read).count();
        let unread = i64::try_from(unread).unwrap();
        assert_eq!([self.unread, fresh.unread], [unread; 2], "{who}");
    }
}
