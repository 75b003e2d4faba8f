//! The truth at the end: REST against the journal, and clients against REST.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;
use shopbell_protocol::Role;

use super::{
    Outcome, Rule, State, Violation,
    facts::{Facts, Person},
    journal::{Journal, Object, number},
    visible, writes,
};

pub(super) fn check(facts: &Facts<'_>) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (id, rest) in &facts.rest {
        let Some(person) = facts.people.get(id) else {
            continue;
        };
        let Some(journal) = facts.journals.get(&person.shop) else {
            continue;
        };
        let reader = Reader {
            id: *id,
            person,
            journal,
            rest,
        };
        reader.orders(facts, &mut violations);
        reader.notifications(&mut violations);
        reader.unread(&mut violations);
        reader.marks(facts, &mut violations);
    }
    for (client, state) in &facts.states {
        let rest = facts
            .clients
            .get(client)
            .and_then(|person| facts.rest.get(person));
        if let Some(difference) = rest.and_then(|rest| difference(state, rest)) {
            let sentence = format!("client {client} ends with {difference}");
            violations.push(Violation::new(Rule::WrongState, sentence));
        }
    }
    violations
}

/// What REST says to one person.
struct Reader<'f, 'h> {
    id: i64,
    person: &'f Person,
    journal: &'f Journal<'h>,
    rest: &'f State,
}

impl Reader<'_, '_> {
    fn orders(&self, facts: &Facts<'_>, violations: &mut Vec<Violation>) {
        let Some(role) = self.person.role_at(facts.end) else {
            return;
        };
        let mut push = |rule, sentence| {
            violations.push(Violation::new(
                rule,
                format!("person {}: {sentence}", self.id),
            ))
        };
        let listed = by_id(&self.rest.orders);
        if listed.len() != self.rest.orders.len() {
            push(
                Rule::Doubled,
                "an order stands in the list twice".to_owned(),
            );
        }
        let mut last = BTreeMap::new();
        let mut texts = HashSet::new();
        for row in self.journal.rows.values() {
            texts.extend(writes::new_text(row));
            if let (Some(order), "work_order_updated") = (row.payload.get("workOrder"), row.name) {
                last.insert(number(order, "id").unwrap_or_default(), order);
            }
        }
        for (id, order) in &last {
            let head = self.journal.head();
            let sees = role != Role::Technician
                || self.journal.sees_at(self.id, Object::Order(*id), head) == Some(true);
            match listed.get(id) {
                None if sees => push(
                    Rule::HalfDone,
                    format!("order {id} has events and is not in the list"),
                ),
                Some(_) if !sees => push(
                    Rule::Forbidden,
                    format!("order {id} is in the list and may not be seen"),
                ),
                Some(row) if **row != visible::row(order, role) => {
                    push(
                        Rule::Unjournaled,
                        format!("order {id} is {row}; its last event says {order}"),
                    );
                }
                _ => {}
            }
        }
        let marks = facts
            .acts
            .values()
            .flatten()
            .filter_map(|write| write.mark.as_deref());
        let marks: HashSet<_> = marks.filter(|mark| !texts.contains(mark)).collect();
        for (id, row) in &listed {
            let text = row
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if marks.contains(text) {
                push(
                    Rule::Unjournaled,
                    format!("order {id} has the description {text:?}, of which no event tells"),
                );
            }
        }
    }

    /// Each notification of which the journal tells is there, once.
    fn notifications(&self, violations: &mut Vec<Violation>) {
        let mut push = |rule, sentence| {
            violations.push(Violation::new(
                rule,
                format!("person {}: {sentence}", self.id),
            ))
        };
        let listed = by_id(&self.rest.notifications);
        if listed.len() != self.rest.notifications.len() {
            push(
                Rule::Doubled,
                "a notification stands in the list twice".to_owned(),
            );
        }
        for (id, row) in self.told() {
            let Some(is) = listed.get(&id) else {
                push(
                    Rule::Unjournaled,
                    format!("notification {id} has events and is not in the list"),
                );
                continue;
            };
            let is_read = |row: &Value| {
                row.get("is_read")
                    .and_then(Value::as_bool)
                    .unwrap_or_default()
            };
            if is_read(&row) && !is_read(is) {
                push(
                    Rule::LostReadMark,
                    format!("notification {id} was read and is unread"),
                );
            } else if number(&row, "event_count") != number(is, "event_count")
                || is_read(&row) != is_read(is)
            {
                push(
                    Rule::Unjournaled,
                    format!("notification {id} is {is}; its events say {row}"),
                );
            }
        }
    }

    /// This person's notifications, built from the journal.
    fn told(&self) -> BTreeMap<i64, Value> {
        let mut told: BTreeMap<i64, Value> = BTreeMap::new();
        for row in self
            .journal
            .rows
            .values()
            .filter(|row| row.is_for(self.id, Role::Technician))
        {
            let ids: Vec<i64> = row
                .payload
                .get("ids")
                .and_then(Value::as_array)
                .map(|ids| ids.iter().filter_map(Value::as_i64).collect())
                .unwrap_or_default();
            match row.name {
                "notification_received" => {
                    if let Some(notification) = row.payload.get("notification") {
                        told.insert(
                            number(notification, "id").unwrap_or_default(),
                            notification.clone(),
                        );
                    }
                }
                "notification_deleted" => told.retain(|id, _| !ids.contains(id)),
                "notification_read" => {
                    let up_to = number(row.payload, "upToId").unwrap_or_default();
                    let is_read = row.payload.get("isRead").cloned().unwrap_or_default();
                    let meant = told
                        .iter_mut()
                        .filter(|(id, _)| ids.contains(id) || **id <= up_to);
                    for notification in meant.filter_map(|(_, row)| row.get_mut("is_read")) {
                        *notification = is_read.clone();
                    }
                }
                _ => {}
            }
        }
        told
    }

    fn unread(&self, violations: &mut Vec<Violation>) {
        let is_unread = |row: &&Value| row.get("is_read") == Some(&Value::Bool(false));
        let rows = i64::try_from(self.rest.notifications.iter().filter(is_unread).count())
            .unwrap_or(i64::MAX);
        let told = self
            .journal
            .rows
            .values()
            .rev()
            .filter(|row| row.name == "notification_count_updated")
            .find(|row| number(row.payload, "userId") == Some(self.id))
            .and_then(|row| number(row.payload, "unreadCount"));
        if rows != self.rest.unread || told.is_some_and(|told| told != rows) {
            let sentence = format!(
                "person {} has {rows} unread rows; the count says {}, its last event {told:?}",
                self.id, self.rest.unread
            );
            violations.push(Violation::new(Rule::Unread, sentence));
        }
    }

    /// What was marked as read by an act that was answered 2xx.
    fn marks(&self, facts: &Facts<'_>, violations: &mut Vec<Violation>) {
        let unread: BTreeSet<_> = by_id(&self.rest.notifications)
            .into_iter()
            .filter(|(_, row)| row.get("is_read") == Some(&Value::Bool(false)))
            .map(|(id, _)| id)
            .collect();
        let answered = facts.acts.values().flatten();
        for write in
            answered.filter(|write| write.person == self.id && write.outcome == Outcome::Ok)
        {
            for id in write.reads.iter().filter(|id| unread.contains(id)) {
                let sentence = format!(
                    "person {} marked {id} as read (act {}); it is unread",
                    self.id, write.op
                );
                violations.push(Violation::new(Rule::LostReadMark, sentence));
            }
        }
    }
}

fn by_id(rows: &[Value]) -> BTreeMap<i64, &Value> {
    rows.iter()
        .filter_map(|row| Some((number(row, "id")?, row)))
        .collect()
}

/// The first thing that differs.
fn difference(state: &State, rest: &State) -> Option<String> {
    let lists = [
        ("order", &state.orders, &rest.orders),
        ("ticket", &state.tickets, &rest.tickets),
        ("notification", &state.notifications, &rest.notifications),
    ];
    for (what, known, listed) in lists {
        let (known, listed) = (by_id(known), by_id(listed));
        let ids: BTreeSet<_> = known.keys().chain(listed.keys()).collect();
        if let Some(id) = ids.into_iter().find(|id| known.get(id) != listed.get(id)) {
            return Some(format!(
                "{what} {id} as {:?}; REST says {:?}",
                known.get(id),
                listed.get(id)
            ));
        }
    }
    (state.unread != rest.unread)
        .then(|| format!("{} unread; REST says {}", state.unread, rest.unread))
}
