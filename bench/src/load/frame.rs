//! Frames as a server sends them, and as a client does.

/// Bytes of one event's data: a stamp, a number, and filling.
pub(crate) const DATA: usize = 192;

/// Digits of the stamp and of the number.
const DIGITS: usize = 16;

const TICK: &[u8] = br#"42["tick",{"data":""#;
const END: &[u8] = br#""}]"#;

/// A text frame.
const TEXT: u8 = 0x81;

/// Hands over the payload of each whole text frame, and what is left of the bytes after them; `None`
/// when the server says goodbye, or something that no server of Socket.IO says.
pub(crate) fn walk<'a>(mut bytes: &'a [u8], mut each: impl FnMut(&'a [u8])) -> Option<&'a [u8]> {
    loop {
        let (kind, length, rest) = match *bytes {
            [kind, 126, high, low, ref rest @ ..] => {
                (kind, u64::from(u16::from_be_bytes([high, low])), rest)
            }
            [kind, 127, a, b, c, d, e, f, g, h, ref rest @ ..] => {
                (kind, u64::from_be_bytes([a, b, c, d, e, f, g, h]), rest)
            }
            [kind, length @ ..126, ref rest @ ..] => (kind, u64::from(length), rest),
            [_, 128..=255, ..] => return None,
            _ => return Some(bytes),
        };
        if kind != TEXT {
            return None;
        }
        let Some((payload, rest)) = rest.split_at_checked(usize::try_from(length).ok()?) else {
            return Some(bytes);
        };
        each(payload);
        bytes = rest;
    }
}

/// Appends a client's text frame, masked with zeros.
pub(crate) fn mask(text: &str, frame: &mut Vec<u8>) {
    frame.push(TEXT);
    match u16::try_from(text.len()) {
        Ok(length @ 0..126) => frame.push(0x80 | length as u8),
        Ok(length) => {
            frame.push(0x80 | 126);
            frame.extend(length.to_be_bytes());
        }
        Err(_) => {
            frame.push(0x80 | 127);
            frame.extend((text.len() as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(text.bytes());
}

/// A client's text frame, masked with zeros.
pub(crate) fn masked(text: &str) -> Vec<u8> {
    let mut frame = Vec::new();
    mask(text, &mut frame);
    frame
}

/// What the publisher says to have an event sent to all in a room.
pub(crate) fn publish(room: &str, stamp: u64, number: u64) -> String {
    let filling = "x".repeat(DATA - 2 * DIGITS);
    format!(r#"42["publish","{room}",{{"data":"{stamp:0DIGITS$}{number:0DIGITS$}{filling}"}}]"#)
}

/// What a receiver gets of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tick {
    /// When it was published, in nanoseconds of the monotonic clock.
    pub(crate) stamp: u64,
    /// Of the events of this room, which, from 0.
    pub(crate) number: u64,
}

impl Tick {
    /// Told by its length from everything else that is said here.
    pub(crate) fn read(packet: &[u8]) -> Option<Tick> {
        if packet.len() != TICK.len() + DATA + END.len() {
            return None;
        }
        let data = packet.get(TICK.len()..)?;
        let (stamp, rest) = data.split_first_chunk::<DIGITS>()?;
        let number = rest.first_chunk::<DIGITS>()?;
        Some(Tick {
            stamp: decimal(stamp)?,
            number: decimal(number)?,
        })
    }
}

fn decimal(digits: &[u8; DIGITS]) -> Option<u64> {
    digits.iter().try_fold(0, |number, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit < 10).then(|| number * 10 + u64::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![TEXT];
        match payload.len() {
            length @ 0..126 => frame.push(length as u8),
            length @ 126..65536 => {
                frame.push(126);
                frame.extend((length as u16).to_be_bytes());
            }
            length => {
                frame.push(127);
                frame.extend((length as u64).to_be_bytes());
            }
        }
        frame.extend(payload);
        frame
    }

    fn tick(stamp: u64, number: u64) -> Vec<u8> {
        let said = publish("r", stamp, number);
        let data = said.split(r#"{"data":""#).nth(1).unwrap();
        [TICK, data.as_bytes()].concat()
    }

    #[test]
    fn frames_are_found_wherever_the_bytes_are_cut() {
        let payloads = [
            b"2".to_vec(),
            tick(1, 2),
            vec![],
            vec![b'y'; 70_000],
            b"430[true]".to_vec(),
        ];
        let bytes: Vec<u8> = payloads.iter().flat_map(|payload| frame(payload)).collect();
        // Within the long one a cut is like any other.
        for cut in (0..400).chain(bytes.len() - 400..=bytes.len()) {
            let mut found = Vec::new();
            let rest = walk(&bytes[..cut], |payload| found.push(payload.to_vec())).unwrap();
            let rest = [rest, &bytes[cut..]].concat();
            let end = walk(&rest, |payload| found.push(payload.to_vec()));
            assert_eq!(end, Some(&[][..]), "cut at {cut}");
            assert_eq!(found, payloads, "cut at {cut}");
        }
    }

    #[test]
    fn a_goodbye_and_a_masked_frame_end_it() {
        assert_eq!(walk(&[0x88, 2, 3, 232], |_| ()), None);
        assert_eq!(walk(&[0x81, 0x81, 0, 0, 0, 0, b'2'], |_| ()), None);
    }

    #[test]
    fn a_tick_says_when_it_was_published_and_which_it_is() {
        let packet = tick(1_234_567_890_123, 41);
        assert_eq!(
            Tick::read(&packet),
            Some(Tick {
                stamp: 1_234_567_890_123,
                number: 41
            })
        );
        assert_eq!(frame(&packet).len(), 218);
        assert_eq!(Tick::read(b"430[true]"), None);
        assert_eq!(Tick::read(&vec![b'x'; packet.len()]), None);
    }

    #[test]
    fn a_client_masks_what_it_says() {
        assert_eq!(masked("3"), [0x81, 0x81, 0, 0, 0, 0, b'3']);
        let long = masked(&publish("all", 1, 2));
        assert_eq!(long[..2], [0x81, 0xFE]);
        assert_eq!(
            usize::from(u16::from_be_bytes([long[2], long[3]])),
            long.len() - 8
        );
    }
}
