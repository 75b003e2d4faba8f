//! Between nodes: doorbells that say "this shop's journal has grown", and events that are never stored.
//!
//! The bus may lose, repeat or reorder what it carries. For doorbells that costs nothing: the journal is the truth and every
//! listener compares heads, so a doorbell is a hint about *when* to look, never about *what* happened. An ephemeral event
//! (typing, presence, a test emit) that is lost is lost.

use std::sync::Arc;

use shopbell_protocol::{Room, Seq, ShopId, UserId};
use tokio::sync::broadcast;

/// How many messages a listener may be behind before it is told to compare all heads instead.
const BACKLOG: usize = 1024;

/// "The journal of `shop` has reached `head`."
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub struct Doorbell {
    pub shop: ShopId,
    pub head: Seq,
}

/// "What this person may do has changed, or who they are": their sockets must be looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub struct RightsChange {
    pub shop: ShopId,
    pub user: UserId,
}

/// An event that is never stored, for whoever is connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ephemeral {
    /// The shop whose rooms are meant.
    pub shop: ShopId,
    /// Everyone in at least one of these rooms.
    pub rooms: Vec<Room>,
    /// But not this person.
    pub except: Option<UserId>,
    /// The state that it tells of, when only the newest is worth hearing: a connection that is slow may be
    /// told a later event of the same key instead.
    pub newest: Option<String>,
    /// The event's name.
    pub event: String,
    /// Its payload, as JSON text.
    pub payload: String,
}

/// What a listener is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// One shop's journal has grown.
    Doorbell(Doorbell),
    /// Something for whoever is connected.
    Ephemeral(Arc<Ephemeral>),
    /// One person's rights have changed.
    Rights(RightsChange),
    /// Messages were lost: compare the heads of all shops, and look at everyone's rights.
    Lost,
}

/// The bus, chosen once at start. One process needs no more than its own memory.
#[derive(Clone, Debug)]
pub enum Bus {
    /// Inside this process.
    Memory(broadcast::Sender<Signal>),
}

/// One listener of the bus.
#[derive(Debug)]
pub struct Subscription(broadcast::Receiver<Signal>);

impl Bus {
    /// A bus inside this process.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(broadcast::Sender::new(BACKLOG))
    }

    /// Rings. Never waits and never fails: nobody listening is fine.
    pub fn ring(&self, doorbell: Doorbell) {
        self.send(Signal::Doorbell(doorbell));
    }

    /// Says that someone's rights have changed. Never waits and never fails.
    pub fn rights_changed(&self, change: RightsChange) {
        self.send(Signal::Rights(change));
    }

    /// Hands on an event that is never stored. Never waits and never fails.
    pub fn publish(&self, event: Ephemeral) {
        self.send(Signal::Ephemeral(Arc::new(event)));
    }

    fn send(&self, signal: Signal) {
        match self {
            Self::Memory(sender) => {
                let _nobody_listens = sender.send(signal);
            }
        }
    }

    /// Listens from now on.
    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        match self {
            Self::Memory(sender) => Subscription(sender.subscribe()),
        }
    }
}

impl Subscription {
    /// Waits for the next signal; `None` when the bus is gone. Cancel-safe.
    pub async fn next(&mut self) -> Option<Signal> {
        match self.0.recv().await {
            Ok(signal) => Some(signal),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Signal::Lost),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doorbell(head: i64) -> Doorbell {
        Doorbell {
            shop: ShopId(1),
            head: Seq(head),
        }
    }

    #[tokio::test]
    async fn every_listener_hears_every_doorbell_in_order() {
        let bus = Bus::memory();
        let (mut one, mut two) = (bus.subscribe(), bus.subscribe());
        bus.ring(doorbell(1));
        bus.ring(doorbell(2));
        for listener in [&mut one, &mut two] {
            assert_eq!(listener.next().await, Some(Signal::Doorbell(doorbell(1))));
            assert_eq!(listener.next().await, Some(Signal::Doorbell(doorbell(2))));
        }
    }

    #[tokio::test]
    async fn a_listener_that_is_too_far_behind_is_told_so() {
        let bus = Bus::memory();
        let mut listener = bus.subscribe();
        for head in 0..=BACKLOG as i64 {
            bus.ring(doorbell(head));
        }
        assert_eq!(listener.next().await, Some(Signal::Lost));
        assert_eq!(listener.next().await, Some(Signal::Doorbell(doorbell(1))));
    }

    #[tokio::test]
    async fn a_listener_exactly_at_the_bound_loses_nothing() {
        let bus = Bus::memory();
        let mut listener = bus.subscribe();
        for head in 1..=BACKLOG as i64 {
            bus.ring(doorbell(head));
        }
        assert_eq!(listener.next().await, Some(Signal::Doorbell(doorbell(1))));
    }
}
