//! Who is there and what they do: never stored, never replayed.

use serde::Serialize;
use ts_rs::TS;

use crate::{Role, Timestamp, UserId, WorkOrderId};

/// What someone does with an order that they have open; ordered from the least to the most active, which counts when
/// several tabs differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the contract's own words")]
pub enum ViewerStatus {
    /// Nothing any more: only sent, never asked for.
    Left,
    Away,
    Idle,
    Viewing,
    Editing,
}

impl ViewerStatus {
    /// The status that a client may claim by this word.
    #[must_use]
    pub fn from_client(word: &str) -> Option<Self> {
        match word {
            "viewing" => Some(Self::Viewing),
            "editing" => Some(Self::Editing),
            "idle" => Some(Self::Idle),
            "away" => Some(Self::Away),
            _ => None,
        }
    }
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

/// `user_online` and `user_offline`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct UserPresence {
    pub user_id: UserId,
    pub user_name: String,
    pub role: Role,
    pub timestamp: Timestamp,
}

/// `user_typing_start` and `user_typing_stop`; the latter has no `message` and no `field`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct UserTyping {
    pub user_id: UserId,
    pub user_name: String,
    pub room_name: String,
    pub message: Option<String>,
    pub field: Option<String>,
    pub timestamp: Timestamp,
}

/// `user_presence_update`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct UserPresenceUpdate {
    pub user_id: UserId,
    pub user_name: String,
    pub status: ViewerStatus,
    pub work_order_id: WorkOrderId,
    pub timestamp: Timestamp,
}

/// Whether someone has done anything in the last five minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the contract's own words")]
pub enum Activity {
    Active,
    Idle,
}

/// One of the people of a [`PresenceSnapshot`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct PresentUser {
    pub user_id: UserId,
    pub user_name: String,
    pub role: Role,
    pub status: Activity,
}

/// `presence_snapshot`: who was online when the socket connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct PresenceSnapshot {
    pub users: Vec<PresentUser>,
    pub timestamp: Timestamp,
}
