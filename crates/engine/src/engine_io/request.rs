//! One HTTP request: who may ask, what for, and the answer's headers.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Body;

use super::error::Error;
use super::{Handshake, Protocol, Server, origin, upgrade};
use crate::http::Peer;

impl<P: Protocol> Server<P> {
    /// Answers a request. `protocol` makes the upper layer's part of a session, should the request
    /// open one.
    pub(crate) async fn handle<B>(
        self: Arc<Self>,
        request: Request<B>,
        protocol: impl FnOnce() -> P + Send,
    ) -> Response<Full<Bytes>>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (mut parts, body) = request.into_parts();
        let origin = match origin::check(&self.config.origins, &parts.headers) {
            Ok(origin) => origin,
            Err(error) => return finish(error.response(), None),
        };
        let response = if parts.method == Method::OPTIONS {
            Ok(preflight(&parts.headers))
        } else {
            self.answer(&mut parts, body, protocol).await
        };
        let response = response.unwrap_or_else(|error| refusal(error, &parts.headers));
        finish(response, origin)
    }

    async fn answer<B>(
        self: Arc<Self>,
        parts: &mut http::request::Parts,
        body: B,
        protocol: impl FnOnce() -> P + Send,
    ) -> Result<Response<Full<Bytes>>, Error>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let query = Query::read(parts.uri.query().unwrap_or_default());
        let websocket = match query.transport {
            Some("polling") => false,
            Some("websocket") => true,
            _ => return Err(Error::UnknownTransport),
        };
        if let Some(sid) = query.sid {
            let session = self.find(sid)?;
            return match parts.method {
                _ if websocket => upgrade::probe(session, parts),
                Method::GET => Ok(text("text/plain; charset=UTF-8", session.get()?.await)),
                Method::POST => session
                    .post(body)
                    .await
                    .map(|()| text("text/html", Bytes::from_static(b"ok"))),
                _ => Err(Error::BadRequest),
            };
        }
        if parts.method != Method::GET {
            return Err(Error::BadHandshakeMethod);
        }
        if query.version != Some("4") {
            return Err(Error::UnsupportedVersion);
        }
        if self.is_draining() || self.is_full() {
            return Err(Error::Unavailable);
        }
        let peer = parts
            .extensions
            .get::<Peer>()
            .map_or(std::net::SocketAddr::from(([0, 0, 0, 0], 0)), |peer| peer.0);
        let handshake = Handshake::new(peer, &parts.headers);
        if websocket {
            return upgrade::open(self, parts, handshake, protocol());
        }
        let (_, open) = self.open_polling(handshake, protocol())?;
        Ok(text("text/plain; charset=UTF-8", open.body()))
    }
}

/// What the query of a request says.
struct Query<'a> {
    version: Option<&'a str>,
    transport: Option<&'a str>,
    sid: Option<&'a str>,
}

impl<'a> Query<'a> {
    fn read(query: &'a str) -> Query<'a> {
        let value = |name| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
        };
        Query {
            version: value("EIO"),
            transport: value("transport"),
            sid: value("sid"),
        }
    }
}

fn text(kind: &'static str, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn preflight(request: &HeaderMap) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::NO_CONTENT;
    origin::preflight(response.headers_mut(), request);
    response
}

/// The answer to a request that is refused. The connection is closed where it has no other use: who asked for a
/// WebSocket waits for nothing else, and what is left of a body that is too long would have to be read first.
fn refusal(error: Error, request: &HeaderMap) -> Response<Full<Bytes>> {
    let mut response = error.response();
    let headers = response.headers_mut();
    let is_upgrade = request.contains_key(UPGRADE);
    if is_upgrade || error == Error::TooLarge {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if is_upgrade && error == Error::BadRequest {
        // RFC 6455 §4.4: the version that would do.
        headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    }
    response
}

/// Adds what every answer carries.
fn finish(
    mut response: Response<Full<Bytes>>,
    origin: Option<HeaderValue>,
) -> Response<Full<Bytes>> {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(origin) = origin {
        origin::allow(headers, origin);
    }
    response
}
