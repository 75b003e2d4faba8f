//! From the journal to the sockets: the one way in for durable events.
//!
//! Each shop has one task and one cursor. A doorbell only says when to look; what is sent is read from the journal, in
//! order, and the cursor moves when it was handed to every connection. A connection that has no room for more falls behind
//! and reads the rest by itself: see [`crate::behind`].

use std::{error::Error, sync::Arc, time::Duration};

use serde_json::value::RawValue;
use shopbell_bus::{Ephemeral, RightsChange, Signal, Subscription};
use shopbell_engine::{Delivery as EngineDelivery, Engine};
use shopbell_protocol::{DurableEvent, Epoch, Room, Seq, ShopId};
use shopbell_store::{JournalRow, Store, StoreError};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::{
    behind::{Behind, position},
    gateway::Gateway,
    reading::Reading,
    shops::{Shop, Shops},
};

/// How often heads are compared with cursors, whatever the bus says.
const COMPARE_EVERY: Duration = Duration::from_secs(2);

/// How many rows are read and handed to the sockets at once.
const BATCH: u32 = 256;

/// Delivers what the journals say.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    behind: Behind,
    engine: Engine<Gateway>,
    shops: Shops,
    store: Store,
    stopping: CancellationToken,
}

impl Delivery {
    pub(crate) const fn new(
        behind: Behind,
        engine: Engine<Gateway>,
        shops: Shops,
        store: Store,
        stopping: CancellationToken,
    ) -> Self {
        Self {
            behind,
            engine,
            shops,
            store,
            stopping,
        }
    }

    /// Runs until the server stops.
    pub(crate) async fn run(self, mut doorbells: Subscription) {
        for shop in self.shops.all() {
            tokio::spawn(self.clone().run_shop(shop));
        }
        let mut compare = tokio::time::interval(COMPARE_EVERY);
        compare.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.stopping.cancelled() => return,
                _ = compare.tick() => self.compare_heads().await,
                signal = hear(&mut doorbells) => match signal {
                    Signal::Doorbell(doorbell) => self.ring(doorbell.shop, doorbell.head, None),
                    Signal::Ephemeral(event) => self.broadcast(&event),
                    Signal::Rights(change) => self.check_rights(Some(change)),
                    Signal::Lost => {
                        self.check_rights(None);
                        self.compare_heads().await;
                    }
                },
            }
        }
    }

    /// Wakes a shop's task. A shop that was not known until now has an epoch only when heads are compared; nobody can be
    /// connected to it before: start at its head.
    fn ring(&self, shop: ShopId, head: Seq, epoch: Option<Epoch>) {
        match (self.shops.get(shop), epoch) {
            (Some(shop), _) => shop.ring(head),
            (None, Some(epoch)) => {
                tokio::spawn(self.clone().run_shop(self.shops.add(shop, head, epoch)));
            }
            (None, None) => {}
        }
    }

    /// Looks again at the sockets of one person, or at all of them, in a task of its own.
    fn check_rights(&self, of: Option<RightsChange>) {
        let sockets = match of {
            Some(RightsChange { shop, user }) => self.engine.members(&Room::User(user).key(shop)),
            None => self.engine.sockets(),
        };
        let engine = self.engine.clone();
        tokio::spawn(async move {
            for socket in sockets {
                engine.app().check_rights(&socket).await;
            }
        });
    }

    /// Hands on what is never stored, to each connection of its rooms once.
    fn broadcast(&self, event: &Ephemeral) {
        let Ephemeral {
            shop,
            rooms,
            except,
            newest,
            event: name,
            payload,
        } = event;
        let Some((first, more)) = rooms.split_first() else {
            return;
        };
        let mut broadcast = self.engine.to(&first.key(*shop));
        for room in more {
            broadcast = broadcast.to(&room.key(*shop));
        }
        if let Some(user) = except {
            broadcast = broadcast.except(&Room::User(*user).key(*shop));
        }
        if let Some(state) = newest {
            broadcast = broadcast.newest(state);
        }
        match serde_json::from_str::<&RawValue>(payload) {
            Ok(payload) => drop(broadcast.emit(name, payload)),
            Err(error) => tracing::error!("failed to read the payload of {name}: {error}"),
        }
    }

    async fn compare_heads(&self) {
        match self.store.heads().await {
            Ok(heads) => heads
                .into_iter()
                .for_each(|(shop, head, epoch)| self.ring(shop, head, Some(epoch))),
            Err(error) => tracing::error!(
                error = &error as &dyn Error,
                "failed to compare journal heads"
            ),
        }
    }

    async fn run_shop(self, shop: Arc<Shop>) {
        loop {
            tokio::select! {
                () = self.stopping.cancelled() => return,
                () = shop.rung() => {}
            }
            // What fails is tried again at the next comparison of heads.
            if let Err(error) = self.catch_up(&shop).await {
                tracing::error!(
                    shop = shop.id().0,
                    error = &error as &dyn Error,
                    "failed to read the journal"
                );
            }
        }
    }

    async fn catch_up(&self, shop: &Arc<Shop>) -> Result<(), StoreError> {
        loop {
            // Only this task moves the cursor, so it may be read before the lock is needed.
            let after = *shop.cursor().await;
            if after >= shop.head() {
                return Ok(());
            }
            let rows = self.store.read_journal(shop.id(), after, BATCH).await?;
            let Some(last) = rows.last().map(|row| row.event.seq()) else {
                return Ok(());
            };
            let mut cursor = shop.cursor().await;
            let behind = self
                .engine
                .deliver(rows.iter().map(|row| delivery(shop, row)).collect())
                .await;
            self.close_rooms(shop.id(), &rows);
            *cursor = last;
            for socket in behind {
                self.behind.bring_up(socket, Arc::clone(shop));
            }
        }
    }

    /// Takes those who lost sight of an order or a ticket out of its room.
    fn close_rooms(&self, shop: ShopId, rows: &[JournalRow]) {
        for row in rows {
            let room = match &row.event {
                DurableEvent::WorkOrderRemoved(removed) => Room::WorkOrder(removed.work_order_id),
                DurableEvent::RepairTicketRemoved(removed) => Room::Ticket(removed.ticket_id),
                _ => continue,
            };
            for user in row.audience.users() {
                for socket in self.engine.members(&Room::User(*user).key(shop)) {
                    self.engine.app().lose(&socket, room);
                }
            }
        }
    }
}

async fn hear(doorbells: &mut Subscription) -> Signal {
    match doorbells.next().await {
        Some(signal) => signal,
        // The bus is gone; comparing heads carries on alone.
        None => std::future::pending().await,
    }
}

/// What the engine needs to send a row: the rooms of those who may see it now, and a packet for each reading.
fn delivery<'a>(shop: &'a Shop, row: &'a JournalRow) -> EngineDelivery<'a> {
    let rooms = row.audience.rooms(row.sight_now);
    EngineDelivery {
        position: position(row.event.seq()),
        rooms: rooms.into_iter().map(|room| room.key(shop.id())).collect(),
        view: Box::new(|number| Reading::numbered(number)?.packet(row, shop.epoch())),
    }
}
