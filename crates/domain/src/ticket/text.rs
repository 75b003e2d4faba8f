//! The words in which people are told of tickets.

use serde_json::json;
use shopbell_protocol::Ticket;

use crate::{
    Actor,
    notification::{Text, params},
};

pub(super) fn opened(actor: &Actor, ticket: &Ticket) -> Text {
    text(
        actor,
        ticket,
        format!("New ticket {}", ticket.number),
        format!("{} took in {}.", actor.name, ticket.device),
        (
            "repair_ticket.created.title",
            "repair_ticket.created.message",
        ),
    )
}

pub(super) fn updated(actor: &Actor, ticket: &Ticket) -> Text {
    text(
        actor,
        ticket,
        format!("Ticket {} was changed", ticket.number),
        format!("{} updated {}.", actor.name, ticket.device),
        (
            "repair_ticket.updated.title",
            "repair_ticket.updated.message",
        ),
    )
}

pub(super) fn cancelled(actor: &Actor, ticket: &Ticket) -> Text {
    text(
        actor,
        ticket,
        format!("Ticket {} was cancelled", ticket.number),
        format!("{} cancelled {}.", actor.name, ticket.device),
        (
            "repair_ticket.cancelled.title",
            "repair_ticket.cancelled.message",
        ),
    )
}

pub(super) fn converted(actor: &Actor, ticket: &Ticket) -> Text {
    text(
        actor,
        ticket,
        format!("Ticket {} is a work order now", ticket.number),
        format!(
            "{} opened the work order for {}.",
            actor.name, ticket.device
        ),
        (
            "repair_ticket.converted.title",
            "repair_ticket.converted.message",
        ),
    )
}

fn text(
    actor: &Actor,
    ticket: &Ticket,
    title: String,
    message: String,
    (title_key, message_key): (&'static str, &'static str),
) -> Text {
    let params = params([
        ("number", json!(ticket.number)),
        ("actor", json!(actor.name)),
        ("device", json!(ticket.device)),
    ]);
    Text {
        title,
        message,
        title_key,
        message_key,
        params,
    }
}
