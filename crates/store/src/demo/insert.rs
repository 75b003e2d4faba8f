//! Rows as they were before the morning.

use shopbell_protocol::{CustomerId, ShopId, Timestamp, UserId, WorkOrderId};

use super::{customer::Customer, fill::hours_before, order::Order, people::Person};
use crate::{
    StoreError,
    search::{email_key, fold, fold_all},
    work_order::search_key,
    writer::Connection,
};

/// The number of an order: `2026-0001`.
#[derive(Clone, Copy)]
pub(super) struct Number {
    pub(super) place: i64,
    /// A time in its year.
    pub(super) year: Timestamp,
}

impl Number {
    fn year(self) -> i64 {
        let text = self.year.to_string();
        text.split('-')
            .next()
            .and_then(|year| year.parse().ok())
            .unwrap_or_default()
    }

    fn text(self) -> String {
        format!("{:04}-{:04}", self.year(), self.place)
    }
}

/// A shop and its empty journal, whose epoch is named after the moment of filling.
pub(super) async fn shop(
    connection: &mut Connection,
    id: ShopId,
    name: &str,
    founded: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("insert into shops (id, name, created_at) values ($1, $2, $3)")
        .bind(id.0)
        .bind(name)
        .bind(founded.as_millis())
        .execute(&mut *connection)
        .await?;
    sqlx::query("insert into journal_head (shop_id, head, epoch) values ($1, 0, $2)")
        .bind(id.0)
        .bind(format!("{:x}", now.as_millis()))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn person(
    connection: &mut Connection,
    person: &Person,
    password_hash: &str,
    since: Timestamp,
) -> Result<UserId, StoreError> {
    let id = sqlx::query_scalar(
        "insert into users (shop_id, name, name_key, email, email_key, role, password_hash, is_active, created_at,
            updated_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 1) returning id",
    )
    .bind(person.shop.0)
    .bind(person.name)
    .bind(fold(person.name))
    .bind(person.email)
    .bind(email_key(person.email))
    .bind(person.role.as_str())
    .bind(password_hash)
    .bind(true)
    .bind(since.as_millis())
    .fetch_one(connection)
    .await?;
    Ok(UserId(id))
}

pub(super) async fn customer(
    connection: &mut Connection,
    shop: ShopId,
    customer: &Customer,
    since: Timestamp,
) -> Result<CustomerId, StoreError> {
    let some = |text: &'static str| (!text.is_empty()).then_some(text);
    let id = sqlx::query_scalar(
        "insert into customers (shop_id, name, phone, email, address, notes, name_key, contact_key, created_at,
            updated_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 1) returning id",
    )
    .bind(shop.0)
    .bind(customer.name)
    .bind(some(customer.phone))
    .bind(some(customer.email))
    .bind(some(customer.address))
    .bind(some(customer.notes))
    .bind(fold(customer.name))
    .bind(fold_all([customer.phone, customer.email]))
    .bind(since.as_millis())
    .fetch_one(connection)
    .await?;
    Ok(CustomerId(id))
}

pub(super) async fn order(
    connection: &mut Connection,
    shop: ShopId,
    number: Number,
    customer: CustomerId,
    technician: Option<UserId>,
    order: &Order,
    now: Timestamp,
) -> Result<WorkOrderId, StoreError> {
    sqlx::query(
        "insert into number_counters (shop_id, year, last) values ($1, $2, $3)
        on conflict (shop_id, year) do update set last = excluded.last",
    )
    .bind(shop.0)
    .bind(number.year())
    .bind(number.place)
    .execute(&mut *connection)
    .await?;

    let hours = |hours: i64| hours_before(now, hours).as_millis();
    let id = sqlx::query_scalar(
        "insert into work_orders (shop_id, number, customer_id, device, device_passcode, description, status, priority,
            technician_id, estimate_total, cost_total, due_at, started_at, completed_at, created_at, updated_at, version,
            search_key)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) returning id",
    )
    .bind(shop.0)
    .bind(number.text())
    .bind(customer.0)
    .bind(order.device)
    .bind(order.passcode)
    .bind(order.fault)
    .bind(order.status.as_str())
    .bind(order.priority.as_str())
    .bind(technician.map(|id| id.0))
    .bind(order.estimate.map(|euros| euros * 100))
    .bind(order.cost.map(|euros| euros * 100))
    .bind(order.due.map(|due| hours(-due)))
    .bind(order.started().map(hours))
    .bind(order.completed().map(hours))
    .bind(hours(order.opened))
    .bind(hours(order.touched))
    .bind(1 + order.changes())
    .bind(search_key(&number.text(), order.device, order.fault))
    .fetch_one(connection)
    .await?;
    Ok(WorkOrderId(id))
}
