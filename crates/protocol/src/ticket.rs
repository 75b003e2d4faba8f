//! Repair tickets: what a customer brought in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{
    CustomerId, Field, Priority, TicketId, TicketStatus, Timestamp, UserId, Version, WorkOrderId,
};

/// A ticket as stored, or as one reader may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct Ticket {
    pub id: TicketId,
    pub number: String,
    /// The same text as `number`.
    pub ticket_number: String,
    pub customer_id: CustomerId,
    pub customer_name: String,
    pub customer_phone: Option<String>,
    pub device: String,
    pub problem_description: String,
    pub notes: Option<String>,
    pub status: TicketStatus,
    pub priority: Priority,
    pub submitted_by: UserId,
    pub submitted_by_name: String,
    pub work_order_id: Option<WorkOrderId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: Version,
}

/// `POST /api/tickets`.
#[derive(Clone, Debug, PartialEq, Eq, TS, ToSchema)]
#[ts(optional_fields)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct NewTicket {
    pub customer_id: CustomerId,
    pub device: String,
    pub problem_description: String,
    /// `medium` when left out.
    #[schema(nullable = false)]
    pub priority: Option<Priority>,
    pub notes: Option<String>,
}

/// `PATCH /api/tickets/:id`. A key that is left out keeps its field; `null` clears `notes`. The only status that can be asked
/// for is `cancelled`; converting has its own route.
#[derive(Clone, Debug, Default, PartialEq, Eq, TS, ToSchema)]
#[ts(optional_fields)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct TicketPatch {
    #[schema(nullable = false)]
    pub status: Option<TicketStatus>,
    #[schema(nullable = false)]
    pub customer_id: Option<CustomerId>,
    #[schema(nullable = false)]
    pub device: Option<String>,
    #[schema(nullable = false)]
    pub problem_description: Option<String>,
    #[schema(nullable = false)]
    pub priority: Option<Priority>,
    #[ts(as = "Option<String>", optional = nullable)]
    #[schema(value_type = Option<String>)]
    pub notes: Field<String>,
}

/// `POST /api/tickets/:id/convert`: the work order takes over what is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, TS, ToSchema)]
#[ts(optional_fields)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct TicketConversion {
    #[schema(nullable = false)]
    pub description: Option<String>,
    #[schema(nullable = false)]
    pub priority: Option<Priority>,
    #[ts(as = "Option<UserId>", optional = nullable)]
    #[schema(value_type = Option<UserId>)]
    pub technician_id: Field<UserId>,
}
