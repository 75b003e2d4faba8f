//! The demo shops in a database of their own.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex},
};

use shopbell_domain::{Actor, Refusal};
use shopbell_protocol::{
    Field, Notification, Seq, ShopId, Status, Ticket, TicketId, Timestamp, UserId, WorkOrder,
    WorkOrderId, WorkOrderPatch,
};
use shopbell_store::{
    CommandError, Committed, JournalRow, News, NotificationFilter, PageRequest, Settings, Store,
    TicketFilter, WorkOrderFilter,
};

use crate::{
    home::{Connection, Home},
    mirror::reaches,
};

/// Tuesday, 3 March 2026, 11:00 UTC.
const NOW: i64 = 1_772_535_600_000;

pub(crate) type Bells = Arc<Mutex<Vec<News>>>;

pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) home: Home,
    pub(crate) bells: Bells,
}

impl Shop {
    /// Migrated and filled.
    pub(crate) async fn open() -> Self {
        Self::filled_at(Home::filled().await).await
    }

    /// Migrated and filled where it is not yet.
    pub(crate) async fn filled_at(home: Home) -> Self {
        let shop = Self::at(home).await;
        shop.store.migrate().await.unwrap();
        shop.store.fill_demo("$argon2id$demo", now()).await.unwrap();
        shop.bells.lock().unwrap().clear();
        shop
    }

    /// Opened, and nothing else.
    pub(crate) async fn empty() -> Self {
        Self::at(Home::empty().await).await
    }

    async fn at(home: Home) -> Self {
        let bells = Bells::default();
        let store = open(&home, &bells).await;
        Self { store, home, bells }
    }

    /// The order as the owner reads it.
    pub(crate) async fn order(&self, id: WorkOrderId) -> WorkOrder {
        let order = self.store.work_order(&crate::people::ana(), id).await;
        order.unwrap().unwrap().value
    }

    /// All orders that someone may see.
    pub(crate) async fn orders(&self, actor: &Actor, filter: &WorkOrderFilter) -> Vec<WorkOrder> {
        let orders = self.store.work_orders(actor, filter, &page(100)).await;
        orders.unwrap().value.rows
    }

    /// The lowest-numbered order in this status that is this technician's.
    pub(crate) async fn find(&self, status: Status, technician: Option<UserId>) -> WorkOrderId {
        let filter = WorkOrderFilter {
            status: vec![status],
            ..WorkOrderFilter::default()
        };
        let orders = self.orders(&crate::people::ana(), &filter).await;
        let found = orders
            .iter()
            .filter(|order| order.technician_id == technician)
            .map(|order| order.id)
            .min();
        found.unwrap()
    }

    /// The ticket as the owner reads it.
    pub(crate) async fn ticket(&self, id: TicketId) -> Ticket {
        let ticket = self.store.ticket(&crate::people::ana(), id).await;
        ticket.unwrap().unwrap().value
    }

    /// All tickets that someone may see.
    pub(crate) async fn tickets(&self, actor: &Actor, filter: &TicketFilter) -> Vec<Ticket> {
        let tickets = self.store.tickets(actor, filter, &page(100)).await;
        tickets.unwrap().value.rows
    }

    pub(crate) async fn patch(
        &self,
        actor: &Actor,
        id: WorkOrderId,
        patch: WorkOrderPatch,
    ) -> Result<Committed<WorkOrder>, CommandError<WorkOrder>> {
        self.store
            .patch_work_order(actor, id, patch, None, now())
            .await
    }

    /// Everything that someone was told.
    pub(crate) async fn inbox(&self, actor: &Actor) -> Vec<Notification> {
        let any = NotificationFilter::default();
        let rows = self.store.notifications(actor, &any, &page(1000)).await;
        rows.unwrap().value.rows
    }

    /// What happened in shop 1 after `head`.
    pub(crate) async fn events(&self, head: Seq) -> Vec<JournalRow> {
        let rows = self.store.read_journal(ShopId(1), head, u32::MAX).await;
        rows.unwrap()
    }

    /// The names of what happened in shop 1 after `head` and reached someone.
    pub(crate) async fn heard(&self, who: &Actor, head: Seq) -> Vec<&'static str> {
        let rows = self.events(head).await;
        let heard = rows.iter().filter(|row| reaches(row, who));
        heard.map(|row| row.event.name()).collect()
    }

    /// Nothing happened since `head`: no event, no bell.
    pub(crate) async fn assert_untouched(&self, head: Seq) {
        assert_eq!(self.head().await, head);
        assert!(self.rung().is_empty());
    }

    /// Every head that was told since it was filled, in order.
    pub(crate) fn rung(&self) -> Vec<(ShopId, Seq)> {
        let bells = self.bells.lock().unwrap();
        let heads = bells.iter().filter_map(|news| match news {
            News::Head(shop, head) => Some((*shop, *head)),
            News::Rights(..) | News::Failed => None,
        });
        heads.collect()
    }

    /// Whose rights changed since this was asked last, in order.
    pub(crate) fn changed_rights(&self) -> Vec<UserId> {
        let news = std::mem::take(&mut *self.bells.lock().unwrap());
        let rights = news.into_iter().filter_map(|news| match news {
            News::Rights(_, user) => Some(user),
            News::Head(..) | News::Failed => None,
        });
        rights.collect()
    }

    /// Past the store.
    pub(crate) async fn connect(&self) -> Connection {
        self.home.connect().await
    }

    /// Where the journal of shop 1 ends.
    pub(crate) async fn head(&self) -> Seq {
        self.store.heads().await.unwrap()[0].1
    }
}

/// The database that is there.
pub(crate) async fn open(home: &Home, bells: &Bells) -> Store {
    let bells = Arc::clone(bells);
    let ring = move |news| bells.lock().unwrap().push(news);
    Store::open(Settings::of(home.place()), ring).await.unwrap()
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(NOW)
}

/// This many milliseconds after [`now`].
pub(crate) fn later(millis: i64) -> Timestamp {
    Timestamp::from_millis(NOW + millis)
}

pub(crate) fn page(limit: u32) -> PageRequest {
    PageRequest {
        limit,
        cursor: None,
    }
}

/// Why the rules said no.
pub(crate) fn refusal<T: Debug, U: Debug>(result: Result<T, CommandError<U>>) -> Refusal {
    match result {
        Err(CommandError::Refused { refusal, .. }) => refusal,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn moves(to: Status) -> WorkOrderPatch {
    WorkOrderPatch {
        status: Some(to),
        ..WorkOrderPatch::default()
    }
}

pub(crate) fn describes(text: impl Into<String>) -> WorkOrderPatch {
    WorkOrderPatch {
        description: Some(text.into()),
        ..WorkOrderPatch::default()
    }
}

pub(crate) fn assigns(technician: Option<UserId>) -> WorkOrderPatch {
    WorkOrderPatch {
        technician_id: Field::Set(technician),
        ..WorkOrderPatch::default()
    }
}
