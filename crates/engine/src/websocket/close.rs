//! Close codes and the close frame (RFC 6455 §5.5.1, §7.4).

use bytes::Bytes;

use super::frame::{Fault, Opcode, control};

/// A status code of a close frame (RFC 6455 §7.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CloseCode(u16);

impl CloseCode {
    /// The purpose of the connection has been fulfilled.
    pub(crate) const NORMAL: CloseCode = CloseCode(1000);
    /// The server is going down.
    pub(crate) const AWAY: CloseCode = CloseCode(1001);
    /// The peer broke the protocol.
    pub(crate) const PROTOCOL: CloseCode = CloseCode(1002);
    /// A text message was not UTF-8.
    pub(crate) const NOT_UTF8: CloseCode = CloseCode(1007);
    /// A message was longer than this side accepts.
    pub(crate) const TOO_BIG: CloseCode = CloseCode(1009);

    /// Reads the payload of a close frame: nothing, or a code that a peer may send, followed by
    /// UTF-8.
    pub(crate) fn read(payload: &[u8]) -> Result<Option<CloseCode>, Fault> {
        let Some((code, reason)) = payload.split_first_chunk::<2>() else {
            return if payload.is_empty() {
                Ok(None)
            } else {
                Err(Fault::Protocol)
            };
        };
        let code = u16::from_be_bytes(*code);
        if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
            return Err(Fault::Protocol);
        }
        std::str::from_utf8(reason).map_err(|_| Fault::NotUtf8)?;
        Ok(Some(CloseCode(code)))
    }

    /// The complete close frame that carries this code.
    pub(crate) fn frame(self) -> Bytes {
        control(Opcode::Close, &self.0.to_be_bytes())
    }
}

impl From<Fault> for CloseCode {
    fn from(fault: Fault) -> CloseCode {
        match fault {
            Fault::Protocol => CloseCode::PROTOCOL,
            Fault::NotUtf8 => CloseCode::NOT_UTF8,
            Fault::TooBig => CloseCode::TOO_BIG,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_close_payload_is_empty_or_a_code_and_text() {
        assert_eq!(CloseCode::read(b""), Ok(None));
        assert_eq!(CloseCode::read(&[3]), Err(Fault::Protocol));
        assert_eq!(CloseCode::read(b"\x03\xe8bye"), Ok(Some(CloseCode::NORMAL)));
        assert_eq!(CloseCode::read(b"\x03\xe8\xff"), Err(Fault::NotUtf8));
    }

    #[test]
    fn only_codes_meant_for_the_wire_are_taken() {
        for code in 0..=u16::MAX {
            let legal = matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
            assert_eq!(
                CloseCode::read(&code.to_be_bytes()).is_ok(),
                legal,
                "{code}"
            );
        }
    }
}
