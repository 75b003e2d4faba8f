//! Changing a work order: the path that every change takes, from the lock to the journal.

use shopbell_domain::{
    Actor, Journal, Refusal, Staff,
    work_order::{self as rules, Patch},
};
use shopbell_protocol::{Field, Timestamp, Version, WorkOrder, WorkOrderId, WorkOrderPatch};

use super::row::{get, update};
use crate::{
    CommandError, Committed, Store, command::Answer, customer, journal::Head, notification::notify,
    user::staff, writer::Connection,
};

impl Store {
    /// Changes a work order as far as the rules allow, writes the journal and tells whom it concerns, all or nothing.
    /// Gives the new row with all fields.
    ///
    /// # Errors
    ///
    /// Refused by the rules, or fails with the database.
    pub async fn patch_work_order(
        &self,
        actor: &Actor,
        id: WorkOrderId,
        patch: WorkOrderPatch,
        if_match: Option<Version>,
        now: Timestamp,
    ) -> Result<Committed<WorkOrder>, CommandError<WorkOrder>> {
        let actor = actor.clone();
        self.writer
            .run(move |connection| {
                Box::pin(
                    async move { self::patch(connection, &actor, id, patch, if_match, now).await },
                )
            })
            .await?
    }
}

/// The same, inside the writer's transaction.
pub(crate) async fn patch(
    connection: &mut Connection,
    actor: &Actor,
    id: WorkOrderId,
    patch: WorkOrderPatch,
    if_match: Option<Version>,
    now: Timestamp,
) -> Answer<WorkOrder> {
    let head = Head::lock(connection, actor.shop).await?;
    let Some(before) = get(connection, actor.shop, id).await? else {
        return Ok(head.refused(Refusal::NotFound));
    };
    let staff = staff(connection, actor.shop).await?;
    let technician = match patch.technician_id {
        Field::Set(Some(id)) => staff.iter().find(|who| who.id == id),
        _ => None,
    };
    let customer = match patch.customer_id {
        Some(id) => customer::get(connection, actor.shop, id).await?,
        None => None,
    };
    let decided = rules::patch(Patch {
        actor,
        order: &before,
        patch,
        if_match,
        technician,
        customer: customer.as_ref(),
        now,
    });
    let patched = match decided {
        Ok(Some(patched)) => patched,
        Ok(None) => return Ok(head.unchanged(before).map(Ok)),
        Err(refusal) => return Ok(head.refused_for(refusal, before)),
    };

    update(connection, &patched.order).await?;
    let active: Vec<Staff> = staff.into_iter().filter(|who| who.is_active).collect();
    let mut journal = Journal::after(head.seq, now);
    rules::record(&mut journal, &before, &patched, &active, None);
    let seq = journal.head();
    for notice in rules::notices(actor, &before, &patched, &active, None) {
        notify(connection, actor.shop, notice, &mut journal).await?;
    }
    let written = head
        .append(connection, &journal, patched.order, seq)
        .await?;
    Ok(written.map(Ok))
}
