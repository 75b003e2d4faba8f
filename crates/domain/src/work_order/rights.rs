//! Which fields of a work order someone may write.

use shopbell_protocol::{Field, Role, WorkOrder, WorkOrderPatch};

use crate::Actor;

/// The fields named in `patch` that `actor` may not write. Judged by the name alone, before values are compared: that a
/// hidden value is already there must not show.
pub(super) fn forbidden_fields(
    actor: &Actor,
    order: &WorkOrder,
    patch: &WorkOrderPatch,
) -> Vec<&'static str> {
    let own = order.technician_id == Some(actor.id) || takes(actor, order, patch);
    let gives_back = order
        .technician_id
        .is_none_or(|technician| technician == actor.id)
        && matches!(patch.technician_id, Field::Set(None));
    let (office, technician) = (
        actor.role != Role::Technician,
        actor.role == Role::Technician,
    );
    let leads = matches!(actor.role, Role::Admin | Role::Manager);
    let bench = office || (technician && own);

    let rights = [
        ("status", patch.status.is_some(), bench),
        ("override_reason", patch.override_reason.is_some(), leads),
        (
            "technician_id",
            patch.technician_id.is_named(),
            office || takes(actor, order, patch) || gives_back,
        ),
        ("customer_id", patch.customer_id.is_some(), office),
        ("device", patch.device.is_some(), office),
        ("device_passcode", patch.device_passcode.is_named(), office),
        ("description", patch.description.is_some(), bench),
        ("priority", patch.priority.is_some(), office),
        ("estimate_total", patch.estimate_total.is_named(), bench),
        ("cost_total", patch.cost_total.is_named(), leads),
        ("due_at", patch.due_at.is_named(), bench),
    ];
    rights
        .iter()
        .filter(|(_, named, may)| *named && !may)
        .map(|(field, ..)| *field)
        .collect()
}

/// Whether the patch assigns an order of the pool, or one's own, to the actor.
fn takes(actor: &Actor, order: &WorkOrder, patch: &WorkOrderPatch) -> bool {
    order
        .technician_id
        .is_none_or(|technician| technician == actor.id)
        && patch.technician_id == Field::Set(Some(actor.id))
}
