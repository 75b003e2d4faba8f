//! What a PATCH makes of a work order.

use std::collections::BTreeMap;

use shopbell_protocol::{
    CustomerId, Field, FieldError, Role, Status, Timestamp, UpdateData, Version, WorkOrder,
    WorkOrderPatch,
};

use super::rights::forbidden_fields;
use crate::{Actor, Refusal, Staff, is_legal_move, may_see_work_order};

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
    pub customer: Option<&'a CustomerContact>,
    /// The time of the change.
    pub now: Timestamp,
}

/// What a work order shows of its customer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct CustomerContact {
    pub id: CustomerId,
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
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
    if !may_see_work_order(actor.id, actor.role, before.technician_id) {
        return Err(Refusal::NotFound);
    }
    let forbidden = forbidden_fields(actor, before, &patch);
    if !forbidden.is_empty() {
        return Err(Refusal::ForbiddenFields(forbidden));
    }
    if if_match.is_some_and(|version| version != before.version) {
        return Err(Refusal::VersionMismatch);
    }

    let mut order = before.clone();
    let mut invalid = Vec::new();
    if let Field::Set(assigned) = patch.technician_id
        && assigned != before.technician_id
    {
        let may_repair = |staff: &&Staff| staff.is_active && staff.role != Role::FrontDesk;
        match (assigned, technician.filter(may_repair)) {
            (Some(id), Some(staff)) if staff.id == id => {
                order.technician_name = Some(staff.name.clone())
            }
            (None, _) => order.technician_name = None,
            _ => invalid.push(error(
                "technician_id",
                "names nobody in this shop who repairs",
            )),
        }
        order.technician_id = assigned;
    }
    if let Some(id) = patch.customer_id
        && id != before.customer_id
    {
        match customer.filter(|customer| customer.id == id) {
            Some(customer) => {
                order.customer_id = id;
                order.customer_name.clone_from(&customer.name);
                order.customer_phone.clone_from(&customer.phone);
                order.customer_email.clone_from(&customer.email);
            }
            None => invalid.push(error("customer_id", "names no customer of this shop")),
        }
    }
    if !invalid.is_empty() {
        return Err(Refusal::Invalid(invalid));
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
        Some(reason.ok_or(Refusal::IllegalTransition { from, to })?)
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
    let fields = [
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
    ];
    let updated_fields: BTreeMap<String, bool> = fields
        .into_iter()
        .filter(|(_, changed)| *changed)
        .map(|(field, _)| (field.to_owned(), true))
        .collect();
    if !updated_fields.is_empty() {
        changes.push(UpdateData::Updated {
            updated_fields,
            updated_by: actor.id,
        });
    }
    changes
}

fn error(field: &str, message: &str) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.to_owned(),
    }
}
