//! Notifications: what one person is told, kept until read.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{NotificationId, Timestamp, UserId};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the contract's own words")]
        pub enum $name { $($variant),+ }

        impl $name {
            /// Every word.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text).ok_or(crate::UnknownWord)
            }
        }
    )+};
}

words! {
    /// What a notification is about.
    NotificationType {
        WorkOrder = "work_order",
        RepairTicket = "repair_ticket",
        System = "system",
        Communication = "communication",
        Info = "info",
        Success = "success",
        Warning = "warning",
        Error = "error",
    }
    /// Why this person was told; ordered from the weakest to the strongest.
    Reason {
        Role = "role",
        Owner = "owner",
        Watching = "watching",
        Mentioned = "mentioned",
        Assigned = "assigned",
    }
    /// How loud; ordered from the quietest.
    Urgency {
        Quiet = "quiet",
        Normal = "normal",
        Interrupt = "interrupt",
    }
    /// What kind of thing a notification points to.
    EntityType {
        WorkOrder = "work_order",
        RepairTicket = "repair_ticket",
    }
}

/// One person's notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct Notification {
    pub id: NotificationId,
    pub user_id: UserId,
    pub r#type: NotificationType,
    /// Rendered English text.
    pub title: String,
    pub message: String,
    /// For a client that renders in another language.
    pub title_key: String,
    pub message_key: String,
    #[ts(type = "Record<string, string | number | null>")]
    #[schema(value_type = HashMap<String, Value>)]
    pub message_params: serde_json::Map<String, serde_json::Value>,
    pub reason: Reason,
    pub urgency: Urgency,
    pub is_read: bool,
    pub related_entity_type: Option<EntityType>,
    #[ts(type = "number | null")]
    pub related_entity_id: Option<i64>,
    /// How many events are folded into this row.
    #[ts(type = "number")]
    pub event_count: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Both are the number of unread rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct NotificationCount {
    #[ts(type = "number")]
    pub count: i64,
    #[ts(type = "number")]
    pub unread: i64,
}

/// Marks one notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct NotificationPatch {
    pub is_read: bool,
}

/// Marks everything up to this id, so that what arrived since stays unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct MarkAllRead {
    pub up_to_id: NotificationId,
}

/// How many rows became read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct MarkedRead {
    #[ts(type = "number")]
    pub updated: i64,
}
