//! The same change to many orders.

use serde_json::json;
use shopbell_protocol::{NotificationType, Role};

use crate::{
    Actor,
    notification::{Notice, Text, params},
};

/// The most orders that one bulk change may name.
pub const MAX_BULK: usize = 200;

/// Whether `actor` may change many orders at once.
#[must_use]
pub const fn may_change_many(actor: &Actor) -> bool {
    matches!(actor.role, Role::Admin | Role::Manager)
}

/// At most one notice per person: what concerns one order stays as it is, what concerns several becomes a summary with the
/// strongest reason and urgency.
#[must_use]
pub fn summarize(actor: &Actor, mut notices: Vec<Notice>) -> Vec<Notice> {
    notices.sort_by_key(|notice| notice.user_id);
    notices
        .chunk_by(|one, other| one.user_id == other.user_id)
        .filter_map(|of_one_person| match of_one_person {
            [single] => Some(single.clone()),
            many => {
                let first = many.first()?;
                Some(Notice {
                    user_id: first.user_id,
                    r#type: NotificationType::WorkOrder,
                    reason: many.iter().map(|notice| notice.reason).max()?,
                    urgency: many.iter().map(|notice| notice.urgency).max()?,
                    entity: None,
                    text: summary(actor, many.len()),
                })
            }
        })
        .collect()
}

fn summary(actor: &Actor, count: usize) -> Text {
    Text {
        title: format!("{count} orders were changed"),
        message: format!("{} changed {count} of your orders at once.", actor.name),
        title_key: "work_order.bulk_changed.title",
        message_key: "work_order.bulk_changed.message",
        params: params([("actor", json!(actor.name)), ("count", json!(count))]),
    }
}
