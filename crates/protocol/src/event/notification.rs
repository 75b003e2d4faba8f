//! What a person's tabs and devices are told of their notifications.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Notification, NotificationId, Seq, Timestamp, UserId};

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

/// `notification_deleted`: to the user's other tabs and devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct NotificationDeleted {
    pub ids: Vec<NotificationId>,
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
