//! A client's packets in their text form: `<type>[/<namespace>,][<id>][json]`.

use serde_json::Value;

use super::json::is_within_depth;
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

/// A packet from a client.
#[derive(Debug, PartialEq)]
pub(crate) struct Incoming<'a> {
    /// The namespace, `/` when none is named.
    pub(crate) namespace: &'a str,
    pub(crate) kind: Kind,
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
        args: Vec<Value>,
    },
    Ack {
        id: u64,
        args: Vec<Value>,
    },
}

impl<'a> Incoming<'a> {
    /// Reads a packet that nests at most `max_depth` deep. Nothing is built from the text before
    /// its depth is known.
    pub(crate) fn read(text: &'a str, max_depth: usize) -> Result<Incoming<'a>, Malformed> {
        let mut rest = text.chars();
        let kind = rest.next().ok_or(Malformed)?;
        let rest = rest.as_str();
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
        if !is_within_depth(json, max_depth) {
            return Err(Malformed);
        }
        let kind = match (kind, id) {
            ('0', None) => Kind::Connect(match json {
                "" => Value::Object(serde_json::Map::new()),
                _ => serde_json::from_str(json)
                    .ok()
                    .filter(Value::is_object)
                    .ok_or(Malformed)?,
            }),
            ('1', None) if json.is_empty() => Kind::Disconnect,
            ('2', id) => {
                let mut args = array(json)?.into_iter();
                let name = match args.next() {
                    Some(Value::String(name)) if !RESERVED.contains(&name.as_str()) => name,
                    _ => return Err(Malformed),
                };
                Kind::Event {
                    id,
                    name,
                    args: args.collect(),
                }
            }
            ('3', Some(id)) => Kind::Ack {
                id,
                args: array(json)?,
            },
            _ => return Err(Malformed),
        };
        Ok(Incoming { namespace, kind })
    }
}

fn array(json: &str) -> Result<Vec<Value>, Malformed> {
    serde_json::from_str(json).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests;
