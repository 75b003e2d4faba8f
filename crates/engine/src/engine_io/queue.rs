//! The packets that wait for one connection.

use std::collections::VecDeque;
use std::io::IoSlice;
use std::sync::Arc;

use bytes::Bytes;

use super::packet::Packet;

/// Packets handed to the kernel in one call at most.
const BATCH: usize = 64;

/// Packets in order, the first perhaps written in part. Owns no memory while empty.
#[derive(Debug, Default)]
pub(super) struct Queue {
    packets: VecDeque<Waiting>,
    /// Bytes of the first frame that the kernel has taken.
    written: usize,
    /// Bytes not yet written.
    bytes: usize,
}

#[derive(Debug)]
struct Waiting {
    packet: Packet,
    /// The state that it tells of, when only the newest is worth telling.
    key: Option<Arc<str>>,
}

impl Queue {
    pub(super) fn is_empty(&self) -> bool {
        self.packets.is_empty()
    }

    /// Packets waiting.
    pub(super) fn len(&self) -> usize {
        self.packets.len()
    }

    /// Bytes waiting.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn push(&mut self, packet: Packet) {
        self.bytes += packet.frame().len();
        self.packets.push_back(Waiting { packet, key: None });
    }

    /// Pushes a packet that [`Queue::remove`] finds by its key.
    pub(super) fn push_newest(&mut self, packet: Packet, key: Arc<str>) {
        self.bytes += packet.frame().len();
        let key = Some(key);
        self.packets.push_back(Waiting { packet, key });
    }

    /// Takes out the packet with that key; returns whether there was one. A frame that has begun
    /// stays.
    pub(super) fn remove(&mut self, key: &str) -> bool {
        let begun = usize::from(self.written > 0);
        let found = self
            .packets
            .iter()
            .skip(begun)
            .position(|waiting| waiting.key.as_deref() == Some(key));
        let Some(removed) = found.and_then(|at| self.packets.remove(begun + at)) else {
            return false;
        };
        self.bytes -= removed.packet.frame().len();
        true
    }

    /// The next frames, for one vectored write.
    pub(super) fn slices<'a>(&'a self, batch: &mut [IoSlice<'a>; BATCH]) -> usize {
        let mut count = 0;
        for (slice, Waiting { packet, .. }) in batch.iter_mut().zip(&self.packets) {
            let skip = if count == 0 { self.written } else { 0 };
            *slice = IoSlice::new(packet.frame().get(skip..).unwrap_or_default());
            count += 1;
        }
        count
    }

    /// An empty batch for [`Queue::slices`].
    pub(super) fn batch<'a>() -> [IoSlice<'a>; BATCH] {
        [IoSlice::new(&[]); BATCH]
    }

    /// Drops what the kernel has taken, `count` bytes.
    pub(super) fn advance(&mut self, count: usize) {
        self.bytes = self.bytes.saturating_sub(count);
        self.written += count;
        while let Some(front) = self.packets.front()
            && self.written >= front.packet.frame().len()
        {
            self.written -= front.packet.frame().len();
            self.packets.pop_front();
        }
        if self.packets.is_empty() {
            *self = Queue::default();
        }
    }

    /// Takes all packets as one polling body.
    pub(super) fn take_body(&mut self) -> Bytes {
        let Queue { packets, .. } = std::mem::take(self);
        if let [only] = packets.as_slices().0
            && packets.len() == 1
        {
            return only.packet.body();
        }
        let len = packets.iter().map(|each| each.packet.frame().len()).sum();
        let mut body = Vec::with_capacity(len);
        for Waiting { packet, .. } in &packets {
            packet.append_to(&mut body);
        }
        body.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(queue: &Queue) -> Vec<u8> {
        let mut batch = Queue::batch();
        let count = queue.slices(&mut batch);
        batch[..count]
            .iter()
            .flat_map(|slice| slice.to_vec())
            .collect()
    }

    #[test]
    fn frames_leave_in_order_whatever_the_kernel_takes() {
        let texts = ["4a", "4bc", "2", "4defg"];
        let whole: Vec<u8> = texts
            .iter()
            .flat_map(|text| Packet::plain(text).frame().to_vec())
            .collect();
        for step in 1..=whole.len() {
            let mut queue = Queue::default();
            texts
                .iter()
                .for_each(|text| queue.push(Packet::plain(text)));
            let mut sent: Vec<u8> = Vec::new();
            while !queue.is_empty() {
                let next = rest(&queue);
                assert_eq!(next.len(), queue.bytes());
                let taken = step.min(next.len());
                sent.extend(&next[..taken]);
                queue.advance(taken);
            }
            assert_eq!(sent, whole);
            assert_eq!(queue.packets.capacity(), 0);
        }
    }

    #[test]
    fn a_packet_is_taken_out_by_its_key_unless_it_has_begun() {
        let mut queue = Queue::default();
        queue.push_newest(Packet::plain("4a1"), "a".into());
        queue.push(Packet::plain("4x"));
        queue.push_newest(Packet::plain("4b1"), "b".into());
        assert!(!queue.remove("c"));
        assert!(queue.remove("b"));
        queue.push_newest(Packet::plain("4b2"), "b".into());
        assert_eq!(queue.bytes(), rest(&queue).len());
        queue.advance(1);
        assert!(!queue.remove("a"));
        queue.advance(queue.packets[0].packet.frame().len() - 1);
        assert!(!queue.remove("a"));
        assert_eq!(queue.bytes(), rest(&queue).len());
        assert_eq!(queue.take_body(), "4x\x1e4b2");
    }

    #[test]
    fn a_body_joins_all_packets() {
        let mut queue = Queue::default();
        queue.push(Packet::plain("4a"));
        assert_eq!(queue.take_body(), "4a");
        queue.push(Packet::plain("4a"));
        queue.push(Packet::plain("2"));
        assert_eq!(queue.take_body(), "4a\x1e2");
        assert!(queue.is_empty());
    }
}
