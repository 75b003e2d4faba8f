//! Socket events: what clients may send and what they are sent. Envelopes are `camelCase`, entities `snake_case`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;
use ts_rs::TS;

use crate::{
    Code, Notification, NotificationId, Seq, Status, Timestamp, UserId, WorkOrder, WorkOrderId,
};

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientEvent {
    /// `join_room`, with the room's name as a bare string.
    JoinRoom(String),
    /// `leave_room`, the same.
    LeaveRoom(String),
}

impl ClientEvent {
    /// Reads an event from its name and arguments.
    ///
    /// # Errors
    ///
    /// [`Code::UnknownEvent`] for a name that is none of ours, [`Code::InvalidPayload`] when the arguments are not this
    /// event's.
    pub fn parse(name: &str, args: &[Value]) -> Result<Self, Code> {
        let room = || match args {
            [Value::String(room)] => Ok(room.clone()),
            _ => Err(Code::InvalidPayload),
        };
        match name {
            "join_room" => room().map(Self::JoinRoom),
            "leave_room" => room().map(Self::LeaveRoom),
            _ => Err(Code::UnknownEvent),
        }
    }
}

/// What `join_room` answers besides `ok`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct RoomAck {
    #[ts(type = "true")]
    pub ok: bool,
    pub room: String,
    /// Every durable event up to here was already sent to this connection.
    pub seq: Seq,
    /// The other people in the room.
    pub viewers: Vec<Viewer>,
}

/// Someone who has the same order open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct Viewer {
    pub user_id: UserId,
    pub user_name: String,
    pub status: ViewerStatus,
}

/// What a viewer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ViewerStatus {
    /// Has it open.
    Viewing,
}

/// A refusal without an acknowledgement to carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct EventErrorPayload {
    pub event: String,
    pub code: Code,
    pub message: String,
    pub timestamp: Timestamp,
}

/// What happened to a work order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the contract's own words")]
pub enum Action {
    StatusChanged,
    Assigned,
    Updated,
}

/// `work_order_updated`: to everyone who may see the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct WorkOrderUpdated {
    pub work_order_id: WorkOrderId,
    pub action: Action,
    pub work_order: Box<WorkOrder>,
    pub data: UpdateData,
    pub timestamp: Timestamp,
    pub seq: Seq,
}

/// `data` of `work_order_updated`; which one it is follows from `action`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
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

/// `notification_received`: new, or folded into again (same `id`, higher `event_count`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct NotificationReceived {
    pub notification: Notification,
    pub timestamp: Timestamp,
    pub seq: Seq,
}

/// `notification_count_updated`: when the number of unread rows changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct NotificationCountUpdated {
    pub user_id: UserId,
    #[ts(type = "number")]
    pub unread_count: i64,
    pub timestamp: Timestamp,
    pub seq: Seq,
}

/// `notification_read`: to the user's other tabs and devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct NotificationRead {
    #[serde(flatten)]
    pub mark: ReadMark,
    pub is_read: bool,
    pub timestamp: Timestamp,
    pub seq: Seq,
}

/// Which rows a [`NotificationRead`] is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub enum ReadMark {
    Ids {
        ids: Vec<NotificationId>,
    },
    #[serde(rename_all = "camelCase")]
    UpTo {
        up_to_id: NotificationId,
    },
}

/// The name is none that the journal knows.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("read the journal: no event is named {0:?}")]
pub struct UnknownEvent(pub String);

macro_rules! durable {
    ($($name:literal $variant:ident),+ $(,)?) => {
        /// An event with a row in the journal.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(untagged)]
        #[expect(missing_docs, reason = "each is named after its payload")]
        pub enum DurableEvent { $($variant($variant)),+ }

        impl DurableEvent {
            /// Every name, with the TypeScript type of its payload.
            pub(crate) const NAMES: &'static [(&'static str, &'static str)] = &[$(($name, stringify!($variant))),+];

            /// The name on the wire.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name),+ }
            }

            /// Its place in the journal.
            #[must_use]
            pub const fn seq(&self) -> Seq {
                match self { $(Self::$variant(event) => event.seq),+ }
            }

            /// Reads a row of the journal.
            ///
            /// # Errors
            ///
            /// Fails when `name` is unknown or `payload` is not its payload.
            pub fn from_row(name: &str, payload: &str) -> Result<Self, serde_json::Error> {
                match name {
                    $($name => serde_json::from_str(payload).map(Self::$variant),)+
                    _ => Err(serde::de::Error::custom(UnknownEvent(name.to_owned()))),
                }
            }
        }

        $(impl From<$variant> for DurableEvent {
            fn from(event: $variant) -> Self {
                Self::$variant(event)
            }
        })+
    };
}

durable! {
    "work_order_updated" WorkOrderUpdated,
    "work_order_removed" WorkOrderRemoved,
    "work_order_assignment_update" WorkOrderAssignmentUpdate,
    "notification_received" NotificationReceived,
    "notification_count_updated" NotificationCountUpdated,
    "notification_read" NotificationRead,
}
