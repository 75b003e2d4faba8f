//! Engine.IO 4 packets and payloads.
//!
//! <https://socket.io/docs/v4/engine-io-protocol/>: a packet is one character of type and its data;
//! a polling body is a list of packets separated by `\x1e`.

use std::convert::Infallible;

use bytes::Bytes;

use crate::websocket::{MAX_HEADER, Opcode, header};

/// Separates the packets of a polling body.
pub(super) const SEPARATOR: char = '\x1e';

/// One outgoing packet, encoded once: a complete, unmasked WebSocket text frame whose bytes are
/// shared by all who are sent it. Polling takes what follows the frame's header.
#[derive(Clone, Debug)]
pub struct Packet {
    frame: Bytes,
    /// Length of the frame's header, in bytes.
    header: u8,
}

impl Packet {
    /// `2`: asks whether the client is still there.
    pub(super) fn ping() -> Packet {
        Packet {
            frame: Bytes::from_static(b"\x81\x012"),
            header: 2,
        }
    }

    /// A packet of that whole text, the packet's type included.
    pub(crate) fn plain(text: &str) -> Packet {
        let Ok(packet) = Packet::build(|out| {
            out.extend_from_slice(text.as_bytes());
            Ok::<_, Infallible>(())
        });
        packet
    }

    /// Builds a packet from what `write` appends: the whole text, the packet's type included.
    pub(crate) fn build<E>(write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<Packet, E> {
        // The header's length follows from the text's, which is not known before it is written:
        // leave room for the longest.
        let mut buffer = Vec::with_capacity(256);
        buffer.extend([0; MAX_HEADER]);
        write(&mut buffer)?;
        let mut head = Vec::with_capacity(MAX_HEADER);
        header(Opcode::Text, buffer.len() - MAX_HEADER, &mut head);
        let start = MAX_HEADER - head.len();
        for (place, byte) in buffer.iter_mut().skip(start).zip(&head) {
            *place = *byte;
        }
        Ok(Packet {
            frame: Bytes::from(buffer).slice(start..),
            header: head.len() as u8,
        })
    }

    /// A finished frame that is no packet, such as a close frame, so that it takes its turn in the
    /// queue of a WebSocket.
    pub(super) fn bare(frame: Bytes) -> Packet {
        Packet { frame, header: 0 }
    }

    /// The packet as a WebSocket frame.
    pub(super) fn frame(&self) -> &Bytes {
        &self.frame
    }

    /// The packet as a part of a polling body.
    pub(crate) fn text(&self) -> &[u8] {
        self.frame
            .get(usize::from(self.header)..)
            .unwrap_or_default()
    }
}

/// A packet from a client, on an open session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Incoming<'a> {
    Close,
    Pong,
    Message(&'a str),
    Noop,
}

impl<'a> Incoming<'a> {
    /// Reads one packet. Those that only a server sends, and those that belong to an upgrade, are
    /// refused.
    pub(super) fn read(packet: &'a str) -> Result<Incoming<'a>, Malformed> {
        match packet {
            "1" => Ok(Incoming::Close),
            "3" => Ok(Incoming::Pong),
            "6" => Ok(Incoming::Noop),
            _ => packet
                .strip_prefix('4')
                .map(Incoming::Message)
                .ok_or(Malformed),
        }
    }
}

/// Something that a client sent is not what the protocol allows; the session must be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed packet")]
pub(crate) struct Malformed;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_a_frame_and_a_text() {
        for (len, header) in [(1, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
            let text = "x".repeat(len);
            let packet = Packet::plain(&text);
            assert_eq!(packet.text(), text.as_bytes());
            assert_eq!(packet.frame().len(), header + len);
            assert_eq!(packet.frame()[0], 0x81);
        }
    }

    #[test]
    fn a_client_may_close_pong_speak_and_idle() {
        assert_eq!(Incoming::read("1"), Ok(Incoming::Close));
        assert_eq!(Incoming::read("3"), Ok(Incoming::Pong));
        assert_eq!(Incoming::read("4"), Ok(Incoming::Message("")));
        assert_eq!(Incoming::read("4hä"), Ok(Incoming::Message("hä")));
        assert_eq!(Incoming::read("6"), Ok(Incoming::Noop));
        for wrong in [
            "", "0", "2", "2probe", "5", "7", "abc", "é", "11", "3probe", "6x", "bAQ==",
        ] {
            assert_eq!(Incoming::read(wrong), Err(Malformed), "{wrong}");
        }
    }
}
