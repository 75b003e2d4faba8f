//! The arguments of events and acknowledgements, and the bytes in them.

use std::ops::Deref;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::engine_io::Malformed;

/// The arguments of an event or an acknowledgement.
///
/// They are JSON. Bytes are kept beside it, as attachments; where they belong, the JSON has a
/// placeholder, as it does on the wire: `{"_placeholder":true,"num":0}`. So whoever expects JSON
/// alone needs not know of bytes: it finds an object.
///
/// Of arguments that came from a client each placeholder has its attachment, if there are any at
/// all; without attachments a placeholder is an object like any other.
///
/// Socket.IO 5, "Packet encoding". They are read like a slice of their values.
///
/// ```
/// use serde_json::json;
/// use shopbell_engine::Args;
///
/// let mut args = Args::default();
/// let photo = args.attach(&b"\x89PNG"[..]);
/// args.values = vec![json!({ "name": "screen", "photo": photo })];
/// assert_eq!(args.bytes(&args[0]["photo"]).map(|bytes| bytes.len()), Some(4));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Args {
    /// The arguments.
    pub values: Vec<Value>,
    /// The bytes that the placeholders in them stand for, by their number.
    pub attachments: Vec<Bytes>,
}

impl Args {
    /// Adds an attachment; returns its placeholder, to be put where the bytes belong.
    pub fn attach(&mut self, bytes: impl Into<Bytes>) -> Value {
        let placeholder = json!({ "_placeholder": true, "num": self.attachments.len() });
        self.attachments.push(bytes.into());
        placeholder
    }

    /// The bytes that `value` stands for, if it is a placeholder.
    pub fn bytes(&self, value: &Value) -> Option<&Bytes> {
        if !is_placeholder(value) {
            return None;
        }
        let number = value.get("num")?.as_u64()?;
        self.attachments.get(usize::try_from(number).ok()?)
    }
}

impl From<Vec<Value>> for Args {
    /// Without attachments.
    fn from(values: Vec<Value>) -> Args {
        Args {
            values,
            attachments: Vec::new(),
        }
    }
}

impl Deref for Args {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.values
    }
}

/// Sees to it that each placeholder in `values`, however deep, stands for one of `count`
/// attachments. As in stock servers, several may stand for the same one, and one for none.
///
/// Recursive: the depth of `values` must be known to be bounded.
pub(super) fn check_placeholders(values: &[Value], count: usize) -> Result<(), Malformed> {
    values.iter().try_for_each(|value| check(value, count))
}

fn check(value: &Value, count: usize) -> Result<(), Malformed> {
    match value {
        Value::Array(items) => check_placeholders(items, count),
        Value::Object(_) if is_placeholder(value) => value
            .get("num")
            .and_then(Value::as_u64)
            .filter(|number| *number < count as u64)
            .map(drop)
            .ok_or(Malformed),
        Value::Object(fields) => fields.values().try_for_each(|value| check(value, count)),
        _ => Ok(()),
    }
}

fn is_placeholder(value: &Value) -> bool {
    value.get("_placeholder") == Some(&Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_attached_is_found_by_its_placeholder() {
        let mut args = Args::default();
        let (one, two) = (args.attach(vec![1]), args.attach(&b"two"[..]));
        args.values = vec![json!({ "b": two, "a": [one] }), json!(3)];
        assert_eq!(args.bytes(&args[0]["a"][0]), Some(&Bytes::from(vec![1])));
        assert_eq!(args.bytes(&args[0]["b"]), Some(&Bytes::from_static(b"two")));
        let others = [
            json!(3),
            json!({}),
            json!({ "num": 0 }),
            json!({ "_placeholder": true }),
            json!({ "_placeholder": true, "num": 2 }),
            json!({ "_placeholder": true, "num": -1 }),
            json!({ "_placeholder": 1, "num": 0 }),
        ];
        for other in others {
            assert_eq!(args.bytes(&other), None, "{other}");
        }
    }
}
