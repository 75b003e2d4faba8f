//! Taking in a new customer.

use shopbell_domain::{Actor, customer as rules};
use shopbell_protocol::{Customer, NewCustomer, Timestamp};

use super::row::insert;
use crate::{CommandError, Committed, Store, command::Answer, journal::Head, writer::Connection};

impl Store {
    /// Adds a customer, as far as the rules allow. Nobody is told: no event is about customers themselves.
    ///
    /// # Errors
    ///
    /// Refused by the rules, or fails with the database.
    pub async fn add_customer(
        &self,
        actor: &Actor,
        new: NewCustomer,
        now: Timestamp,
    ) -> Result<Committed<Customer>, CommandError<Customer>> {
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
    new: NewCustomer,
    now: Timestamp,
) -> Answer<Customer> {
    let head = Head::lock(connection, actor.shop).await?;
    let mut customer = match rules::add(actor, new, now) {
        Ok(customer) => customer,
        Err(refusal) => return Ok(head.refused(refusal)),
    };
    customer.id = insert(connection, actor.shop, &customer).await?;
    Ok(head.unchanged(customer).map(Ok))
}
