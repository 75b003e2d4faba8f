//! The journal entries of a changed work order.

use shopbell_protocol::{
    Action, AssignmentAction, Role, UpdateData, WorkOrder, WorkOrderAssignmentUpdate,
    WorkOrderOrRef, WorkOrderRef, WorkOrderRemoved, WorkOrderUpdated,
};

use super::Patched;
use crate::{Audience, Journal, Staff, may_see_work_order};

/// Adds, in this order: one `work_order_updated` per change, `work_order_removed` for those who lost sight of it, and
/// `work_order_assignment_update` for both sides of an assignment. `staff` are the shop's active people.
pub fn record(journal: &mut Journal, before: &WorkOrder, patched: &Patched, staff: &[Staff]) {
    let id = patched.order.id;
    let after = public(&patched.order);
    for data in &patched.changes {
        journal.push(
            Audience::viewers(id, after.technician_id),
            |seq, timestamp| WorkOrderUpdated {
                work_order_id: id,
                action: match data {
                    UpdateData::StatusChanged { .. } => Action::StatusChanged,
                    UpdateData::Assigned { .. } => Action::Assigned,
                    UpdateData::Updated { .. } => Action::Updated,
                },
                work_order: Box::new(after.clone()),
                data: data.clone(),
                timestamp,
                seq,
            },
        );
    }
    if before.technician_id == after.technician_id {
        return;
    }

    let sees =
        |who: &Staff, order: &WorkOrder| may_see_work_order(who.id, who.role, order.technician_id);
    let lost: Vec<_> = staff
        .iter()
        .filter(|who| who.role == Role::Technician && sees(who, before) && !sees(who, &after))
        .map(|who| who.id)
        .collect();
    if !lost.is_empty() {
        journal.push(Audience::people(lost), |seq, timestamp| WorkOrderRemoved {
            work_order_id: id,
            timestamp,
            seq,
        });
    }
    if let Some(technician) = after.technician_id {
        journal.push(Audience::viewer(id, technician), |seq, timestamp| {
            WorkOrderAssignmentUpdate {
                work_order_id: id,
                action: AssignmentAction::Assigned,
                work_order: WorkOrderOrRef::WorkOrder(Box::new(after.clone())),
                timestamp,
                seq,
            }
        });
    }
    if let Some(previous) = before.technician_id {
        journal.push(Audience::people([previous]), |seq, timestamp| {
            WorkOrderAssignmentUpdate {
                work_order_id: id,
                action: AssignmentAction::Unassigned,
                work_order: WorkOrderOrRef::Ref(WorkOrderRef {
                    id,
                    number: after.number.clone(),
                }),
                timestamp,
                seq,
            }
        });
    }
}

/// The order without what must never enter the journal.
fn public(order: &WorkOrder) -> WorkOrder {
    WorkOrder {
        device_passcode: None,
        ..order.clone()
    }
}
