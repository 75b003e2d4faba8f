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
            frame: Vec::new(),
            fragments: None,
            lent: Vec::new(),
        }
    }

    /// Takes the next message from `input`, which moves past the bytes used. `None`: all of `input`
    /// was used, read more. After a fault the connection must be closed; the decoder is of no
    /// further use.
    pub(crate) fn next<'a, 'b: 'a>(
        &'a mut self,
        input: &mut &'b mut [u8],
    ) -> Result<Option<Message<'a>>, Fault> {
        self.lent = Vec::new();
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
                    Frame::Pieced(payload) => {
                        self.lent = payload;
                        self.lent.get(header.size..).unwrap_or_default()
                    }
                };
                return Ok(Some(match header.opcode {
                    Opcode::Ping => Message::Ping(payload),
                    Opcode::Close => Message::Close(CloseCode::read(payload)?),
                    _ => Message::Pong,
                }));
            }
            // A message in one frame is lent where it lies.
            if header.fin && self.fragments.is_none() {
                return match frame {
                    Frame::Whole(payload) => message(header.opcode, payload),
                    Frame::Pieced(payload) => {
                        self.lent = payload;
                        message(
                            header.opcode,
                            self.lent.get(header.size..).unwrap_or_default(),
                        )
                    }
                };
            }
            let fragments = self.fragments.get_or_insert(Fragments {
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
                && let Some(Fragments { opcode, payload }) = self.fragments.take()
            {
                self.lent = payload;
                return message(opcode, &self.lent);
            }
        }
    }

    /// The header of the frame under way; `None` when `input` is used up before its end.
    fn header(&mut self, input: &mut &mut [u8]) -> Result<Option<Header>, Fault> {
        if self.frame.is_empty() {
            let header = Header::read(input)?;
            if header.is_none() {
                self.frame = take(input, usize::MAX).to_vec();
            }
            return Ok(header);
        }
        loop {
            if let Some(header) = Header::read(&self.frame)? {
                return Ok(Some(header));
            }
            // Byte by byte: a header is short, and no byte of the payload may be taken for it.
            match take(input, 1) {
                [] => return Ok(None),
                byte => self.frame.extend_from_slice(byte),
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
        if continues != self.fragments.is_some() {
            return Err(Fault::Protocol);
        }
        let before = self
            .fragments
            .as_ref()
            .map_or(0, |fragments| fragments.payload.len());
        if header.len > (self.limit - before) as u64 {
            return Err(Fault::TooBig);
        }
        Ok(())
    }

    /// The whole frame, unmasked; `None` when `input` is used up before its end.
    fn frame<'b>(&mut self, header: &Header, input: &mut &'b mut [u8]) -> Option<Frame<'b>> {
        // `check` has bounded the length by the limit, so it is a length in memory.
        let total = header.size + usize::try_from(header.len).ok()?;
        if self.frame.is_empty() {
            if input.len() < total {
                self.frame = take(input, usize::MAX).to_vec();
                return None;
            }
            let payload = take(input, total).get_mut(header.size..)?;
            unmask(payload, header.mask);
            return Some(Frame::Whole(payload));
        }
        let missing = total - self.frame.len();
        self.frame.extend_from_slice(take(input, missing));
        if self.frame.len() < total {
            return None;
        }
        let mut frame = std::mem::take(&mut self.frame);
        unmask(frame.get_mut(header.size..)?, header.mask);
        Some(Frame::Pieced(frame))
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
