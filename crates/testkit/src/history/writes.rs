//! What was answered against what the journal says.

use std::collections::HashMap;

use serde_json::Value;

use super::{Outcome, Rule, Violation, Write, facts::Facts, journal::Row};

/// The text that an event brings for the first time: later events of the same object carry it too, and do not count.
pub(super) fn new_text<'h>(row: &Row<'h>) -> Option<&'h str> {
    let text = |pointer| row.payload.pointer(pointer).and_then(Value::as_str);
    let is_named = |field| {
        row.payload
            .pointer("/data/updatedFields")
            .and_then(|fields| fields.get(field))
            .is_some()
    };
    match (row.name, text("/action")?) {
        ("work_order_updated", "created") => text("/workOrder/description"),
        ("work_order_updated", "updated") if is_named("description") => {
            text("/workOrder/description")
        }
        ("work_order_updated", "note_added") => text("/data/note/content"),
        ("repair_ticket_updated", "created") => text("/ticket/problem_description"),
        _ => None,
    }
}

pub(super) fn check(facts: &Facts<'_>) -> Vec<Violation> {
    let mut effects: HashMap<&str, Vec<i64>> = HashMap::new();
    for row in facts
        .journals
        .values()
        .flat_map(|journal| journal.rows.values())
    {
        if let Some(text) = new_text(row) {
            effects.entry(text).or_default().push(row.seq);
        }
    }
    let mut violations = Vec::new();
    for attempts in facts.acts.values() {
        let Some(first) = attempts.first() else {
            continue;
        };
        let answered = attempts.iter().find(|write| write.outcome == Outcome::Ok);
        if let Some(mark) = &first.mark {
            let rows = effects.get(mark.as_str()).map_or(&[][..], Vec::as_slice);
            violations.extend(effect(facts, attempts, answered.copied(), rows));
        }
    }
    violations
}

fn effect(
    facts: &Facts<'_>,
    attempts: &[&Write],
    answered: Option<&Write>,
    rows: &[i64],
) -> Option<Violation> {
    let write = answered.or(attempts.first().copied())?;
    let name = format!(
        "act {} ({} by person {})",
        write.op, write.what, write.person
    );
    let (rule, sentence) = match (answered, rows) {
        (_, [_, _, ..]) => (
            Rule::Doubled,
            format!("{name} has its event {} times: {rows:?}", rows.len()),
        ),
        (Some(answered), []) => {
            let broke = facts.breaks.iter().find(|(at, _)| *at >= answered.end);
            match broke {
                Some((at, true)) => (
                    Rule::NotFlushed,
                    format!(
                        "{name} was answered at {} and was gone after the power was lost at {at}",
                        answered.end
                    ),
                ),
                _ => (
                    Rule::Lost,
                    format!(
                        "{name} was answered at {} and is not in the journal",
                        answered.end
                    ),
                ),
            }
        }
        (Some(answered), [row]) if answered.seq.is_some_and(|seq| seq < *row) => (
            Rule::WrongSeq,
            format!(
                "{name} was answered with Shop-Seq {:?}; its event is {row}",
                answered.seq
            ),
        ),
        (None, [row])
            if attempts
                .iter()
                .all(|write| write.outcome == Outcome::Refused) =>
        {
            (
                Rule::HalfDone,
                format!("{name} was refused; its event is there all the same: {row}"),
            )
        }
        _ => return None,
    };
    Some(Violation::new(rule, sentence))
}
