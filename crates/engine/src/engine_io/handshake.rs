//! What a session knows of the request that opened it.

use std::net::SocketAddr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CONNECTION, SEC_WEBSOCKET_KEY, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The opening request: its peer and its headers.
///
/// The headers are copied into one exact block: as hyper gives them they would keep its whole read
/// buffer alive for as long as the session lives.
#[derive(Debug)]
pub(crate) struct Handshake {
    pub(crate) peer: SocketAddr,
    /// `name`, 0, `value`, 0 for each header; neither may contain a 0.
    headers: Box<[u8]>,
}

impl Handshake {
    pub(super) fn new(peer: SocketAddr, headers: &HeaderMap) -> Handshake {
        let mut block = Vec::new();
        for (name, value) in headers {
            if [CONNECTION, UPGRADE, SEC_WEBSOCKET_KEY].contains(name) {
                continue;
            }
            block.extend_from_slice(name.as_str().as_bytes());
            block.push(0);
            block.extend_from_slice(value.as_bytes());
            block.push(0);
        }
        Handshake {
            peer,
            headers: block.into_boxed_slice(),
        }
    }

    /// The headers of the request, save those that only concern its connection.
    pub(crate) fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let mut parts = self.headers.split(|byte| *byte == 0);
        while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
            if let (Ok(name), Ok(value)) =
                (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
            {
                headers.append(name, value);
            }
        }
        headers
    }
}

/// An id that nobody can guess: 20 characters of the URL-safe base64 alphabet, 120 random bits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id([u8; Id::LEN]);

impl Id {
    const LEN: usize = 20;

    /// A fresh one.
    pub(crate) fn random() -> Result<Id, getrandom::Error> {
        let mut bytes = [0; Id::LEN / 4 * 3];
        getrandom::fill(&mut bytes)?;
        let mut text = [b'-'; Id::LEN];
        // It fits: four characters for three bytes.
        let written = URL_SAFE_NO_PAD.encode_slice(bytes, &mut text);
        debug_assert_eq!(written, Ok(Id::LEN));
        Ok(Id(text))
    }
}

impl std::ops::Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        // Base64 is always text.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_come_back_as_they_were() {
        let mut headers = HeaderMap::new();
        headers.append("host", HeaderValue::from_static("shop.example"));
        headers.append("cookie", HeaderValue::from_static("a=1"));
        headers.append("cookie", HeaderValue::from_bytes(b"b=\xff").unwrap());
        headers.append("x-empty", HeaderValue::from_static(""));
        let peer = SocketAddr::from(([127, 0, 0, 1], 1));
        assert_eq!(Handshake::new(peer, &headers).headers(), headers);
        headers.append("connection", HeaderValue::from_static("Upgrade"));
        assert!(
            !Handshake::new(peer, &headers)
                .headers()
                .contains_key("connection")
        );
    }

    #[test]
    fn ids_have_twenty_characters_and_differ() {
        let (one, other) = (Id::random().unwrap(), Id::random().unwrap());
        assert_eq!(one.len(), 20);
        assert_ne!(*one, *other);
    }
}
