//! Packets that are sent together.

use bytes::Bytes;

use super::Packet;

/// Packets whose frames also lie one behind another in memory, so that a plain `write` takes them
/// all: for many who are sent the same, cheaper by far than a vectored one each.
#[derive(Debug, Default)]
pub(crate) struct Packets {
    each: Vec<Packet>,
    frames: Bytes,
}

impl Packets {
    /// Each packet.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Packet> {
        self.each.iter()
    }

    /// Each packet, and the frames of all.
    pub(super) fn parts(&self) -> (&[Packet], &[u8]) {
        (&self.each, &self.frames)
    }
}

impl From<Vec<Packet>> for Packets {
    fn from(each: Vec<Packet>) -> Packets {
        let frames = match each.as_slice() {
            [packet] => packet.frame().clone(),
            _ => {
                let len = each.iter().map(|packet| packet.frame().len()).sum();
                let mut frames = Vec::with_capacity(len);
                for packet in &each {
                    frames.extend_from_slice(packet.frame());
                }
                frames.into()
            }
        };
        Packets { each, frames }
    }
}
