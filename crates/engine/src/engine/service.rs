//! The engine as a tower service.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Body;

use super::client::Client;
use super::{App, Engine};

/// Answers the HTTP requests of Engine.IO: polling, and the handshakes of WebSockets. Mount it with
/// axum's `route_service`.
///
/// The server in front must be [`http::serve`](crate::http::serve), or any other of hyper's
/// HTTP/1.1 connections on a plain `TokioIo<TcpStream>` with upgrades enabled: a WebSocket's TCP
/// stream is taken out of it. The peer's address is taken from the request's extension
/// [`Peer`](crate::Peer).
pub struct EngineService<A: App> {
    engine: Engine<A>,
    /// The only path served, without its trailing slash; any when absent.
    path: Option<Arc<str>>,
}

impl<A: App> EngineService<A> {
    pub(super) fn new(engine: Engine<A>) -> EngineService<A> {
        EngineService { engine, path: None }
    }

    /// The same, answering 404 to any other path.
    pub(super) fn at(self, path: &str) -> EngineService<A> {
        EngineService {
            path: Some(path.trim_end_matches('/').into()),
            ..self
        }
    }

    fn serves(&self, path: &str) -> bool {
        self.path.as_ref().is_none_or(|served| {
            path.strip_prefix(&**served)
                .is_some_and(|rest| rest.is_empty() || rest == "/")
        })
    }
}

impl<A: App> Clone for EngineService<A> {
    fn clone(&self) -> EngineService<A> {
        EngineService {
            engine: self.engine.clone(),
            path: self.path.clone(),
        }
    }
}

impl<A, B> tower::Service<Request<B>> for EngineService<A>
where
    A: App,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let engine = self.engine.clone();
        let is_served = self.serves(request.uri().path());
        Box::pin(async move {
            if !is_served {
                let mut response = Response::new(Full::default());
                *response.status_mut() = StatusCode::NOT_FOUND;
                return Ok(response);
            }
            let server = engine.0.server.clone();
            Ok(server.handle(request, || Client::new(engine)).await)
        })
    }
}
