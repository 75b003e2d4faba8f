//! Counters of one engine.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::Reason;

/// A reading of an engine's counters. All but `sessions` and `sockets` only ever rise.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Stats {
    /// Engine.IO sessions open now.
    pub sessions: usize,
    /// Sockets connected now.
    pub sockets: usize,
    /// Sessions ever opened.
    pub opened: u64,
    /// Sessions ended, by reason: each reason once, those that did not occur with 0.
    pub closed: Vec<(Reason, u64)>,
    /// Socket.IO packets received.
    pub packets_in: u64,
    /// Packets written or queued, pings included.
    pub packets_out: u64,
    /// Ephemeral packets dropped because a connection's queue was short of space.
    pub dropped: u64,
    /// Ephemeral packets that a newer one of the same key has replaced while they waited.
    pub replaced: u64,
    /// Handlers that panicked; each closed its own session.
    pub panics: u64,
}

impl Stats {
    /// Sessions ended for `reason`.
    pub fn closed_for(&self, reason: Reason) -> u64 {
        self.closed
            .iter()
            .find(|(each, _)| *each == reason)
            .map_or(0, |(_, count)| *count)
    }

    /// Sessions closed because the client did not read.
    pub fn slow_consumers(&self) -> u64 {
        self.closed_for(Reason::SlowConsumer)
    }

    /// Sessions closed because the client sent something malformed.
    pub fn parse_errors(&self) -> u64 {
        self.closed_for(Reason::ParseError)
    }
}

/// A counter that is only ever added to.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, count: usize) {
        self.0.fetch_add(count as u64, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) opened: Counter,
    pub(crate) packets_in: Counter,
    pub(crate) packets_out: Counter,
    pub(crate) dropped: Counter,
    pub(crate) replaced: Counter,
    pub(crate) panics: Counter,
    closed: [Counter; Reason::ALL.len()],
}

impl Counters {
    pub(crate) fn closed(&self, reason: Reason) {
        if let Some(counter) = self.closed.get(reason as usize) {
            counter.add(1);
        }
    }

    pub(crate) fn read(&self, sessions: usize, sockets: usize) -> Stats {
        Stats {
            sessions,
            sockets,
            opened: self.opened.get(),
            closed: Reason::ALL
                .into_iter()
                .zip(self.closed.iter().map(Counter::get))
                .collect(),
            packets_in: self.packets_in.get(),
            packets_out: self.packets_out.get(),
            dropped: self.dropped.get(),
            replaced: self.replaced.get(),
            panics: self.panics.get(),
        }
    }
}
