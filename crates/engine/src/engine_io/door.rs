//! The one door outward: what is sent to a session is written at once, queued, or dropped.

use std::io;
use std::sync::Arc;

use tokio::net::tcp::OwnedWriteHalf;

use super::Protocol;
use super::packet::Packet;
use super::queue::Queue;
use super::session::{Outlet, Session, State};
use crate::Reason;

/// What becomes of a packet that finds no room in a connection's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// It must arrive or the connection must go: over the bound, the session is closed as a slow
    /// consumer.
    Durable,
    /// It may be dropped, and leaves the second half of the queue to durable packets.
    Ephemeral,
    /// It is sent at once or dropped: it never waits for the socket, or for a GET.
    Volatile,
}

impl<P: Protocol> Session<P> {
    /// Sends packets in order, all in one call to the kernel where it takes them: the one way out
    /// of a session, never waiting. Written at once when the socket is free, queued behind what
    /// waits otherwise. Returns whether the session was open and kept the first packet.
    pub(crate) fn send(self: &Arc<Self>, packets: &[Packet], lane: Lane) -> bool {
        let mut state = self.lock();
        if state.closing.is_some() {
            return false;
        }
        let mut taken = 0;
        if state.queue.is_empty()
            && let Outlet::WebSocket(stream) = &state.outlet
        {
            match write(stream, packets) {
                Ok(count) => taken = count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => {
                    state.close(Reason::TransportError);
                    return false;
                }
            }
            if taken
                == packets
                    .iter()
                    .map(|packet| packet.frame().len())
                    .sum::<usize>()
            {
                return true;
            }
        }
        self.enqueue(&mut state, packets, taken, lane)
    }

    /// Queues what follows the first `taken` bytes of `packets`.
    fn enqueue(
        self: &Arc<Self>,
        state: &mut State<P::Job>,
        packets: &[Packet],
        mut taken: usize,
        lane: Lane,
    ) -> bool {
        let config = &self.server.config;
        let (max_packets, max_bytes) = match lane {
            Lane::Durable => (config.queue_packets, config.queue_bytes),
            Lane::Volatile if !state.is_fetching() => (0, 0),
            Lane::Ephemeral | Lane::Volatile => (config.queue_packets / 2, config.queue_bytes / 2),
        };
        let was_empty = state.queue.is_empty();
        let mut first = true;
        let mut kept = true;
        for packet in packets {
            let len = packet.frame().len();
            if taken >= len {
                taken -= len;
            } else if taken > 0 {
                // The frame has begun: its end must follow, whatever its lane.
                state.queue.push(packet.clone());
                state.queue.advance(std::mem::take(&mut taken));
            } else if state.queue.len() < max_packets && state.queue.bytes() + len <= max_bytes {
                state.queue.push(packet.clone());
            } else if lane != Lane::Durable {
                self.server.counters.dropped.add(1);
                kept &= !first;
            } else {
                state.close(Reason::SlowConsumer);
                return false;
            }
            first = false;
        }
        if was_empty && !state.queue.is_empty() {
            match &mut state.outlet {
                Outlet::Polling(polling) => polling.wake(),
                Outlet::WebSocket(_) => state.wake(),
                Outlet::Gone => {}
            }
        }
        kept
    }
}

impl<J> State<J> {
    /// Whether a GET waits for the first packet to come.
    fn is_fetching(&self) -> bool {
        matches!(&self.outlet, Outlet::Polling(polling) if polling.get.is_some())
            && self.queue.is_empty()
    }
}

/// Writes packets at once, in one call; returns how many bytes the kernel took.
fn write(stream: &OwnedWriteHalf, packets: &[Packet]) -> io::Result<usize> {
    match packets {
        [packet] => stream.try_write(packet.frame()),
        _ => {
            let mut batch = Queue::batch();
            let mut count = 0;
            for (slice, packet) in batch.iter_mut().zip(packets) {
                *slice = io::IoSlice::new(packet.frame());
                count += 1;
            }
            stream.try_write_vectored(batch.get(..count).unwrap_or_default())
        }
    }
}
