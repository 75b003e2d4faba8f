//! What happened to a repair ticket.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Seq, Ticket, TicketId, Timestamp, UserId, WorkOrderId};

/// What happened to a ticket, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the contract's own words")]
pub enum TicketAction {
    Created,
    Updated,
    Converted,
    Cancelled,
}

/// `repair_ticket_updated`: to everyone who may see the ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct RepairTicketUpdated {
    pub ticket_id: TicketId,
    pub action: TicketAction,
    pub ticket: Box<Ticket>,
    /// `null` for `created` and `cancelled`.
    pub data: Option<TicketData>,
    pub timestamp: Timestamp,
    pub seq: Seq,
}

/// `data` of `repair_ticket_updated`; which one it is follows from `action`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub enum TicketData {
    #[serde(rename_all = "camelCase")]
    Converted { work_order_id: WorkOrderId },
    #[serde(rename_all = "camelCase")]
    Updated {
        #[ts(type = "Record<string, true>")]
        updated_fields: BTreeMap<String, bool>,
        updated_by: UserId,
    },
}

/// `repair_ticket_removed`: to whoever could see it before and may not now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct RepairTicketRemoved {
    pub ticket_id: TicketId,
    pub timestamp: Timestamp,
    pub seq: Seq,
}
