//! The words in which people are told of work orders.

use serde_json::json;
use shopbell_protocol::{Status, WorkOrder};

use crate::{
    Actor,
    notification::{Text, params},
};

pub(super) fn assigned(actor: &Actor, order: &WorkOrder) -> Text {
    Text {
        title: format!("{} is yours", order.number),
        message: format!("{} assigned {} to you.", actor.name, order.device),
        title_key: "work_order.assigned.title",
        message_key: "work_order.assigned.message",
        params: params([
            ("number", json!(order.number)),
            ("actor", json!(actor.name)),
            ("device", json!(order.device)),
        ]),
    }
}

/// For one who may not see the order any more: its number alone.
pub(super) fn unassigned(actor: &Actor, order: &WorkOrder) -> Text {
    Text {
        title: format!("{} is no longer yours", order.number),
        message: format!("{} took it off your bench.", actor.name),
        title_key: "work_order.unassigned.title",
        message_key: "work_order.unassigned.message",
        params: params([
            ("number", json!(order.number)),
            ("actor", json!(actor.name)),
        ]),
    }
}

pub(super) fn status_changed(
    actor: &Actor,
    order: &WorkOrder,
    from: Status,
    to: Status,
    overridden: Option<&str>,
) -> Text {
    let because = overridden
        .map(|reason| format!(" against the rules: {}", reason.trim_end_matches('.')))
        .unwrap_or_default();
    Text {
        title: format!("{} is {}", order.number, to.words()),
        message: format!(
            "{} moved {} from {}{because}.",
            actor.name,
            order.device,
            from.words()
        ),
        title_key: "work_order.status_changed.title",
        message_key: if overridden.is_some() {
            "work_order.status_overridden.message"
        } else {
            "work_order.status_changed.message"
        },
        params: params([
            ("number", json!(order.number)),
            ("actor", json!(actor.name)),
            ("device", json!(order.device)),
            ("from", json!(from)),
            ("to", json!(to)),
            ("reason", json!(overridden)),
        ]),
    }
}

pub(super) fn priority_raised(actor: &Actor, order: &WorkOrder) -> Text {
    Text {
        title: format!("{} is {} now", order.number, order.priority),
        message: format!("{} raised the priority of {}.", actor.name, order.device),
        title_key: "work_order.priority_raised.title",
        message_key: "work_order.priority_raised.message",
        params: params([
            ("number", json!(order.number)),
            ("actor", json!(actor.name)),
            ("device", json!(order.device)),
            ("priority", json!(order.priority)),
        ]),
    }
}

pub(super) fn updated(actor: &Actor, order: &WorkOrder) -> Text {
    Text {
        title: format!("{} was changed", order.number),
        message: format!("{} updated {}.", actor.name, order.device),
        title_key: "work_order.updated.title",
        message_key: "work_order.updated.message",
        params: params([
            ("number", json!(order.number)),
            ("actor", json!(actor.name)),
            ("device", json!(order.device)),
        ]),
    }
}
