//! Taking in a ticket.

use shopbell_domain::{Actor, Journal, ticket as rules};
use shopbell_protocol::{NewTicket, Ticket, Timestamp};

use super::row::insert;
use crate::{
    CommandError, Committed, Store,
    command::Answer,
    customer,
    journal::Head,
    number::Number,
    user::{active, staff},
    writer::Connection,
};

impl Store {
    /// Takes in a ticket under the shop's next number, writes the journal and tells whom it concerns, all or nothing.
    ///
    /// # Errors
    ///
    /// Refused by the rules, or fails with the database.
    pub async fn add_ticket(
        &self,
        actor: &Actor,
        new: NewTicket,
        now: Timestamp,
    ) -> Result<Committed<Ticket>, CommandError<Ticket>> {
        let actor = actor.clone();
        self.command(actor.shop, move |connection| {
            Box::pin(async move { add(connection, &actor, new, now).await })
        })
        .await
    }
}

/// The same, inside the writer's transaction.
pub(crate) async fn add(
    connection: &mut Connection,
    actor: &Actor,
    new: NewTicket,
    now: Timestamp,
) -> Answer<Ticket> {
    let head = Head::lock(connection, actor.shop).await?;
    let staff = active(&staff(connection, actor.shop).await?);
    let customer = customer::get(connection, actor.shop, new.customer_id).await?;
    let number = Number::next(connection, actor.shop, now).await?;
    let mut ticket = match rules::open(actor, new, number.text(), customer.as_ref(), now) {
        Ok(ticket) => ticket,
        Err(refusal) => return Ok(head.refused(refusal)),
    };
    number.take(connection).await?;
    ticket.id = insert(connection, actor.shop, &ticket).await?;
    let mut journal = Journal::after(head.seq, now);
    rules::record_opened(&mut journal, &ticket);
    let notices = rules::opened_notices(actor, &ticket, &staff);
    head.conclude(connection, journal, notices, ticket).await
}
