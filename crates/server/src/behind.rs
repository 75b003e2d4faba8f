//! Sockets that are behind the shop's cursor, and how they come up to it.
//!
//! One mechanism for all of them: a client that recovers its session or asks by `sync`, and a reader so slow that delivery
//! went on without it. Such a socket is skipped by delivery. Its own task reads the journal after the socket's position as
//! fast as the socket takes it, and turns it live under the shop's delivery lock, exactly where delivery goes on.

use std::{error::Error, sync::Arc, time::Duration};

use shopbell_engine::{Reason, Socket};
use shopbell_protocol::{
    DurableEvent, Epoch, NotificationCountUpdated, ResyncReason, ResyncRequired, Seq, Timestamp,
    name,
};
use shopbell_store::{Gap, JournalRow, Snapshot, Store, StoreError, Window};
use tokio::sync::Semaphore;

use crate::{
    clock::Clock,
    gateway::{Connected, Gateway},
    shops::Shop,
};

/// Rows read at once. Few enough that they fit into what may wait for a socket.
const BATCH: u32 = 128;

/// Reads of the journal at once, over all sockets: the database has others to answer.
const READS: usize = 2;

/// How long to wait before a journal that cannot be read is read again.
const RETRY: Duration = Duration::from_millis(250);

/// How often notifications are counted for a greeting, while events overtake it. Then it is left for another time.
const GREETINGS: usize = 8;

/// Reads the journal for sockets that are behind. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Behind {
    clock: Clock,
    reads: Arc<Semaphore>,
    store: Store,
    window: Window,
}

/// A socket is live again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CaughtUp {
    /// Everything up to here has been sent.
    pub(crate) to: Seq,
    /// How many events that was.
    pub(crate) count: u64,
}

/// A socket could not be brought up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// The journal cannot tell it any more. It was told to read anew, and is live.
    Resync,
    /// The socket is gone.
    Gone,
}

impl Behind {
    pub(crate) fn new(clock: Clock, store: Store, window: Window) -> Self {
        Self {
            clock,
            reads: Arc::new(Semaphore::new(READS)),
            store,
            window,
        }
    }

    /// How far back anyone may come from.
    pub(crate) fn reach(&self) -> Timestamp {
        self.clock.now().before(self.window.age)
    }

    /// Brings up a socket that delivery or a CONNECT has left behind, in a task of its own.
    pub(crate) fn bring_up(&self, socket: Socket<Gateway>, shop: Arc<Shop>) {
        let behind = self.clone();
        tokio::spawn(async move {
            let _reading = socket.session().catching_up().await;
            let _told = behind.catch_up(&socket, &shop, |_| ()).await;
        });
    }

    /// The rows after `after`, up to `limit`, or why they cannot be told.
    ///
    /// # Errors
    ///
    /// Fails with the store.
    pub(crate) async fn read(
        &self,
        shop: &Shop,
        after: Seq,
        epoch: Option<&Epoch>,
        limit: u32,
    ) -> Result<Snapshot<Result<Vec<JournalRow>, Gap>>, StoreError> {
        // The semaphore is never closed.
        let _turn = self.reads.acquire().await;
        let now = self.clock.now();
        self.store
            .events(shop.id(), after, epoch, limit, self.window, now)
            .await
    }

    /// Sends a socket that is behind what it missed, until it is live; `then` runs before anything live is sent. The caller
    /// holds [`Connected::catching_up`].
    pub(crate) async fn catch_up(
        &self,
        socket: &Socket<Gateway>,
        shop: &Shop,
        then: impl FnOnce(&CaughtUp),
    ) -> Result<CaughtUp, Lost> {
        let connected = socket.session();
        let mut count = 0;
        loop {
            let Some(after) = socket.behind().map(seq) else {
                // Somebody else has brought it up.
                return Err(Lost::Gone);
            };
            let goal = {
                let cursor = shop.cursor().await;
                if *cursor <= after {
                    let caught_up = CaughtUp { to: *cursor, count };
                    then(&caught_up);
                    socket.set_behind(None);
                    return Ok(caught_up);
                }
                *cursor
            };
            let rows = match self.read(shop, after, Some(shop.epoch()), BATCH).await {
                Ok(Snapshot {
                    value: Ok(rows), ..
                }) => rows,
                Ok(Snapshot {
                    value: Err(gap), ..
                }) => {
                    self.require_resync(socket, shop, resync_reason(gap)).await;
                    return Err(Lost::Resync);
                }
                Err(StoreError::Unavailable) => {
                    if socket.is_gone() {
                        return Err(Lost::Gone);
                    }
                    tokio::time::sleep(RETRY).await;
                    continue;
                }
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn Error,
                        "failed to read the journal for a socket"
                    );
                    socket.close(Reason::ServerClose);
                    return Err(Lost::Gone);
                }
            };
            let rows = rows.iter().filter(|row| row.event.seq() <= goal);
            let Some(last) = rows.clone().next_back().map(|row| row.event.seq()) else {
                continue;
            };
            let packets: Vec<_> = rows
                .filter(|row| row.audience.includes(&connected.actor, row.sight_now))
                .filter_map(|row| {
                    let packet = connected.reading.packet(row, shop.epoch())?;
                    Some((position(row.event.seq()), packet))
                })
                .collect();
            let taken = socket.replay(&packets);
            #[cfg(feature = "failpoints")]
            fail::fail_point!("mid_resume", taken > 0, |_| std::process::abort());
            count += taken as u64;
            if taken == packets.len() {
                socket.set_behind(Some(position(last)));
            } else {
                if let Some((position, _)) = packets.get(..taken).and_then(<[_]>::last) {
                    socket.set_behind(Some(*position));
                }
                if !socket.drained().await {
                    return Err(Lost::Gone);
                }
                // What was not taken is read anew: who may see it may have changed while the socket was waited for.
            }
        }
    }

    /// Gives up on what a socket missed: tells it to read anew and makes it live.
    async fn require_resync(&self, socket: &Socket<Gateway>, shop: &Shop, reason: ResyncReason) {
        {
            let cursor = shop.cursor().await;
            socket.emit(name::RESYNC_REQUIRED, &self.resync(reason, *cursor));
            socket.set_behind(None);
        }
        self.greet(socket, shop).await;
    }

    /// Tells a live socket where it is in the journal, with the number of unread notifications: a client that hears nothing
    /// else for long can still recover from there.
    pub(crate) async fn greet(&self, socket: &Socket<Gateway>, shop: &Shop) {
        for _ in 0..GREETINGS {
            let unread = match self.store.notification_count(&socket.session().actor).await {
                Ok(unread) => unread,
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn Error,
                        "failed to count notifications"
                    );
                    return;
                }
            };
            let cursor = shop.cursor().await;
            if socket.behind().is_some() {
                return;
            }
            // The socket may have been told of another number since they were counted.
            if unread.seq >= *cursor {
                return self.greet_at(socket, shop, *cursor, unread.value);
            }
        }
    }

    /// The same for a socket whose place is known, as the caller holds the shop's cursor.
    pub(crate) fn greet_at(&self, socket: &Socket<Gateway>, shop: &Shop, place: Seq, unread: i64) {
        let Connected { actor, reading, .. } = socket.session();
        let greeting = NotificationCountUpdated {
            user_id: actor.id,
            unread_count: unread,
            timestamp: self.clock.now(),
            seq: place,
        };
        let name = DurableEvent::from(greeting.clone()).name();
        if reading.has_offsets {
            let offset = shop.offset(place).to_string();
            socket.emit_at(name, &greeting, &offset, position(place));
        } else {
            socket.emit(name, &greeting);
        }
    }

    pub(crate) fn resync(&self, reason: ResyncReason, seq: Seq) -> ResyncRequired {
        ResyncRequired {
            reason,
            seq,
            timestamp: self.clock.now(),
        }
    }
}

/// What a client is told for a gap.
pub(crate) const fn resync_reason(gap: Gap) -> ResyncReason {
    match gap {
        Gap::Epoch => ResyncReason::Epoch,
        Gap::Ahead => ResyncReason::Ahead,
        Gap::TooOld => ResyncReason::TooOld,
    }
}

/// The engine's number of a place in the journal.
pub(crate) fn position(seq: Seq) -> u64 {
    u64::try_from(seq.0).unwrap_or_default()
}

/// The place in the journal of the engine's number.
pub(crate) fn seq(position: u64) -> Seq {
    Seq(i64::try_from(position).unwrap_or(i64::MAX))
}
