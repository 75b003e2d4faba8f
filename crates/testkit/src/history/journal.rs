//! The journal at the end of a run: who each row was for, and who could see what when.

use std::collections::BTreeMap;

use serde_json::Value;
use shopbell_protocol::{Role, Timestamp};

use super::{Audience, GRACE_MS, Rule, Violation, facts::Facts};

/// Something that not every technician sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Object {
    Order(i64),
    Ticket(i64),
}

/// A row, with what is needed of it again and again.
#[derive(Debug)]
pub(super) struct Row<'h> {
    pub(super) seq: i64,
    pub(super) name: &'h str,
    pub(super) payload: &'h Value,
    pub(super) audience: &'h Audience,
    /// What one must be able to see to be sent it.
    pub(super) object: Option<Object>,
}

/// Which technicians see an object from a row on.
#[derive(Debug)]
enum Sight<'h> {
    All,
    Technician(i64),
    /// These do; of others it says nothing.
    These(&'h [i64]),
    /// These no more; of others it says nothing.
    Without(&'h [i64]),
}

#[derive(Debug)]
struct Turn<'h> {
    seq: i64,
    at: i64,
    sight: Sight<'h>,
}

/// One shop's journal.
#[derive(Debug, Default)]
pub(super) struct Journal<'h> {
    pub(super) rows: BTreeMap<i64, Row<'h>>,
    turns: BTreeMap<Object, Vec<Turn<'h>>>,
    /// Seq and version of each order, over its rows.
    versions: BTreeMap<i64, Vec<(i64, i64)>>,
}

pub(super) fn number(value: &Value, field: &str) -> Option<i64> {
    value.get(field).and_then(Value::as_i64)
}

/// An RFC 3339 time in milliseconds.
pub(super) fn millis(value: &Value) -> Option<i64> {
    let text = value.get("timestamp").and_then(Value::as_str)?;
    Some(text.parse::<Timestamp>().ok()?.as_millis())
}

impl<'h> Journal<'h> {
    /// Rows must come in the order of `seq`.
    pub(super) fn add(
        &mut self,
        seq: i64,
        name: &'h str,
        payload: &'h Value,
        audience: &'h Audience,
    ) {
        let at = millis(payload).unwrap_or_default();
        let order = number(payload, "workOrderId").map(Object::Order);
        let ticket = number(payload, "ticketId").map(Object::Ticket);
        let turn = match name {
            "work_order_updated" => {
                let technician = payload
                    .get("workOrder")
                    .and_then(|order| number(order, "technician_id"));
                order.zip(Some(technician.map_or(Sight::All, Sight::Technician)))
            }
            "repair_ticket_updated" if audience.roles.contains(&Role::Technician) => {
                ticket.zip(Some(Sight::All))
            }
            "repair_ticket_updated" => ticket.zip(Some(Sight::These(&audience.users))),
            "work_order_removed" => order.zip(Some(Sight::Without(&audience.users))),
            "repair_ticket_removed" => ticket.zip(Some(Sight::Without(&audience.users))),
            _ => None,
        };
        if let Some((object, sight)) = turn {
            self.turns
                .entry(object)
                .or_default()
                .push(Turn { seq, at, sight });
        }
        if let (Some(Object::Order(id)), Some(version)) = (
            order,
            payload
                .get("workOrder")
                .and_then(|order| number(order, "version")),
        ) {
            self.versions.entry(id).or_default().push((seq, version));
        }
        let object = match name {
            "work_order_updated" => order,
            "work_order_assignment_update"
                if payload.get("action") == Some(&Value::from("assigned")) =>
            {
                order
            }
            "repair_ticket_updated" => ticket,
            _ => None,
        };
        self.rows.insert(
            seq,
            Row {
                seq,
                name,
                payload,
                audience,
                object,
            },
        );
    }

    pub(super) fn head(&self) -> i64 {
        self.rows.last_key_value().map_or(0, |(seq, _)| *seq)
    }

    /// Each order's version in the last row up to `seq`, and whether a later row tells of it again.
    pub(super) fn versions_at(&self, seq: i64) -> impl Iterator<Item = (i64, i64, bool)> {
        self.versions.iter().filter_map(move |(id, rows)| {
            let until = rows.partition_point(|(at, _)| *at <= seq);
            let (_, version) = rows.get(until.checked_sub(1)?)?;
            Some((*id, *version, until < rows.len()))
        })
    }

    /// The orders that a technician lost without a `work_order_removed`: when, and by which row.
    fn unremoved(&self, technician: i64) -> Vec<(i64, i64, i64)> {
        let mut unremoved = Vec::new();
        for (object, turns) in &self.turns {
            let Object::Order(order) = object else {
                continue;
            };
            let (mut saw, mut lost) = (false, None);
            for turn in turns {
                match (&turn.sight, turn.sight.says(technician)) {
                    (Sight::Without(_), Some(_)) => lost = None,
                    (_, Some(true)) => {
                        unremoved.extend(lost.take());
                        saw = true;
                    }
                    (_, Some(false)) if saw => {
                        lost = Some((turn.at, *order, turn.seq));
                        saw = false;
                    }
                    _ => {}
                }
            }
            unremoved.extend(lost);
        }
        unremoved
    }

    /// Whether a technician sees it after row `seq`; `None` when no row says so.
    pub(super) fn sees_at(&self, technician: i64, object: Object, seq: i64) -> Option<bool> {
        let turns = self.turns.get(&object)?;
        let until = turns.partition_point(|turn| turn.seq <= seq);
        turns
            .iter()
            .take(until)
            .rev()
            .find_map(|turn| turn.sight.says(technician))
    }

    /// Whether a technician lost it after row `seq`, and by the time `by`.
    pub(super) fn lost_after(&self, technician: i64, object: Object, seq: i64, by: i64) -> bool {
        let Some(turns) = self.turns.get(&object) else {
            return false;
        };
        let from = turns.partition_point(|turn| turn.seq <= seq);
        turns
            .iter()
            .skip(from)
            .take_while(|turn| turn.at <= by)
            .any(|turn| turn.sight.says(technician) == Some(false))
    }

    /// Whether a technician could still see it a moment before `at`, or since. Before the first row that says so, they might.
    pub(super) fn saw_lately(&self, technician: i64, object: Object, at: i64) -> bool {
        let mut saw = true;
        for turn in self.turns.get(&object).into_iter().flatten() {
            if turn.at > at {
                break;
            }
            if let Some(says) = turn.sight.says(technician) {
                saw = says || (saw && turn.at > at - GRACE_MS);
            }
        }
        saw
    }
}

impl Sight<'_> {
    fn says(&self, technician: i64) -> Option<bool> {
        match self {
            Self::All => Some(true),
            Self::These(people) => people.contains(&technician).then_some(true),
            Self::Technician(one) => Some(*one == technician),
            Self::Without(people) => people.contains(&technician).then_some(false),
        }
    }
}

impl Row<'_> {
    /// Whether this row was for this person in this role, when it was written. Of orders it is worked out from the row itself.
    pub(super) fn is_for(&self, person: i64, role: Role) -> bool {
        match self.name {
            "work_order_updated" if role == Role::Technician => {
                let technician = self
                    .payload
                    .get("workOrder")
                    .and_then(|order| number(order, "technician_id"));
                technician.is_none_or(|technician| technician == person)
            }
            "work_order_updated" => true,
            "notification_received" => {
                self.payload
                    .get("notification")
                    .and_then(|row| number(row, "user_id"))
                    == Some(person)
            }
            "notification_count_updated" => number(self.payload, "userId") == Some(person),
            _ => self.audience.roles.contains(&role) || self.audience.users.contains(&person),
        }
    }
}

/// The numbers have no hole, and whoever loses sight of an order is told.
pub(super) fn check(facts: &Facts<'_>) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (shop, journal) in &facts.journals {
        let mut expected = journal.rows.first_key_value().map_or(1, |(seq, _)| *seq);
        for seq in journal.rows.keys() {
            if *seq != expected {
                let sentence = format!("shop {shop}'s journal goes from {} to {seq}", expected - 1);
                violations.push(Violation::new(Rule::Hole, sentence));
            }
            expected = seq + 1;
        }
    }
    for (id, person) in &facts.people {
        let Some(journal) = facts.journals.get(&person.shop) else {
            let sentence = format!(
                "shop {} of person {id} has no journal in this history",
                person.shop
            );
            violations.push(Violation::new(Rule::Hole, sentence));
            continue;
        };
        for (at, order, seq) in journal.unremoved(*id) {
            // Before that, some of them were not hired yet.
            let was_active = at > facts.begin
                && person
                    .disabled
                    .is_none_or(|disabled| at < disabled - GRACE_MS);
            let was_technician = person.role_at(at) == Some(Role::Technician)
                && !person.changed_between(at - GRACE_MS, at + GRACE_MS);
            if was_active && was_technician {
                let sentence = format!(
                    "person {id} lost order {order} at {seq} and no work_order_removed says so"
                );
                violations.push(Violation::new(Rule::Unremoved, sentence));
            }
        }
    }
    violations
}
