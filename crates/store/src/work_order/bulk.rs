//! The same change to many work orders.

use std::collections::BTreeSet;

use shopbell_domain::{Actor, Journal, Refusal, work_order as rules};
use shopbell_protocol::{Timestamp, WorkOrder, WorkOrderId, WorkOrderPatch};

use super::{patch::Change, row::get};
use crate::{CommandError, Committed, Store, command::Answer, journal::Head, writer::Connection};

impl Store {
    /// Changes many work orders in one transaction, all or nothing, with at most one notification per person. Gives the rows
    /// in the order of `ids`, each once. The caller sees to it that there are at most [`rules::MAX_BULK`].
    ///
    /// # Errors
    ///
    /// Refused by the rules, then with the first order that was refused under `current`, unless there is none; or fails with
    /// the database.
    pub async fn patch_work_orders(
        &self,
        actor: &Actor,
        ids: Vec<WorkOrderId>,
        patch: WorkOrderPatch,
        now: Timestamp,
    ) -> Result<Committed<Vec<WorkOrder>>, CommandError<Vec<WorkOrder>>> {
        let actor = actor.clone();
        self.command(actor.shop, move |connection| {
            Box::pin(async move { patch_many(connection, &actor, ids, patch, now).await })
        })
        .await
    }
}

async fn patch_many(
    connection: &mut Connection,
    actor: &Actor,
    mut ids: Vec<WorkOrderId>,
    patch: WorkOrderPatch,
    now: Timestamp,
) -> Answer<Vec<WorkOrder>> {
    let head = Head::lock(connection, actor.shop).await?;
    if !rules::may_change_many(actor) {
        return Ok(head.refused(Refusal::Forbidden));
    }
    let mut seen = BTreeSet::new();
    ids.retain(|id| seen.insert(*id));

    // All is decided before anything is written.
    let change = Change::read(connection, actor, patch, now).await?;
    let mut decided = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(before) = get(connection, actor.shop, id).await? else {
            return Ok(head.refused(Refusal::NotFound));
        };
        match change.decide(&before, None) {
            Ok(patched) => decided.push((before, patched)),
            Err(refusal) => return Ok(head.refuse(refusal, Some(Box::new(vec![before])))),
        }
    }

    let mut journal = Journal::after(head.seq, now);
    let mut notices = Vec::new();
    let mut orders = Vec::with_capacity(decided.len());
    for (before, patched) in decided {
        let Some(patched) = patched else {
            orders.push(before);
            continue;
        };
        notices.extend(
            change
                .write(connection, &before, &patched, &mut journal)
                .await?,
        );
        orders.push(patched.order);
    }
    let notices = rules::summarize(actor, notices);
    head.conclude(connection, journal, notices, orders).await
}
