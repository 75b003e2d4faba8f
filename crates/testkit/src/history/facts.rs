//! What a history says, sorted by what is asked of it.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use shopbell_protocol::Role;

use super::{
    GRACE_MS, History, Record, State, Write,
    journal::{Journal, Object, Row},
};

/// Everything that does not depend on the order of the lines.
#[derive(Debug, Default)]
pub(super) struct Facts<'h> {
    pub(super) people: BTreeMap<i64, Person>,
    pub(super) journals: BTreeMap<i64, Journal<'h>>,
    pub(super) payloads: HashMap<i64, (&'h str, &'h Value)>,
    /// The attempts of each act.
    pub(super) acts: BTreeMap<i64, Vec<&'h Write>>,
    /// When each answer was asked for, and the head that it told; by shop, in order of time.
    reads: BTreeMap<i64, Vec<(i64, i64)>>,
    /// Kills and losses of power, in order of time; `true` for power.
    pub(super) breaks: Vec<(i64, bool)>,
    pub(super) rest: BTreeMap<i64, &'h State>,
    /// By client.
    pub(super) states: BTreeMap<i64, &'h State>,
    /// Whose each client is.
    pub(super) clients: BTreeMap<i64, i64>,
    /// When the first client connected.
    pub(super) begin: i64,
    pub(super) end: i64,
}

/// Somebody, over time.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) shop: i64,
    /// Since when which role.
    roles: Vec<(i64, Role)>,
    pub(super) disabled: Option<i64>,
}

impl<'h> Facts<'h> {
    pub(super) fn of(history: &'h History) -> Self {
        let mut facts = Self {
            begin: i64::MAX,
            end: i64::MAX,
            ..Self::default()
        };
        let mut rows = Vec::new();
        for record in &history.records {
            match record {
                Record::Person { id, shop, role } => {
                    let person = Person {
                        shop: *shop,
                        roles: vec![(i64::MIN, *role)],
                        disabled: None,
                    };
                    facts.people.insert(*id, person);
                }
                Record::Role { person, role, at } => {
                    if let Some(person) = facts.people.get_mut(person) {
                        person.roles.push((*at, *role));
                    }
                }
                Record::Disabled { person, at } => {
                    if let Some(person) = facts.people.get_mut(person) {
                        person.disabled = Some(*at);
                    }
                }
                Record::Write(write) => facts.acts.entry(write.op).or_default().push(write),
                Record::Read {
                    shop, seq, start, ..
                } => facts.reads.entry(*shop).or_default().push((*start, *seq)),
                Record::Payload { id, name, body } => {
                    facts.payloads.insert(*id, (name, body));
                }
                Record::PowerLoss { at } => facts.breaks.push((*at, true)),
                Record::Kill { at } => facts.breaks.push((*at, false)),
                Record::Journal {
                    shop,
                    seq,
                    name,
                    payload,
                    audience,
                } => {
                    rows.push((*shop, *seq, name.as_str(), payload, audience));
                }
                Record::Rest { person, state } => {
                    facts.rest.insert(*person, state);
                }
                Record::State { client, state } => {
                    facts.states.insert(*client, state);
                }
                Record::Connect {
                    client, person, at, ..
                } => {
                    facts.begin = facts.begin.min(*at);
                    facts.clients.insert(*client, *person);
                }
                Record::End { at } => facts.end = *at,
                Record::Refused { .. }
                | Record::Disconnect { .. }
                | Record::Event { .. }
                | Record::Resync { .. }
                | Record::Join { .. }
                | Record::Leave { .. }
                | Record::Online { .. }
                | Record::Viewers { .. } => {}
            }
        }
        rows.sort_by_key(|(shop, seq, ..)| (*shop, *seq));
        for (shop, seq, name, payload, audience) in rows {
            facts
                .journals
                .entry(shop)
                .or_default()
                .add(seq, name, payload, audience);
        }
        for reads in facts.reads.values_mut() {
            reads.sort_unstable();
        }
        facts
    }

    /// The head that a shop's journal still had after `at`, by an answer that was asked for later.
    pub(super) fn head_after(&self, shop: i64, at: i64) -> Option<i64> {
        let reads = self.reads.get(&shop)?;
        let from = reads.partition_point(|(start, _)| *start <= at);
        reads.get(from).map(|(_, head)| *head)
    }

    /// Whether a row is for somebody in this role who is sent it at `at`: by what it said, and by what they see by then.
    pub(super) fn may_have(
        &self,
        person: i64,
        role: Role,
        row: &Row<'_>,
        shop: i64,
        at: i64,
    ) -> Access {
        if !row.is_for(person, role) {
            return Access::Never;
        }
        let sees = match (role, row.object, self.journals.get(&shop)) {
            (Role::Technician, Some(object), Some(journal)) => {
                journal.saw_lately(person, object, at)
            }
            _ => true,
        };
        if sees { Access::Granted } else { Access::Lost }
    }

    /// Whether somebody in this role must be sent a row, if they were sent a later one at `by`.
    pub(super) fn must_have(
        &self,
        person: i64,
        role: Role,
        row: &Row<'_>,
        journal: &Journal<'_>,
        by: i64,
    ) -> bool {
        let excused = |object: Object| {
            role == Role::Technician && journal.lost_after(person, object, row.seq, by)
        };
        row.is_for(person, role) && !row.object.is_some_and(excused)
    }
}

/// What somebody may have of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Access {
    Never,
    Lost,
    Granted,
}

impl Person {
    /// The roles that count around `at`: a change may take a moment to reach a connection.
    pub(super) fn roles_around(&self, at: i64) -> impl Iterator<Item = Role> {
        self.roles
            .iter()
            .enumerate()
            .filter_map(move |(i, (since, role))| {
                let until = self
                    .roles
                    .get(i + 1)
                    .map_or(i64::MAX, |(next, _)| next.saturating_add(GRACE_MS));
                // The change was made some time before its answer came.
                (since.saturating_sub(GRACE_MS) <= at && at <= until).then_some(*role)
            })
    }

    pub(super) fn role_at(&self, at: i64) -> Option<Role> {
        self.roles
            .iter()
            .rev()
            .find(|(since, _)| *since <= at)
            .map(|(_, role)| *role)
    }

    /// Whether the role changed in this time.
    pub(super) fn changed_between(&self, from: i64, to: i64) -> bool {
        self.roles
            .iter()
            .any(|(since, _)| from < *since && *since <= to)
    }

    pub(super) fn is_gone(&self, at: i64) -> bool {
        self.disabled
            .is_some_and(|disabled| at > disabled.saturating_add(GRACE_MS))
    }
}
