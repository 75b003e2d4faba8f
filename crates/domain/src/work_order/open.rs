//! A new work order.

use shopbell_protocol::{
    Customer, NewWorkOrder, Priority, Role, Status, Timestamp, Version, WorkOrder, WorkOrderId,
};

use super::{named_technician, show_customer};
use crate::{Actor, Refusal, Staff, customer::named_customer};

/// A direct work order and all that deciding it needs.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// What is asked.
    pub new: NewWorkOrder,
    /// The number that it gets.
    pub number: String,
    /// The customer of this shop that is named, if there is one.
    pub customer: Option<&'a Customer>,
    /// The member of staff that is named, if there is one.
    pub technician: Option<&'a Staff>,
    /// The time.
    pub now: Timestamp,
}

/// Opens a work order without a ticket; the database gives the id.
///
/// # Errors
///
/// Technicians may not; or the customer or technician named is none of the shop's.
pub fn open(opening: Opening<'_>) -> Result<WorkOrder, Refusal> {
    let Opening {
        actor,
        new,
        number,
        customer,
        technician,
        now,
    } = opening;
    if actor.role == Role::Technician {
        return Err(Refusal::Forbidden);
    }
    let customer = named_customer(new.customer_id, customer);
    let technician_name = named_technician(new.technician_id, technician);
    match (customer, technician_name) {
        (Ok(customer), Ok(technician_name)) => {
            let mut order = WorkOrder {
                id: WorkOrderId(0),
                number,
                ticket_id: None,
                customer_id: customer.id,
                customer_name: String::new(),
                customer_phone: None,
                customer_email: None,
                device: new.device,
                device_passcode: new.device_passcode,
                description: new.description,
                status: Status::Intake,
                priority: new.priority.unwrap_or(Priority::Medium),
                technician_id: new.technician_id,
                technician_name,
                estimate_total: new.estimate_total,
                cost_total: None,
                due_at: new.due_at,
                started_at: None,
                completed_at: None,
                created_at: now,
                updated_at: now,
                version: Version(1),
            };
            show_customer(&mut order, customer);
            Ok(order)
        }
        (customer, technician) => Err(Refusal::Invalid(
            customer.err().into_iter().chain(technician.err()).collect(),
        )),
    }
}
