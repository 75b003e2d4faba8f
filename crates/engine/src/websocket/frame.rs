//! Frame headers (RFC 6455 §5.2): written for the server, unmasked, and read from the client,
//! masked.

use bytes::Bytes;

/// The longest header that [`header`] writes, in bytes.
pub(crate) const MAX_HEADER: usize = 10;

/// The longest payload of a control frame, in bytes (RFC 6455 §5.5).
const MAX_CONTROL: u64 = 125;

/// What a frame is (RFC 6455 §5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opcode {
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
}

impl Opcode {
    fn read(bits: u8) -> Result<Opcode, Fault> {
        Ok(match bits {
            0x0 => Opcode::Continuation,
            0x1 => Opcode::Text,
            0x2 => Opcode::Binary,
            0x8 => Opcode::Close,
            0x9 => Opcode::Ping,
            0xA => Opcode::Pong,
            _ => return Err(Fault::Protocol),
        })
    }

    pub(crate) fn is_control(self) -> bool {
        matches!(self, Opcode::Close | Opcode::Ping | Opcode::Pong)
    }
}

/// How a peer broke the rules; each has its close code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// A frame that RFC 6455 forbids: 1002.
    #[error("malformed frame")]
    Protocol,
    /// A text message or a close reason that is not UTF-8: 1007.
    #[error("text is not UTF-8")]
    NotUtf8,
    /// A message over the limit: 1009.
    #[error("message is too big")]
    TooBig,
}

/// Appends the header of a final, unmasked frame with a payload of `len` bytes to `out`.
pub(crate) fn header(opcode: Opcode, len: usize, out: &mut Vec<u8>) {
    out.push(0x80 | opcode as u8);
    match u16::try_from(len) {
        Ok(short) if short < 126 => out.push(short.to_be_bytes()[1]),
        Ok(medium) => {
            out.push(126);
            out.extend(medium.to_be_bytes());
        }
        Err(_) => {
            out.push(127);
            out.extend((len as u64).to_be_bytes());
        }
    }
}

/// The frames that lie one after another in `bytes`, each with its payload: what was written with
/// [`header`].
pub(crate) fn frames(bytes: &[u8]) -> impl Iterator<Item = (Opcode, &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let ([first, second], after) = rest.split_first_chunk()?;
        let (len, after) = match second {
            126 => {
                let (len, after) = after.split_first_chunk()?;
                (usize::from(u16::from_be_bytes(*len)), after)
            }
            127 => {
                let (len, after) = after.split_first_chunk()?;
                (usize::try_from(u64::from_be_bytes(*len)).ok()?, after)
            }
            short => (usize::from(*short), after),
        };
        let (payload, after) = after.split_at_checked(len)?;
        rest = after;
        Some((Opcode::read(first & 0x0F).ok()?, payload))
    })
}

/// A complete control frame. A payload over 125 bytes is cut: control frames have no longer form.
pub(crate) fn control(opcode: Opcode, payload: &[u8]) -> Bytes {
    let payload = payload.get(..MAX_CONTROL as usize).unwrap_or(payload);
    let mut frame = Vec::with_capacity(2 + payload.len());
    header(opcode, payload.len(), &mut frame);
    frame.extend(payload);
    frame.into()
}

/// A client's frame header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) fin: bool,
    pub(super) opcode: Opcode,
    pub(super) mask: [u8; 4],
    /// Length of the payload, in bytes.
    pub(super) len: u64,
    /// Length of this header, in bytes.
    pub(super) size: usize,
}

impl Header {
    /// Reads a header from the beginning of `input`; `None` asks for more bytes. What can be
    /// refused by the bytes at hand is refused at once.
    pub(super) fn read(input: &[u8]) -> Result<Option<Header>, Fault> {
        let Some(&first) = input.first() else {
            return Ok(None);
        };
        if first & 0x70 != 0 {
            return Err(Fault::Protocol);
        }
        let fin = first & 0x80 != 0;
        let opcode = Opcode::read(first & 0x0F)?;
        if opcode.is_control() && !fin {
            return Err(Fault::Protocol);
        }
        let Some(([_, second], rest)) = input.split_first_chunk::<2>() else {
            return Ok(None);
        };
        if second & 0x80 == 0 {
            return Err(Fault::Protocol);
        }
        let (len, rest) = match second & 0x7F {
            126 => {
                let Some((len, rest)) = rest.split_first_chunk() else {
                    return Ok(None);
                };
                let len = u64::from(u16::from_be_bytes(*len));
                if len < 126 {
                    return Err(Fault::Protocol);
                }
                (len, rest)
            }
            127 => {
                let Some((len, rest)) = rest.split_first_chunk() else {
                    return Ok(None);
                };
                let len = u64::from_be_bytes(*len);
                if !(0x1_0000..=i64::MAX as u64).contains(&len) {
                    return Err(Fault::Protocol);
                }
                (len, rest)
            }
            short => (u64::from(short), rest),
        };
        if opcode.is_control() && len > MAX_CONTROL {
            return Err(Fault::Protocol);
        }
        let Some((mask, rest)) = rest.split_first_chunk() else {
            return Ok(None);
        };
        Ok(Some(Header {
            fin,
            opcode,
            mask: *mask,
            len,
            size: input.len() - rest.len(),
        }))
    }
}

/// Applies a client's mask to a payload (RFC 6455 §5.3), in place.
pub(super) fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let (chunks, rest) = payload.as_chunks_mut::<4>();
    for chunk in chunks {
        *chunk = (u32::from_ne_bytes(*chunk) ^ u32::from_ne_bytes(mask)).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask) {
        *byte ^= mask;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_takes_its_shortest_form() {
        let written = |len| {
            let mut out = Vec::new();
            header(Opcode::Text, len, &mut out);
            out
        };
        assert_eq!(written(0), [0x81, 0]);
        assert_eq!(written(125), [0x81, 125]);
        assert_eq!(written(126), [0x81, 126, 0, 126]);
        assert_eq!(written(0xFFFF), [0x81, 126, 0xFF, 0xFF]);
        assert_eq!(written(0x1_0000), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn frames_are_read_as_they_were_written() {
        let lens = [0, 1, 125, 126, 0xFFFF, 0x1_0000];
        let mut bytes = Vec::new();
        for len in lens {
            header(Opcode::Binary, len, &mut bytes);
            bytes.extend(vec![len as u8; len]);
        }
        let read: Vec<_> = frames(&bytes).collect();
        let expected = lens.map(|len| vec![len as u8; len]);
        let expected: Vec<_> = expected
            .iter()
            .map(|bytes| (Opcode::Binary, &bytes[..]))
            .collect();
        assert_eq!(read, expected);
        assert_eq!(frames(&bytes[..bytes.len() - 1]).count(), 5);
    }

    #[test]
    fn a_longer_form_than_needed_is_refused() {
        assert_eq!(
            Header::read(&[0x81, 0x80 | 126, 0, 125, 0, 0, 0, 0]),
            Err(Fault::Protocol)
        );
        assert!(
            Header::read(&[0x81, 0x80 | 126, 0, 126, 0, 0, 0, 0])
                .unwrap()
                .is_some()
        );
        let long = |len: u64| {
            let mut bytes = vec![0x81, 0x80 | 127];
            bytes.extend(len.to_be_bytes());
            bytes.extend([0; 4]);
            Header::read(&bytes)
        };
        assert_eq!(long(0xFFFF), Err(Fault::Protocol));
        assert!(long(0x1_0000).unwrap().is_some());
        assert_eq!(long(1 << 63), Err(Fault::Protocol));
    }

    #[test]
    fn unmasked_reserved_and_unknown_frames_are_refused_by_their_first_bytes() {
        assert_eq!(Header::read(&[0x81, 5]), Err(Fault::Protocol));
        for bit in [0x40, 0x20, 0x10] {
            assert_eq!(Header::read(&[0x81 | bit]), Err(Fault::Protocol));
        }
        for opcode in [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF] {
            assert_eq!(Header::read(&[0x80 | opcode]), Err(Fault::Protocol));
        }
    }

    #[test]
    fn a_control_frame_is_whole_and_short() {
        assert_eq!(Header::read(&[0x09]), Err(Fault::Protocol));
        assert_eq!(
            Header::read(&[0x89, 0x80 | 126, 0, 126, 0, 0, 0, 0]),
            Err(Fault::Protocol)
        );
        assert!(
            Header::read(&[0x89, 0x80 | 125, 0, 0, 0, 0])
                .unwrap()
                .is_some()
        );
    }
}
