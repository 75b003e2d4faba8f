//! Making a work order from a ticket.

use shopbell_domain::{Actor, Journal, Refusal, ticket as rules, work_order as order_rules};
use shopbell_protocol::{Field, TicketConversion, TicketId, Timestamp, WorkOrder};

use super::row::{get, update};
use crate::{
    CommandError, Committed, Store, StoreError,
    command::Answer,
    customer,
    journal::Head,
    user::{active, staff},
    work_order,
    writer::Connection,
};

impl Store {
    /// Converts a ticket in intake to a work order of the same number, writes the journal and tells whom it concerns, all or
    /// nothing. Gives the order with all fields.
    ///
    /// # Errors
    ///
    /// Refused by the rules, or fails with the database.
    pub async fn convert_ticket(
        &self,
        actor: &Actor,
        id: TicketId,
        conversion: TicketConversion,
        now: Timestamp,
    ) -> Result<Committed<WorkOrder>, CommandError<WorkOrder>> {
        let actor = actor.clone();
        self.command(actor.shop, move |connection| {
            Box::pin(async move { convert(connection, &actor, id, conversion, now).await })
        })
        .await
    }
}

/// The same, inside the writer's transaction.
pub(crate) async fn convert(
    connection: &mut Connection,
    actor: &Actor,
    id: TicketId,
    conversion: TicketConversion,
    now: Timestamp,
) -> Answer<WorkOrder> {
    let head = Head::lock(connection, actor.shop).await?;
    let Some((before, sight)) = get(connection, actor.shop, id).await? else {
        return Ok(head.refused(Refusal::NotFound));
    };
    let staff = staff(connection, actor.shop).await?;
    let customer = customer::get(connection, actor.shop, before.customer_id)
        .await?
        .ok_or_else(|| StoreError::internal(sqlx::Error::RowNotFound))?;
    // Nobody named: a technician's conversion is to themselves.
    let named = match conversion.technician_id {
        Field::Set(named) => named,
        Field::Keep => Some(actor.id),
    };
    let technician = staff.iter().find(|who| Some(who.id) == named);
    let decided = rules::convert(
        actor, &before, sight, conversion, technician, &customer, now,
    );
    let mut order = match decided {
        Ok(order) => order,
        Err(refusal) => return Ok(head.refused(refusal)),
    };
    order.id = work_order::insert(connection, actor.shop, &order).await?;
    let ticket = rules::converted(&before, order.id, now);
    update(connection, &ticket).await?;

    let staff = active(&staff);
    let mut journal = Journal::after(head.seq, now);
    order_rules::record_opened(&mut journal, &order);
    rules::record_converted(&mut journal, &ticket, &order, &staff);
    let mut notices = order_rules::opened_notices(actor, &order);
    notices.extend(rules::converted_notices(actor, &ticket, &order, &staff));
    head.conclude(connection, journal, notices, order).await
}
