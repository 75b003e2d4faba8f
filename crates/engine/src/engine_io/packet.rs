//! Engine.IO 4 packets and payloads.
//!
//! <https://socket.io/docs/v4/engine-io-protocol/>: a packet is one character of type and its data;
//! a polling body is a list of packets separated by `\x1e`.

use std::convert::Infallible;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use crate::websocket::{MAX_HEADER, Opcode, frames, header};

/// Separates the packets of a polling body.
pub(super) const SEPARATOR: char = '\x1e';
/// Begins a binary message in a polling body; base64 follows.
pub(super) const BINARY: char = 'b';

/// One outgoing packet, encoded once: a complete, unmasked WebSocket text frame whose bytes are
/// shared by all who are sent it. Polling takes what follows the frame's header.
///
/// A packet with bytes in it has a binary frame for each of them behind its text, in the same
/// memory, so that nothing can come between; polling takes these frames apart.
#[derive(Clone, Debug)]
pub struct Packet {
    frame: Bytes,
    /// Length of the frame's header, in bytes.
    header: u8,
    /// Whether there are binary frames.
    binary: bool,
}

impl Packet {
    /// `2`: asks whether the client is still there.
    pub(super) fn ping() -> Packet {
        Packet {
            frame: Bytes::from_static(b"\x81\x012"),
            header: 2,
            binary: false,
        }
    }

    /// A text message.
    pub(crate) fn message(text: &str) -> Packet {
        let Ok(packet) = Packet::build(|out| {
            out.push(b'4');
            out.extend_from_slice(text.as_bytes());
            Ok::<_, Infallible>(())
        });
        packet
    }

    /// A binary message.
    pub(crate) fn binary(bytes: &[u8]) -> Packet {
        let mut frame = Vec::with_capacity(MAX_HEADER + bytes.len());
        header(Opcode::Binary, bytes.len(), &mut frame);
        frame.extend_from_slice(bytes);
        Packet {
            frame: frame.into(),
            header: 0,
            binary: true,
        }
    }

    /// The same packet, followed by the bytes that belong to it.
    pub(crate) fn with_attachments(self, attachments: &[Bytes]) -> Packet {
        if attachments.is_empty() {
            return self;
        }
        let more: usize = attachments
            .iter()
            .map(|bytes| MAX_HEADER + bytes.len())
            .sum();
        let mut frame = Vec::with_capacity(self.frame.len() + more);
        frame.extend_from_slice(&self.frame);
        for bytes in attachments {
            header(Opcode::Binary, bytes.len(), &mut frame);
            frame.extend_from_slice(bytes);
        }
        Packet {
            frame: frame.into(),
            binary: true,
            ..self
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
            binary: false,
        })
    }

    /// A finished frame that is no packet, such as a close frame, so that it takes its turn in the
    /// queue of a WebSocket.
    pub(super) fn bare(frame: Bytes) -> Packet {
        Packet {
            frame,
            header: 0,
            binary: false,
        }
    }

    /// The packet as a WebSocket frame.
    pub(super) fn frame(&self) -> &Bytes {
        &self.frame
    }

    /// The packet as a polling body of its own.
    pub(crate) fn body(&self) -> Bytes {
        if self.binary {
            let mut body = Vec::with_capacity(self.frame.len());
            self.append_to(&mut body);
            body.into()
        } else {
            self.frame.slice_ref(self.text())
        }
    }

    /// Appends the packet to a polling body, behind those that are there.
    pub(super) fn append_to(&self, body: &mut Vec<u8>) {
        if !self.binary {
            separate(body);
            return body.extend_from_slice(self.text());
        }
        for (opcode, payload) in frames(&self.frame) {
            separate(body);
            if opcode == Opcode::Binary {
                body.push(BINARY as u8);
                body.extend_from_slice(STANDARD.encode(payload).as_bytes());
            } else {
                body.extend_from_slice(payload);
            }
        }
    }

    /// The text of a packet without binary frames.
    fn text(&self) -> &[u8] {
        self.frame
            .get(usize::from(self.header)..)
            .unwrap_or_default()
    }
}

fn separate(body: &mut Vec<u8>) {
    if !body.is_empty() {
        body.push(SEPARATOR as u8);
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

/// Why a session must be closed for what its client has sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Violation {
    /// It is not what the protocol allows.
    #[error("malformed packet")]
    Malformed,
    /// Together with its attachments it is longer than a packet may be.
    #[error("packet is too big")]
    TooBig,
}

impl From<Malformed> for Violation {
    fn from(_: Malformed) -> Violation {
        Violation::Malformed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_a_frame_and_a_text() {
        for (len, header) in [(1, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
            let text = "x".repeat(len);
            let packet = Packet::plain(&text);
            assert_eq!(packet.body(), text.as_bytes());
            assert_eq!(packet.frame().len(), header + len);
            assert_eq!(packet.frame()[0], 0x81);
        }
    }

    #[test]
    fn bytes_follow_their_packet_and_are_base64_in_a_body() {
        let attachments = [Bytes::from_static(&[1, 2, 3]), Bytes::new()];
        let packet = Packet::plain("4x").with_attachments(&attachments);
        assert_eq!(
            packet.frame(),
            &b"\x81\x024x\x82\x03\x01\x02\x03\x82\x00"[..]
        );
        assert_eq!(packet.body(), "4x\x1ebAQID\x1eb");
        assert_eq!(Packet::binary(&[1, 2, 3, 4]).body(), "bAQIDBA==");
        let mut body = b"2".to_vec();
        packet.append_to(&mut body);
        Packet::plain("4y").append_to(&mut body);
        assert_eq!(body, b"2\x1e4x\x1ebAQID\x1eb\x1e4y");
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
