//! Packets for clients, each the text of an Engine.IO message (`4`), in the namespace `/` unless
//! one is named.
//!
//! Encoding fails when the data cannot be written as JSON.

use serde::Serialize;
use serde_json::Error;

use crate::engine_io::Packet;

/// The answer to a CONNECT: the socket's id.
pub(crate) fn connected(sid: &str) -> Result<Packet, Error> {
    #[derive(Serialize)]
    struct Connected<'a> {
        sid: &'a str,
    }
    packet("40", &Connected { sid })
}

/// The refusal of a CONNECT to `namespace`.
pub(crate) fn refused<T: Serialize>(namespace: &str, error: &T) -> Result<Packet, Error> {
    match namespace {
        "/" => packet("44", error),
        _ => packet(&format!("44{namespace},"), error),
    }
}

/// The end of a connection, by the server's will.
pub(crate) fn disconnect() -> Packet {
    Packet::plain("41")
}

/// An event that is to be acknowledged under `id`.
pub(crate) fn event_with_ack<T: Serialize + ?Sized>(
    id: u64,
    name: &str,
    data: &T,
) -> Result<Packet, Error> {
    packet(&format!("42{id}"), &(name, data))
}

/// The acknowledgement of the client's event `id`, with one argument.
pub(crate) fn ack<T: Serialize + ?Sized>(id: u64, data: &T) -> Result<Packet, Error> {
    packet(&format!("43{id}"), &[data])
}

impl Packet {
    /// Encodes the event `name` with `data` as its one argument, for any number of connections.
    /// Fails when `data` cannot be written as JSON.
    ///
    /// Clients that recover their session take a bare string at an event's end for an offset:
    /// `data` should be an object.
    pub fn event<T: Serialize + ?Sized>(name: &str, data: &T) -> Result<Packet, Error> {
        packet("42", &(name, data))
    }
}

fn packet<T: Serialize + ?Sized>(head: &str, json: &T) -> Result<Packet, Error> {
    Packet::build(|out| {
        out.extend_from_slice(head.as_bytes());
        serde_json::to_writer(out, json)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(packet: Result<Packet, Error>) -> String {
        String::from_utf8(packet.unwrap().text().to_vec()).unwrap()
    }

    #[test]
    fn packets_read_as_the_protocol_writes_them() {
        assert_eq!(text(connected("abc")), r#"40{"sid":"abc"}"#);
        assert_eq!(
            text(refused("/", &json!({"message": "no"}))),
            r#"44{"message":"no"}"#
        );
        assert_eq!(
            text(refused("/x", &json!({"message": "no"}))),
            r#"44/x,{"message":"no"}"#
        );
        assert_eq!(text(Ok(disconnect())), "41");
        assert_eq!(
            text(Packet::event("hey", &json!({"a": 1}))),
            r#"42["hey",{"a":1}]"#
        );
        assert_eq!(text(event_with_ack(7, "hey", &1)), r#"427["hey",1]"#);
        assert_eq!(text(ack(12, "ok")), r#"4312["ok"]"#);
    }
}
