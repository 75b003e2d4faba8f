//! Rows as they were before the morning.

use std::time::Duration;

use shopbell_domain::{Actor, work_order::show_customer};
use shopbell_protocol::{
    Customer, CustomerId, Money, ShopId, Ticket, TicketId, TicketStatus, Timestamp, User, UserId,
    Version, WorkOrder, WorkOrderId,
};

use super::{customer, fill::hours_before, order, people::Person, ticket};
use crate::{
    StoreError, customer as customers, database::query, number::Number, ticket as tickets,
    user as users, work_order as work_orders, writer::Connection,
};

/// A shop and its empty journal, whose epoch is named after the moment of filling.
pub(super) async fn shop(
    connection: &mut Connection,
    id: ShopId,
    name: &str,
    founded: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    query("insert into shops (id, name, created_at) values ($1, $2, $3)")
        .bind(id.0)
        .bind(name)
        .bind(founded.as_millis())
        .execute(&mut *connection)
        .await?;
    query("insert into journal_head (shop_id, head, epoch) values ($1, 0, $2)")
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
    let user = User {
        id: UserId(0),
        name: person.name.to_owned(),
        email: Some(person.email.to_owned()),
        role: person.role,
        is_active: true,
        last_seen: None,
        created_at: Some(since),
        updated_at: Some(since),
        version: Some(Version(1)),
    };
    users::insert(connection, person.shop, &user, password_hash).await
}

pub(super) async fn customer(
    connection: &mut Connection,
    shop: ShopId,
    of: &customer::Customer,
    since: Timestamp,
) -> Result<Customer, StoreError> {
    let some = |text: &'static str| (!text.is_empty()).then(|| text.to_owned());
    let mut customer = Customer {
        id: CustomerId(0),
        name: of.name.to_owned(),
        phone: some(of.phone),
        email: some(of.email),
        address: some(of.address),
        notes: some(of.notes),
        created_at: since,
        updated_at: since,
        version: Version(1),
    };
    customer.id = customers::insert(connection, shop, &customer).await?;
    Ok(customer)
}

/// A ticket that nobody has converted yet.
pub(super) async fn ticket(
    connection: &mut Connection,
    of: &ticket::Ticket,
    customer: &Customer,
    submitter: &Actor,
    now: Timestamp,
) -> Result<TicketId, StoreError> {
    let number = Number::next(connection, submitter.shop, now).await?;
    number.take(connection).await?;
    let opened = hours_before(now, of.opened);
    let (status, touched, changes) = match of.cancelled {
        Some(hours) => (TicketStatus::Cancelled, hours_before(now, hours), 1),
        None => (TicketStatus::Intake, opened, 0),
    };
    let ticket = Ticket {
        problem_description: of.problem.to_owned(),
        notes: of.notes.map(str::to_owned),
        status,
        priority: of.priority,
        updated_at: touched,
        version: Version(1 + changes),
        ..taken_in(number, customer, submitter, of.device, opened)
    };
    tickets::insert(connection, submitter.shop, &ticket).await
}

/// An order, and the ticket that it was made from.
pub(super) async fn order(
    connection: &mut Connection,
    shop: ShopId,
    of: &order::Order,
    customer: &Customer,
    technician: Option<&Actor>,
    submitter: Option<&Actor>,
    now: Timestamp,
) -> Result<WorkOrderId, StoreError> {
    let number = Number::next(connection, shop, now).await?;
    number.take(connection).await?;
    let hours = |hours| hours_before(now, hours);
    let opened = hours(of.opened);
    let ticket_id = match submitter {
        Some(submitter) => {
            let arrived = opened.before(Duration::from_secs(25 * 60));
            let ticket = Ticket {
                problem_description: of.problem.to_owned(),
                status: TicketStatus::Converted,
                priority: of.priority,
                updated_at: opened,
                version: Version(2),
                ..taken_in(number, customer, submitter, of.device, arrived)
            };
            Some(tickets::insert(connection, shop, &ticket).await?)
        }
        None => None,
    };
    let money = |euros: Option<i64>| euros.and_then(|euros| Money::from_cents(euros * 100));
    let mut order = WorkOrder {
        id: WorkOrderId(0),
        number: number.text(),
        ticket_id,
        customer_id: customer.id,
        customer_name: String::new(),
        customer_phone: None,
        customer_email: None,
        device: of.device.to_owned(),
        device_passcode: of.passcode(),
        description: of.fault.to_owned(),
        status: of.status,
        priority: of.priority,
        technician_id: technician.map(|who| who.id),
        technician_name: technician.map(|who| who.name.clone()),
        estimate_total: money(of.estimate),
        cost_total: money(of.cost),
        due_at: of.due.map(|due| hours(-due)),
        started_at: of.started().map(hours),
        completed_at: of.completed().map(hours),
        created_at: opened,
        updated_at: hours(of.touched),
        version: Version(1 + of.changes()),
    };
    show_customer(&mut order, customer);
    work_orders::insert(connection, shop, &order).await
}

fn taken_in(
    number: Number,
    customer: &Customer,
    submitter: &Actor,
    device: &str,
    at: Timestamp,
) -> Ticket {
    let number = number.text();
    Ticket {
        id: TicketId(0),
        ticket_number: number.clone(),
        number,
        customer_id: customer.id,
        customer_name: customer.name.clone(),
        customer_phone: customer.phone.clone(),
        device: device.to_owned(),
        problem_description: String::new(),
        notes: None,
        status: TicketStatus::Intake,
        priority: shopbell_protocol::Priority::Medium,
        submitted_by: submitter.id,
        submitted_by_name: submitter.name.clone(),
        work_order_id: None,
        created_at: at,
        updated_at: at,
        version: Version(1),
    }
}
