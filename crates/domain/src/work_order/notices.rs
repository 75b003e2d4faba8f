//! Who is told of a changed work order, and in which words.

use serde_json::{Map, Value, json};
use shopbell_protocol::{
    EntityType, NotificationType, Priority, Reason, Role, Status, UpdateData, Urgency, WorkOrder,
};

use super::Patched;
use crate::{
    Actor, Staff, may_see_work_order,
    notification::{Notice, Text},
};

/// The notices that follow from a PATCH: at most one per person, the strongest; never to the one who did it, and about an
/// order that they may see, save for the technician from whom it was taken. `staff` are the shop's active people.
#[must_use]
pub fn notices(
    actor: &Actor,
    before: &WorkOrder,
    patched: &Patched,
    staff: &[Staff],
) -> Vec<Notice> {
    let after = &patched.order;
    staff
        .iter()
        .filter(|who| who.id != actor.id)
        .filter_map(|who| {
            let (reason, urgency, text) = told(who, actor, before, patched)?;
            let entity = (EntityType::WorkOrder, after.id.0);
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

fn told(
    who: &Staff,
    actor: &Actor,
    before: &WorkOrder,
    patched: &Patched,
) -> Option<(Reason, Urgency, Text)> {
    let after = &patched.order;
    let is_technician = after.technician_id == Some(who.id);
    let was_technician = before.technician_id == Some(who.id);
    if is_technician && !was_technician {
        return Some((Reason::Assigned, Urgency::Interrupt, assigned(actor, after)));
    }
    if was_technician && !is_technician {
        return Some((Reason::Assigned, Urgency::Normal, unassigned(actor, after)));
    }
    if !may_see_work_order(who.id, who.role, after.technician_id) {
        return None;
    }

    let moved = patched.changes.iter().find_map(|change| match change {
        UpdateData::StatusChanged {
            old_status,
            new_status,
            override_reason,
            ..
        } => Some((*old_status, *new_status, override_reason.as_deref())),
        _ => None,
    });
    let rose = after.priority > before.priority && after.priority >= Priority::High;

    if let Some((from, to, overridden)) = moved {
        let desk = who.role == Role::FrontDesk
            && matches!(
                to,
                Status::Completed | Status::ReadyForPickup | Status::AwaitingApproval
            );
        let lead = who.role == Role::Manager && (overridden.is_some() || rose);
        let (reason, urgency) = match (is_technician, desk, lead) {
            (true, ..) => (Reason::Assigned, Urgency::Normal),
            // They must call the customer.
            (_, true, _) if to == Status::Completed => (Reason::Role, Urgency::Interrupt),
            (_, true, _) | (.., true) => (Reason::Role, Urgency::Normal),
            _ => return None,
        };
        let urgency = if rose && is_technician {
            Urgency::Interrupt
        } else {
            urgency
        };
        return Some((
            reason,
            urgency,
            status_changed(actor, after, from, to, overridden),
        ));
    }
    match (is_technician, rose) {
        (true, true) => Some((
            Reason::Assigned,
            Urgency::Interrupt,
            priority_raised(actor, after),
        )),
        (false, true) if who.role == Role::Manager => {
            Some((Reason::Role, Urgency::Normal, priority_raised(actor, after)))
        }
        (true, false) if shows(who.role, patched) => {
            Some((Reason::Assigned, Urgency::Quiet, updated(actor, after)))
        }
        _ => None,
    }
}

/// Whether something changed that this role can see: a new cost price alone is no news for a technician.
fn shows(role: Role, patched: &Patched) -> bool {
    patched.changes.iter().any(|change| match change {
        UpdateData::Updated { updated_fields, .. } => {
            matches!(role, Role::Admin | Role::Manager)
                || updated_fields.keys().any(|field| field != "cost_total")
        }
        _ => true,
    })
}

fn params<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

fn assigned(actor: &Actor, order: &WorkOrder) -> Text {
    Text {
        title: format!("{} is yours", order.number),
        message: format!("{} assigned {} to you.", actor.name, order.device),
        title_key: "work_order.assigned.title",
        message_key: "work_order.assigned.message",
        params: params([
            ("number", json!(order.number)),
            ("actor", json!(actor.name)),
            ("device", json!(order.device)),
        ]),
    }
}

/// For one who may not see the order any more: its number alone.
fn unassigned(actor: &Actor, order: &WorkOrder) -> Text {
    Text {
        title: format!("{} is no longer yours", order.number),
        message: format!("{} took it off your bench.", actor.name),
        title_key: "work_order.unassigned.title",
        message_key: "work_order.unassigned.message",
        params: params([
            ("number", json!(order.number)),
            ("actor", json!(actor.name)),
        ]),
    }
}

fn status_changed(
    actor: &Actor,
    order: &WorkOrder,
    from: Status,
    to: Status,
    overridden: Option<&str>,
) -> Text {
    let because = overridden
        .map(|reason| format!(" against the rules: {}", reason.trim_end_matches('.')))
        .unwrap_or_default();
    Text {
        title: format!("{} is {}", order.number, to.words()),
        message: format!(
            "{} moved {} from {}{because}.",
            actor.name,
            order.device,
            from.words()
        ),
        title_key: "work_order.status_changed.title",
        message_key: if overridden.is_some() {
            "work_order.status_overridden.message"
        } else {
            "work_order.status_changed.message"
        },
        params: params([
            ("number", json!(order.number)),
            ("actor", json!(actor.name)),
            ("device", json!(order.device)),
            ("from", json!(from)),
            ("to", json!(to)),
            ("reason", json!(overridden)),
        ]),
    }
}

fn priority_raised(actor: &Actor, order: &WorkOrder) -> Text {
    Text {
        title: format!("{} is {} now", order.number, order.priority),
        message: format!("{} raised the priority of {}.", actor.name, order.device),
        title_key: "work_order.priority_raised.title",
        message_key: "work_order.priority_raised.message",
        params: params([
            ("number", json!(order.number)),
            ("actor", json!(actor.name)),
            ("device", json!(order.device)),
            ("priority", json!(order.priority)),
        ]),
    }
}

fn updated(actor: &Actor, order: &WorkOrder) -> Text {
    Text {
        title: format!("{} was changed", order.number),
        message: format!("{} updated {}.", actor.name, order.device),
        title_key: "work_order.updated.title",
        message_key: "work_order.updated.message",
        params: params([
            ("number", json!(order.number)),
            ("actor", json!(actor.name)),
            ("device", json!(order.device)),
        ]),
    }
}
