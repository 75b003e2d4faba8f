//! The one door outward: what is sent to a session is written at once, queued, or dropped.

use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustix::net::SendFlags;
use tokio::io::Interest;
use tokio::net::TcpStream;

use super::packet::Packet;
use super::session::{Outlet, Session, State};
use super::{Packets, Protocol};
use crate::{Config, Reason};

/// What becomes of a packet that finds no room in a connection's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane<'a> {
    /// It must arrive or the connection must go: over the bound, the session is closed as a slow
    /// consumer.
    Durable,
    /// It can be had again from a journal: what is over three quarters of the bound is left to the one
    /// who sends. The last quarter is for what cannot be had again, such as acknowledgements and
    /// pings.
    Journal,
    /// The same, up to half the bound. One is taken
    /// in any case when the queue is [drained](State::is_drained), so that waiting for that is
    /// never in vain.
    Replay,
    /// It may be dropped, and leaves the second half of the queue to durable packets.
    Ephemeral,
    /// The same, but of a state, named by this key, that a later packet makes untrue: one that still
    /// waits is taken out, and the later one goes to the end of the queue, where it comes after all
    /// that was sent before it. It has the room that the older one leaves, whatever else waits.
    Newest(&'a Arc<str>),
    /// It is sent at once or dropped: it never waits for the socket, or for a GET.
    Volatile,
}

impl<P: Protocol> Session<P> {
    /// Sends a packet; returns whether it was taken, as [`Session::send_all`] tells.
    pub(crate) fn send(self: &Arc<Self>, packet: &Packet, lane: Lane<'_>) -> bool {
        let taken = self.pass(std::slice::from_ref(packet), packet.frame(), lane);
        taken.is_some_and(|taken| taken > 0)
    }

    /// Sends packets in order, all in one call to the kernel where it takes them. Written at once
    /// when the socket is free, queued behind what waits otherwise. Returns how many were taken,
    /// the first ones; `None` when the session is closed.
    pub(crate) fn send_all(self: &Arc<Self>, packets: &Packets, lane: Lane<'_>) -> Option<usize> {
        let (each, frames) = packets.parts();
        self.pass(each, frames, lane)
    }

    /// The one way out of a session, never waiting.
    fn pass(self: &Arc<Self>, packets: &[Packet], frames: &[u8], lane: Lane<'_>) -> Option<usize> {
        let mut state = self.lock();
        if state.closing.is_some() {
            return None;
        }
        let mut written = 0;
        if state.queue.is_empty()
            && let Outlet::WebSocket(stream) = &state.outlet
        {
            match write(stream.as_ref(), frames) {
                Ok(count) if count == frames.len() => return Some(packets.len()),
                Ok(count) => written = count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => {
                    state.close(Reason::TransportError);
                    return None;
                }
            }
        }
        self.enqueue(&mut state, packets, written, lane)
    }

    /// Queues what follows the first `written` bytes of `packets`.
    fn enqueue(
        self: &Arc<Self>,
        state: &mut State<P::Job>,
        packets: &[Packet],
        mut written: usize,
        lane: Lane<'_>,
    ) -> Option<usize> {
        let config = &self.server.config;
        let was_empty = state.queue.is_empty();
        let (max_packets, max_bytes) = match lane {
            Lane::Durable => (config.queue_packets, config.queue_bytes),
            Lane::Journal => (
                config.queue_packets - config.queue_packets / 4,
                config.queue_bytes - config.queue_bytes / 4,
            ),
            Lane::Newest(key) if state.queue.remove(key) => {
                self.server.counters.replaced.add(1);
                (config.queue_packets, config.queue_bytes)
            }
            Lane::Volatile if !state.is_fetching() => (0, 0),
            Lane::Replay | Lane::Ephemeral | Lane::Newest(_) | Lane::Volatile => {
                (config.queue_packets / 2, config.queue_bytes / 2)
            }
        };
        let mut taken = 0;
        for packet in packets {
            let len = packet.frame().len();
            if written >= len {
                written -= len;
            } else if written > 0 {
                // The frame has begun: its end must follow, whatever its lane.
                state.queue.push(packet.clone());
                state.queue.advance(std::mem::take(&mut written));
            } else if (state.queue.len() < max_packets && state.queue.bytes() + len <= max_bytes)
                || (lane == Lane::Replay && state.is_drained(config))
            {
                match lane {
                    Lane::Newest(key) => state.queue.push_newest(packet.clone(), key.clone()),
                    _ => state.queue.push(packet.clone()),
                }
            } else {
                break;
            }
            taken += 1;
        }
        match lane {
            Lane::Durable if taken < packets.len() => {
                state.close(Reason::SlowConsumer);
                return None;
            }
            Lane::Durable | Lane::Journal | Lane::Replay => {}
            Lane::Ephemeral | Lane::Newest(_) | Lane::Volatile => {
                self.server.counters.dropped.add(packets.len() - taken);
                // What was taken out may have been all that stood in the way.
                if state.is_drained(config) {
                    state.wake_waiting();
                }
            }
        }
        if was_empty && !state.queue.is_empty() {
            match &mut state.outlet {
                Outlet::Polling(polling) => polling.wake(),
                Outlet::WebSocket(_) => state.wake(),
                Outlet::Gone => {}
            }
        }
        Some(taken)
    }

    /// Completes with true as soon as the queue is [drained](State::is_drained), and with false when
    /// the session is closed or `gone` says so: see [`Session::wake_waiting`].
    pub(crate) fn poll_drained(&self, cx: &Context<'_>, gone: impl FnOnce() -> bool) -> Poll<bool> {
        let mut state = self.lock();
        if state.closing.is_some() || gone() {
            return Poll::Ready(false);
        }
        if state.is_drained(&self.server.config) {
            return Poll::Ready(true);
        }
        if !state
            .waiting
            .iter()
            .any(|waker| waker.will_wake(cx.waker()))
        {
            state.waiting.push(cx.waker().clone());
        }
        Poll::Pending
    }

    /// Has those who wait for the queue to drain look again.
    pub(crate) fn wake_waiting(&self) {
        self.lock().wake_waiting();
    }
}

impl<J> State<J> {
    /// Whether a GET waits for the first packet to come.
    fn is_fetching(&self) -> bool {
        matches!(&self.outlet, Outlet::Polling(polling) if polling.get.is_some())
            && self.queue.is_empty()
    }

    /// Whether at most a quarter of what may wait does.
    pub(super) fn is_drained(&self, config: &Config) -> bool {
        self.queue.len() <= config.queue_packets / 4 && self.queue.bytes() <= config.queue_bytes / 4
    }

    /// Wakes those who wait for the queue to drain.
    pub(super) fn wake_waiting(&mut self) {
        // Whoever still has to wait comes back; a session that nobody waits for owns no memory.
        for waker in std::mem::take(&mut self.waiting) {
            waker.wake();
        }
    }
}

/// Writes to a socket, as far as it takes the bytes at once.
///
/// By the system call itself: the C library's `send` asks before and after it whether the thread was
/// cancelled, which is some percent of what a delivery costs.
fn write(stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
    stream.try_io(Interest::WRITABLE, || {
        Ok(rustix::net::send(stream, bytes, SendFlags::NOSIGNAL)?)
    })
}
