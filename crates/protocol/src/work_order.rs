//! Work orders: the row that everything turns on.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{
    CustomerId, Field, Money, Priority, Seq, Status, TicketId, Timestamp, UserId, Version,
    WorkOrderId, WorkOrderUpdated,
};

/// What unlocks a customer's device.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(transparent)]
pub struct Passcode(pub String);

/// Not shown, so that no log has it.
impl std::fmt::Debug for Passcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passcode(…)")
    }
}

/// A work order as stored, or as one reader may see it: what the reader may not see is `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct WorkOrder {
    pub id: WorkOrderId,
    pub number: String,
    pub ticket_id: Option<TicketId>,
    pub customer_id: CustomerId,
    pub customer_name: String,
    pub customer_phone: Option<String>,
    pub customer_email: Option<String>,
    pub device: String,
    pub device_passcode: Option<Passcode>,
    pub description: String,
    pub status: Status,
    pub priority: Priority,
    pub technician_id: Option<UserId>,
    pub technician_name: Option<String>,
    pub estimate_total: Option<Money>,
    pub cost_total: Option<Money>,
    pub due_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: Version,
}

/// What a PATCH asks for. A key that is left out keeps its field; `null` clears a field that may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, TS, ToSchema)]
#[ts(optional_fields)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct WorkOrderPatch {
    #[schema(nullable = false)]
    pub status: Option<Status>,
    /// Why an illegal move is to be made all the same; admins and managers only.
    #[schema(nullable = false)]
    pub override_reason: Option<String>,
    #[ts(as = "Option<UserId>", optional = nullable)]
    #[schema(value_type = Option<UserId>)]
    pub technician_id: Field<UserId>,
    #[schema(nullable = false)]
    pub customer_id: Option<CustomerId>,
    #[schema(nullable = false)]
    pub device: Option<String>,
    #[ts(as = "Option<Passcode>", optional = nullable)]
    #[schema(value_type = Option<Passcode>)]
    pub device_passcode: Field<Passcode>,
    #[schema(nullable = false)]
    pub description: Option<String>,
    #[schema(nullable = false)]
    pub priority: Option<Priority>,
    #[ts(as = "Option<Money>", optional = nullable)]
    #[schema(value_type = Option<Money>)]
    pub estimate_total: Field<Money>,
    #[ts(as = "Option<Money>", optional = nullable)]
    #[schema(value_type = Option<Money>)]
    pub cost_total: Field<Money>,
    #[ts(as = "Option<Timestamp>", optional = nullable)]
    #[schema(value_type = Option<Timestamp>)]
    pub due_at: Field<Timestamp>,
}

/// `POST /api/work-orders`: an order without a ticket. It starts in `intake`.
#[derive(Clone, Debug, PartialEq, Eq, TS, ToSchema)]
#[ts(optional_fields)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct NewWorkOrder {
    pub customer_id: CustomerId,
    pub device: String,
    pub description: String,
    /// `medium` when left out.
    #[schema(nullable = false)]
    pub priority: Option<Priority>,
    pub technician_id: Option<UserId>,
    pub estimate_total: Option<Money>,
    pub due_at: Option<Timestamp>,
    pub device_passcode: Option<Passcode>,
}

/// `PATCH /api/work-orders/bulk`: the same change to up to 200 orders, all or nothing.
#[derive(Clone, Debug, PartialEq, Eq, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct WorkOrderBulk {
    #[schema(min_items = 1, max_items = 200)]
    pub ids: Vec<WorkOrderId>,
    pub changes: WorkOrderPatch,
}

/// A row of `GET /api/work-orders/:id/history`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct HistoryEntry {
    pub seq: Seq,
    pub event: String,
    #[ts(as = "WorkOrderUpdated")]
    #[schema(value_type = WorkOrderUpdated)]
    pub payload: serde_json::Value,
    pub at: Timestamp,
}
