//! Engine.IO alone: sessions that carry messages, text or bytes, without Socket.IO above them.
//!
//! Both transports, the upgrade, heartbeat and all bounds are the same as an
//! [`Engine`](crate::Engine)'s. Implement [`Receiver`], and mount [`Messages`] where an
//! [`EngineService`](crate::EngineService) could stand. Engine.IO 4, "Message".
//!
//! ```no_run
//! use std::time::Duration;
//! use shopbell_engine::messages::{Link, Message, Messages, Receiver};
//! use shopbell_engine::{Config, Reason, http};
//!
//! /// Answers in capitals.
//! struct Loud;
//!
//! impl Receiver for Loud {
//!     fn message(&self, link: &Link<Self>, message: Message<'_>) {
//!         match message {
//!             Message::Text(text) => link.send(Message::Text(&text.to_uppercase())),
//!             Message::Binary(_) => link.close(),
//!         }
//!     }
//!
//!     fn closed(&self, _: &Link<Self>, reason: Reason) {
//!         println!("a session has closed: {reason}");
//!     }
//! }
//!
//! #[tokio::main]
//! async fn main() -> std::io::Result<()> {
//!     let messages = Messages::new(Config::default(), Loud);
//!     let router = axum::Router::new().route_service("/engine.io/", messages);
//!     let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
//!     let limits = http::Limits::default();
//!     http::serve(listener, router, limits, std::future::pending(), Duration::ZERO).await
//! }
//! ```

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Body;

pub use crate::engine_io::Message;
use crate::engine_io::{Lane, Packet, Protocol, Server, Session, Violation};
use crate::{Config, Reason};

/// What is done with messages.
pub trait Receiver: Send + Sync + Sized + 'static {
    /// A client sent a message. Called the moment it is read, one after another for each session;
    /// must be quick. A call that panics closes its session and nothing else.
    fn message(&self, link: &Link<Self>, message: Message<'_>);

    /// A session has closed. Called once for each, after its last message.
    fn closed(&self, _link: &Link<Self>, _reason: Reason) {}
}

/// The sessions of a [`Receiver`], as a tower service that answers the HTTP requests of Engine.IO.
/// Cloning is cheap and gives the same sessions. What must stand in front of it is the same as for
/// an [`EngineService`](crate::EngineService).
pub struct Messages<R: Receiver> {
    receiver: Arc<R>,
    server: Arc<Server<Carrier<R>>>,
}

/// One session. Cloning is cheap and gives the same session; once it is closed, what is sent is
/// dropped.
pub struct Link<R: Receiver>(Arc<Session<Carrier<R>>>);

impl<R: Receiver> Messages<R> {
    /// Sessions of `receiver`. Of `config` only what concerns sessions is used: nothing of
    /// namespaces, rooms, attachments, JSON or the path.
    pub fn new(config: Config, receiver: R) -> Messages<R> {
        Messages {
            receiver: Arc::new(receiver),
            server: Arc::new(Server::new(config)),
        }
    }

    /// Refuses new sessions with 503 and closes those there are, spread over `over`; returns when
    /// all are gone.
    pub async fn drain(&self, over: Duration) {
        self.server.drain(over).await;
    }
}

impl<R: Receiver> Link<R> {
    /// Sends a message, without waiting. It arrives or the session is closed: as a slow consumer
    /// when more waits for it than [`Config::queue_packets`] and [`Config::queue_bytes`] allow.
    pub fn send(&self, message: Message<'_>) {
        let packet = match message {
            Message::Text(text) => Packet::message(text),
            Message::Binary(bytes) => Packet::binary(bytes),
        };
        self.0.server.counters.packets_out.add(1);
        self.0.send(&packet, Lane::Durable);
    }

    /// Closes the session ([`Reason::ServerClose`]); [`Receiver::closed`] follows.
    pub fn close(&self) {
        self.0.close(Reason::ServerClose);
    }
}

/// A session's part in the layer.
struct Carrier<R> {
    receiver: Arc<R>,
    /// The receiver was told that the session has closed.
    told: AtomicBool,
}

impl<R: Receiver> Protocol for Carrier<R> {
    const CONNECTS: bool = false;

    /// The receiver is told why the session has closed.
    type Job = Reason;

    fn message(
        &self,
        session: &Arc<Session<Self>>,
        message: Message<'_>,
    ) -> Result<Option<(Reason, usize)>, Violation> {
        let link = Link(session.clone());
        // The receiver is the application's, and what it shares is its own affair, as in any task.
        let received = catch_unwind(AssertUnwindSafe(|| self.receiver.message(&link, message)));
        if received.is_err() {
            session.server.counters.panics.add(1);
            tracing::error!("a receiver panicked; its session is closed");
            session.close(Reason::ServerClose);
        }
        Ok(None)
    }

    async fn run(session: Arc<Session<Self>>, reason: Reason) {
        let receiver = session.protocol.receiver.clone();
        receiver.closed(&Link(session), reason);
    }

    fn closed(&self) {}

    fn last_job(&self, reason: Reason) -> Option<Reason> {
        (!self.told.swap(true, Ordering::Relaxed)).then_some(reason)
    }
}

impl<R, B> tower::Service<Request<B>> for Messages<R>
where
    R: Receiver,
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
        let Messages { receiver, server } = self.clone();
        let carrier = || Carrier {
            receiver,
            told: AtomicBool::new(false),
        };
        Box::pin(async move { Ok(server.handle(request, carrier).await) })
    }
}

impl<R: Receiver> Clone for Messages<R> {
    fn clone(&self) -> Messages<R> {
        Messages {
            receiver: self.receiver.clone(),
            server: self.server.clone(),
        }
    }
}

impl<R: Receiver> Clone for Link<R> {
    fn clone(&self) -> Link<R> {
        Link(self.0.clone())
    }
}

impl<R: Receiver> std::fmt::Debug for Messages<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Messages").finish_non_exhaustive()
    }
}

impl<R: Receiver> std::fmt::Debug for Link<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").finish_non_exhaustive()
    }
}
