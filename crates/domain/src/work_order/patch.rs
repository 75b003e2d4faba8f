//! What a PATCH makes of a work order.

use shopbell_protocol::{
    Customer, Field, FieldError, Role, Status, Timestamp, UpdateData, UserId, Version, WorkOrder,
    WorkOrderPatch,
};

use super::rights::forbidden_fields;
use crate::{
    Actor, Refusal, Sight, Staff,
    change::{changed, invalid},
    customer::named_customer,
    is_legal_move,
};

/// A PATCH and all that deciding it needs.
#[derive(Clone, Debug)]
pub struct Patch<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// The row as it is now, read under the shop's lock.
    pub order: &'a WorkOrder,
    /// What is asked.
    pub patch: WorkOrderPatch,
    /// The version of `If-Match`.
    pub if_match: Option<Version>,
    /// The member of staff of this shop that `technician_id` names, if there is one.
    pub technician: Option<&'a Staff>,
    /// The customer of this shop that `customer_id` names, if there is one.
    pub customer: Option<&'a Customer>,
    /// The time of the change.
    pub now: Timestamp,
}

/// A work order after a PATCH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patched {
    /// The new row; one version on, however many fields changed.
    pub order: WorkOrder,
    /// What happened, in the order of the contract: status, assignment, the rest. Never empty.
    pub changes: Vec<UpdateData>,
}

/// Decides a PATCH. `Ok(None)` when everything is already as asked.
///
/// # Errors
///
/// A [`Refusal`], in this order: not visible, fields not writable by the actor, stale `If-Match`, values that cannot be,
/// an illegal move.
pub fn patch(command: Patch<'_>) -> Result<Option<Patched>, Refusal> {
    let Patch {
        actor,
        order: before,
        patch,
        if_match,
        technician,
        customer,
        now,
    } = command;
    if !Sight::of_order(before.technician_id).is_seen_by(actor.id, actor.role) {
        return Err(Refusal::NotFound);
    }
    let forbidden = forbidden_fields(actor, before, &patch);
    if !forbidden.is_empty() {
        let forbidden = forbidden.into_iter().map(Into::into);
        return Err(Refusal::ForbiddenFields(forbidden.collect()));
    }
    if if_match.is_some_and(|version| version != before.version) {
        return Err(Refusal::VersionMismatch);
    }

    let mut order = before.clone();
    let mut errors = Vec::new();
    if let Field::Set(assigned) = patch.technician_id
        && assigned != before.technician_id
    {
        match named_technician(assigned, technician) {
            Ok(name) => order.technician_name = name,
            Err(error) => errors.push(error),
        }
        order.technician_id = assigned;
    }
    if let Some(id) = patch.customer_id
        && id != before.customer_id
    {
        match named_customer(id, customer) {
            Ok(customer) => show_customer(&mut order, customer),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors));
    }

    order.device = patch.device.unwrap_or(order.device);
    order.device_passcode = patch.device_passcode.or(order.device_passcode);
    order.description = patch.description.unwrap_or(order.description);
    order.priority = patch.priority.unwrap_or(order.priority);
    order.estimate_total = patch.estimate_total.or(order.estimate_total);
    order.cost_total = patch.cost_total.or(order.cost_total);
    order.due_at = patch.due_at.or(order.due_at);

    let overridden = match patch.status {
        Some(to) if to != before.status => {
            enter(&mut order, before.status, to, patch.override_reason, now)?
        }
        _ => None,
    };

    let changes = changes(actor, before, &order, overridden);
    if changes.is_empty() {
        return Ok(None);
    }
    order.updated_at = now;
    order.version = Version(before.version.0 + 1);
    Ok(Some(Patched { order, changes }))
}

/// Makes the move and what it sets by itself. Gives the reason when the table had to be overridden.
fn enter(
    order: &mut WorkOrder,
    from: Status,
    to: Status,
    reason: Option<String>,
    now: Timestamp,
) -> Result<Option<String>, Refusal> {
    let overridden = if is_legal_move(from, to) {
        None
    } else {
        Some(reason.ok_or(Refusal::IllegalTransition {
            from: from.as_str(),
            to: to.as_str(),
        })?)
    };
    if (from, to) == (Status::Pending, Status::InProgress) && order.technician_id.is_none() {
        return Err(Refusal::TechnicianRequired);
    }
    order.status = to;
    match to {
        Status::InProgress => order.started_at = order.started_at.or(Some(now)),
        Status::Completed => order.completed_at = Some(now),
        _ => {}
    }
    Ok(overridden)
}

fn changes(
    actor: &Actor,
    before: &WorkOrder,
    after: &WorkOrder,
    overridden: Option<String>,
) -> Vec<UpdateData> {
    let mut changes = Vec::new();
    if after.status != before.status {
        changes.push(UpdateData::StatusChanged {
            old_status: before.status,
            new_status: after.status,
            updated_by: actor.id,
            override_reason: overridden,
        });
    }
    if after.technician_id != before.technician_id {
        changes.push(UpdateData::Assigned {
            technician_id: after.technician_id,
            previous_technician_id: before.technician_id,
            assigned_by: actor.id,
        });
    }
    let updated = changed([
        ("customer_id", after.customer_id != before.customer_id),
        ("device", after.device != before.device),
        (
            "device_passcode",
            after.device_passcode != before.device_passcode,
        ),
        ("description", after.description != before.description),
        ("priority", after.priority != before.priority),
        (
            "estimate_total",
            after.estimate_total != before.estimate_total,
        ),
        ("cost_total", after.cost_total != before.cost_total),
        ("due_at", after.due_at != before.due_at),
    ]);
    if let Some(updated_fields) = updated {
        changes.push(UpdateData::Updated {
            updated_fields,
            updated_by: actor.id,
        });
    }
    changes
}

/// The name of the technician that `assigned` names; anyone who works in the shop and repairs.
pub(crate) fn named_technician(
    assigned: Option<UserId>,
    found: Option<&Staff>,
) -> Result<Option<String>, FieldError> {
    let may_repair = |staff: &&Staff| {
        staff.is_active && staff.role != Role::FrontDesk && Some(staff.id) == assigned
    };
    match (assigned, found.filter(may_repair)) {
        (None, _) => Ok(None),
        (Some(_), Some(staff)) => Ok(Some(staff.name.clone())),
        (Some(_), None) => Err(invalid(
            "technician_id",
            "names nobody in this shop who repairs",
        )),
    }
}

/// Writes what an order shows of its customer.
pub fn show_customer(order: &mut WorkOrder, customer: &Customer) {
    order.customer_id = customer.id;
    order.customer_name.clone_from(&customer.name);
    order.customer_phone.clone_from(&customer.phone);
    order.customer_email.clone_from(&customer.email);
}
