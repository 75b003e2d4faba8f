//! Who is told of a changed work order, and in which words.

use shopbell_protocol::{
    EntityType, NotificationType, Priority, Reason, Role, Status, UpdateData, Urgency, UserId,
    WorkOrder,
};

use super::{
    Patched,
    text::{assigned, priority_raised, status_changed, unassigned, updated},
};
use crate::{
    Actor, Sight, Staff, View, is_shown,
    notification::{Notice, Text},
};

/// The notices that follow from a PATCH: at most one per person, the strongest; never to the one who did it, and about an
/// order that they may see, save for the technician from whom it was taken. `staff` are the shop's active people, `submitter`
/// is who took in the ticket behind the order.
#[must_use]
pub fn notices(
    actor: &Actor,
    before: &WorkOrder,
    patched: &Patched,
    staff: &[Staff],
    submitter: Option<UserId>,
) -> Vec<Notice> {
    let after = &patched.order;
    staff
        .iter()
        .filter(|who| who.id != actor.id)
        .filter_map(|who| {
            let (reason, urgency, text) =
                told(who, actor, before, patched, submitter == Some(who.id))?;
            let entity = Some((EntityType::WorkOrder, after.id.0));
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
    is_submitter: bool,
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
    if !Sight::of_order(after.technician_id).is_seen_by(who.id, who.role) {
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
            _ if is_submitter => (Reason::Owner, Urgency::Quiet),
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
        UpdateData::Updated { updated_fields, .. } => updated_fields
            .keys()
            .any(|field| is_shown(field, View::of(role))),
        _ => true,
    })
}

/// The notices that follow from a new order: whoever is to repair it, unless they opened it.
#[must_use]
pub fn opened_notices(actor: &Actor, order: &WorkOrder) -> Vec<Notice> {
    let technician = order
        .technician_id
        .filter(|technician| *technician != actor.id);
    let notice = technician.map(|user_id| Notice {
        user_id,
        r#type: NotificationType::WorkOrder,
        reason: Reason::Assigned,
        urgency: Urgency::Interrupt,
        entity: Some((EntityType::WorkOrder, order.id.0)),
        text: assigned(actor, order),
    });
    notice.into_iter().collect()
}
