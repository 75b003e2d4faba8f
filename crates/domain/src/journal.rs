//! Numbering: the entries that one transaction adds to a shop's journal.

use shopbell_protocol::{DurableEvent, Seq, Timestamp};

use crate::Audience;

/// A journal row to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What happened; carries its `seq` and time.
    pub event: DurableEvent,
    /// Whom it is for.
    pub audience: Audience,
}

/// Collects entries and numbers them from the shop's head, which the caller holds locked until it commits.
#[derive(Debug)]
pub struct Journal {
    at: Timestamp,
    head: Seq,
    entries: Vec<Entry>,
}

impl Journal {
    /// Starts after `head`; every entry is stamped `at`.
    #[must_use]
    pub const fn after(head: Seq, at: Timestamp) -> Self {
        Self {
            at,
            head,
            entries: Vec::new(),
        }
    }

    /// Adds one entry; `event` is given the number and time to carry.
    pub fn push<E: Into<DurableEvent>>(
        &mut self,
        audience: Audience,
        event: impl FnOnce(Seq, Timestamp) -> E,
    ) {
        self.head = self.head.next();
        let event = event(self.head, self.at).into();
        self.entries.push(Entry { event, audience });
    }

    /// The number of the last entry, or where it started.
    #[must_use]
    pub const fn head(&self) -> Seq {
        self.head
    }

    /// The time of this transaction.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// What was collected, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}
