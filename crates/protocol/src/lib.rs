//! The words of Shopbell: ids, rooms, events, REST bodies and codes, exactly as they stand on the wire.
//!
//! **Architecture invariant:** this crate has no clock, no I/O and no rules: only names and shapes. Every shape that the
//! web side needs derives [`ts_rs::TS`]; [`typescript`] renders them all, and a test fails when the committed file
//! `web/client/src/generated/index.ts` is stale.

mod auth;
mod code;
mod event;
mod id;
mod money;
mod notification;
mod patch;
mod role;
mod room;
mod status;
mod timestamp;
mod typescript;
mod user;
mod work_order;

pub use auth::{Claims, DemoPerson, LoginRequest, RefreshRequest, TokenPair, TokenType};
pub use code::{Code, ErrorBody, FieldError, RefusalData};
pub use event::{
    Action, AssignmentAction, ClientEvent, DurableEvent, EventErrorPayload,
    NotificationCountUpdated, NotificationRead, NotificationReceived, ReadMark, RoomAck,
    UnknownEvent, UpdateData, Viewer, ViewerStatus, WorkOrderAssignmentUpdate, WorkOrderOrRef,
    WorkOrderRef, WorkOrderRemoved, WorkOrderUpdated,
};
pub use id::{
    CustomerId, Epoch, NotificationId, Seq, ShopId, TicketId, UserId, Version, WorkOrderId,
};
pub use money::{Money, ParseMoneyError};
pub use notification::{
    EntityType, MarkAllRead, MarkedRead, Notification, NotificationCount, NotificationPatch,
    NotificationType, Reason, Urgency,
};
pub use patch::Field;
pub use role::{Role, UnknownRole};
pub use room::{ParseRoomError, Room};
pub use status::{Priority, Status, UnknownWord};
pub use timestamp::{ParseTimestampError, Timestamp};
pub use typescript::typescript;
pub use user::User;
pub use work_order::{WorkOrder, WorkOrderPatch};
