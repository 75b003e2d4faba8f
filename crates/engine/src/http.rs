//! The accept loop, and how many connections it lets be open.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tower::{Service, ServiceExt as _};

/// Longest head of a request, in bytes.
const MAX_HEADER: usize = 32 * 1024;
/// Pause after an error that concerns the process rather than one connection, such as no more file
/// descriptors.
const BACK_OFF: Duration = Duration::from_millis(100);
/// Connections that may wait to be accepted; the kernel may allow fewer (`net.core.somaxconn`).
const BACKLOG: u32 = 4096;
/// Connections over the limit that are told so at once; what comes on top is closed without a word.
const TOLD: usize = 64;
/// Connections accepted in a row: a storm of them must not hold up deliveries on the same thread.
const ACCEPTS: usize = 16;
/// Files that are left to the rest of the process, unless a quarter of all it may open is less.
const RESERVED_FILES: usize = 256;

/// What [`serve`] allows. Beside these a request's head may have 32 KiB (431 beyond it), and a
/// client that sends many requests at once is not read further than that ahead of the answers.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections open at once, those that became WebSockets of an engine included. The requests
    /// of 64 more are answered with 503 and `Retry-After`; what comes beyond those is closed.
    pub connections: usize,
    /// Time in which a request's head must have come: after the connection began, and after each
    /// answer on it. Then it is closed.
    pub head_timeout: Duration,
}

impl Default for Limits {
    /// As many connections as the process may have files open, less a reserve, and 10 s.
    fn default() -> Limits {
        Limits {
            connections: files().map_or(usize::MAX, |files| {
                files - RESERVED_FILES.min(files.div_ceil(4))
            }),
            head_timeout: Duration::from_secs(10),
        }
    }
}

/// How many files the process may have open; `None` when that is unlimited or not known.
fn files() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Counts the connections that are open; an extension of every request, for whoever takes a
/// connection out of HTTP.
#[derive(Clone, Debug, Default)]
pub(crate) struct Open(Arc<AtomicUsize>);

/// Counts as an open connection until it is dropped.
#[derive(Debug)]
pub(crate) struct Seat(Open);

impl Open {
    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    /// A seat; more than are allowed is up to who asks.
    pub(crate) fn seat(&self) -> Seat {
        self.0.fetch_add(1, Ordering::Relaxed);
        Seat(self.clone())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The address at the other end of a request's connection; an extension of every request that
/// [`serve`] hands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Listens at `address`, port 0 taking a free one. Up to 4,096 connections may wait to be accepted
/// where tokio's own `bind` has 128 wait, beyond which clients that come back all at once get no
/// answer for seconds. Fails when the address cannot be had.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves a tower service, such as an axum router, on `listener` over HTTP/1.1 with upgrades, within
/// `limits`, until `shutdown` completes. Then it stops accepting, connections end with the request
/// they are on, and after `grace` the rest is dropped. Connections that became WebSockets are not
/// waited for: they are no longer HTTP.
///
/// A connection that fails is the connection's own affair; running out of file descriptors makes
/// the loop pause. The listener's own failure would be returned.
pub async fn serve<S, B>(
    listener: TcpListener,
    service: S,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
    grace: Duration,
) -> io::Result<()>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    listener.local_addr()?;
    let (stop, _) = watch::channel(());
    let (open, told) = (Open::default(), Open::default());
    let mut shutdown = std::pin::pin!(shutdown);
    let mut is_full = false;
    let mut accepts = 0;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let was_full = is_full;
                is_full = open.count() >= limits.connections;
                let stop = stop.subscribe();
                if !is_full {
                    let (open, seat) = (open.clone(), open.seat());
                    let service = service.clone().map_request(move |mut request: Request<_>| {
                        request.extensions_mut().insert(Peer(peer));
                        request.extensions_mut().insert(open.clone());
                        request
                    });
                    tokio::spawn(connection(stream, service, limits.head_timeout, stop, seat));
                } else if told.count() < TOLD {
                    let service = tower::service_fn(async |_| Ok(full()));
                    let seat = told.seat();
                    tokio::spawn(connection(stream, service, limits.head_timeout, stop, seat));
                }
                if is_full && !was_full {
                    tracing::warn!(
                        connections = limits.connections,
                        "as many connections are open as may be: more are refused"
                    );
                }
                accepts = (accepts + 1) % ACCEPTS;
                if accepts == 0 {
                    tokio::task::yield_now().await;
                }
            }
            Err(error) if concerns_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "failed to accept a connection");
                tokio::time::sleep(BACK_OFF).await;
            }
        }
    }
    drop(listener);
    stop.send_replace(());
    if tokio::time::timeout(grace, stop.closed()).await.is_err() {
        tracing::warn!("connections were dropped with their requests running");
    }
    Ok(())
}

async fn connection<S, B>(
    stream: TcpStream,
    service: S,
    head_timeout: Duration,
    mut stop: watch::Receiver<()>,
    _seat: Seat,
) where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "failed to prepare a connection");
        return;
    }
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_timeout)
        .max_buf_size(MAX_HEADER)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection failed");
    }
}

/// What a connection over the limit is answered, in the form that Engine.IO's clients know.
fn full() -> Response<Full<Bytes>> {
    const BODY: &[u8] = br#"{"code":3,"message":"Service unavailable"}"#;
    let mut response = Response::new(Full::from(BODY));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Whether an error of `accept` says something about the connection alone.
fn concerns_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
    )
}
