//! Notes on a work order, and who is mentioned in them.

use serde_json::json;
use shopbell_protocol::{
    EntityType, NewNote, Note, NoteId, NotificationType, Reason, Timestamp, Urgency, WorkOrder,
};

use crate::{
    Actor, Refusal, Sight, Staff,
    notification::{Notice, Text, params},
};

/// Writes a note on an order, which everyone who sees the order may; the database gives the id.
///
/// # Errors
///
/// The actor does not see the order.
pub fn write(
    actor: &Actor,
    order: &WorkOrder,
    new: NewNote,
    now: Timestamp,
) -> Result<Note, Refusal> {
    if !Sight::of_order(order.technician_id).is_seen_by(actor.id, actor.role) {
        return Err(Refusal::NotFound);
    }
    Ok(Note {
        id: NoteId(0),
        work_order_id: order.id,
        author_id: actor.id,
        author_name: actor.name.clone(),
        content: new.content,
        customer_visible: new.customer_visible.unwrap_or(false),
        created_at: now,
    })
}

/// The notices of a note: those mentioned in it, and the order's technician; never its author, and nobody who does not see the
/// order. `staff` are the shop's active people.
#[must_use]
pub fn notices(actor: &Actor, order: &WorkOrder, note: &Note, staff: &[Staff]) -> Vec<Notice> {
    let sight = Sight::of_order(order.technician_id);
    let content = note.content.to_lowercase();
    staff
        .iter()
        .filter(|who| who.id != actor.id && sight.is_seen_by(who.id, who.role))
        .filter_map(|who| {
            let (reason, urgency, text) = if mentions(&content, &who.name.to_lowercase()) {
                (
                    Reason::Mentioned,
                    Urgency::Interrupt,
                    mentioned(actor, order, note),
                )
            } else if order.technician_id == Some(who.id) {
                (Reason::Assigned, Urgency::Quiet, noted(actor, order, note))
            } else {
                return None;
            };
            let entity = Some((EntityType::WorkOrder, order.id.0));
            Some(Notice {
                user_id: who.id,
                r#type: NotificationType::WorkOrder,
                reason,
                urgency,
                entity,
                text,
            })
        })
        .collect()
}

/// Whether `content` has an `@` and then `name`, as whole words; both in lower case.
fn mentions(content: &str, name: &str) -> bool {
    content
        .split('@')
        .skip(1)
        .filter_map(|after| after.strip_prefix(name))
        .any(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn mentioned(actor: &Actor, order: &WorkOrder, note: &Note) -> Text {
    Text {
        title: format!("{} mentioned you on {}", actor.name, order.number),
        message: excerpt(&note.content),
        title_key: "work_order.mentioned.title",
        message_key: "work_order.mentioned.message",
        params: note_params(actor, order, note),
    }
}

fn noted(actor: &Actor, order: &WorkOrder, note: &Note) -> Text {
    Text {
        title: format!("New note on {}", order.number),
        message: format!("{}: {}", actor.name, excerpt(&note.content)),
        title_key: "work_order.note_added.title",
        message_key: "work_order.note_added.message",
        params: note_params(actor, order, note),
    }
}

fn note_params(
    actor: &Actor,
    order: &WorkOrder,
    note: &Note,
) -> serde_json::Map<String, serde_json::Value> {
    params([
        ("number", json!(order.number)),
        ("actor", json!(actor.name)),
        ("excerpt", json!(excerpt(&note.content))),
    ])
}

/// The beginning of a note, as much as fits a notification.
fn excerpt(content: &str) -> String {
    const LONGEST: usize = 140;
    let mut line = content.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_at_sign_and_the_full_name_in_any_case_mention() {
        let name = "tarik šehić";
        for content in [
            "@Tarik Šehić please",
            "ask @TARIK ŠEHIĆ.",
            "x@tarik šehić",
            "@ana @tarik šehić",
        ] {
            assert!(mentions(&content.to_lowercase(), name), "{content}");
        }
        for content in [
            "Tarik Šehić",
            "@Tarik",
            "@ Tarik Šehić",
            "@Tarik Šehićev",
            "@Tarik  Šehić",
            "",
        ] {
            assert!(!mentions(&content.to_lowercase(), name), "{content}");
        }
    }

    #[test]
    fn an_excerpt_is_one_line_of_bounded_length() {
        assert_eq!(excerpt("one\n  two"), "one two");
        assert_eq!(excerpt(&"č".repeat(140)), "č".repeat(140));
        assert_eq!(excerpt(&"č".repeat(141)), format!("{}…", "č".repeat(140)));
    }
}
