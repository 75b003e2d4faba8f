//! The journal entries of a work order.

use shopbell_protocol::{
    Action, AssignmentAction, Note, Ticket, UpdateData, UserId, WorkOrder,
    WorkOrderAssignmentUpdate, WorkOrderOrRef, WorkOrderRef, WorkOrderRemoved, WorkOrderUpdated,
};

use super::Patched;
use crate::{Audience, Journal, Object, Sight, Staff, sight, ticket};

/// Adds a new order: `work_order_updated` for everyone who may see it, `work_order_assignment_update` for its technician.
pub fn record_opened(journal: &mut Journal, order: &WorkOrder) {
    let order = public(order);
    push(journal, &order, Action::Created, None);
    if let Some(technician) = order.technician_id {
        push_assigned(journal, &order, technician);
    }
}

/// Adds a note: `work_order_updated` for everyone who may see the order.
pub fn record_note(journal: &mut Journal, order: &WorkOrder, note: Note) {
    push(
        journal,
        &public(order),
        Action::NoteAdded,
        Some(UpdateData::NoteAdded { note }),
    );
}

/// Adds, in this order: one `work_order_updated` per change, `work_order_removed` for those who lost sight of it,
/// `work_order_assignment_update` for both sides of an assignment, and what follows for the `ticket` behind the order.
/// `staff` are the shop's active people.
pub fn record(
    journal: &mut Journal,
    before: &WorkOrder,
    patched: &Patched,
    staff: &[Staff],
    ticket: Option<&Ticket>,
) {
    let after = public(&patched.order);
    for data in &patched.changes {
        let action = match data {
            UpdateData::StatusChanged { .. } => Action::StatusChanged,
            UpdateData::Assigned { .. } => Action::Assigned,
            UpdateData::Updated { .. } => Action::Updated,
            UpdateData::NoteAdded { .. } => Action::NoteAdded,
        };
        push(journal, &after, action, Some(data.clone()));
    }
    if before.technician_id == after.technician_id {
        return;
    }

    let (sight_before, sight_after) = (
        Sight::of_order(before.technician_id),
        Sight::of_order(after.technician_id),
    );
    let lost = sight::lost(staff, sight_before, sight_after);
    if !lost.is_empty() {
        journal.push(Audience::people(lost), |seq, timestamp| WorkOrderRemoved {
            work_order_id: after.id,
            timestamp,
            seq,
        });
    }
    if let Some(technician) = after.technician_id {
        push_assigned(journal, &after, technician);
    }
    if let Some(previous) = before.technician_id {
        journal.push(Audience::people([previous]), |seq, timestamp| {
            WorkOrderAssignmentUpdate {
                work_order_id: after.id,
                action: AssignmentAction::Unassigned,
                work_order: WorkOrderOrRef::Ref(WorkOrderRef {
                    id: after.id,
                    number: after.number.clone(),
                }),
                timestamp,
                seq,
            }
        });
    }
    if let Some(ticket) = ticket {
        ticket::record_sight(journal, ticket, after.id, staff, sight_before, sight_after);
    }
}

fn push(journal: &mut Journal, order: &WorkOrder, action: Action, data: Option<UpdateData>) {
    let audience = Audience::viewers(
        Object::WorkOrder(order.id),
        Sight::of_order(order.technician_id),
    );
    journal.push(audience, |seq, timestamp| WorkOrderUpdated {
        work_order_id: order.id,
        action,
        work_order: Box::new(order.clone()),
        data,
        timestamp,
        seq,
    });
}

fn push_assigned(journal: &mut Journal, order: &WorkOrder, technician: UserId) {
    let audience = Audience::some_viewers(Object::WorkOrder(order.id), [technician]);
    journal.push(audience, |seq, timestamp| WorkOrderAssignmentUpdate {
        work_order_id: order.id,
        action: AssignmentAction::Assigned,
        work_order: WorkOrderOrRef::WorkOrder(Box::new(order.clone())),
        timestamp,
        seq,
    });
}

/// The order without what must never enter the journal.
fn public(order: &WorkOrder) -> WorkOrder {
    WorkOrder {
        device_passcode: None,
        ..order.clone()
    }
}
