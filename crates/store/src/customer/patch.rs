//! Changing a customer, and what shows them.

use shopbell_domain::{Actor, Journal, Refusal, customer as rules};
use shopbell_protocol::{Customer, CustomerId, CustomerPatch, Timestamp, Version};

use super::row::{get, update};
use crate::{
    CommandError, Committed, Store, command::Answer, journal::Head, reflect::reflect_customer,
    writer::Connection,
};

impl Store {
    /// Changes a customer as far as the rules allow. Open orders and tickets in intake that show what was changed follow, each
    /// with its event, all or nothing; nobody is notified.
    ///
    /// # Errors
    ///
    /// Refused by the rules, or fails with the database.
    pub async fn patch_customer(
        &self,
        actor: &Actor,
        id: CustomerId,
        patch: CustomerPatch,
        if_match: Option<Version>,
        now: Timestamp,
    ) -> Result<Committed<Customer>, CommandError<Customer>> {
        let actor = actor.clone();
        self.command(actor.shop, move |connection| {
            Box::pin(async move { self::patch(connection, &actor, id, patch, if_match, now).await })
        })
        .await
    }
}

async fn patch(
    connection: &mut Connection,
    actor: &Actor,
    id: CustomerId,
    patch: CustomerPatch,
    if_match: Option<Version>,
    now: Timestamp,
) -> Answer<Customer> {
    let head = Head::lock(connection, actor.shop).await?;
    let Some(before) = get(connection, actor.shop, id).await? else {
        return Ok(head.refused(Refusal::NotFound));
    };
    let customer = match rules::patch(actor, &before, patch, if_match, now) {
        Ok(Some(customer)) => customer,
        Ok(None) => return Ok(head.unchanged(before).map(Ok)),
        Err(refusal) => return Ok(head.refused_for(refusal, before)),
    };
    update(connection, &customer).await?;
    let mut journal = Journal::after(head.seq, now);
    reflect_customer(connection, actor, &customer, &mut journal).await?;
    head.conclude(connection, journal, Vec::new(), customer)
        .await
}
