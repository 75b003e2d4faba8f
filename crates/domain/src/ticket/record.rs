//! The journal entries of a ticket.

use shopbell_protocol::{
    RepairTicketRemoved, RepairTicketUpdated, Role, Ticket, TicketAction, TicketData, UserId,
    WorkOrder, WorkOrderId,
};

use super::Patched;
use crate::{Audience, Journal, Object, Sight, Staff, sight};

/// Adds a new ticket for everyone.
pub fn record_opened(journal: &mut Journal, ticket: &Ticket) {
    push(journal, Sight::All, ticket, TicketAction::Created, None);
}

/// Adds what a PATCH changed, in this order: `updated`, `cancelled`, and `repair_ticket_removed` for those who lost sight of it.
/// `sight` is the ticket's before the change; a cancelled one is nobody's among the technicians.
pub fn record_patched(journal: &mut Journal, patched: &Patched, sight: Sight, staff: &[Staff]) {
    let ticket = &patched.ticket;
    let after = if patched.cancelled {
        Sight::Nobody
    } else {
        sight
    };
    if let Some(updated) = &patched.updated {
        push(
            journal,
            after,
            ticket,
            TicketAction::Updated,
            Some(updated.clone()),
        );
    }
    if patched.cancelled {
        push(journal, after, ticket, TicketAction::Cancelled, None);
    }
    remove(journal, ticket, sight::lost(staff, sight, after));
}

/// Adds a conversion: the ticket, for those who see the order, and its removal for the technicians who do not.
pub fn record_converted(
    journal: &mut Journal,
    ticket: &Ticket,
    order: &WorkOrder,
    staff: &[Staff],
) {
    let after = Sight::of_order(order.technician_id);
    let data = TicketData::Converted {
        work_order_id: order.id,
    };
    push(journal, after, ticket, TicketAction::Converted, Some(data));
    remove(journal, ticket, sight::lost(staff, Sight::All, after));
}

/// Adds what follows for a ticket when the order made from it changes hands: technicians who see it for the first time are
/// shown it as converted, those who lost it are told.
pub(crate) fn record_sight(
    journal: &mut Journal,
    ticket: &Ticket,
    order: WorkOrderId,
    staff: &[Staff],
    before: Sight,
    after: Sight,
) {
    let gained: Vec<UserId> = staff
        .iter()
        .filter(|who| {
            who.role == Role::Technician && after.includes(who.id) && !before.includes(who.id)
        })
        .map(|who| who.id)
        .collect();
    if !gained.is_empty() {
        let audience = Audience::some_viewers(Object::Ticket(ticket.id), gained);
        let data = TicketData::Converted {
            work_order_id: order,
        };
        push_to(
            journal,
            audience,
            ticket,
            TicketAction::Converted,
            Some(data),
        );
    }
    remove(journal, ticket, sight::lost(staff, before, after));
}

fn remove(journal: &mut Journal, ticket: &Ticket, lost: Vec<UserId>) {
    if !lost.is_empty() {
        let ticket_id = ticket.id;
        journal.push(Audience::people(lost), |seq, timestamp| {
            RepairTicketRemoved {
                ticket_id,
                timestamp,
                seq,
            }
        });
    }
}

fn push(
    journal: &mut Journal,
    sight: Sight,
    ticket: &Ticket,
    action: TicketAction,
    data: Option<TicketData>,
) {
    push_to(
        journal,
        Audience::viewers(Object::Ticket(ticket.id), sight),
        ticket,
        action,
        data,
    );
}

fn push_to(
    journal: &mut Journal,
    audience: Audience,
    ticket: &Ticket,
    action: TicketAction,
    data: Option<TicketData>,
) {
    journal.push(audience, |seq, timestamp| RepairTicketUpdated {
        ticket_id: ticket.id,
        action,
        ticket: Box::new(ticket.clone()),
        data,
        timestamp,
        seq,
    });
}
