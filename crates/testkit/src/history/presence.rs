//! What is true only for a moment: who is there, who types.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    GRACE_MS, Rule, Violation,
    client::Client,
    facts::Facts,
    journal::{millis, number},
};

/// How far the clocks of a moment and of a connection may be apart.
const SKEW_MS: i64 = 1_000;

/// An ephemeral event that a client was handed.
pub(super) fn heard(
    facts: &Facts<'_>,
    client: &Client,
    name: &str,
    body: &Value,
    at: i64,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut push = |rule, sentence| violations.push(Violation::new(rule, sentence));
    let who = number(body, "userId");
    let shop = |person: &i64| facts.people.get(person).map(|person| person.shop);
    if let Some(other) = who.filter(|other| shop(other) != shop(&client.person)) {
        push(
            Rule::OtherShop,
            format!("client {} was handed {name} of person {other}", client.id),
        );
    }
    let room = match name {
        "user_typing_start" | "user_typing_stop" => body
            .get("roomName")
            .and_then(Value::as_str)
            .map(str::to_owned),
        "user_presence_update" => {
            number(body, "workOrderId").map(|order| format!("work_order_{order}"))
        }
        "user_online" | "user_offline" => None,
        _ => return violations,
    };
    // What a client put aside until it had a snapshot may have come on an earlier connection.
    let is_of_this_connection = at >= client.connected_at;
    let is_older = |sent| sent < client.connected_at - SKEW_MS;
    if is_of_this_connection && millis(body).is_some_and(is_older) {
        push(
            Rule::Replayed,
            format!(
                "client {} connected at {} and was handed an older {name} at {at}",
                client.id, client.connected_at
            ),
        );
    }
    if let Some(room) = room {
        let was_in = match client.rooms.get(&room) {
            Some(None) => true,
            Some(Some(left)) => at <= left + GRACE_MS,
            None => false,
        };
        if !was_in {
            push(
                Rule::Overheard,
                format!(
                    "client {} was handed {name} of {room} at {at} and is not in that room",
                    client.id
                ),
            );
        }
    }
    violations
}

/// Who the server says is there, against whose clients are.
pub(super) fn online<'c>(
    facts: &Facts<'_>,
    clients: impl Iterator<Item = &'c Client>,
    shop: i64,
    told: &[i64],
    at: i64,
) -> Option<Violation> {
    let is_here = |person: &i64| {
        facts
            .people
            .get(person)
            .is_some_and(|person| person.shop == shop)
    };
    let there = clients
        .filter(|client| client.is_connected)
        .map(|client| client.person)
        .filter(is_here)
        .collect();
    differ(&format!("shop {shop}"), told, &there, at)
}

/// Who the server says is in a room, against whose clients are.
pub(super) fn viewers<'c>(
    clients: impl Iterator<Item = &'c Client>,
    room: &str,
    told: &[i64],
    at: i64,
) -> Option<Violation> {
    let there = clients
        .filter(|client| client.is_connected && client.rooms.get(room) == Some(&None))
        .map(|client| client.person)
        .collect();
    differ(room, told, &there, at)
}

fn differ(place: &str, told: &[i64], there: &BTreeSet<i64>, at: i64) -> Option<Violation> {
    let told: BTreeSet<_> = told.iter().copied().collect();
    let leaked: Vec<_> = told.difference(there).collect();
    let hidden: Vec<_> = there.difference(&told).collect();
    (told != *there).then(|| {
        let sentence = format!(
            "in {place} at {at}: {leaked:?} are shown and not there, {hidden:?} are there and not shown"
        );
        Violation::new(Rule::LeakedPresence, sentence)
    })
}
