//! A work order as it is stored.

use shopbell_domain::{Actor, Sight};
use shopbell_protocol::{
    CustomerId, Passcode, ShopId, Status, TicketId, UserId, Version, WorkOrder, WorkOrderId,
};

use crate::{
    StoreError,
    database::{Query, Row, query, query_scalar},
    filter::one_of,
    row::Columns,
    search::{contact_key, fold_all},
    writer::Connection,
};

/// The work orders of a shop; conditions are to follow.
pub(super) fn select(shop: ShopId) -> Query {
    let mut query = query(
        "select id, number, ticket_id, customer_id, customer_name, customer_phone, customer_email, device,
            device_passcode, description, status, priority, technician_id, technician_name, estimate_total, cost_total,
            due_at, started_at, completed_at, created_at, updated_at, version
        from work_orders where shop_id = ",
    );
    query.push_bind(shop.0);
    query
}

pub(super) fn work_order(row: &Row) -> Result<WorkOrder, sqlx::Error> {
    let ticket: Option<i64> = row.try_get("ticket_id")?;
    let technician: Option<i64> = row.try_get("technician_id")?;
    let passcode: Option<String> = row.try_get("device_passcode")?;
    Ok(WorkOrder {
        id: WorkOrderId(row.try_get("id")?),
        number: row.try_get("number")?,
        ticket_id: ticket.map(TicketId),
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

/// One order of a shop, whoever may see it.
pub(crate) async fn get(
    connection: &mut Connection,
    shop: ShopId,
    id: WorkOrderId,
) -> Result<Option<WorkOrder>, StoreError> {
    let row = select(shop)
        .push(" and id = ")
        .push_bind(id.0)
        .build()
        .fetch_optional(connection)
        .await?;
    Ok(row.as_ref().map(work_order).transpose()?)
}

/// One order, if `reader` may see it.
pub(crate) async fn seen(
    connection: &mut Connection,
    reader: &Actor,
    id: WorkOrderId,
) -> Result<Option<WorkOrder>, StoreError> {
    let order = get(connection, reader.shop, id).await?;
    Ok(order
        .filter(|order| Sight::of_order(order.technician_id).is_seen_by(reader.id, reader.role)))
}

/// Which orders show something of another row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum OrdersOf {
    Customer(CustomerId),
    Technician(UserId),
}

/// Those that are not closed, by their ids.
pub(crate) async fn open_orders(
    connection: &mut Connection,
    shop: ShopId,
    of: OrdersOf,
) -> Result<Vec<WorkOrder>, StoreError> {
    let rows = open(shop, of).build().fetch_all(connection).await?;
    let mut orders: Vec<_> = rows.iter().map(work_order).collect::<Result<_, _>>()?;
    orders.sort_by_key(|order| order.id);
    Ok(orders)
}

fn open(shop: ShopId, of: OrdersOf) -> Query {
    let mut query = select(shop);
    match of {
        OrdersOf::Customer(id) => query.push(" and customer_id = ").push_bind(id.0),
        OrdersOf::Technician(id) => query.push(" and technician_id = ").push_bind(id.0),
    };
    let open = Status::ALL.map(|status| (!status.is_closed()).then_some(status));
    let open: Vec<Status> = open.into_iter().flatten().collect();
    one_of(&mut query, "status", &open, |status| status.as_str());
    query
}

/// Adds one and gives its id.
pub(crate) async fn insert(
    connection: &mut Connection,
    shop: ShopId,
    order: &WorkOrder,
) -> Result<WorkOrderId, StoreError> {
    let id = query_scalar(
        "insert into work_orders (shop_id, number, ticket_id, customer_id, customer_name, customer_phone, customer_email,
            device, device_passcode, description, status, priority, technician_id, technician_name, estimate_total,
            cost_total, due_at, started_at, completed_at, created_at, updated_at, version, search_key, contact_key)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24) returning id",
    )
    .bind(shop.0)
    .bind(&order.number)
    .bind(order.ticket_id.map(|id| id.0))
    .bind(order.customer_id.0)
    .bind(&order.customer_name)
    .bind(&order.customer_phone)
    .bind(&order.customer_email)
    .bind(&order.device)
    .bind(order.device_passcode.as_ref().map(|code| &code.0))
    .bind(&order.description)
    .bind(order.status.as_str())
    .bind(order.priority.as_str())
    .bind(order.technician_id.map(|id| id.0))
    .bind(&order.technician_name)
    .bind(order.estimate_total.map(|money| money.as_cents()))
    .bind(order.cost_total.map(|money| money.as_cents()))
    .bind(order.due_at.map(|time| time.as_millis()))
    .bind(order.started_at.map(|time| time.as_millis()))
    .bind(order.completed_at.map(|time| time.as_millis()))
    .bind(order.created_at.as_millis())
    .bind(order.updated_at.as_millis())
    .bind(order.version.0)
    .bind(search_key(order))
    .bind(contact_key(&order.customer_phone, &order.customer_email))
    .fetch_one(connection)
    .await?;
    Ok(WorkOrderId(id))
}

/// Writes what may change.
pub(crate) async fn update(
    connection: &mut Connection,
    order: &WorkOrder,
) -> Result<(), StoreError> {
    query(
        "update work_orders set customer_id = $2, customer_name = $3, customer_phone = $4, customer_email = $5,
            device = $6, device_passcode = $7, description = $8, status = $9, priority = $10, technician_id = $11,
            technician_name = $12, estimate_total = $13, cost_total = $14, due_at = $15, started_at = $16,
            completed_at = $17, updated_at = $18, version = $19, search_key = $20, contact_key = $21
        where id = $1",
    )
    .bind(order.id.0)
    .bind(order.customer_id.0)
    .bind(&order.customer_name)
    .bind(&order.customer_phone)
    .bind(&order.customer_email)
    .bind(&order.device)
    .bind(order.device_passcode.as_ref().map(|code| &code.0))
    .bind(&order.description)
    .bind(order.status.as_str())
    .bind(order.priority.as_str())
    .bind(order.technician_id.map(|id| id.0))
    .bind(&order.technician_name)
    .bind(order.estimate_total.map(|money| money.as_cents()))
    .bind(order.cost_total.map(|money| money.as_cents()))
    .bind(order.due_at.map(|time| time.as_millis()))
    .bind(order.started_at.map(|time| time.as_millis()))
    .bind(order.completed_at.map(|time| time.as_millis()))
    .bind(order.updated_at.as_millis())
    .bind(order.version.0)
    .bind(search_key(order))
    .bind(contact_key(&order.customer_phone, &order.customer_email))
    .execute(connection)
    .await?;
    Ok(())
}

fn search_key(order: &WorkOrder) -> String {
    fold_all([
        &*order.number,
        &order.device,
        &order.description,
        &order.customer_name,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{self, assert_no_scan};

    #[tokio::test]
    async fn what_shows_a_person_is_found_by_an_index() {
        let database = &mut explain::database().await;
        for of in [
            OrdersOf::Customer(CustomerId(1)),
            OrdersOf::Technician(UserId(3)),
        ] {
            assert_no_scan(database, open(ShopId(1), of)).await;
        }
    }
}
