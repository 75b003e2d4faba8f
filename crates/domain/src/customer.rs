//! Customers, and the orders and tickets that show them.

use shopbell_protocol::{
    Customer, CustomerId, CustomerPatch, FieldError, NewCustomer, Role, Timestamp, Version,
};

use crate::{Actor, Refusal, change::invalid};

/// Takes in a new customer; the database gives the id.
///
/// # Errors
///
/// Technicians only read.
pub fn add(actor: &Actor, new: NewCustomer, now: Timestamp) -> Result<Customer, Refusal> {
    may_write(actor)?;
    Ok(Customer {
        id: CustomerId(0),
        name: new.name,
        phone: new.phone,
        email: new.email,
        address: new.address,
        notes: new.notes,
        created_at: now,
        updated_at: now,
        version: Version(1),
    })
}

/// Decides a PATCH. `Ok(None)` when everything is already as asked. What shows the customer follows by
/// [`crate::work_order::reflect`] and [`crate::ticket::reflect`].
///
/// # Errors
///
/// Technicians only read; or `if_match` is stale.
pub fn patch(
    actor: &Actor,
    before: &Customer,
    patch: CustomerPatch,
    if_match: Option<Version>,
    now: Timestamp,
) -> Result<Option<Customer>, Refusal> {
    may_write(actor)?;
    if if_match.is_some_and(|version| version != before.version) {
        return Err(Refusal::VersionMismatch);
    }
    let mut customer = before.clone();
    customer.name = patch.name.unwrap_or(customer.name);
    customer.phone = patch.phone.or(customer.phone);
    customer.email = patch.email.or(customer.email);
    customer.address = patch.address.or(customer.address);
    customer.notes = patch.notes.or(customer.notes);
    if customer == *before {
        return Ok(None);
    }
    customer.updated_at = now;
    customer.version = Version(before.version.0 + 1);
    Ok(Some(customer))
}

fn may_write(actor: &Actor) -> Result<(), Refusal> {
    if actor.role == Role::Technician {
        Err(Refusal::Forbidden)
    } else {
        Ok(())
    }
}

/// The customer that `id` names, if the shop has them.
pub(crate) fn named_customer(
    id: CustomerId,
    found: Option<&Customer>,
) -> Result<&Customer, FieldError> {
    found
        .filter(|customer| customer.id == id)
        .ok_or_else(|| invalid("customer_id", "names no customer of this shop"))
}
