//! The words of Shopbell: ids, rooms, events, REST bodies and codes, exactly as they stand on the wire.
//!
//! **Architecture invariant:** this crate has no clock, no I/O and no rules: only names and shapes. Every shape that the
//! web side needs derives [`ts_rs::TS`]; [`typescript`] renders them all, and a test fails when the committed file
//! `web/client/src/generated/index.ts` is stale.

mod auth;
mod code;
mod customer;
mod event;
mod id;
mod money;
mod note;
mod notification;
mod patch;
mod role;
mod room;
mod status;
mod ticket;
mod timestamp;
mod typescript;
mod user;
mod websocket;
mod work_order;

pub use auth::{Claims, DemoPerson, LoginRequest, RefreshRequest, TokenPair, TokenType};
pub use code::{Code, ErrorBody, FieldError, RefusalData};
pub use customer::{Customer, CustomerPatch, NewCustomer};
pub use event::{
    Action, Activity, AssignmentAction, AuthenticateAck, BadOffset, ClientEvent, DurableEvent,
    EventErrorPayload, JournalEvent, NotificationCountUpdated, NotificationDeleted,
    NotificationRead, NotificationReceived, Offset, PresenceSnapshot, PresentUser, ReadMark,
    RefusedAck, RepairTicketRemoved, RepairTicketUpdated, ResyncReason, ResyncRequired, RoomAck,
    RoomLeft, RoomLeftReason, SyncAck, TicketAction, TicketData, Token, TokenExpired,
    TokenExpiring, TypingStart, UnknownEvent, UpdateData, UserPresence, UserPresenceUpdate,
    UserTyping, Viewer, ViewerStatus, WorkOrderAssignmentUpdate, WorkOrderOrRef, WorkOrderRef,
    WorkOrderRemoved, WorkOrderUpdated, is_reserved, name,
};
pub use id::{
    CustomerId, Epoch, NoteId, NotificationId, Seq, ShopId, TicketId, UserId, Version, WorkOrderId,
};
pub use money::{Money, ParseMoneyError};
pub use note::{NewNote, Note};
pub use notification::{
    EntityType, MarkAllRead, MarkedRead, Notification, NotificationCount, NotificationPatch,
    NotificationType, Reason, Urgency,
};
pub use patch::Field;
pub use role::{Role, UnknownRole};
pub use room::{ParseRoomError, Room};
pub use status::{Priority, Status, TicketStatus, UnknownWord};
pub use ticket::{NewTicket, Ticket, TicketConversion, TicketPatch};
pub use timestamp::{ParseTimestampError, Timestamp};
pub use typescript::typescript;
pub use user::{NewUser, User, UserPatch};
pub use websocket::{
    ConnectedUser, EmitTarget, Emitted, Health, HealthStatus, RoomSize, SocketHealth, SocketStats,
    SocketStatus, TestEmit, UserRooms,
};
pub use work_order::{
    HistoryEntry, NewWorkOrder, Passcode, WorkOrder, WorkOrderBulk, WorkOrderPatch,
};
