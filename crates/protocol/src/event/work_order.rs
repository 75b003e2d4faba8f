//! What happened to a work order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{Note, Seq, Status, Timestamp, UserId, WorkOrder, WorkOrderId};

/// What happened to a work order, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the contract's own words")]
pub enum Action {
    Created,
    StatusChanged,
    Assigned,
    Updated,
    NoteAdded,
}

/// `work_order_updated`: to everyone who may see the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct WorkOrderUpdated {
    pub work_order_id: WorkOrderId,
    pub action: Action,
    pub work_order: Box<WorkOrder>,
    /// `null` for `created`.
    pub data: Option<UpdateData>,
    pub timestamp: Timestamp,
    pub seq: Seq,
}

/// `data` of `work_order_updated`; which one it is follows from `action`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub enum UpdateData {
    #[serde(rename_all = "camelCase")]
    StatusChanged {
        old_status: Status,
        new_status: Status,
        updated_by: UserId,
        override_reason: Option<String>,
    },
    #[serde(rename_all = "camelCase")]
    Assigned {
        technician_id: Option<UserId>,
        previous_technician_id: Option<UserId>,
        assigned_by: UserId,
    },
    #[serde(rename_all = "camelCase")]
    Updated {
        #[ts(type = "Record<string, true>")]
        updated_fields: BTreeMap<String, bool>,
        updated_by: UserId,
    },
    NoteAdded {
        note: Note,
    },
}

/// `work_order_removed`: to whoever could see it before and may not now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct WorkOrderRemoved {
    pub work_order_id: WorkOrderId,
    pub timestamp: Timestamp,
    pub seq: Seq,
}

/// Which side of an assignment is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the contract's own words")]
pub enum AssignmentAction {
    Assigned,
    Unassigned,
}

/// `work_order_assignment_update`: to the new technician, and to the previous one with a bare reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct WorkOrderAssignmentUpdate {
    pub work_order_id: WorkOrderId,
    pub action: AssignmentAction,
    pub work_order: WorkOrderOrRef,
    pub timestamp: Timestamp,
    pub seq: Seq,
}

/// The whole order for one who may see it, its name for one who may not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
#[expect(missing_docs, reason = "said above")]
pub enum WorkOrderOrRef {
    WorkOrder(Box<WorkOrder>),
    Ref(WorkOrderRef),
}

/// An order by name alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct WorkOrderRef {
    pub id: WorkOrderId,
    pub number: String,
}
