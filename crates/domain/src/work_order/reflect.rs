//! A work order that shows something which was changed elsewhere.

use shopbell_protocol::{Timestamp, UpdateData, UserId, Version, WorkOrder};

use super::Patched;
use crate::change::changed;

/// What becomes of an open order when its customer or technician was changed: `show` writes what it shows of them. `None` when
/// it shows nothing of the change, or is closed and keeps what it was closed with.
#[must_use]
pub fn reflect(
    before: &WorkOrder,
    by: UserId,
    now: Timestamp,
    show: impl FnOnce(&mut WorkOrder),
) -> Option<Patched> {
    if before.status.is_closed() {
        return None;
    }
    let mut order = before.clone();
    show(&mut order);
    let updated_fields = changed([
        ("customer_name", order.customer_name != before.customer_name),
        (
            "customer_phone",
            order.customer_phone != before.customer_phone,
        ),
        (
            "customer_email",
            order.customer_email != before.customer_email,
        ),
        (
            "technician_name",
            order.technician_name != before.technician_name,
        ),
    ])?;
    order.updated_at = now;
    order.version = Version(before.version.0 + 1);
    Some(Patched {
        order,
        changes: vec![UpdateData::Updated {
            updated_fields,
            updated_by: by,
        }],
    })
}
