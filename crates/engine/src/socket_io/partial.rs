//! A packet whose attachments are still on their way.

use bytes::Bytes;

use super::{Incoming, Kind};
use crate::engine_io::Violation;

/// A packet without some of its attachments. Only binary messages may follow until it is complete.
#[derive(Debug)]
pub(crate) struct Partial {
    pub(crate) namespace: Box<str>,
    kind: Kind,
    /// Attachments yet to come.
    missing: usize,
    /// Bytes that they may have together.
    room: usize,
}

impl Partial {
    /// A packet of which nothing but the text, of `len` bytes, has come, and which may have
    /// `max_payload` in all.
    pub(crate) fn new(packet: Incoming<'_>, len: usize, max_payload: usize) -> Partial {
        Partial {
            namespace: packet.namespace.into(),
            kind: packet.kind,
            missing: packet.attachments,
            room: max_payload.saturating_sub(len),
        }
    }

    /// Takes the next attachment; returns whether it was the last. One that is too long is refused
    /// before it is copied.
    pub(crate) fn add(&mut self, bytes: &[u8]) -> Result<bool, Violation> {
        let (Kind::Event { args, .. } | Kind::Ack { args, .. }) = &mut self.kind else {
            return Err(Violation::Malformed);
        };
        self.room = self
            .room
            .checked_sub(bytes.len())
            .ok_or(Violation::TooBig)?;
        self.missing = self.missing.checked_sub(1).ok_or(Violation::Malformed)?;
        args.attachments.push(Bytes::copy_from_slice(bytes));
        Ok(self.missing == 0)
    }

    /// Bytes of text and attachments so far, of the `max_payload` that there may be.
    pub(crate) fn len(&self, max_payload: usize) -> usize {
        max_payload.saturating_sub(self.room)
    }

    /// The packet, now complete.
    pub(crate) fn into_kind(self) -> Kind {
        self.kind
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Args, Limits};
    use super::*;

    const LIMITS: Limits = Limits {
        depth: 32,
        attachments: 10,
    };

    #[test]
    fn a_packet_is_complete_with_its_last_attachment() {
        let packet = Incoming::read(r#"52-/a,["e",{"_placeholder":true,"num":1}]"#, &LIMITS);
        let mut partial = Partial::new(packet.unwrap(), 40, 50);
        assert_eq!(&*partial.namespace, "/a");
        assert_eq!(partial.add(&[1; 7]), Ok(false));
        assert_eq!(partial.add(&[2; 3]), Ok(true));
        assert_eq!(partial.len(50), 50);
        let Kind::Event {
            args: Args { attachments, .. },
            ..
        } = partial.into_kind()
        else {
            panic!("no event")
        };
        assert_eq!(attachments, [&[1_u8; 7][..], &[2; 3]]);
    }

    #[test]
    fn text_and_attachments_share_the_limit() {
        let packet = Incoming::read(r#"62-1[]"#, &LIMITS).unwrap();
        let mut partial = Partial::new(packet, 6, 16);
        assert_eq!(partial.add(&[1; 7]), Ok(false));
        assert_eq!(partial.add(&[2; 4]), Err(Violation::TooBig));
    }
}
