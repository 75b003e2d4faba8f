//! What each client was handed against the journal: nothing missing, nothing twice, nothing that is not theirs.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;
use shopbell_protocol::Role;

use super::{
    History, Record, Rule, Violation,
    client::{Client, DURABLE, is_greeting},
    facts::{Access, Facts, Person},
    journal::{Journal, Row, number},
    presence, snapshot, visible,
};

struct Handed<'h> {
    payload: i64,
    name: &'h str,
    body: &'h Value,
    at: i64,
}

struct Check<'f, 'h> {
    facts: &'f Facts<'h>,
    /// Payloads that are their row as this role may see it.
    right: HashSet<(i64, i64, Role)>,
    violations: Vec<Violation>,
}

pub(super) fn check<'h>(facts: &Facts<'h>, history: &'h History) -> Vec<Violation> {
    let mut check = Check {
        facts,
        right: HashSet::new(),
        violations: Vec::new(),
    };
    let mut clients: BTreeMap<i64, Client> = BTreeMap::new();
    for record in &history.records {
        check.take(record, &mut clients);
    }
    for client in clients.values().filter(|client| client.is_connected) {
        check.finish(client);
    }
    check.violations
}

impl<'h> Check<'_, 'h> {
    fn take(&mut self, record: &'h Record, clients: &mut BTreeMap<i64, Client>) {
        match record {
            Record::Connect {
                client,
                person,
                recovered,
                at,
                ..
            } => {
                let client = Client::of(clients, *client);
                client.person = *person;
                client.connected_at = *at;
                client.is_connected = true;
                if !recovered {
                    client.rooms.clear();
                }
                if self
                    .facts
                    .people
                    .get(person)
                    .is_some_and(|person| person.is_gone(*at))
                {
                    let sentence = format!("person {person} was disabled and let in at {at}");
                    self.violations
                        .push(Violation::new(Rule::Revoked, sentence));
                }
            }
            Record::Refused {
                client, connection, ..
            } => {
                Client::of(clients, *client).refused.insert(*connection);
            }
            Record::Disconnect { client, .. } => Client::of(clients, *client).is_connected = false,
            Record::Join { client, room, .. } => {
                Client::of(clients, *client)
                    .rooms
                    .insert(room.clone(), None);
            }
            Record::Leave { client, room, at } => {
                Client::of(clients, *client)
                    .rooms
                    .insert(room.clone(), Some(*at));
            }
            Record::Role { person, .. } => {
                for client in clients
                    .values_mut()
                    .filter(|client| client.person == *person)
                {
                    client.is_whole = false;
                }
            }
            Record::Resync {
                client,
                seq,
                at,
                orders,
            } => {
                let client = Client::of(clients, *client);
                let seq = client.cursor.map_or(*seq, |(cursor, _)| cursor.max(*seq));
                client.cursor = Some((seq, *at));
                client.is_whole = true;
                let client = &*client;
                self.violations
                    .extend(snapshot::check(self.facts, client, seq, *at, orders));
            }
            Record::Event {
                client,
                connection,
                payload,
                at,
            } => {
                let client = Client::of(clients, *client);
                let Some((name, body)) = self.facts.payloads.get(payload) else {
                    let sentence = format!(
                        "client {} was handed payload {payload}, which nothing tells of",
                        client.id
                    );
                    self.violations
                        .push(Violation::new(Rule::Phantom, sentence));
                    return;
                };
                if client.refused.contains(connection) {
                    let sentence = format!(
                        "connection {connection} of client {} was refused, and was sent {name} at {at}",
                        client.id
                    );
                    self.violations
                        .push(Violation::new(Rule::BeforeTokenCheck, sentence));
                    return;
                }
                let handed = Handed {
                    payload: *payload,
                    name,
                    body,
                    at: *at,
                };
                self.handed(client, &handed);
            }
            Record::Online { shop, people, at } => {
                self.violations.extend(presence::online(
                    self.facts,
                    clients.values(),
                    *shop,
                    people,
                    *at,
                ));
            }
            Record::Viewers { room, people, at } => {
                self.violations
                    .extend(presence::viewers(clients.values(), room, people, *at));
            }
            _ => {}
        }
    }

    fn handed(&mut self, client: &mut Client, handed: &Handed<'h>) {
        let facts = self.facts;
        let Some(person) = facts.people.get(&client.person) else {
            return;
        };
        let Handed { name, body, at, .. } = *handed;
        if person.is_gone(at) {
            let sentence = format!(
                "client {} of person {}, who was disabled, was handed {name} at {at}",
                client.id, client.person
            );
            self.push(Rule::Revoked, sentence);
        }
        if !DURABLE.contains(&name) {
            if name == "room_left" {
                let room = body
                    .get("roomName")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                client.rooms.insert(room.to_owned(), Some(at));
            }
            self.violations
                .extend(presence::heard(facts, client, name, body, at));
            return;
        }
        let Some(journal) = facts.journals.get(&person.shop) else {
            return;
        };
        let seq = number(body, "seq").unwrap_or_default();
        if is_greeting(journal, client.person, name, seq) {
            if number(body, "userId") != Some(client.person) {
                self.push(
                    Rule::Forbidden,
                    format!(
                        "client {} was greeted as {:?}",
                        client.id,
                        body.get("userId")
                    ),
                );
            }
            if seq > journal.head() {
                self.push(
                    Rule::Phantom,
                    format!(
                        "client {} was greeted at {seq}; the journal ends with {}",
                        client.id,
                        journal.head()
                    ),
                );
            }
            return;
        }
        if facts
            .head_after(person.shop, at)
            .is_some_and(|head| head < seq)
        {
            let sentence = format!(
                "client {} was handed {name} {seq} at {at}, before the journal had it",
                client.id
            );
            self.push(Rule::Early, sentence);
        }
        if !client.handed.insert(seq) {
            self.push(
                Rule::Repeated,
                format!("client {} was handed {name} {seq} again at {at}", client.id),
            );
            return;
        }
        match client.cursor {
            Some((cursor, _)) if seq <= cursor => {
                self.push(
                    Rule::Disordered,
                    format!(
                        "client {} was handed {name} {seq} at {at}, after {cursor}",
                        client.id
                    ),
                );
            }
            Some(cursor) => {
                self.missed(client, person, journal, cursor, (seq, at));
                client.cursor = Some((seq, at));
            }
            // What was before the first snapshot is none of its business.
            None => {}
        }
        match journal.rows.get(&seq) {
            Some(row) if self.is_right(person, row, handed) => {
                let access = person
                    .roles_around(at)
                    .map(|role| facts.may_have(client.person, role, row, person.shop, at))
                    .max();
                let rule = match access {
                    Some(Access::Granted) => return,
                    Some(Access::Lost) => Rule::Revoked,
                    Some(Access::Never) | None => Rule::Forbidden,
                };
                let sentence = format!(
                    "client {} of person {} was handed {name} {seq} at {at}",
                    client.id, client.person
                );
                self.push(rule, sentence);
            }
            row => {
                let rule = self.wrong(person, row, seq, handed);
                let what = row.map_or("nothing", |row| row.name);
                let sentence = format!(
                    "client {} was handed {name} {seq} at {at}; the row there is {what}: {body}",
                    client.id
                );
                self.push(rule, sentence);
            }
        }
    }

    /// Whether the payload is the row, without what the person's role may not see.
    fn is_right(&mut self, person: &Person, row: &Row<'_>, handed: &Handed<'_>) -> bool {
        person.roles_around(handed.at).any(|role| {
            let key = (handed.payload, person.shop, role);
            if self.right.contains(&key) {
                return true;
            }
            let is_right =
                row.name == handed.name && visible::payload(row.payload, role) == *handed.body;
            if is_right {
                self.right.insert(key);
            }
            is_right
        })
    }

    /// Why a payload is not its row.
    fn wrong(&self, person: &Person, row: Option<&Row<'_>>, seq: i64, handed: &Handed<'_>) -> Rule {
        let plain = visible::payload(handed.body, Role::Technician);
        let is = |row: &Row<'_>| {
            row.name == handed.name && visible::payload(row.payload, Role::Technician) == plain
        };
        let is_of_another = |(shop, journal): (&i64, &Journal<'_>)| {
            *shop != person.shop && journal.rows.get(&seq).is_some_and(is)
        };
        if row.is_some_and(is) {
            Rule::HiddenField
        } else if self.facts.journals.iter().any(is_of_another) {
            Rule::OtherShop
        } else {
            Rule::Phantom
        }
    }

    /// The rows between two that a client was handed must be none of theirs.
    fn missed(
        &mut self,
        client: &Client,
        person: &Person,
        journal: &Journal<'_>,
        from: (i64, i64),
        to: (i64, i64),
    ) {
        let is_unsure = !client.is_whole || person.changed_between(from.1, to.1);
        let (Some(role), false) = (person.role_at(to.1), is_unsure) else {
            return;
        };
        let mut missed = journal
            .rows
            .range(from.0 + 1..)
            .map(|(_, row)| row)
            .take_while(|row| row.seq < to.0)
            .filter(|row| {
                self.facts
                    .must_have(client.person, role, row, journal, to.1)
            });
        let Some(first) = missed.next() else {
            return;
        };
        let sentence = format!(
            "client {} of person {} went from {} to {} and was never handed {} {} (and {} more)",
            client.id,
            client.person,
            from.0,
            to.0,
            first.name,
            first.seq,
            missed.count()
        );
        self.push(Rule::Missed, sentence);
    }

    /// What came after the last event that a client was handed.
    fn finish(&mut self, client: &Client) {
        let facts = self.facts;
        let Some(person) = facts.people.get(&client.person) else {
            return;
        };
        let journal = facts.journals.get(&person.shop);
        if let (Some(cursor), Some(journal), None) = (client.cursor, journal, person.disabled) {
            self.missed(
                client,
                person,
                journal,
                cursor,
                (journal.head() + 1, facts.end),
            );
        }
    }

    fn push(&mut self, rule: Rule, sentence: String) {
        self.violations.push(Violation::new(rule, sentence));
    }
}
