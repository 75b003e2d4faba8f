//! A work order as it is stored.

use shopbell_protocol::{CustomerId, Passcode, ShopId, UserId, Version, WorkOrder, WorkOrderId};
use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};

use crate::{StoreError, row::Columns, search::fold_all, writer::Connection};

/// The work orders of a shop; conditions are to follow.
pub(super) fn select(shop: ShopId) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(
        "select w.id, w.number, w.customer_id, w.device, w.device_passcode, w.description, w.status, w.priority,
            w.technician_id, w.estimate_total, w.cost_total, w.due_at, w.started_at, w.completed_at, w.created_at,
            w.updated_at, w.version, c.name as customer_name, c.phone as customer_phone, c.email as customer_email,
            u.name as technician_name
        from work_orders w
        join customers c on c.id = w.customer_id
        left join users u on u.id = w.technician_id
        where w.shop_id = ",
    );
    query.push_bind(shop.0);
    query
}

pub(super) fn work_order(row: &SqliteRow) -> Result<WorkOrder, sqlx::Error> {
    let technician: Option<i64> = row.try_get("technician_id")?;
    let passcode: Option<String> = row.try_get("device_passcode")?;
    Ok(WorkOrder {
        id: WorkOrderId(row.try_get("id")?),
        number: row.try_get("number")?,
        ticket_id: None,
        customer_id: CustomerId(row.try_get("customer_id")?),
        customer_name: row.try_get("customer_name")?,
        customer_phone: row.try_get("customer_phone")?,
        customer_email: row.try_get("customer_email")?,
        device: row.try_get("device")?,
        device_passcode: passcode.map(Passcode),
        description: row.try_get("description")?,
        status: row.word("status")?,
        priority: row.word("priority")?,
        technician_id: technician.map(UserId),
        technician_name: row.try_get("technician_name")?,
        estimate_total: row.maybe_money("estimate_total")?,
        cost_total: row.maybe_money("cost_total")?,
        due_at: row.maybe_time("due_at")?,
        started_at: row.maybe_time("started_at")?,
        completed_at: row.maybe_time("completed_at")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        version: Version(row.try_get("version")?),
    })
}

/// What a search looks at besides the customer.
pub(crate) fn search_key(number: &str, device: &str, description: &str) -> String {
    fold_all([number, device, description])
}

/// One order of a shop, whoever may see it.
pub(super) async fn get(
    connection: &mut Connection,
    shop: ShopId,
    id: WorkOrderId,
) -> Result<Option<WorkOrder>, StoreError> {
    let row = select(shop)
        .push(" and w.id = ")
        .push_bind(id.0)
        .build()
        .fetch_optional(connection)
        .await?;
    Ok(row.as_ref().map(work_order).transpose()?)
}

/// Writes what a PATCH may change.
pub(super) async fn update(
    connection: &mut Connection,
    order: &WorkOrder,
) -> Result<(), StoreError> {
    sqlx::query(
        "update work_orders set customer_id = $2, device = $3, device_passcode = $4, description = $5, status = $6,
            priority = $7, technician_id = $8, estimate_total = $9, cost_total = $10, due_at = $11, started_at = $12,
            completed_at = $13, updated_at = $14, version = $15, search_key = $16
        where id = $1",
    )
    .bind(order.id.0)
    .bind(order.customer_id.0)
    .bind(&order.device)
    .bind(order.device_passcode.as_ref().map(|code| &code.0))
    .bind(&order.description)
    .bind(order.status.as_str())
    .bind(order.priority.as_str())
    .bind(order.technician_id.map(|id| id.0))
    .bind(order.estimate_total.map(|money| money.as_cents()))
    .bind(order.cost_total.map(|money| money.as_cents()))
    .bind(order.due_at.map(|time| time.as_millis()))
    .bind(order.started_at.map(|time| time.as_millis()))
    .bind(order.completed_at.map(|time| time.as_millis()))
    .bind(order.updated_at.as_millis())
    .bind(order.version.0)
    .bind(search_key(
        &order.number,
        &order.device,
        &order.description,
    ))
    .execute(connection)
    .await?;
    Ok(())
}
