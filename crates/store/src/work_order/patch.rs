//! Changing a work order: the path that every change takes, from the lock to the journal.

use shopbell_domain::{
    Actor, Journal, Refusal, Staff,
    notification::Notice,
    work_order::{self as rules, Patch, Patched},
};
use shopbell_protocol::{
    Customer, Field, Timestamp, Version, WorkOrder, WorkOrderId, WorkOrderPatch,
};

use super::row::{get, update};
use crate::{
    CommandError, Committed, Store, StoreError,
    command::Answer,
    customer,
    journal::Head,
    ticket,
    user::{active, staff},
    writer::Connection,
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
    id: WorkOrderId,
    patch: WorkOrderPatch,
    if_match: Option<Version>,
    now: Timestamp,
) -> Answer<WorkOrder> {
    let head = Head::lock(connection, actor.shop).await?;
    let Some(before) = get(connection, actor.shop, id).await? else {
        return Ok(head.refused(Refusal::NotFound));
    };
    let change = Change::read(connection, actor, patch, now).await?;
    let patched = match change.decide(&before, if_match) {
        Ok(Some(patched)) => patched,
        Ok(None) => return Ok(head.unchanged(before).map(Ok)),
        Err(refusal) => return Ok(head.refused_for(refusal, before)),
    };
    let mut journal = Journal::after(head.seq, now);
    let notices = change
        .write(connection, &before, &patched, &mut journal)
        .await?;
    head.conclude(connection, journal, notices, patched.order)
        .await
}

/// A PATCH for one order or many, with whom it names.
pub(super) struct Change<'a> {
    actor: &'a Actor,
    patch: WorkOrderPatch,
    staff: Vec<Staff>,
    active: Vec<Staff>,
    customer: Option<Customer>,
    now: Timestamp,
}

impl<'a> Change<'a> {
    /// Reads, under the shop's lock, whom it names.
    pub(super) async fn read(
        connection: &mut Connection,
        actor: &'a Actor,
        patch: WorkOrderPatch,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let staff = staff(connection, actor.shop).await?;
        let customer = match patch.customer_id {
            Some(id) => customer::get(connection, actor.shop, id).await?,
            None => None,
        };
        Ok(Self {
            actor,
            patch,
            active: active(&staff),
            staff,
            customer,
            now,
        })
    }

    /// What it makes of an order.
    pub(super) fn decide(
        &self,
        before: &WorkOrder,
        if_match: Option<Version>,
    ) -> Result<Option<Patched>, Refusal> {
        let technician = match self.patch.technician_id {
            Field::Set(Some(id)) => self.staff.iter().find(|who| who.id == id),
            _ => None,
        };
        rules::patch(Patch {
            actor: self.actor,
            order: before,
            patch: self.patch.clone(),
            if_match,
            technician,
            customer: self.customer.as_ref(),
            now: self.now,
        })
    }

    /// Writes an order that it changed; gives who is to be told.
    pub(super) async fn write(
        &self,
        connection: &mut Connection,
        before: &WorkOrder,
        patched: &Patched,
        journal: &mut Journal,
    ) -> Result<Vec<Notice>, StoreError> {
        let ticket = match before.ticket_id {
            Some(id) => ticket::get(connection, self.actor.shop, id).await?,
            None => None,
        };
        let ticket = ticket.as_ref().map(|(ticket, _)| ticket);
        update(connection, &patched.order).await?;
        rules::record(journal, before, patched, &self.active, ticket);
        let submitter = ticket.map(|ticket| ticket.submitted_by);
        Ok(rules::notices(
            self.actor,
            before,
            patched,
            &self.active,
            submitter,
        ))
    }
}
