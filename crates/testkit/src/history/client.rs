//! A client while the history is read.

use std::collections::{BTreeMap, HashSet};

use super::journal::{Journal, Row, number};

/// The events that have rows.
pub(super) const DURABLE: [&str; 9] = [
    "work_order_updated",
    "work_order_removed",
    "work_order_assignment_update",
    "repair_ticket_updated",
    "repair_ticket_removed",
    "notification_received",
    "notification_count_updated",
    "notification_deleted",
    "notification_read",
];

/// A client on its way through the history.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) id: i64,
    pub(super) person: i64,
    pub(super) connected_at: i64,
    pub(super) is_connected: bool,
    /// The rooms that it is in, and when it left the others.
    pub(super) rooms: BTreeMap<String, Option<i64>>,
    pub(super) refused: HashSet<i64>,
    /// Up to here it has everything, since when.
    pub(super) cursor: Option<(i64, i64)>,
    pub(super) handed: HashSet<i64>,
    /// Not after a change of role, until the next snapshot.
    pub(super) is_whole: bool,
}

impl Client {
    /// The one with this number, who may come here for the first time.
    pub(super) fn of(clients: &mut BTreeMap<i64, Self>, id: i64) -> &mut Self {
        clients.entry(id).or_insert_with(|| Self::new(id))
    }

    fn new(id: i64) -> Self {
        Self {
            id,
            person: 0,
            connected_at: 0,
            is_connected: false,
            rooms: BTreeMap::new(),
            refused: HashSet::new(),
            cursor: None,
            handed: HashSet::new(),
            is_whole: true,
        }
    }
}

/// A count that is no row of this person's: what follows a CONNECT, and a quiet day.
pub(super) fn is_greeting(journal: &Journal<'_>, person: i64, name: &str, seq: i64) -> bool {
    let is_theirs =
        |row: &Row<'_>| row.name == name && number(row.payload, "userId") == Some(person);
    name == "notification_count_updated" && !journal.rows.get(&seq).is_some_and(is_theirs)
}
