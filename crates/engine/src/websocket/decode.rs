//! Turns a client's bytes into messages.
//!
//! A message that lies whole in the bytes just read is unmasked and lent from there; only what is
//! incomplete is copied into memory of the decoder's own, which is given back as soon as the
//! message is complete. An idle decoder owns nothing.

use super::close::CloseCode;
use super::frame::{Fault, Header, Opcode, unmask};

/// What a client sent, lent until the next call.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Message<'a> {
    Text(&'a str),
    Binary(&'a [u8]),
    Ping(&'a [u8]),
    Pong,
    /// The client closes, with the code it gave.
    Close(Option<CloseCode>),
}

/// The state of one connection's incoming direction.
#[derive(Debug)]
pub(crate) struct Decoder {
    /// Longest message accepted, in bytes of payload over all its frames.
    limit: usize,
    /// What is incomplete, or lent.
    pieces: Option<Box<Pieces>>,
}

#[derive(Debug, Default)]
struct Pieces {
    /// An incomplete frame, header included and masked as it came.
    frame: Vec<u8>,
    /// The frames of an incomplete message.
    fragments: Option<Fragments>,
    /// What `frame` or `fragments` grew into, while it is lent.
    lent: Vec<u8>,
}

#[derive(Debug)]
struct Fragments {
    opcode: Opcode,
    payload: Vec<u8>,
}

impl Decoder {
    /// A decoder that refuses messages of more than `limit` bytes.
    pub(crate) fn new(limit: usize) -> Decoder {
        Decoder {
            limit,
            pieces: None,
        }
    }

    /// Takes the next message from `input`, which moves past the bytes used. `None`: all of `input`
    /// was used, read more. After a fault the connection must be closed; the decoder is of no
    /// further use.
    pub(crate) fn next<'a, 'b: 'a>(
        &'a mut self,
        input: &mut &'b mut [u8],
    ) -> Result<Option<Message<'a>>, Fault> {
        if let Some(pieces) = &mut self.pieces {
            pieces.lent = Vec::new();
            if pieces.frame.is_empty() && pieces.fragments.is_none() {
                self.pieces = None;
            }
        }
        loop {
            let Some(header) = self.header(input)? else {
                return Ok(None);
            };
            self.check(&header)?;
            let Some(frame) = self.frame(&header, input) else {
                return Ok(None);
            };
            if header.opcode.is_control() {
                let payload = match frame {
                    Frame::Whole(payload) => payload,
                    Frame::Pieced(frame) => self.lend(frame, header.size),
                };
                return Ok(Some(match header.opcode {
                    Opcode::Ping => Message::Ping(payload),
                    Opcode::Close => Message::Close(CloseCode::read(payload)?),
                    _ => Message::Pong,
                }));
            }
            // A message in one frame is lent where it lies.
            if header.fin && self.fragments().is_none() {
                return match frame {
                    Frame::Whole(payload) => message(header.opcode, payload),
                    Frame::Pieced(frame) => message(header.opcode, self.lend(frame, header.size)),
                };
            }
            let pieces = self.pieces.get_or_insert_default();
            let fragments = pieces.fragments.get_or_insert(Fragments {
                opcode: header.opcode,
                payload: Vec::new(),
            });
            match &frame {
                Frame::Whole(payload) => fragments.payload.extend_from_slice(payload),
                Frame::Pieced(payload) => fragments
                    .payload
                    .extend_from_slice(payload.get(header.size..).unwrap_or_default()),
            }
            if header.fin
                && let Some(Fragments { opcode, payload }) = pieces.fragments.take()
            {
                return message(opcode, self.lend(payload, 0));
            }
        }
    }

    /// The header of the frame under way; `None` when `input` is used up before its end.
    fn header(&mut self, input: &mut &mut [u8]) -> Result<Option<Header>, Fault> {
        let Some(frame) = self.begun() else {
            let header = Header::read(input)?;
            if header.is_none() {
                self.begin(input);
            }
            return Ok(header);
        };
        loop {
            if let Some(header) = Header::read(frame)? {
                return Ok(Some(header));
            }
            // Byte by byte: a header is short, and no byte of the payload may be taken for it.
            match take(input, 1) {
                [] => return Ok(None),
                byte => frame.extend_from_slice(byte),
            }
        }
    }

    /// Refuses a frame that does not fit the message under way or the limit, before its payload is
    /// stored.
    fn check(&self, header: &Header) -> Result<(), Fault> {
        if header.opcode.is_control() {
            return Ok(());
        }
        let continues = header.opcode == Opcode::Continuation;
        let fragments = self.fragments();
        if continues != fragments.is_some() {
            return Err(Fault::Protocol);
        }
        let before = fragments.map_or(0, |fragments| fragments.payload.len());
        if header.len > (self.limit - before) as u64 {
            return Err(Fault::TooBig);
        }
        Ok(())
    }

    /// The whole frame, unmasked; `None` when `input` is used up before its end.
    fn frame<'b>(&mut self, header: &Header, input: &mut &'b mut [u8]) -> Option<Frame<'b>> {
        // `check` has bounded the length by the limit, so it is a length in memory.
        let total = header.size + usize::try_from(header.len).ok()?;
        let Some(frame) = self.begun() else {
            if input.len() < total {
                self.begin(input);
                return None;
            }
            let payload = take(input, total).get_mut(header.size..)?;
            unmask(payload, header.mask);
            return Some(Frame::Whole(payload));
        };
        frame.extend_from_slice(take(input, total - frame.len()));
        if frame.len() < total {
            return None;
        }
        let mut frame = std::mem::take(frame);
        unmask(frame.get_mut(header.size..)?, header.mask);
        Some(Frame::Pieced(frame))
    }

    /// The incomplete frame.
    fn begun(&mut self) -> Option<&mut Vec<u8>> {
        let pieces = self.pieces.as_mut()?;
        Some(&mut pieces.frame).filter(|frame| !frame.is_empty())
    }

    /// Keeps what has come of a frame.
    fn begin(&mut self, input: &mut &mut [u8]) {
        if !input.is_empty() {
            self.pieces.get_or_insert_default().frame = take(input, usize::MAX).to_vec();
        }
    }

    /// The frames of an incomplete message.
    fn fragments(&self) -> Option<&Fragments> {
        self.pieces.as_ref()?.fragments.as_ref()
    }

    /// Lends `bytes` from place `from` on.
    fn lend(&mut self, bytes: Vec<u8>, from: usize) -> &[u8] {
        let pieces = self.pieces.get_or_insert_default();
        pieces.lent = bytes;
        pieces.lent.get(from..).unwrap_or_default()
    }
}

/// A complete frame.
enum Frame<'b> {
    /// Its payload, where it was read.
    Whole(&'b mut [u8]),
    /// Header and payload, gathered over several reads.
    Pieced(Vec<u8>),
}

fn message(opcode: Opcode, payload: &[u8]) -> Result<Option<Message<'_>>, Fault> {
    Ok(Some(if opcode == Opcode::Text {
        Message::Text(std::str::from_utf8(payload).map_err(|_| Fault::NotUtf8)?)
    } else {
        Message::Binary(payload)
    }))
}

/// Takes up to `count` bytes off the front of `input`.
fn take<'b>(input: &mut &'b mut [u8], count: usize) -> &'b mut [u8] {
    let whole = std::mem::take(input);
    let count = count.min(whole.len());
    let (front, back) = whole.split_at_mut(count);
    *input = back;
    front
}

#[cfg(test)]
mod tests;
