//! A client's packets in their text form:
//! `<type>[<attachments>-][/<namespace>,][<id>][json]`.

use serde_json::Value;

use super::args::{Args, check_placeholders};
use super::json::{is_within_depth, read};
use crate::engine_io::Malformed;

/// Event names that the protocol keeps to itself; a client that sends one breaks it.
const RESERVED: [&str; 6] = [
    "connect",
    "connect_error",
    "disconnect",
    "disconnecting",
    "newListener",
    "removeListener",
];

/// Largest id of an acknowledgement: what JavaScript counts exactly.
const MAX_ID: u64 = (1 << 53) - 1;

/// What a packet may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Deepest nesting of arrays and objects.
    pub(crate) depth: usize,
    /// Attachments.
    pub(crate) attachments: usize,
}

/// A packet from a client.
#[derive(Debug, PartialEq)]
pub(crate) struct Incoming<'a> {
    /// The namespace, `/` when none is named.
    pub(crate) namespace: &'a str,
    pub(crate) kind: Kind,
    /// Attachments of its arguments that are yet to come, as messages of their own.
    pub(crate) attachments: usize,
}

/// What a client's packet is.
#[derive(Debug, PartialEq)]
pub(crate) enum Kind {
    /// Its payload, an object; empty when none was sent.
    Connect(Value),
    Disconnect,
    /// With the id under which it is to be acknowledged.
    Event {
        id: Option<u64>,
        name: String,
        args: Args,
    },
    Ack {
        id: u64,
        args: Args,
    },
}

impl<'a> Incoming<'a> {
    /// Reads a packet within `limits`. Nothing is built from the text before its depth is known,
    /// and nothing is returned unless each placeholder in it has its attachment.
    pub(crate) fn read(text: &'a str, limits: &Limits) -> Result<Incoming<'a>, Malformed> {
        let mut rest = text.chars();
        let kind = rest.next().ok_or(Malformed)?;
        let rest = rest.as_str();
        let (kind, attachments, rest) = match kind {
            '5' | '6' => {
                let (count, rest) = rest.split_once('-').ok_or(Malformed)?;
                let kind = if kind == '5' { '2' } else { '3' };
                (kind, Some(attachments(count, limits)?), rest)
            }
            _ => (kind, None, rest),
        };
        let (namespace, rest) = if rest.starts_with('/') {
            // Without data the comma may be missing.
            rest.split_once(',').unwrap_or((rest, ""))
        } else {
            ("/", rest)
        };
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (id, json) = rest.split_at_checked(digits).ok_or(Malformed)?;
        let id = match id {
            "" => None,
            _ => Some(
                id.parse()
                    .ok()
                    .filter(|id| *id <= MAX_ID)
                    .ok_or(Malformed)?,
            ),
        };
        if !is_within_depth(json, limits.depth) {
            return Err(Malformed);
        }
        let kind = match (kind, id) {
            ('0', None) => Kind::Connect(match json {
                "" => Value::Object(serde_json::Map::new()),
                _ => Some(read(json)?)
                    .filter(Value::is_object)
                    .ok_or(Malformed)?,
            }),
            ('1', None) if json.is_empty() => Kind::Disconnect,
            ('2', id) => {
                let mut args = read::<Vec<Value>>(json)?.into_iter();
                let name = match args.next() {
                    Some(Value::String(name)) if !RESERVED.contains(&name.as_str()) => name,
                    _ => return Err(Malformed),
                };
                Kind::Event {
                    id,
                    name,
                    args: args.collect::<Vec<_>>().into(),
                }
            }
            ('3', Some(id)) => Kind::Ack {
                id,
                args: read::<Vec<Value>>(json)?.into(),
            },
            _ => return Err(Malformed),
        };
        if let (Some(count), Kind::Event { args, .. } | Kind::Ack { args, .. }) =
            (attachments, &kind)
        {
            check_placeholders(args, count)?;
        }
        Ok(Incoming {
            namespace,
            kind,
            attachments: attachments.unwrap_or_default(),
        })
    }
}

/// How many attachments a binary packet announces.
fn attachments(digits: &str, limits: &Limits) -> Result<usize, Malformed> {
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Malformed);
    }
    digits
        .parse()
        .ok()
        .filter(|count| *count <= limits.attachments)
        .ok_or(Malformed)
}

#[cfg(test)]
mod tests;
