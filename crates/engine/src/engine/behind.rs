//! Being behind: a socket that is not sent what is delivered, but what is read for it from the
//! application's journal, until it has caught up.

use std::sync::atomic::{AtomicU64, Ordering};

use super::socket::Connected;
use super::{App, Socket};
use crate::engine_io::{Lane, Packet, Packets};

/// No position of a journal: the socket is live.
const LIVE: u64 = u64::MAX;

/// How far in the journal a socket has come.
pub(super) struct Progress {
    /// The position that it is behind at, or [`LIVE`].
    behind: AtomicU64,
    /// The position that it was handed last.
    offset: AtomicU64,
}

/// Packets of the journal that are sent together, each with its position.
#[derive(Default)]
pub(super) struct Rows {
    packets: Packets,
    positions: Vec<u64>,
}

/// What became of packets of the journal.
#[derive(Default)]
pub(super) struct Handed {
    pub(super) taken: usize,
    /// The position of the first that found no room.
    pub(super) missed: Option<u64>,
}

impl<A: App> Socket<A> {
    /// The position in the journal that the socket is behind at: what comes after it has yet to be
    /// [replayed](Socket::replay), and deliveries pass the socket over. `None` for a socket that is
    /// live. To be relied on under the application's delivery lock only, which is held around
    /// [`Engine::deliver`](super::Engine::deliver).
    pub fn behind(&self) -> Option<u64> {
        self.0.progress.behind()
    }

    /// Sets the position that the socket is behind at, or makes it live. Only under the
    /// application's delivery lock.
    pub fn set_behind(&self, position: Option<u64>) {
        self.0.progress.set_behind(position);
    }

    /// The position in the journal of the last packet with one that the socket was handed, which is where a stock client
    /// would recover from; 0 for none.
    pub fn offset(&self) -> u64 {
        self.0.progress.offset.load(Ordering::Relaxed)
    }

    /// Hands packets of the journal, each with its position, to a socket that is behind: in order,
    /// as many as the connection takes at once and as fit in half the bounds of its queue. Returns
    /// how many were taken: none when the socket is gone, and at least one when it is
    /// [drained](Socket::drained), however long it is.
    pub fn replay(&self, packets: &[(u64, Packet)]) -> usize {
        if self.0.is_gone() {
            return 0;
        }
        let rows = packets.iter().cloned().collect();
        let Handed { taken, .. } = self.0.hand(&rows, Lane::Replay);
        self.0.door.server.counters.packets_out.add(taken);
        taken
    }

    /// Completes with true as soon as at most a quarter of what may wait for the connection does,
    /// and with false when the socket is gone.
    pub fn drained(&self) -> impl Future<Output = bool> + Send {
        std::future::poll_fn(|cx| self.0.door.poll_drained(cx, || self.0.is_gone()))
    }
}

impl<A: App> Connected<A> {
    /// Sends packets of the journal.
    pub(super) fn hand(&self, rows: &Rows, lane: Lane<'_>) -> Handed {
        if rows.positions.is_empty() {
            return Handed::default();
        }
        let Some(taken) = self.door.send_all(&rows.packets, lane) else {
            return Handed::default();
        };
        if let Some(last) = rows.positions.get(..taken).and_then(<[u64]>::last) {
            self.handed(*last);
        }
        Handed {
            taken,
            missed: rows.positions.get(taken).copied(),
        }
    }

    /// Notes that a packet of that position was handed to the socket.
    pub(super) fn handed(&self, position: u64) {
        self.progress.offset.store(position, Ordering::Relaxed);
    }
}

impl Rows {
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, Packet)> {
        let positions = self.positions.iter().copied();
        positions.zip(self.packets.iter().cloned())
    }
}

impl FromIterator<(u64, Packet)> for Rows {
    fn from_iter<I: IntoIterator<Item = (u64, Packet)>>(rows: I) -> Rows {
        let (positions, packets): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        Rows {
            packets: packets.into(),
            positions,
        }
    }
}

impl Progress {
    pub(super) fn behind(&self) -> Option<u64> {
        Some(self.behind.load(Ordering::Relaxed)).filter(|position| *position != LIVE)
    }

    pub(super) fn set_behind(&self, position: Option<u64>) {
        self.behind
            .store(position.unwrap_or(LIVE), Ordering::Relaxed);
    }
}

impl Default for Progress {
    fn default() -> Progress {
        Progress {
            behind: AtomicU64::new(LIVE),
            offset: AtomicU64::new(0),
        }
    }
}
