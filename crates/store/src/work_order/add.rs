//! Opening a work order without a ticket.

use shopbell_domain::{
    Actor, Journal,
    work_order::{self as rules, Opening},
};
use shopbell_protocol::{NewWorkOrder, Timestamp, WorkOrder};

use super::row::insert;
use crate::{
    CommandError, Committed, Store, command::Answer, customer, journal::Head, number::Number,
    user::staff, writer::Connection,
};

impl Store {
    /// Opens a work order under the shop's next number, writes the journal and tells whom it concerns, all or nothing. Gives
    /// the row with all fields.
    ///
    /// # Errors
    ///
    /// Refused by the rules, or fails with the database.
    pub async fn add_work_order(
        &self,
        actor: &Actor,
        new: NewWorkOrder,
        now: Timestamp,
    ) -> Result<Committed<WorkOrder>, CommandError<WorkOrder>> {
        let actor = actor.clone();
        self.command(actor.shop, move |connection| {
            Box::pin(async move { add(connection, &actor, new, now).await })
        })
        .await
    }
}

async fn add(
    connection: &mut Connection,
    actor: &Actor,
    new: NewWorkOrder,
    now: Timestamp,
) -> Answer<WorkOrder> {
    let head = Head::lock(connection, actor.shop).await?;
    let staff = staff(connection, actor.shop).await?;
    let customer = customer::get(connection, actor.shop, new.customer_id).await?;
    let number = Number::next(connection, actor.shop, now).await?;
    let opened = rules::open(Opening {
        actor,
        technician: staff.iter().find(|who| Some(who.id) == new.technician_id),
        new,
        number: number.text(),
        customer: customer.as_ref(),
        now,
    });
    let mut order = match opened {
        Ok(order) => order,
        Err(refusal) => return Ok(head.refused(refusal)),
    };
    number.take(connection).await?;
    order.id = insert(connection, actor.shop, &order).await?;
    let mut journal = Journal::after(head.seq, now);
    rules::record_opened(&mut journal, &order);
    let notices = rules::opened_notices(actor, &order);
    head.conclude(connection, journal, notices, order).await
}
