//! Rows that show something of another row: open orders and tickets in intake follow it, each with its version and event;
//! closed ones keep what they were closed with.

use shopbell_domain::{Actor, Journal, ticket as ticket_rules, work_order as order_rules};
use shopbell_protocol::{Customer, Ticket, User, WorkOrder};

use crate::{
    StoreError,
    ticket::{self, TicketsOf},
    work_order::{self, OrdersOf},
    writer::Connection,
};

/// After a customer was changed.
pub(crate) async fn reflect_customer(
    connection: &mut Connection,
    actor: &Actor,
    customer: &Customer,
    journal: &mut Journal,
) -> Result<(), StoreError> {
    orders(
        connection,
        actor,
        OrdersOf::Customer(customer.id),
        journal,
        |order| order_rules::show_customer(order, customer),
    )
    .await?;
    tickets(
        connection,
        actor,
        TicketsOf::Customer(customer.id),
        journal,
        |ticket| ticket_rules::show_customer(ticket, customer),
    )
    .await
}

/// After a member of staff was changed.
pub(crate) async fn reflect_user(
    connection: &mut Connection,
    actor: &Actor,
    user: &User,
    journal: &mut Journal,
) -> Result<(), StoreError> {
    orders(
        connection,
        actor,
        OrdersOf::Technician(user.id),
        journal,
        |order| order.technician_name = Some(user.name.clone()),
    )
    .await?;
    tickets(
        connection,
        actor,
        TicketsOf::Submitter(user.id),
        journal,
        |ticket| ticket.submitted_by_name.clone_from(&user.name),
    )
    .await
}

async fn orders(
    connection: &mut Connection,
    actor: &Actor,
    of: OrdersOf,
    journal: &mut Journal,
    show: impl Fn(&mut WorkOrder),
) -> Result<(), StoreError> {
    for before in work_order::open_orders(connection, actor.shop, of).await? {
        if let Some(patched) = order_rules::reflect(&before, actor.id, journal.at(), &show) {
            work_order::update(connection, &patched.order).await?;
            order_rules::record(journal, &before, &patched, &[], None);
        }
    }
    Ok(())
}

async fn tickets(
    connection: &mut Connection,
    actor: &Actor,
    of: TicketsOf,
    journal: &mut Journal,
    show: impl Fn(&mut Ticket),
) -> Result<(), StoreError> {
    for (before, sight) in ticket::in_intake(connection, actor.shop, of).await? {
        if let Some(patched) = ticket_rules::reflect(&before, actor.id, journal.at(), &show) {
            ticket::update(connection, &patched.ticket).await?;
            ticket_rules::record_patched(journal, &patched, sight, &[]);
        }
    }
    Ok(())
}
