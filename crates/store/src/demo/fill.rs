//! Writes the demo data, all of it in one transaction.

use std::{collections::BTreeMap, time::Duration};

use shopbell_domain::Actor;
use shopbell_protocol::{NotificationId, Seq, ShopId, Timestamp, WorkOrderId};
use sqlx::SqliteExecutor;
use thiserror::Error;

use super::{
    customer::{self, Customer},
    insert,
    morning::{self, Deed, Step, assigns},
    order::{self, Order},
    people::PEOPLE,
};
use crate::{
    Store, StoreError,
    notification::mark_all,
    work_order::patch,
    writer::{Connection, Written},
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
            .run(move |connection| {
                Box::pin(async move { fill(connection, &password_hash, now).await })
            })
            .await
    }
}

async fn is_empty(database: impl SqliteExecutor<'_>) -> Result<bool, StoreError> {
    let shops: i64 = sqlx::query_scalar("select count(*) from shops")
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
        morning: morning::first(),
    };
    let second = Shop {
        id: ShopId(2),
        name: "Other & Zonen",
        customers: &customer::SECOND,
        orders: &order::SECOND,
        morning: morning::second(),
    };
    let mut heads = Vec::new();
    for shop in [first, second] {
        let id = shop.id;
        let head = shop.fill(connection, password_hash, now).await?;
        heads.push((id, head));
    }
    Ok(Written { value: (), heads })
}

/// The demo data contradicts itself: a mistake of ours, and a test's to find.
#[derive(Debug, Error)]
#[error("make up a morning: {0}")]
struct Contradiction(String);

fn contradiction(what: impl Into<String>) -> StoreError {
    StoreError::internal(Contradiction(what.into()))
}

struct Shop {
    id: ShopId,
    name: &'static str,
    customers: &'static [Customer],
    orders: &'static [Order],
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
        let mut people = BTreeMap::new();
        for person in PEOPLE.iter().filter(|person| person.shop == self.id) {
            let id = insert::person(connection, person, password_hash, founded).await?;
            let actor = Actor {
                shop: self.id,
                id,
                role: person.role,
                name: person.name.to_owned(),
            };
            people.insert(person.email, actor);
        }
        let mut customers = Vec::new();
        for (place, customer) in (1..).zip(self.customers) {
            let since = hours_before(now, 24 * (390 - 10 * place));
            customers.push(insert::customer(connection, self.id, customer, since).await?);
        }
        let mut orders = Vec::new();
        for (place, order) in (1..).zip(self.orders) {
            let number = insert::Number { place, year: now };
            let customer = at(&customers, order.customer)?;
            let technician = match order.technician {
                Some(email) => Some(whom(&people, email)?.id),
                None => None,
            };
            let id = insert::order(
                connection, self.id, number, customer, technician, order, now,
            );
            orders.push(id.await?);
        }
        let mut head = Seq(0);
        for step in self.morning {
            head = live(connection, &people, &orders, step, now)
                .await?
                .unwrap_or(head);
        }
        Ok(head)
    }
}

/// Takes one step of the morning; gives the new head.
async fn live(
    connection: &mut Connection,
    people: &BTreeMap<&str, Actor>,
    orders: &[WorkOrderId],
    step: Step,
    now: Timestamp,
) -> Result<Option<Seq>, StoreError> {
    let actor = whom(people, step.who)?;
    let time = now.before(Duration::from_secs(60 * step.minutes));
    let (place, change) = match step.deed {
        Deed::Patch(place, change) => (place, change),
        Deed::Assign(place, to) => (place, assigns(whom(people, to)?.id)),
        Deed::Read => {
            let all = NotificationId(i64::MAX);
            let read = mark_all(connection, actor.shop, actor.id, all, time).await?;
            return Ok(read.heads.last().map(|(_, head)| *head));
        }
    };
    let patched = patch(connection, actor, at(orders, place)?, change, None, time).await?;
    if let Err(refused) = patched.value {
        return Err(contradiction(format!("order {place}: {refused}")));
    }
    match patched.heads.last() {
        Some((_, head)) => Ok(Some(*head)),
        None => Err(contradiction(format!("order {place}: nothing changed"))),
    }
}

/// What stands at a place of a list that counts from 1.
fn at<T: Copy>(list: &[T], place: usize) -> Result<T, StoreError> {
    let found = place.checked_sub(1).and_then(|index| list.get(index));
    found
        .copied()
        .ok_or_else(|| contradiction(format!("nothing stands at {place}")))
}

fn whom<'p>(people: &'p BTreeMap<&str, Actor>, email: &str) -> Result<&'p Actor, StoreError> {
    people
        .get(email)
        .ok_or_else(|| contradiction(format!("{email} works elsewhere")))
}

pub(super) fn hours_before(now: Timestamp, hours: i64) -> Timestamp {
    Timestamp::from_millis(now.as_millis().saturating_sub(hours * 3_600_000))
}
