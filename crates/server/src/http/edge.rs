//! What every request passes: an id, no token in its query, safe headers, and one place where failures are rendered.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use shopbell_protocol::Code;
use uuid::Uuid;

use super::{
    App,
    answer::{Failure, render},
};

/// Scripts and styles of our own and sockets to ourselves; nothing else, and no framing.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// What a request is called in its answer and in the log.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestId(pub(super) String);

/// Wraps every request.
pub(super) async fn edge(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let request_id = Uuid::now_v7().to_string();
    request
        .extensions_mut()
        .insert(RequestId(request_id.clone()));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let is_api = path.starts_with("/api") || path.starts_with("/health");

    let response = if names_a_token(request.uri().query().unwrap_or_default()) {
        Failure::from(Code::TokenInQuery).into_response()
    } else {
        next.run(request).await
    };
    let mut response = render(response, &request_id);

    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        headers.insert("x-request-id", id);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if !path.starts_with(app.socket_path.as_ref()) {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(CONTENT_SECURITY_POLICY),
        );
    }
    tracing::debug!(request_id, %method, path, status = response.status().as_u16(), "answered");
    response
}

/// Query strings end up in logs and histories, so a token there is refused wherever it was going.
fn names_a_token(query: &str) -> bool {
    query.split('&').any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
        name == "token" || name == "access_token"
    })
}

#[cfg(test)]
mod tests {
    use super::names_a_token;

    #[test]
    fn a_token_is_seen_however_it_is_spelled() {
        for query in [
            "token=x",
            "EIO=4&token=x",
            "access_token=x&a=b",
            "a=b&%74oken=x",
            "token",
        ] {
            assert!(names_a_token(query), "{query}");
        }
        for query in [
            "",
            "EIO=4&transport=polling",
            "tokens=1",
            "search=token",
            "t=token",
        ] {
            assert!(!names_a_token(query), "{query}");
        }
    }
}
