//! Who is to be sent which events of a batch: each member once, however many rooms name it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// Events in one batch at most: one bit each.
pub(crate) const MAX_EVENTS: usize = u64::BITS as usize;

/// A member and the events meant for it.
pub(crate) struct Target<M> {
    pub(crate) member: M,
    /// Bit `n`: the batch's event number `n`.
    pub(crate) events: u64,
}

/// Gathers the targets of one batch. Members are kept until the batch is done, so that their
/// addresses tell them apart.
pub(crate) struct Targets<M> {
    list: Vec<Target<M>>,
    /// Where a member stands in `list`, by its address.
    index: HashMap<usize, u32, BuildHasherDefault<AddressHasher>>,
}

impl<T> Targets<Arc<T>> {
    /// Means the events `events` (bits) for `member`.
    pub(crate) fn add(&mut self, member: Arc<T>, events: u64) {
        let next = self.list.len() as u32;
        let place = *self
            .index
            .entry(Arc::as_ptr(&member) as usize)
            .or_insert(next);
        match self.list.get_mut(place as usize) {
            Some(target) => target.events |= events,
            None => self.list.push(Target { member, events }),
        }
    }

    /// Takes out a member that was added, whatever it was meant for.
    pub(crate) fn except(&mut self, member: &Arc<T>) {
        if let Some(place) = self.index.get(&(Arc::as_ptr(member) as usize))
            && let Some(target) = self.list.get_mut(*place as usize)
        {
            target.events = 0;
        }
    }

    pub(crate) fn into_list(self) -> Vec<Target<Arc<T>>> {
        self.list
    }
}

impl<M> Default for Targets<M> {
    fn default() -> Targets<M> {
        Targets {
            list: Vec::new(),
            index: HashMap::default(),
        }
    }
}

/// Spreads an address: one multiplication, as its low bits are all alike.
#[derive(Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize(usize::from(*byte));
        }
    }

    fn write_usize(&mut self, address: usize) {
        self.0 = (self.0 ^ address as u64)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
