use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const MASK: [u8; 4] = [0xA5, 0x00, 0xFF, 0x3C];

/// What a client means to send.
#[derive(Clone, Debug, PartialEq)]
enum Sent {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong,
    Close,
}

fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        len @ 0..126 => frame.push(0x80 | len as u8),
        len @ 126..0x1_0000 => {
            frame.push(0x80 | 126);
            frame.extend((len as u16).to_be_bytes());
        }
        len => {
            frame.push(0x80 | 127);
            frame.extend((len as u64).to_be_bytes());
        }
    }
    frame.extend(MASK);
    let start = frame.len();
    frame.extend(payload);
    unmask(&mut frame[start..], MASK);
    frame
}

/// The frames of a message that is cut at the points given, with pings between them.
fn frames(opcode: u8, payload: &[u8], cuts: &[usize], pings: bool) -> Vec<u8> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (payload.len() + 1)).collect();
    cuts.sort_unstable();
    let mut bytes = Vec::new();
    let mut start = 0;
    for cut in cuts {
        let first = if bytes.is_empty() { opcode } else { 0 };
        bytes.extend(frame(first, &payload[start..cut]));
        if pings {
            bytes.extend(frame(0x8A, b""));
        }
        start = cut;
    }
    let last = if bytes.is_empty() { opcode } else { 0 };
    bytes.extend(frame(0x80 | last, &payload[start..]));
    bytes
}

/// Feeds bytes in pieces of the sizes given, over and over; returns what came out, pongs left out.
fn decode(bytes: &[u8], sizes: &[usize], limit: usize) -> Result<Vec<Sent>, Fault> {
    let mut decoder = Decoder::new(limit);
    let mut heard = Vec::new();
    let mut rest = bytes;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at((*size).min(rest.len()));
        rest = after;
        let mut piece = piece.to_vec();
        let mut input = piece.as_mut_slice();
        while let Some(message) = decoder.next(&mut input)? {
            match message {
                Message::Text(text) => heard.push(Sent::Text(text.to_owned())),
                Message::Binary(bytes) => heard.push(Sent::Binary(bytes.to_vec())),
                Message::Ping(payload) => heard.push(Sent::Ping(payload.to_vec())),
                Message::Pong => {}
                Message::Close(_) => heard.push(Sent::Close),
            }
        }
        assert!(
            input.is_empty(),
            "a decoder that asks for more has used what it had"
        );
    }
    Ok(heard)
}

fn sent() -> impl Strategy<Value = Sent> {
    prop_oneof![
        4 => "\\PC{0,300}".prop_map(Sent::Text),
        2 => vec(any::<u8>(), 0..400).prop_map(Sent::Binary),
        1 => vec(any::<u8>(), 0..=125).prop_map(Sent::Ping),
        1 => Just(Sent::Pong),
        1 => Just(Sent::Close),
    ]
}

proptest! {
    /// However messages are fragmented and however the bytes are cut, the same messages come out.
    #[test]
    fn messages_come_out_as_they_were_meant(
        messages in vec((sent(), vec(any::<usize>(), 0..4), any::<bool>()), 0..12),
        sizes in vec(1_usize..200, 1..8),
    ) {
        let mut bytes = Vec::new();
        for (message, cuts, pings) in &messages {
            bytes.extend(match message {
                Sent::Text(text) => frames(1, text.as_bytes(), cuts, *pings),
                Sent::Binary(payload) => frames(2, payload, cuts, *pings),
                Sent::Ping(payload) => frame(0x89, payload),
                Sent::Pong => frame(0x8A, b"x"),
                Sent::Close => frame(0x88, b""),
            });
        }
        let expected: Vec<Sent> =
            messages.into_iter().map(|(message, ..)| message).filter(|message| *message != Sent::Pong).collect();
        prop_assert_eq!(decode(&bytes, &sizes, 2000), Ok(expected));
    }

    /// Whatever comes, the decoder neither panics nor depends on how it was cut.
    #[test]
    fn rubbish_is_refused_the_same_however_it_is_cut(
        bytes in vec(any::<u8>(), 0..300),
        sizes in vec(1_usize..50, 1..5),
    ) {
        prop_assert_eq!(decode(&bytes, &sizes, 100), decode(&bytes, &[usize::MAX], 100));
    }

    /// Frames that are nearly right, so that the rules beyond the header are reached.
    #[test]
    fn nearly_right_frames_are_judged_the_same_however_they_are_cut(
        parts in vec((prop::sample::select(vec![0x00_u8, 0x01, 0x02, 0x80, 0x81, 0x82, 0x88, 0x89]), vec(any::<u8>(), 0..60)), 0..8),
        sizes in vec(1_usize..50, 1..5),
    ) {
        let bytes: Vec<u8> = parts.iter().flat_map(|(first, payload)| frame(*first, payload)).collect();
        prop_assert_eq!(decode(&bytes, &sizes, 100), decode(&bytes, &[usize::MAX], 100));
    }
}

#[test]
fn a_message_may_be_as_long_as_the_limit() {
    for cuts in [&[][..], &[10], &[10, 50]] {
        let long = vec![b'x'; 100];
        assert_eq!(
            decode(&frames(1, &long, cuts, true), &[usize::MAX], 100)
                .unwrap()
                .len(),
            1
        );
        let longer = vec![b'x'; 101];
        assert_eq!(
            decode(&frames(1, &longer, cuts, true), &[usize::MAX], 100),
            Err(Fault::TooBig)
        );
    }
}

#[test]
fn a_length_that_is_too_big_is_refused_before_its_payload_comes() {
    let mut frame = vec![0x82, 0xFF];
    frame.extend((i64::MAX as u64).to_be_bytes());
    frame.extend(MASK);
    assert_eq!(decode(&frame, &[usize::MAX], 100), Err(Fault::TooBig));
}

#[test]
fn an_idle_decoder_owns_nothing() {
    let mut decoder = Decoder::new(1000);
    for piece in [frame(0x01, b"a"), frame(0x80, &[b'b'; 500])]
        .concat()
        .chunks(100)
    {
        let mut piece = piece.to_vec();
        let mut input = piece.as_mut_slice();
        while decoder.next(&mut input).unwrap().is_some() {}
    }
    assert!(decoder.pieces.is_none());
}
