//! Notifications: one row per person and entity while it is unread.

use serde_json::{Map, Value};
use shopbell_protocol::{
    EntityType, Notification, NotificationCountUpdated, NotificationDeleted, NotificationId,
    NotificationRead, NotificationReceived, NotificationType, ReadMark, Reason, Timestamp, Urgency,
    UserId,
};

use crate::{Audience, Journal};

/// Somebody is to be told something.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of a notification row")]
pub struct Notice {
    pub user_id: UserId,
    pub r#type: NotificationType,
    pub reason: Reason,
    pub urgency: Urgency,
    /// What it is about; a summary of many things is about none.
    pub entity: Option<(EntityType, i64)>,
    pub text: Text,
}

/// The rendered English text with the keys and parameters to render another language.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of a notification row")]
pub struct Text {
    pub title: String,
    pub message: String,
    pub title_key: &'static str,
    pub message_key: &'static str,
    pub params: Map<String, Value>,
}

/// Parameters of a text.
pub(crate) fn params<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

/// The row that a notice becomes. `unread` is the person's unread row about the same entity, into which it is folded; a new
/// row gets the id that `new_id` gives.
#[must_use]
pub fn fold(
    notice: Notice,
    unread: Option<&Notification>,
    new_id: NotificationId,
    now: Timestamp,
) -> Notification {
    let (entity_type, entity_id) = notice.entity.unzip();
    Notification {
        id: unread.map_or(new_id, |row| row.id),
        user_id: notice.user_id,
        r#type: notice.r#type,
        title: notice.text.title,
        message: notice.text.message,
        title_key: notice.text.title_key.to_owned(),
        message_key: notice.text.message_key.to_owned(),
        message_params: notice.text.params,
        // The row stays for its strongest reason; how loud it is now, the newest event says.
        reason: unread.map_or(notice.reason, |row| row.reason.max(notice.reason)),
        urgency: notice.urgency,
        is_read: false,
        related_entity_type: entity_type,
        related_entity_id: entity_id,
        event_count: unread.map_or(1, |row| row.event_count + 1),
        created_at: unread.map_or(now, |row| row.created_at),
        updated_at: now,
    }
}

/// Adds what the row's owner is sent: the row, and the count when the row is new. `unread_count` is the number of unread
/// rows with this one among them.
pub fn record_received(journal: &mut Journal, row: Notification, unread_count: i64) {
    let (user_id, is_new) = (row.user_id, row.event_count == 1);
    journal.push(Audience::people([user_id]), |seq, timestamp| {
        NotificationReceived {
            notification: row,
            timestamp,
            seq,
        }
    });
    if is_new {
        record_count(journal, user_id, unread_count);
    }
}

/// Adds what a person's other tabs and devices are sent after rows were marked. Call it only when at least one row
/// changed: then the count did too.
pub fn record_read(
    journal: &mut Journal,
    user_id: UserId,
    mark: ReadMark,
    is_read: bool,
    unread_count: i64,
) {
    journal.push(Audience::people([user_id]), |seq, timestamp| {
        NotificationRead {
            mark,
            is_read,
            timestamp,
            seq,
        }
    });
    record_count(journal, user_id, unread_count);
}

/// Adds what a person's other tabs and devices are sent after rows were deleted; the count when unread ones were among them.
pub fn record_deleted(
    journal: &mut Journal,
    user_id: UserId,
    ids: Vec<NotificationId>,
    was_unread: bool,
    unread_count: i64,
) {
    journal.push(Audience::people([user_id]), |seq, timestamp| {
        NotificationDeleted {
            ids,
            timestamp,
            seq,
        }
    });
    if was_unread {
        record_count(journal, user_id, unread_count);
    }
}

fn record_count(journal: &mut Journal, user_id: UserId, unread_count: i64) {
    journal.push(Audience::people([user_id]), |seq, timestamp| {
        NotificationCountUpdated {
            user_id,
            unread_count,
            timestamp,
            seq,
        }
    });
}
