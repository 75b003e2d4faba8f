//! Writes the demo data, all of it in one transaction.

use std::collections::BTreeMap;

use shopbell_domain::Actor;
use shopbell_protocol::{Seq, ShopId, Timestamp};
use thiserror::Error;

use super::{
    customer::{self, Customer},
    insert,
    live::Day,
    morning::{self, Step},
    order::{self, Order},
    people::PEOPLE,
    ticket::{self, Ticket},
};
use crate::{
    Store, StoreError,
    database::{On, query_scalar},
    writer::{Connection, Lane, Written},
};

impl Store {
    /// Whether there is no shop yet.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        is_empty(self.readers()).await
    }

    /// Fills an empty database with the demo shops; everyone gets `password_hash`. The same `now` gives the same data. A
    /// database that is not empty is left alone; killed half way, it stays empty.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn fill_demo(&self, password_hash: &str, now: Timestamp) -> Result<(), StoreError> {
        let password_hash = password_hash.to_owned();
        self.writer
            .run(Lane::Alone(0), move |connection| {
                Box::pin(async move { fill(connection, &password_hash, now).await })
            })
            .await
    }
}

async fn is_empty(database: impl Into<On<'_>>) -> Result<bool, StoreError> {
    let shops: i64 = query_scalar("select count(*) from shops")
        .fetch_one(database)
        .await?;
    Ok(shops == 0)
}

async fn fill(
    connection: &mut Connection,
    password_hash: &str,
    now: Timestamp,
) -> Result<Written<()>, StoreError> {
    if !is_empty(&mut *connection).await? {
        return Ok(Written::quietly(()));
    }
    let first = Shop {
        id: ShopId(1),
        name: "Novak Servis",
        customers: &customer::FIRST,
        orders: &order::FIRST,
        tickets: &ticket::FIRST,
        morning: morning::first(),
    };
    let second = Shop {
        id: ShopId(2),
        name: "Other & Zonen",
        customers: &customer::SECOND,
        orders: &order::SECOND,
        tickets: &ticket::SECOND,
        morning: morning::second(),
    };
    let mut heads = Vec::new();
    for shop in [first, second] {
        let id = shop.id;
        let head = shop.fill(connection, password_hash, now).await?;
        heads.push((id, head));
    }
    Ok(Written {
        value: (),
        heads,
        rights: Vec::new(),
    })
}

/// The demo data contradicts itself: a mistake of ours, and a test's to find.
#[derive(Debug, Error)]
#[error("make up a morning: {0}")]
struct Contradiction(String);

pub(super) fn contradiction(what: impl Into<String>) -> StoreError {
    StoreError::internal(Contradiction(what.into()))
}

struct Shop {
    id: ShopId,
    name: &'static str,
    customers: &'static [Customer],
    orders: &'static [Order],
    tickets: &'static [Ticket],
    morning: Vec<Step>,
}

impl Shop {
    async fn fill(
        self,
        connection: &mut Connection,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<Seq, StoreError> {
        let founded = hours_before(now, 24 * 400);
        insert::shop(connection, self.id, self.name, founded, now).await?;
        let mut day = Day::new(now);
        for person in PEOPLE.iter().filter(|person| person.shop == self.id) {
            let actor = Actor {
                shop: self.id,
                id: insert::person(connection, person, password_hash, founded).await?,
                role: person.role,
                name: person.name.to_owned(),
            };
            day.people.insert(person.email, actor);
        }
        for (place, customer) in (1..).zip(self.customers) {
            let since = hours_before(now, 24 * (390 - 10 * place));
            let customer = insert::customer(connection, self.id, customer, since).await?;
            day.customers.push(customer);
        }
        for order in self.orders {
            let customer = at(&day.customers, order.customer)?;
            let who = |email: Option<_>| email.map(|email| whom(&day.people, email)).transpose();
            let (technician, submitter) = (who(order.technician)?, who(order.submitter)?);
            let id = insert::order(
                connection, self.id, order, customer, technician, submitter, now,
            );
            day.orders.push(id.await?);
        }
        for ticket in self.tickets {
            let customer = at(&day.customers, ticket.customer)?;
            let submitter = whom(&day.people, ticket.by)?;
            let id = insert::ticket(connection, ticket, customer, submitter, now).await?;
            day.tickets.push(id);
        }
        for step in self.morning {
            day.live(connection, step).await?;
        }
        Ok(day.head)
    }
}

/// What stands at a place of a list that counts from 1.
pub(super) fn at<T>(list: &[T], place: usize) -> Result<&T, StoreError> {
    let found = place.checked_sub(1).and_then(|index| list.get(index));
    found.ok_or_else(|| contradiction(format!("nothing stands at {place}")))
}

pub(super) fn whom<'p>(
    people: &'p BTreeMap<&str, Actor>,
    email: &str,
) -> Result<&'p Actor, StoreError> {
    people
        .get(email)
        .ok_or_else(|| contradiction(format!("{email} works elsewhere")))
}

pub(super) fn hours_before(now: Timestamp, hours: i64) -> Timestamp {
    Timestamp::from_millis(now.as_millis().saturating_sub(hours * 3_600_000))
}
