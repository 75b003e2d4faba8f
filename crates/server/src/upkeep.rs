//! What is done again and again: tokens that expire, connections that have heard nothing for long, rows out of reach.

use std::{collections::HashMap, error::Error, sync::Arc, time::Duration};

use shopbell_engine::Engine;
use shopbell_protocol::{Seq, ShopId, Timestamp};
use shopbell_store::{Store, Window};
use tokio::time::{Interval, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::{
    behind::{Behind, position},
    clock::Clock,
    gateway::Gateway,
    shops::{Shop, Shops},
};

/// How often tokens are looked at: each is acted on within this time.
const TOKENS: Duration = Duration::from_millis(500);

/// How often connections are looked at, and how often what is out of reach is deleted.
const PLACES: Duration = Duration::from_secs(2);
const PURGES: Duration = Duration::from_secs(60);

/// A connection whose last offset lies so many rows behind what was looked at for it is told its place again…
const ROWS: i64 = 1000;

/// …or twice as long as this: a mark is set this often, and who has heard nothing since the mark before is told.
const MARK: Duration = Duration::from_secs(30 * 60);

/// Keeps the server tidy until it stops.
pub(crate) struct Upkeep {
    pub(crate) behind: Behind,
    pub(crate) clock: Clock,
    pub(crate) engine: Engine<Gateway>,
    pub(crate) shops: Shops,
    pub(crate) store: Store,
    pub(crate) stopping: CancellationToken,
    pub(crate) window: Window,
}

/// Where a shop's cursor was at a time.
#[derive(Clone, Copy)]
struct Mark {
    at: Timestamp,
    cursor: Seq,
}

impl Upkeep {
    pub(crate) async fn run(self) {
        // Side by side: a database that is slow to answer the others must not keep an expired token alive.
        let all = async { tokio::join!(self.expire(), self.tell_places(), self.purge()) };
        tokio::select! {
            () = self.stopping.cancelled() => {}
            _ = all => {}
        }
    }

    async fn expire(&self) {
        let mut ticks = ticks(TOKENS);
        loop {
            ticks.tick().await;
            self.engine.app().expire(&self.engine);
        }
    }

    /// Greets those again whose last word of their place is old, so that a quiet day can be recovered from.
    async fn tell_places(&self) {
        let mut ticks = ticks(PLACES);
        let mut marks = HashMap::new();
        loop {
            ticks.tick().await;
            let since = self.heard_since(&mut marks).await;
            for socket in self.engine.sockets() {
                let connected = socket.session();
                if let Some((shop, since)) = since.get(&connected.actor.shop)
                    && connected.reading.has_offsets
                    && socket.behind().is_none()
                    && socket.offset() < position(*since)
                {
                    self.behind.greet(&socket, shop).await;
                }
            }
        }
    }

    /// Where the last offset of each shop's connections must not lie before.
    async fn heard_since(
        &self,
        marks: &mut HashMap<ShopId, Mark>,
    ) -> HashMap<ShopId, (Arc<Shop>, Seq)> {
        let now = self.clock.now();
        let mut heard = HashMap::new();
        for shop in self.shops.all() {
            let cursor = *shop.cursor().await;
            let mark = marks.entry(shop.id()).or_insert(Mark { at: now, cursor });
            let mut since = Seq(cursor.0.saturating_sub(ROWS));
            if now >= mark.at.after(MARK) || now < mark.at {
                since = since.max(mark.cursor);
                *mark = Mark { at: now, cursor };
            }
            heard.insert(shop.id(), (shop, since));
        }
        heard
    }

    async fn purge(&self) {
        let mut ticks = ticks(PURGES);
        loop {
            ticks.tick().await;
            let now = self.clock.now();
            let mut purged = Ok(true);
            while let Ok(true) = purged {
                purged = self.store.purge(self.window, self.window.age, now).await;
            }
            if let Err(error) = purged {
                tracing::warn!(
                    error = &error as &dyn Error,
                    "failed to delete what is out of reach"
                );
            }
        }
    }
}

fn ticks(every: Duration) -> Interval {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
