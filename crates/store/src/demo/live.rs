//! Lives through a morning: each step goes the way of the command that it is.

use std::{collections::BTreeMap, time::Duration};

use shopbell_domain::Actor;
use shopbell_protocol::{
    Customer, NewTicket, NotificationId, Seq, TicketConversion, TicketId, TicketPatch,
    TicketStatus, Timestamp, WorkOrderId,
};

use super::{
    fill::{at, contradiction, whom},
    morning::{Brought, Deed, Step, assigns},
};
use crate::{
    CommandError, Committed, StoreError, note,
    notification::mark_all,
    ticket, work_order,
    writer::{Connection, Written},
};

/// A shop on this day.
pub(super) struct Day {
    pub(super) now: Timestamp,
    /// By e-mail.
    pub(super) people: BTreeMap<&'static str, Actor>,
    pub(super) customers: Vec<Customer>,
    pub(super) orders: Vec<WorkOrderId>,
    pub(super) tickets: Vec<TicketId>,
    /// Where the journal ends.
    pub(super) head: Seq,
}

impl Day {
    pub(super) const fn new(now: Timestamp) -> Self {
        Self {
            now,
            people: BTreeMap::new(),
            customers: Vec::new(),
            orders: Vec::new(),
            tickets: Vec::new(),
            head: Seq(0),
        }
    }

    /// Takes one step.
    pub(super) async fn live(
        &mut self,
        connection: &mut Connection,
        step: Step,
    ) -> Result<(), StoreError> {
        let actor = whom(&self.people, step.who)?;
        let time = self.now.before(Duration::from_secs(60 * step.minutes));
        let head = match step.deed {
            Deed::Patch(place, change) => {
                let id = *at(&self.orders, place)?;
                let patched = work_order::patch(connection, actor, id, change, None, time).await?;
                done(patched)?.1
            }
            Deed::Assign(place, to) => {
                let (id, to) = (*at(&self.orders, place)?, whom(&self.people, to)?);
                let change = assigns(to.id);
                let patched = work_order::patch(connection, actor, id, change, None, time).await?;
                done(patched)?.1
            }
            Deed::Note(place, new) => {
                let id = *at(&self.orders, place)?;
                done(note::add(connection, actor, id, new, time).await?)?.1
            }
            Deed::TakeIn(place, brought) => {
                let new = new_ticket(at(&self.customers, place)?, brought);
                let (ticket, head) = done(ticket::add(connection, actor, new, time).await?)?;
                self.tickets.push(ticket.id);
                head
            }
            Deed::Cancel(place) => {
                let id = *at(&self.tickets, place)?;
                let cancel = TicketPatch {
                    status: Some(TicketStatus::Cancelled),
                    ..TicketPatch::default()
                };
                done(ticket::patch(connection, actor, id, cancel, None, time).await?)?.1
            }
            Deed::Convert(place) => {
                let (id, plain) = (*at(&self.tickets, place)?, TicketConversion::default());
                let converted = ticket::convert(connection, actor, id, plain, time).await?;
                let (order, head) = done(converted)?;
                self.orders.push(order.id);
                head
            }
            Deed::Read => {
                let all = NotificationId(i64::MAX);
                let read = mark_all(connection, actor.shop, actor.id, all, time).await?;
                last(&read).unwrap_or(self.head)
            }
        };
        self.head = head;
        Ok(())
    }
}

fn new_ticket(customer: &Customer, brought: Brought) -> NewTicket {
    NewTicket {
        customer_id: customer.id,
        device: brought.device.to_owned(),
        problem_description: brought.problem.to_owned(),
        priority: Some(brought.priority),
        notes: None,
    }
}

/// What a command made, and the new head: nobody tries in vain in a demo shop.
fn done<T>(
    written: Written<Result<Committed<T>, CommandError<T>>>,
) -> Result<(T, Seq), StoreError> {
    let head = last(&written);
    match (written.value, head) {
        (Ok(committed), Some(head)) => Ok((committed.value, head)),
        (Ok(_), None) => Err(contradiction("nothing changed")),
        (Err(CommandError::Refused { refusal, .. }), _) => Err(contradiction(refusal.to_string())),
        (Err(CommandError::KeyReused), _) => Err(contradiction("there is no key")),
        (Err(CommandError::Store(error)), _) => Err(error),
    }
}

fn last<T>(written: &Written<T>) -> Option<Seq> {
    written.heads.last().map(|(_, head)| *head)
}
