//! A payload as a role may see it, by the contract's table.

use serde_json::Value;
use shopbell_protocol::Role;

/// The fields of an order, a ticket or a customer that readers of this role are never shown in an event.
const fn hidden(role: Role) -> &'static [&'static str] {
    match role {
        Role::Admin | Role::Manager => &["device_passcode"],
        Role::FrontDesk => &["device_passcode", "cost_total"],
        Role::Technician => &[
            "device_passcode",
            "cost_total",
            "customer_phone",
            "customer_email",
        ],
    }
}

/// The row as this role sees it in a list.
pub(super) fn row(row: &Value, role: Role) -> Value {
    let mut row = row.clone();
    hide(&mut row, role);
    row
}

/// An event's payload as this role is sent it.
pub(super) fn payload(payload: &Value, role: Role) -> Value {
    let mut payload = payload.clone();
    for entity in ["workOrder", "ticket"] {
        if let Some(entity) = payload.get_mut(entity) {
            hide(entity, role);
        }
    }
    let is_lead = matches!(role, Role::Admin | Role::Manager);
    if !is_lead && let Some(Value::Object(fields)) = payload.pointer_mut("/data/updatedFields") {
        // That a hidden field changed is hidden too; of the passcode leads may know that.
        fields.retain(|field, _| !hidden(role).contains(&field.as_str()));
    }
    payload
}

fn hide(entity: &mut Value, role: Role) {
    for field in hidden(role) {
        if let Some(value) = entity.get_mut(*field) {
            *value = Value::Null;
        }
    }
}
