//! What clients may send.

use serde_json::{Map, Value};
use ts_rs::TS;

use crate::{Code, Epoch, Seq, ViewerStatus, WorkOrderId};

/// Longest `message` and `field` of a typing event, in characters.
const LONGEST_TYPING: usize = 200;

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientEvent {
    /// `join_room`, with the room's name as a bare string.
    JoinRoom(String),
    /// `leave_room`, the same.
    LeaveRoom(String),
    /// `typing_start`.
    TypingStart(TypingStart),
    /// `typing_stop`, with the room's name.
    TypingStop(String),
    /// `user_presence`: what the user does with an order that is open.
    UserPresence(ViewerStatus, WorkOrderId),
    /// `heartbeat`: the user is there.
    Heartbeat,
    /// `authenticate`: another token in place of the one that the connection was made with.
    Authenticate(Token),
    /// `sync`: everything of the caller's after this place in the journal, in this life of it.
    Sync(Seq, Option<Epoch>),
}

/// A token in an event. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(pub String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// `typing_start`.
#[derive(Clone, Debug, PartialEq, Eq, TS)]
#[ts(rename_all = "camelCase", optional_fields)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct TypingStart {
    pub room_name: String,
    pub message: Option<String>,
    pub field: Option<String>,
}

impl ClientEvent {
    /// Reads an event from its name and arguments. Keys that no event has are ignored.
    ///
    /// # Errors
    ///
    /// [`Code::UnknownEvent`] for a name that is none of ours, [`Code::InvalidPayload`] when the arguments are not this
    /// event's.
    pub fn parse(name: &str, args: &[Value]) -> Result<Self, Code> {
        match (name, args) {
            ("join_room", [Value::String(room)]) => Ok(Self::JoinRoom(room.clone())),
            ("leave_room", [Value::String(room)]) => Ok(Self::LeaveRoom(room.clone())),
            ("typing_start", [Value::Object(payload)]) => Ok(Self::TypingStart(TypingStart {
                room_name: text(payload, "roomName")?.ok_or(Code::InvalidPayload)?,
                message: short_text(payload, "message")?,
                field: short_text(payload, "field")?,
            })),
            ("typing_stop", [Value::Object(payload)]) => text(payload, "roomName")?
                .map(Self::TypingStop)
                .ok_or(Code::InvalidPayload),
            ("user_presence", [Value::Object(payload)]) => {
                let status =
                    text(payload, "status")?.and_then(|word| ViewerStatus::from_client(&word));
                let order = payload.get("workOrderId").and_then(Value::as_i64);
                match (status, order) {
                    (Some(status), Some(order)) => {
                        Ok(Self::UserPresence(status, WorkOrderId(order)))
                    }
                    _ => Err(Code::InvalidPayload),
                }
            }
            ("heartbeat", []) => Ok(Self::Heartbeat),
            ("authenticate", [Value::Object(payload)]) => text(payload, "token")?
                .map(|token| Self::Authenticate(Token(token)))
                .ok_or(Code::InvalidPayload),
            ("sync", [Value::Object(payload)]) => {
                let after = payload
                    .get("after")
                    .and_then(Value::as_i64)
                    .filter(|after| *after >= 0)
                    .ok_or(Code::InvalidPayload)?;
                Ok(Self::Sync(Seq(after), text(payload, "epoch")?.map(Epoch)))
            }
            (
                "join_room" | "leave_room" | "typing_start" | "typing_stop" | "user_presence"
                | "heartbeat" | "authenticate" | "sync",
                _,
            ) => Err(Code::InvalidPayload),
            _ => Err(Code::UnknownEvent),
        }
    }
}

fn text(payload: &Map<String, Value>, key: &str) -> Result<Option<String>, Code> {
    match payload.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Code::InvalidPayload),
    }
}

fn short_text(payload: &Map<String, Value>, key: &str) -> Result<Option<String>, Code> {
    let text = text(payload, key)?;
    let is_long = text
        .as_ref()
        .is_some_and(|text| text.chars().count() > LONGEST_TYPING);
    if is_long {
        Err(Code::InvalidPayload)
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_event_takes_its_own_payload_and_no_other() {
        let typing = TypingStart {
            room_name: "work_order_1".to_owned(),
            message: None,
            field: None,
        };
        for (name, args, expected) in [
            (
                "join_room",
                json!(["work_order_1"]),
                Ok(ClientEvent::JoinRoom("work_order_1".to_owned())),
            ),
            ("join_room", json!([]), Err(Code::InvalidPayload)),
            ("join_room", json!([1]), Err(Code::InvalidPayload)),
            (
                "join_room",
                json!([{ "room": "work_order_1" }]),
                Err(Code::InvalidPayload),
            ),
            (
                "leave_room",
                json!(["work_order_1", "ticket_1"]),
                Err(Code::InvalidPayload),
            ),
            (
                "typing_start",
                json!([{ "roomName": "work_order_1" }]),
                Ok(ClientEvent::TypingStart(typing)),
            ),
            (
                "typing_start",
                json!(["work_order_1"]),
                Err(Code::InvalidPayload),
            ),
            (
                "typing_start",
                json!([{ "roomName": 1 }]),
                Err(Code::InvalidPayload),
            ),
            (
                "typing_start",
                json!([{ "roomName": "work_order_1", "message": 1 }]),
                Err(Code::InvalidPayload),
            ),
            (
                "typing_stop",
                json!([{ "roomName": "x" }]),
                Ok(ClientEvent::TypingStop("x".to_owned())),
            ),
            ("typing_stop", json!([null]), Err(Code::InvalidPayload)),
            (
                "user_presence",
                json!([{ "status": "editing", "workOrderId": 7 }]),
                Ok(ClientEvent::UserPresence(
                    ViewerStatus::Editing,
                    WorkOrderId(7),
                )),
            ),
            (
                "user_presence",
                json!([{ "status": "left", "workOrderId": 7 }]),
                Err(Code::InvalidPayload),
            ),
            (
                "user_presence",
                json!([{ "status": "editing" }]),
                Err(Code::InvalidPayload),
            ),
            (
                "user_presence",
                json!([{ "status": "editing", "workOrderId": "7" }]),
                Err(Code::InvalidPayload),
            ),
            ("heartbeat", json!([]), Ok(ClientEvent::Heartbeat)),
            ("heartbeat", json!([1]), Err(Code::InvalidPayload)),
            (
                "authenticate",
                json!([{ "token": "a.b.c" }]),
                Ok(ClientEvent::Authenticate(Token("a.b.c".to_owned()))),
            ),
            ("authenticate", json!(["a.b.c"]), Err(Code::InvalidPayload)),
            ("authenticate", json!([{}]), Err(Code::InvalidPayload)),
            (
                "sync",
                json!([{ "after": 7, "epoch": "e" }]),
                Ok(ClientEvent::Sync(Seq(7), Some(Epoch("e".to_owned())))),
            ),
            (
                "sync",
                json!([{ "after": 0 }]),
                Ok(ClientEvent::Sync(Seq(0), None)),
            ),
            ("sync", json!([{ "after": "7" }]), Err(Code::InvalidPayload)),
            ("sync", json!([{ "after": 1.5 }]), Err(Code::InvalidPayload)),
            ("sync", json!([{ "after": -1 }]), Err(Code::InvalidPayload)),
            (
                "sync",
                json!([{ "after": 7, "epoch": 1 }]),
                Err(Code::InvalidPayload),
            ),
            ("sync", json!([{ "epoch": "e" }]), Err(Code::InvalidPayload)),
            ("sync", json!([7]), Err(Code::InvalidPayload)),
            ("typing", json!([]), Err(Code::UnknownEvent)),
        ] {
            assert_eq!(
                ClientEvent::parse(name, args.as_array().unwrap()),
                expected,
                "{name} {args}"
            );
        }
    }

    #[test]
    fn a_typing_message_has_at_most_200_characters() {
        let typing = |length: usize| {
            let payload = json!({ "roomName": "work_order_1", "message": "č".repeat(length) });
            ClientEvent::parse("typing_start", &[payload])
        };
        assert!(typing(200).is_ok());
        assert_eq!(typing(201), Err(Code::InvalidPayload));
    }
}
