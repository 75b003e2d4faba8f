//! How far each shop's journal was delivered here.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use parking_lot::RwLock;
use shopbell_protocol::{Epoch, Offset, Seq, ShopId};
use tokio::sync::{Mutex, MutexGuard, Notify};

/// The shops of this server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shops(Arc<RwLock<HashMap<ShopId, Arc<Shop>>>>);

/// One shop's place in its journal.
#[derive(Debug)]
pub(crate) struct Shop {
    id: ShopId,
    epoch: Epoch,
    /// The last row handed to every connection. Held while rows are handed out, and while a connection turns live.
    cursor: Mutex<Seq>,
    /// The highest head heard of.
    head: AtomicI64,
    doorbell: Notify,
}

impl Shops {
    /// The shops whose journals stand at `heads`; nobody is connected yet, so they count as delivered.
    pub(crate) fn at(heads: Vec<(ShopId, Seq, Epoch)>) -> Self {
        let shops = Self::default();
        for (shop, head, epoch) in heads {
            shops.add(shop, head, epoch);
        }
        shops
    }

    pub(crate) fn add(&self, id: ShopId, head: Seq, epoch: Epoch) -> Arc<Shop> {
        let shop = Shop {
            id,
            epoch,
            cursor: Mutex::new(head),
            head: AtomicI64::new(head.0),
            doorbell: Notify::new(),
        };
        Arc::clone(self.0.write().entry(id).or_insert_with(|| Arc::new(shop)))
    }

    pub(crate) fn get(&self, id: ShopId) -> Option<Arc<Shop>> {
        self.0.read().get(&id).cloned()
    }

    pub(crate) fn all(&self) -> Vec<Arc<Shop>> {
        self.0.read().values().cloned().collect()
    }
}

impl Shop {
    pub(crate) const fn id(&self) -> ShopId {
        self.id
    }

    /// The life of its journal, which lasts as long as this process.
    pub(crate) const fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// A place in its journal, as clients carry it.
    pub(crate) fn offset(&self, seq: Seq) -> Offset {
        Offset {
            epoch: self.epoch.clone(),
            seq,
        }
    }

    /// The shop's delivery lock, with the last row delivered. While it is held nothing is delivered.
    pub(crate) async fn cursor(&self) -> MutexGuard<'_, Seq> {
        self.cursor.lock().await
    }

    /// Says that the journal has reached `head`. Repeated and old news do no harm.
    pub(crate) fn ring(&self, head: Seq) {
        self.head.fetch_max(head.0, Ordering::AcqRel);
        self.doorbell.notify_one();
    }

    /// Waits for news.
    pub(crate) async fn rung(&self) {
        self.doorbell.notified().await;
    }

    pub(crate) fn head(&self) -> Seq {
        Seq(self.head.load(Ordering::Acquire))
    }
}
