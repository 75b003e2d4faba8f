//! What a client read by REST against the journal: a snapshot has at least what the journal said by then.

use std::collections::HashMap;

use shopbell_protocol::Role;

use super::{Rule, Violation, client::Client, facts::Facts, journal::Object};

pub(super) fn check(
    facts: &Facts<'_>,
    client: &Client,
    seq: i64,
    at: i64,
    orders: &[(i64, i64)],
) -> Vec<Violation> {
    let mut violations = Vec::new();
    let person = facts.people.get(&client.person);
    let Some((person, journal)) =
        person.and_then(|person| Some((person, facts.journals.get(&person.shop)?)))
    else {
        return violations;
    };
    let listed: HashMap<_, _> = orders.iter().copied().collect();
    let role = person.role_at(at);
    let sees = |order| {
        role != Some(Role::Technician)
            || journal.sees_at(client.person, Object::Order(order), seq) == Some(true)
    };
    for (order, version, is_told_again) in journal.versions_at(seq) {
        let stale = match listed.get(&order) {
            Some(listed) => *listed < version,
            // It may have moved between two pages; then a later row brings it.
            None => !is_told_again && sees(order),
        };
        if stale {
            let sentence = format!(
                "client {} took a snapshot at {seq} with version {:?} of order {order}; row {seq} has {version}",
                client.id,
                listed.get(&order)
            );
            violations.push(Violation::new(Rule::StaleSnapshot, sentence));
        }
    }
    violations
}
