//! The opening handshake, server side (RFC 6455 §4.2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Version};
use sha1::{Digest, Sha1};

/// The request is no valid opening handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a WebSocket handshake")]
pub(crate) struct NotAWebSocket;

/// The answer that opens a WebSocket: 101 with `Sec-WebSocket-Accept` and without a body.
pub(crate) fn accept<B: Default>(
    request: &http::request::Parts,
) -> Result<Response<B>, NotAWebSocket> {
    let headers = &request.headers;
    let key = headers
        .get(SEC_WEBSOCKET_KEY)
        .ok_or(NotAWebSocket)?
        .as_bytes();
    let valid = request.method == Method::GET
        && request.version == Version::HTTP_11
        && names(headers, &CONNECTION, "upgrade")
        && names(headers, &UPGRADE, "websocket")
        && headers
            .get(SEC_WEBSOCKET_VERSION)
            .is_some_and(|version| version == "13")
        && STANDARD.decode(key).is_ok_and(|nonce| nonce.len() == 16);
    if !valid {
        return Err(NotAWebSocket);
    }
    let mut response = Response::new(B::default());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let answer = HeaderValue::from_str(&accept_key(key)).map_err(|_| NotAWebSocket)?;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, answer);
    if let Some(protocol) = first_protocol(&request.headers) {
        headers.insert(SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    Ok(response)
}

/// `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key`.
fn accept_key(key: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(key);
    hash.update(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    STANDARD.encode(hash.finalize())
}

/// The first of the subprotocols that a client offers. What it means is between the client and whoever stands in front
/// of this server; but browsers give up a WebSocket of which they offered some and got none.
fn first_protocol(headers: &HeaderMap) -> Option<HeaderValue> {
    let offered = headers.get(SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
    let first = offered.split(',').next()?.trim();
    HeaderValue::from_str(first)
        .ok()
        .filter(|first| !first.is_empty())
}

/// Whether a comma-separated header names `token`, in any case.
fn names(headers: &HeaderMap, header: &HeaderName, token: &str) -> bool {
    headers
        .get_all(header)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|name| name.trim().eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(change: impl FnOnce(&mut http::request::Parts)) -> http::request::Parts {
        let (mut parts, ()) = http::Request::builder()
            .header("Connection", "keep-alive, Upgrade")
            .header("Upgrade", "WebSocket")
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
            .body(())
            .unwrap()
            .into_parts();
        change(&mut parts);
        parts
    }

    #[test]
    fn the_sample_of_the_rfc_is_answered_as_there() {
        let response = accept::<()>(&request(|_| ())).unwrap();
        assert_eq!(response.status(), 101);
        assert_eq!(
            response.headers()["Sec-WebSocket-Accept"],
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        );
    }

    #[test]
    fn the_first_subprotocol_is_taken() {
        for (offered, taken) in [("chat, shop", Some("chat")), (" , chat", None), ("", None)] {
            let offered = HeaderValue::from_static(offered);
            let response = accept::<()>(&request(|parts| {
                parts.headers.insert("Sec-WebSocket-Protocol", offered);
            }));
            let response = response.unwrap();
            let protocol = response.headers().get("Sec-WebSocket-Protocol");
            assert_eq!(
                protocol.map(HeaderValue::as_bytes),
                taken.map(str::as_bytes)
            );
        }
    }

    #[test]
    fn each_missing_or_wrong_part_is_refused() {
        let changes: [fn(&mut http::request::Parts); 8] = [
            |parts| parts.method = Method::POST,
            |parts| parts.version = Version::HTTP_10,
            |parts| drop(parts.headers.remove("Connection")),
            |parts| {
                drop(
                    parts
                        .headers
                        .insert("Upgrade", HeaderValue::from_static("h2c")),
                )
            },
            |parts| {
                drop(
                    parts
                        .headers
                        .insert("Sec-WebSocket-Version", HeaderValue::from_static("8")),
                )
            },
            |parts| drop(parts.headers.remove("Sec-WebSocket-Key")),
            |parts| {
                drop(
                    parts
                        .headers
                        .insert("Sec-WebSocket-Key", HeaderValue::from_static("short")),
                )
            },
            |parts| {
                drop(parts.headers.insert(
                    "Sec-WebSocket-Key",
                    HeaderValue::from_static("!!!!IHNhbXBsZSBub25jZQ=="),
                ))
            },
        ];
        for change in changes {
            assert_eq!(accept::<()>(&request(change)).unwrap_err(), NotAWebSocket);
        }
    }
}
