//! How many connections each user has open.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use parking_lot::Mutex;
use shopbell_protocol::UserId;

/// Counts connections per user, up to a limit.
#[derive(Clone, Debug)]
pub(super) struct Connections {
    most: usize,
    open: Arc<Mutex<HashMap<UserId, usize>>>,
}

/// One connection's place, given back once: on [`Slot::release`] or when dropped.
pub(super) struct Slot {
    user: UserId,
    held: AtomicBool,
    open: Arc<Mutex<HashMap<UserId, usize>>>,
}

impl Connections {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            open: Arc::default(),
        }
    }

    /// Takes a place; `None` when the user has as many as allowed.
    pub(super) fn take(&self, user: UserId) -> Option<Slot> {
        let mut open = self.open.lock();
        let count = open.entry(user).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Slot {
            user,
            held: AtomicBool::new(true),
            open: Arc::clone(&self.open),
        })
    }
}

impl Slot {
    /// Gives the place back.
    pub(super) fn release(&self) {
        if !self.held.swap(false, Ordering::AcqRel) {
            return;
        }
        let mut open = self.open.lock();
        if let Some(count) = open.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.user);
            }
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.release();
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Slot").field(&self.user).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_as_many_as_allowed_and_not_one_more() {
        let connections = Connections::new(2);
        let (tarik, jelena) = (UserId(3), UserId(4));
        let first = connections.take(tarik).unwrap();
        let _second = connections.take(tarik).unwrap();
        assert!(connections.take(tarik).is_none());
        let other = connections.take(jelena).unwrap();
        assert_eq!(connections.open.lock().len(), 2);

        first.release();
        first.release();
        let _again = connections.take(tarik).unwrap();
        assert!(connections.take(tarik).is_none());
        drop(first);
        assert!(connections.take(tarik).is_none());
        drop(other);
        assert_eq!(connections.open.lock().len(), 1);
    }
}
