//! Socket events: what clients may send and what they are sent. Envelopes are `camelCase`, entities `snake_case`.

mod client;
mod connection;
mod notification;
mod presence;
mod ticket;
mod work_order;

use serde::Serialize;
use thiserror::Error;
use ts_rs::TS;

use crate::{Code, Seq, Timestamp};

pub use client::{ClientEvent, Token, TypingStart};
pub use connection::{
    AuthenticateAck, BadOffset, JournalEvent, Offset, RefusedAck, ResyncReason, ResyncRequired,
    RoomLeft, RoomLeftReason, SyncAck, TokenExpired, TokenExpiring,
};
pub use notification::{
    NotificationCountUpdated, NotificationDeleted, NotificationRead, NotificationReceived, ReadMark,
};
pub use presence::{
    Activity, PresenceSnapshot, PresentUser, UserPresence, UserPresenceUpdate, UserTyping, Viewer,
    ViewerStatus,
};
pub use ticket::{RepairTicketRemoved, RepairTicketUpdated, TicketAction, TicketData};
pub use work_order::{
    Action, AssignmentAction, UpdateData, WorkOrderAssignmentUpdate, WorkOrderOrRef, WorkOrderRef,
    WorkOrderRemoved, WorkOrderUpdated,
};

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

/// A refusal without an acknowledgement to carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct EventErrorPayload {
    pub event: String,
    pub code: Code,
    pub message: String,
    pub timestamp: Timestamp,
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
    "repair_ticket_updated" RepairTicketUpdated,
    "repair_ticket_removed" RepairTicketRemoved,
    "notification_received" NotificationReceived,
    "notification_count_updated" NotificationCountUpdated,
    "notification_deleted" NotificationDeleted,
    "notification_read" NotificationRead,
}

/// Events that are never stored: their names on the wire, with the TypeScript type of their payload.
pub(crate) const EPHEMERAL: &[(&str, &str)] = &[
    (name::USER_ONLINE, "UserPresence"),
    (name::USER_OFFLINE, "UserPresence"),
    (name::USER_TYPING_START, "UserTyping"),
    (name::USER_TYPING_STOP, "UserTyping"),
    (name::USER_PRESENCE_UPDATE, "UserPresenceUpdate"),
    (name::PRESENCE_SNAPSHOT, "PresenceSnapshot"),
    (name::EVENT_ERROR, "EventErrorPayload"),
    (name::RESYNC_REQUIRED, "ResyncRequired"),
    (name::ROOM_LEFT, "RoomLeft"),
    (name::TOKEN_EXPIRED, "TokenExpired"),
    (name::TOKEN_EXPIRING, "TokenExpiring"),
];

/// The names of the ephemeral events.
#[expect(missing_docs, reason = "each constant is its own name")]
pub mod name {
    pub const EVENT_ERROR: &str = "event_error";
    pub const PRESENCE_SNAPSHOT: &str = "presence_snapshot";
    pub const RESYNC_REQUIRED: &str = "resync_required";
    pub const ROOM_LEFT: &str = "room_left";
    pub const TOKEN_EXPIRED: &str = "token_expired";
    pub const TOKEN_EXPIRING: &str = "token_expiring";
    pub const USER_OFFLINE: &str = "user_offline";
    pub const USER_ONLINE: &str = "user_online";
    pub const USER_PRESENCE_UPDATE: &str = "user_presence_update";
    pub const USER_TYPING_START: &str = "user_typing_start";
    pub const USER_TYPING_STOP: &str = "user_typing_stop";
}

/// Whether a test emit must not use this name: it is the protocol's, or one of the server's own events.
#[must_use]
pub fn is_reserved(event: &str) -> bool {
    const PROTOCOL: &[&str] = &[
        "connect",
        "connect_error",
        "disconnect",
        "disconnecting",
        "newListener",
        "removeListener",
    ];
    let ours = DurableEvent::NAMES
        .iter()
        .chain(EPHEMERAL)
        .map(|(name, _)| *name);
    PROTOCOL
        .iter()
        .copied()
        .chain(ours)
        .any(|name| name == event)
}
