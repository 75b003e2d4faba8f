//! A demo shop in a folder of its own, and its people.

use std::sync::{Arc, Mutex};

use shopbell_domain::Actor;
use shopbell_protocol::{Seq, ShopId, Timestamp, UserId};
use shopbell_store::{PageRequest, Settings, Store};
use tempfile::TempDir;

/// Tuesday, 3 March 2026, 11:00 UTC.
pub(crate) const NOW: i64 = 1_772_535_600_000;

pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
    /// Every call of `on_commit`, in order.
    pub(crate) bells: Arc<Mutex<Vec<(ShopId, Seq)>>>,
}

impl Shop {
    /// Migrated and filled.
    pub(crate) async fn open() -> Self {
        let shop = Self::empty().await;
        shop.store.migrate().await.unwrap();
        shop.store.fill_demo("$argon2id$", now()).await.unwrap();
        shop.bells.lock().unwrap().clear();
        shop
    }

    /// Opened, and nothing else.
    pub(crate) async fn empty() -> Self {
        let folder = TempDir::new().unwrap();
        let bells = Arc::<Mutex<Vec<_>>>::default();
        let store = store(&folder, Arc::clone(&bells)).await;
        Self {
            store,
            folder,
            bells,
        }
    }
}

/// The database in this folder.
pub(crate) async fn store(folder: &TempDir, bells: Arc<Mutex<Vec<(ShopId, Seq)>>>) -> Store {
    let settings = Settings::at(folder.path().join("shopbell.db"));
    Store::open(settings, move |shop, head| {
        bells.lock().unwrap().push((shop, head))
    })
    .await
    .unwrap()
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

fn person(id: i64) -> Actor {
    let person = shopbell_store::demo::PEOPLE[usize::try_from(id).unwrap() - 1];
    Actor {
        shop: person.shop,
        id: UserId(id),
        role: person.role,
        name: person.name.to_owned(),
    }
}

/// Admin of shop 1.
pub(crate) fn ana() -> Actor {
    person(1)
}

/// Manager of shop 1.
pub(crate) fn marko() -> Actor {
    person(2)
}

/// Technician of shop 1.
pub(crate) fn tarik() -> Actor {
    person(3)
}

/// Technician of shop 1.
pub(crate) fn jelena() -> Actor {
    person(4)
}

/// Front desk of shop 1.
pub(crate) fn dana() -> Actor {
    person(5)
}

/// Admin of shop 2.
pub(crate) fn olga() -> Actor {
    person(6)
}

/// Technician of shop 2.
pub(crate) fn theo() -> Actor {
    person(7)
}

/// Everyone, in the order of their ids.
pub(crate) fn everyone() -> [Actor; 7] {
    [ana(), marko(), tarik(), jelena(), dana(), olga(), theo()]
}
