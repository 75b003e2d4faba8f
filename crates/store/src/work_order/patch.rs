//! Changing a work order: the path that every change takes, from the lock to the journal.

use shopbell_domain::{
    Actor, Journal, Refusal, Staff,
    work_order::{self as rules, CustomerContact, Patch},
};
use shopbell_protocol::{
    CustomerId, Epoch, Field, Seq, ShopId, Timestamp, Version, WorkOrder, WorkOrderId,
    WorkOrderPatch,
};
use sqlx::Row;
use thiserror::Error;

use super::row::{get, update};
use crate::{
    Committed, Store, StoreError,
    journal::Head,
    notification::notify,
    user::staff,
    writer::{Connection, Written},
};

/// A work order was not changed.
#[derive(Debug, Error)]
pub enum PatchError {
    /// The rules say no.
    #[error("change the work order: {refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// The row as it is, with [`Refusal::VersionMismatch`] alone.
        current: Option<Box<WorkOrder>>,
        /// The journal's head at that moment.
        seq: Seq,
        /// Its epoch.
        epoch: Epoch,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

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
    ) -> Result<Committed<WorkOrder>, PatchError> {
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
) -> Result<Written<Result<Committed<WorkOrder>, PatchError>>, StoreError> {
    let head = Head::lock(connection, actor.shop).await?;
    let Some(before) = get(connection, actor.shop, id).await? else {
        return Ok(refused(head, Refusal::NotFound, None));
    };
    let staff = staff(connection, actor.shop).await?;
    let technician = match patch.technician_id {
        Field::Set(Some(id)) => staff.iter().find(|who| who.id == id),
        _ => None,
    };
    let customer = match patch.customer_id {
        Some(id) => contact(connection, actor.shop, id).await?,
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
        Err(refusal) => return Ok(refused(head, refusal, Some(before))),
    };

    update(connection, &patched.order).await?;
    let active: Vec<Staff> = staff.into_iter().filter(|who| who.is_active).collect();
    let mut journal = Journal::after(head.seq, now);
    rules::record(&mut journal, &before, &patched, &active);
    let seq = journal.head();
    for notice in rules::notices(actor, &before, &patched, &active) {
        notify(connection, actor.shop, notice, &mut journal).await?;
    }
    let written = head
        .append(connection, &journal, patched.order, seq)
        .await?;
    Ok(written.map(Ok))
}

fn refused<T>(
    head: Head,
    refusal: Refusal,
    row: Option<WorkOrder>,
) -> Written<Result<T, PatchError>> {
    let current = row.filter(|_| refusal == Refusal::VersionMismatch);
    Written::quietly(Err(PatchError::Refused {
        refusal,
        current: current.map(Box::new),
        seq: head.seq,
        epoch: head.epoch,
    }))
}

async fn contact(
    connection: &mut Connection,
    shop: ShopId,
    id: CustomerId,
) -> Result<Option<CustomerContact>, StoreError> {
    let row =
        sqlx::query("select name, phone, email from customers where shop_id = $1 and id = $2")
            .bind(shop.0)
            .bind(id.0)
            .fetch_optional(connection)
            .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(CustomerContact {
        id,
        name: row.try_get("name")?,
        phone: row.try_get("phone")?,
        email: row.try_get("email")?,
    }))
}
