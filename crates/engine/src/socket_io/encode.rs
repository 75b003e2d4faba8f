//! Packets for clients, each the text of an Engine.IO message (`4`) and the attachments behind it.
//!
//! Encoding fails when the data cannot be written as JSON.

use std::convert::Infallible;

use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};
use serde_json::{Error, Value};

use super::Args;
use crate::engine_io::Packet;

/// The answer to a CONNECT: the socket's id, and the `pid` by which the client may recover it.
pub(crate) fn connected(namespace: &str, sid: &str, pid: Option<&str>) -> Result<Packet, Error> {
    #[derive(Serialize)]
    struct Connected<'a> {
        sid: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        pid: Option<&'a str>,
    }
    packet("40", namespace, None, &Connected { sid, pid })
}

/// The refusal of a CONNECT.
pub(crate) fn refused<T: Serialize>(namespace: &str, error: &T) -> Result<Packet, Error> {
    packet("44", namespace, None, error)
}

/// The end of a socket, by the server's will.
pub(crate) fn disconnect(namespace: &str) -> Packet {
    let Ok(packet) = Packet::build(|out| {
        out.extend_from_slice(b"41");
        head(out, namespace, None);
        Ok::<_, Infallible>(())
    });
    packet
}

/// An event with one argument, to be acknowledged under `id`, if there is one.
pub(crate) fn event<T: Serialize + ?Sized>(
    namespace: &str,
    id: Option<u64>,
    name: &str,
    data: &T,
) -> Result<Packet, Error> {
    packet("42", namespace, id, &(name, data))
}

/// The same with any arguments.
pub(crate) fn event_args(
    namespace: &str,
    id: Option<u64>,
    name: &str,
    args: &Args,
) -> Result<Packet, Error> {
    with_attachments(['2', '5'], namespace, id, &Named { name, args }, args)
}

/// An event with one argument, and the offset that a client may recover from.
pub(crate) fn event_at<T: Serialize + ?Sized>(
    namespace: &str,
    name: &str,
    data: &T,
    offset: &str,
) -> Result<Packet, Error> {
    packet("42", namespace, None, &(name, data, offset))
}

/// The acknowledgement of the client's event `id`, with one argument.
pub(crate) fn ack<T: Serialize + ?Sized>(
    namespace: &str,
    id: u64,
    data: &T,
) -> Result<Packet, Error> {
    packet("43", namespace, Some(id), &[data])
}

/// The same with any arguments.
pub(crate) fn ack_args(namespace: &str, id: u64, args: &Args) -> Result<Packet, Error> {
    with_attachments(['3', '6'], namespace, Some(id), &args.values, args)
}

impl Packet {
    /// Encodes the event `name` with `data` as its one argument, for any number of connections of
    /// the namespace `/`. Fails when `data` cannot be written as JSON.
    ///
    /// Clients that recover their session take a bare string at an event's end for an offset:
    /// `data` should be an object.
    pub fn event<T: Serialize + ?Sized>(name: &str, data: &T) -> Result<Packet, Error> {
        event("/", None, name, data)
    }

    /// The same with `offset` as an extra last argument: `42["name",data,"offset"]`. Stock clients
    /// that hold a `pid` keep the offset of the last such event and show it with the `pid` when
    /// they come back; their listeners are given it as one more argument.
    pub fn event_at<T: Serialize + ?Sized>(
        name: &str,
        data: &T,
        offset: &str,
    ) -> Result<Packet, Error> {
        event_at("/", name, data, offset)
    }
}

/// The JSON of an event with any arguments.
struct Named<'a> {
    name: &'a str,
    args: &'a [Value],
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut items = serializer.serialize_seq(Some(1 + self.args.len()))?;
        items.serialize_element(self.name)?;
        for arg in self.args {
            items.serialize_element(arg)?;
        }
        items.end()
    }
}

/// A packet of the first type, or of the second when there are attachments.
fn with_attachments<T: Serialize>(
    [plain, binary]: [char; 2],
    namespace: &str,
    id: Option<u64>,
    json: &T,
    args: &Args,
) -> Result<Packet, Error> {
    let attachments = &args.attachments;
    let kind = match attachments.len() {
        0 => format!("4{plain}"),
        count => format!("4{binary}{count}-"),
    };
    packet(&kind, namespace, id, json).map(|packet| packet.with_attachments(attachments))
}

fn packet<T: Serialize + ?Sized>(
    kind: &str,
    namespace: &str,
    id: Option<u64>,
    json: &T,
) -> Result<Packet, Error> {
    Packet::build(|out| {
        out.extend_from_slice(kind.as_bytes());
        head(out, namespace, id);
        serde_json::to_writer(out, json)
    })
}

/// What stands between a packet's type and its JSON.
fn head(out: &mut Vec<u8>, namespace: &str, id: Option<u64>) {
    if namespace != "/" {
        out.extend_from_slice(namespace.as_bytes());
        out.push(b',');
    }
    if let Some(id) = id {
        out.extend_from_slice(id.to_string().as_bytes());
    }
}

#[cfg(test)]
mod tests;
