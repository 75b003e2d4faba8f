//! Refusals over HTTP, with the bodies that Engine.IO clients know.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::Full;

/// Why a request was refused. The first six are the codes of Engine.IO.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Error {
    #[error("Transport unknown")]
    UnknownTransport,
    #[error("Session ID unknown")]
    UnknownSession,
    #[error("Bad handshake method")]
    BadHandshakeMethod,
    #[error("Bad request")]
    BadRequest,
    #[error("Forbidden")]
    Forbidden,
    #[error("Unsupported protocol version")]
    UnsupportedVersion,
    /// A body over the limit.
    #[error("Payload too large")]
    TooLarge,
    /// No new sessions: there are as many as may be, or the server is going down.
    #[error("Service unavailable")]
    Unavailable,
}

impl Error {
    fn status(self) -> StatusCode {
        match self {
            Error::Forbidden => StatusCode::FORBIDDEN,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The answer: `{"code","message"}`.
    pub(super) fn response(self) -> Response<Full<Bytes>> {
        // Refusals that Engine.IO has no code for go under "bad request".
        let code = match self {
            Error::TooLarge | Error::Unavailable => Error::BadRequest as u8,
            _ => self as u8,
        };
        let mut response = Response::new(Full::from(format!(
            r#"{{"code":{code},"message":"{self}"}}"#
        )));
        *response.status_mut() = self.status();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if self == Error::Unavailable {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
