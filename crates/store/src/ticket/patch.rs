//! Changing or cancelling a ticket.

use shopbell_domain::{Actor, Journal, Refusal, ticket as rules};
use shopbell_protocol::{Ticket, TicketId, TicketPatch, Timestamp, Version};

use super::row::{get, update};
use crate::{
    CommandError, Committed, Store,
    command::Answer,
    customer,
    journal::Head,
    user::{active, staff},
    writer::Connection,
};

impl Store {
    /// Changes a ticket as far as the rules allow, writes the journal and tells whom it concerns, all or nothing. Gives the new
    /// row with all fields.
    ///
    /// # Errors
    ///
    /// Refused by the rules, or fails with the database.
    pub async fn patch_ticket(
        &self,
        actor: &Actor,
        id: TicketId,
        patch: TicketPatch,
        if_match: Option<Version>,
        now: Timestamp,
    ) -> Result<Committed<Ticket>, CommandError<Ticket>> {
        let actor = actor.clone();
        self.command(actor.shop, move |connection| {
            Box::pin(async move { self::patch(connection, &actor, id, patch, if_match, now).await })
        })
        .await
    }
}

/// The same, inside the writer's transaction.
pub(crate) async fn patch(
    connection: &mut Connection,
    actor: &Actor,
    id: TicketId,
    patch: TicketPatch,
    if_match: Option<Version>,
    now: Timestamp,
) -> Answer<Ticket> {
    let head = Head::lock(connection, actor.shop).await?;
    let Some((before, sight)) = get(connection, actor.shop, id).await? else {
        return Ok(head.refused(Refusal::NotFound));
    };
    let staff = active(&staff(connection, actor.shop).await?);
    let customer = match patch.customer_id {
        Some(id) => customer::get(connection, actor.shop, id).await?,
        None => None,
    };
    let decided = rules::patch(
        actor,
        &before,
        sight,
        patch,
        if_match,
        customer.as_ref(),
        now,
    );
    let patched = match decided {
        Ok(Some(patched)) => patched,
        Ok(None) => return Ok(head.unchanged(before).map(Ok)),
        Err(refusal) => return Ok(head.refused_for(refusal, before)),
    };
    update(connection, &patched.ticket).await?;
    let mut journal = Journal::after(head.seq, now);
    rules::record_patched(&mut journal, &patched, sight, &staff);
    let notices = rules::patched_notices(actor, &patched, sight, &staff);
    head.conclude(connection, journal, notices, patched.ticket)
        .await
}
