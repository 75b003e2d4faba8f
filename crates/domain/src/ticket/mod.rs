//! Repair tickets: taken in, changed, converted to a work order or cancelled.

mod record;
#[cfg(test)]
mod tests;
mod text;

use shopbell_protocol::{
    Customer, EntityType, Field, NewTicket, NotificationType, Priority, Reason, Role, Status,
    Ticket, TicketConversion, TicketData, TicketId, TicketPatch, TicketStatus, Timestamp, Urgency,
    UserId, Version, WorkOrder, WorkOrderId,
};

use crate::{
    Actor, Refusal, Sight, Staff,
    change::changed,
    customer::named_customer,
    notification::{Notice, Text},
    work_order::{self, named_technician},
};
pub(crate) use record::record_sight;
pub use record::{record_converted, record_opened, record_patched};

/// A ticket after a PATCH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patched {
    /// The new row, one version on.
    pub ticket: Ticket,
    /// What was changed, when anything but the status was.
    pub updated: Option<TicketData>,
    /// Whether it was cancelled.
    pub cancelled: bool,
}

/// Takes in a ticket, which everyone may; the database gives the id.
///
/// # Errors
///
/// The customer named is none of the shop's.
pub fn open(
    actor: &Actor,
    new: NewTicket,
    number: String,
    customer: Option<&Customer>,
    now: Timestamp,
) -> Result<Ticket, Refusal> {
    let customer =
        named_customer(new.customer_id, customer).map_err(|error| Refusal::Invalid(vec![error]))?;
    Ok(Ticket {
        id: TicketId(0),
        ticket_number: number.clone(),
        number,
        customer_id: customer.id,
        customer_name: customer.name.clone(),
        customer_phone: customer.phone.clone(),
        device: new.device,
        problem_description: new.problem_description,
        notes: new.notes,
        status: TicketStatus::Intake,
        priority: new.priority.unwrap_or(Priority::Medium),
        submitted_by: actor.id,
        submitted_by_name: actor.name.clone(),
        work_order_id: None,
        created_at: now,
        updated_at: now,
        version: Version(1),
    })
}

/// Decides a PATCH. `Ok(None)` when everything is already as asked. `sight` is the ticket's.
///
/// # Errors
///
/// A [`Refusal`], in this order: not visible, not the actor's to write, stale `if_match`, values that cannot be, a status
/// other than a ticket in intake's `cancelled`.
pub fn patch(
    actor: &Actor,
    before: &Ticket,
    sight: Sight,
    patch: TicketPatch,
    if_match: Option<Version>,
    customer: Option<&Customer>,
    now: Timestamp,
) -> Result<Option<Patched>, Refusal> {
    if !sight.is_seen_by(actor.id, actor.role) {
        return Err(Refusal::NotFound);
    }
    if actor.role == Role::Technician {
        if before.status != TicketStatus::Intake {
            return Err(Refusal::Forbidden);
        }
        if patch.status.is_some() {
            return Err(Refusal::ForbiddenFields(vec!["status".into()]));
        }
    }
    if if_match.is_some_and(|version| version != before.version) {
        return Err(Refusal::VersionMismatch);
    }
    let mut ticket = before.clone();
    if let Some(id) = patch.customer_id
        && id != before.customer_id
    {
        let customer =
            named_customer(id, customer).map_err(|error| Refusal::Invalid(vec![error]))?;
        show_customer(&mut ticket, customer);
    }
    ticket.device = patch.device.unwrap_or(ticket.device);
    ticket.problem_description = patch
        .problem_description
        .unwrap_or(ticket.problem_description);
    ticket.priority = patch.priority.unwrap_or(ticket.priority);
    ticket.notes = patch.notes.or(ticket.notes);
    match patch.status {
        Some(to) if to != before.status => match (before.status, to) {
            (TicketStatus::Intake, TicketStatus::Cancelled) => ticket.status = to,
            (from, to) => {
                return Err(Refusal::IllegalTransition {
                    from: from.as_str(),
                    to: to.as_str(),
                });
            }
        },
        _ => {}
    }
    Ok(patched(before, ticket, actor.id, now))
}

/// Writes what a ticket shows of its customer.
pub fn show_customer(ticket: &mut Ticket, customer: &Customer) {
    ticket.customer_id = customer.id;
    ticket.customer_name.clone_from(&customer.name);
    ticket.customer_phone.clone_from(&customer.phone);
}

/// What becomes of an open ticket when its customer or submitter was changed: `show` writes what it shows of them.
#[must_use]
pub fn reflect(
    before: &Ticket,
    by: UserId,
    now: Timestamp,
    show: impl FnOnce(&mut Ticket),
) -> Option<Patched> {
    if before.status != TicketStatus::Intake {
        return None;
    }
    let mut ticket = before.clone();
    show(&mut ticket);
    patched(before, ticket, by, now)
}

fn patched(before: &Ticket, mut ticket: Ticket, by: UserId, now: Timestamp) -> Option<Patched> {
    let updated_fields = changed([
        ("customer_id", ticket.customer_id != before.customer_id),
        (
            "customer_name",
            ticket.customer_name != before.customer_name,
        ),
        (
            "customer_phone",
            ticket.customer_phone != before.customer_phone,
        ),
        ("device", ticket.device != before.device),
        (
            "problem_description",
            ticket.problem_description != before.problem_description,
        ),
        ("priority", ticket.priority != before.priority),
        ("notes", ticket.notes != before.notes),
        (
            "submitted_by_name",
            ticket.submitted_by_name != before.submitted_by_name,
        ),
    ]);
    let updated = updated_fields.map(|updated_fields| TicketData::Updated {
        updated_fields,
        updated_by: by,
    });
    let cancelled = ticket.status != before.status;
    if updated.is_none() && !cancelled {
        return None;
    }
    ticket.updated_at = now;
    ticket.version = Version(before.version.0 + 1);
    Some(Patched {
        ticket,
        updated,
        cancelled,
    })
}

/// Converts a ticket in intake: gives the ticket, which [`converted`] completes, and the work order, whose id the database
/// gives. `technician` is the member of staff that is named, `customer` the ticket's.
///
/// # Errors
///
/// A [`Refusal`]: not visible, a technician who converts to somebody else, no longer in intake, nobody of that name.
pub fn convert(
    actor: &Actor,
    ticket: &Ticket,
    sight: Sight,
    conversion: TicketConversion,
    technician: Option<&Staff>,
    customer: &Customer,
    now: Timestamp,
) -> Result<WorkOrder, Refusal> {
    if !sight.is_seen_by(actor.id, actor.role) {
        return Err(Refusal::NotFound);
    }
    let technician_id = match (actor.role, conversion.technician_id) {
        (Role::Technician, Field::Keep) => Some(actor.id),
        (Role::Technician, Field::Set(id)) if id != Some(actor.id) => {
            return Err(Refusal::ForbiddenFields(vec!["technician_id".into()]));
        }
        (_, field) => field.or(None),
    };
    if ticket.status != TicketStatus::Intake {
        return Err(Refusal::Conflict("The ticket is not in intake any more."));
    }
    let technician_name = named_technician(technician_id, technician)
        .map_err(|error| Refusal::Invalid(vec![error]))?;
    let mut order = WorkOrder {
        id: WorkOrderId(0),
        number: ticket.number.clone(),
        ticket_id: Some(ticket.id),
        customer_id: ticket.customer_id,
        customer_name: String::new(),
        customer_phone: None,
        customer_email: None,
        device: ticket.device.clone(),
        device_passcode: None,
        description: conversion
            .description
            .unwrap_or_else(|| ticket.problem_description.clone()),
        status: Status::Intake,
        priority: conversion.priority.unwrap_or(ticket.priority),
        technician_id,
        technician_name,
        estimate_total: None,
        cost_total: None,
        due_at: None,
        started_at: None,
        completed_at: None,
        created_at: now,
        updated_at: now,
        version: Version(1),
    };
    work_order::show_customer(&mut order, customer);
    Ok(order)
}

/// The ticket once `order` was made from it.
#[must_use]
pub fn converted(before: &Ticket, order: WorkOrderId, now: Timestamp) -> Ticket {
    Ticket {
        status: TicketStatus::Converted,
        work_order_id: Some(order),
        updated_at: now,
        version: Version(before.version.0 + 1),
        ..before.clone()
    }
}

/// The notices of a new ticket: front desk and managers.
#[must_use]
pub fn opened_notices(actor: &Actor, ticket: &Ticket, staff: &[Staff]) -> Vec<Notice> {
    staff
        .iter()
        .filter(|who| who.id != actor.id && matches!(who.role, Role::FrontDesk | Role::Manager))
        .map(|who| {
            notice(
                who.id,
                Reason::Role,
                Urgency::Quiet,
                ticket,
                text::opened(actor, ticket),
            )
        })
        .collect()
}

/// The notices of a changed ticket: who took it in, as long as they see it.
#[must_use]
pub fn patched_notices(
    actor: &Actor,
    patched: &Patched,
    sight: Sight,
    staff: &[Staff],
) -> Vec<Notice> {
    let ticket = &patched.ticket;
    let (urgency, text) = if patched.cancelled {
        (Urgency::Normal, text::cancelled(actor, ticket))
    } else {
        (Urgency::Quiet, text::updated(actor, ticket))
    };
    // One who took it in hears of its end even where the end hides it.
    let sight = if patched.cancelled { Sight::All } else { sight };
    to_submitter(actor, ticket, sight, staff)
        .map(|id| notice(id, Reason::Owner, urgency, ticket, text))
        .into_iter()
        .collect()
}

/// The notice of a conversion to the one who took the ticket in, unless they are told as the order's technician.
#[must_use]
pub fn converted_notices(
    actor: &Actor,
    ticket: &Ticket,
    order: &WorkOrder,
    staff: &[Staff],
) -> Vec<Notice> {
    to_submitter(actor, ticket, Sight::of_order(order.technician_id), staff)
        .filter(|id| order.technician_id != Some(*id))
        .map(|id| {
            notice(
                id,
                Reason::Owner,
                Urgency::Normal,
                ticket,
                text::converted(actor, ticket),
            )
        })
        .into_iter()
        .collect()
}

fn to_submitter(actor: &Actor, ticket: &Ticket, sight: Sight, staff: &[Staff]) -> Option<UserId> {
    let submitter = staff
        .iter()
        .find(|who| who.id == ticket.submitted_by && who.id != actor.id)?;
    sight
        .is_seen_by(submitter.id, submitter.role)
        .then_some(submitter.id)
}

fn notice(
    user_id: UserId,
    reason: Reason,
    urgency: Urgency,
    ticket: &Ticket,
    text: Text,
) -> Notice {
    let entity = Some((EntityType::RepairTicket, ticket.id.0));
    Notice {
        user_id,
        r#type: NotificationType::RepairTicket,
        reason,
        urgency,
        entity,
        text,
    }
}
