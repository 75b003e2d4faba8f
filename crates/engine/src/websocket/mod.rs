//! The WebSocket protocol (RFC 6455), server role: the opening handshake and frames.
//!
//! This layer knows nothing of what messages mean. It is strict (masking, reserved bits, opcodes,
//! minimal lengths, control frames, fragmentation, UTF-8, close codes) and allocates only for bytes
//! that have arrived, never for a length that a peer merely announces. No extension is negotiated.

mod close;
mod decode;
mod frame;
mod handshake;

pub(crate) use close::CloseCode;
pub(crate) use decode::{Decoder, Message};
pub(crate) use frame::{MAX_HEADER, Opcode, control, frames, header};
pub(crate) use handshake::accept;
