//! A ticket as stored, and who sees it.

use shopbell_domain::Sight;
use shopbell_protocol::{
    CustomerId, ShopId, Ticket, TicketId, TicketStatus, UserId, Version, WorkOrderId,
};

use crate::{
    StoreError,
    database::{Query, Row, query, query_scalar},
    row::Columns,
    search::{contact_key, fold_all},
    writer::Connection,
};

/// The tickets of a shop with the orders made from them; conditions are to follow.
pub(super) fn select(shop: ShopId) -> Query {
    let mut query = query(
        "select t.id, t.number, t.customer_id, t.customer_name, t.customer_phone, t.device, t.problem_description,
            t.notes, t.status, t.priority, t.submitted_by, t.submitted_by_name, t.created_at, t.updated_at, t.version,
            w.id as work_order_id, w.technician_id
        from tickets t
        left join work_orders w on w.ticket_id = t.id
        where t.shop_id = ",
    );
    query.push_bind(shop.0);
    query
}

/// A ticket and its sight.
pub(super) fn ticket(row: &Row) -> Result<(Ticket, Sight), sqlx::Error> {
    let number: String = row.try_get("number")?;
    let status: TicketStatus = row.word("status")?;
    let work_order: Option<i64> = row.try_get("work_order_id")?;
    let technician: Option<i64> = row.try_get("technician_id")?;
    let ticket = Ticket {
        id: TicketId(row.try_get("id")?),
        ticket_number: number.clone(),
        number,
        customer_id: CustomerId(row.try_get("customer_id")?),
        customer_name: row.try_get("customer_name")?,
        customer_phone: row.try_get("customer_phone")?,
        device: row.try_get("device")?,
        problem_description: row.try_get("problem_description")?,
        notes: row.try_get("notes")?,
        status,
        priority: row.word("priority")?,
        submitted_by: UserId(row.try_get("submitted_by")?),
        submitted_by_name: row.try_get("submitted_by_name")?,
        work_order_id: work_order.map(WorkOrderId),
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        version: Version(row.try_get("version")?),
    };
    Ok((ticket, Sight::of_ticket(status, technician.map(UserId))))
}

/// One ticket of a shop, whoever may see it.
pub(crate) async fn get(
    connection: &mut Connection,
    shop: ShopId,
    id: TicketId,
) -> Result<Option<(Ticket, Sight)>, StoreError> {
    let row = select(shop)
        .push(" and t.id = ")
        .push_bind(id.0)
        .build()
        .fetch_optional(connection)
        .await?;
    Ok(row.as_ref().map(ticket).transpose()?)
}

/// Which tickets show something of another row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TicketsOf {
    Customer(CustomerId),
    Submitter(UserId),
}

/// Those still in intake, by their ids.
pub(crate) async fn in_intake(
    connection: &mut Connection,
    shop: ShopId,
    of: TicketsOf,
) -> Result<Vec<(Ticket, Sight)>, StoreError> {
    let rows = open(shop, of).build().fetch_all(connection).await?;
    let mut tickets: Vec<_> = rows.iter().map(ticket).collect::<Result<_, _>>()?;
    tickets.sort_by_key(|(ticket, _)| ticket.id);
    Ok(tickets)
}

fn open(shop: ShopId, of: TicketsOf) -> Query {
    let mut query = select(shop);
    query
        .push(" and t.status = ")
        .push_bind(TicketStatus::Intake.as_str());
    match of {
        TicketsOf::Customer(id) => query.push(" and t.customer_id = ").push_bind(id.0),
        TicketsOf::Submitter(id) => query.push(" and t.submitted_by = ").push_bind(id.0),
    };
    query
}

/// Adds one and gives its id. The order made from it names it, not the other way round.
pub(crate) async fn insert(
    connection: &mut Connection,
    shop: ShopId,
    ticket: &Ticket,
) -> Result<TicketId, StoreError> {
    let id = query_scalar(
        "insert into tickets (shop_id, number, customer_id, customer_name, customer_phone, device, problem_description,
            notes, status, priority, submitted_by, submitted_by_name, created_at, updated_at, version, search_key,
            contact_key)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) returning id",
    )
    .bind(shop.0)
    .bind(&ticket.number)
    .bind(ticket.customer_id.0)
    .bind(&ticket.customer_name)
    .bind(&ticket.customer_phone)
    .bind(&ticket.device)
    .bind(&ticket.problem_description)
    .bind(&ticket.notes)
    .bind(ticket.status.as_str())
    .bind(ticket.priority.as_str())
    .bind(ticket.submitted_by.0)
    .bind(&ticket.submitted_by_name)
    .bind(ticket.created_at.as_millis())
    .bind(ticket.updated_at.as_millis())
    .bind(ticket.version.0)
    .bind(search_key(ticket))
    .bind(contact_key(&ticket.customer_phone, &None))
    .fetch_one(connection)
    .await?;
    Ok(TicketId(id))
}

/// Writes what may change.
pub(crate) async fn update(connection: &mut Connection, ticket: &Ticket) -> Result<(), StoreError> {
    query(
        "update tickets set customer_id = $2, customer_name = $3, customer_phone = $4, device = $5,
            problem_description = $6, notes = $7, status = $8, priority = $9, submitted_by_name = $10, updated_at = $11,
            version = $12, search_key = $13, contact_key = $14
        where id = $1",
    )
    .bind(ticket.id.0)
    .bind(ticket.customer_id.0)
    .bind(&ticket.customer_name)
    .bind(&ticket.customer_phone)
    .bind(&ticket.device)
    .bind(&ticket.problem_description)
    .bind(&ticket.notes)
    .bind(ticket.status.as_str())
    .bind(ticket.priority.as_str())
    .bind(&ticket.submitted_by_name)
    .bind(ticket.updated_at.as_millis())
    .bind(ticket.version.0)
    .bind(search_key(ticket))
    .bind(contact_key(&ticket.customer_phone, &None))
    .execute(connection)
    .await?;
    Ok(())
}

fn search_key(ticket: &Ticket) -> String {
    fold_all([
        &*ticket.number,
        &ticket.device,
        &ticket.problem_description,
        ticket.notes.as_deref().unwrap_or_default(),
        &ticket.customer_name,
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
            TicketsOf::Customer(CustomerId(1)),
            TicketsOf::Submitter(UserId(3)),
        ] {
            assert_no_scan(database, open(ShopId(1), of)).await;
        }
    }
}
