//! What an application sees: the engine, its sockets, broadcasts and deliveries.

mod app;
mod behind;
mod broadcast;
mod client;
mod connecting;
mod delivery;
mod emit;
mod namespace;
mod places;
mod service;
mod socket;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

pub use app::{Ack, App, Event, Refusal, View};
pub use broadcast::Broadcast;
pub use connecting::{Admission, Connecting, Identity};
pub use delivery::Delivery;
pub use emit::AckError;
pub use namespace::Namespace;
pub use service::EngineService;
pub use socket::{JoinError, Socket};

use client::Client;
use namespace::Space;

use crate::engine_io::Server;
use crate::{Config, Stats, http};

/// Time over which [`Engine::serve`] closes its sessions when it ends.
const DRAIN: Duration = Duration::from_secs(5);

/// A Socket.IO server: everything that is shared by its connections. Cloning is cheap and gives the
/// same engine, so that any task can hold one and send by it.
///
/// ```no_run
/// # use shopbell_engine::{App, Config, Engine};
/// use serde_json::json;
///
/// async fn run<A: App>(app: A) -> std::io::Result<()> {
///     let engine = Engine::new(Config::default(), app);
///     tokio::spawn({
///         let engine = engine.clone();
///         async move {
///             let mut seconds = tokio::time::interval(std::time::Duration::from_secs(1));
///             loop {
///                 seconds.tick().await;
///                 engine.everyone().emit("tick", &json!({ "sockets": engine.stats().sockets }));
///             }
///         }
///     });
///     let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
///     let interrupted = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
///     engine.serve(listener, interrupted).await
/// }
/// ```
pub struct Engine<A: App>(Arc<Inner<A>>);

struct Inner<A: App> {
    app: A,
    server: Arc<Server<Client<A>>>,
    /// The namespace `/`.
    root: Arc<Space<A>>,
    /// The other namespaces, by name.
    others: HashMap<Box<str>, Arc<Space<A>>>,
}

impl<A: App> std::fmt::Debug for Engine<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl<A: App> Engine<A> {
    /// An engine for `app`. It does nothing until it is served, one way or the other, within a
    /// tokio runtime.
    pub fn new(config: Config, app: A) -> Engine<A> {
        let others = config.namespaces.iter().filter(|name| *name != "/");
        let others = others
            .map(|name| (name.as_str().into(), Arc::new(Space::new(name))))
            .collect();
        Engine(Arc::new(Inner {
            app,
            server: Arc::new(Server::new(config)),
            root: Arc::new(Space::new("/")),
            others,
        }))
    }

    /// The application.
    pub fn app(&self) -> &A {
        &self.0.app
    }

    /// The settings it was made with.
    pub fn config(&self) -> &Config {
        &self.0.server.config
    }

    /// The engine as a tower service, to be mounted at a path of a router (with and without a
    /// trailing slash, as clients differ). See [`EngineService`] for what must stand in front of
    /// it.
    pub fn service(&self) -> EngineService<A> {
        EngineService::new(self.clone())
    }

    /// Serves [`Config::path`] on `listener`, anything else being 404, until `shutdown` completes;
    /// then drains over 5 s. Fails when the listener does.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send,
    ) -> io::Result<()> {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let mut limits = http::Limits::default();
        if let Some(connections) = self.config().max_connections {
            limits.connections = connections;
        }
        let serving = http::serve(
            listener,
            self.service().at(&self.config().path),
            limits,
            async {
                // An error says that the sender is gone, which is as good a reason to stop.
                stopped.await.unwrap_or_default();
            },
            2 * DRAIN,
        );
        let draining = async {
            shutdown.await;
            drop(stop);
            self.drain(DRAIN).await;
        };
        tokio::join!(serving, draining).0
    }

    /// The namespace of that name: `/`, or one of [`Config::namespaces`].
    pub fn of(&self, namespace: &str) -> Option<Namespace<'_, A>> {
        self.space(namespace)
            .map(|space| Namespace::new(self, space))
    }

    fn space(&self, namespace: &str) -> Option<&Arc<Space<A>>> {
        match namespace {
            "/" => Some(&self.0.root),
            _ => self.0.others.get(namespace),
        }
    }

    fn root(&self) -> Namespace<'_, A> {
        Namespace::new(self, &self.0.root)
    }

    /// Addresses every socket with an ephemeral event. See [`Broadcast`]. This, and what follows
    /// here, is about the namespace `/`; for another see [`Engine::of`].
    pub fn everyone(&self) -> Broadcast<'_, A> {
        self.root().everyone()
    }

    /// Addresses the members of `room` with an ephemeral event. See [`Broadcast`].
    pub fn to(&self, room: &str) -> Broadcast<'_, A> {
        self.root().to(room)
    }

    /// The connected socket of that id. It may go at any moment: see [`Socket::is_gone`].
    pub fn socket(&self, id: &str) -> Option<Socket<A>> {
        self.root().socket(id)
    }

    /// All connected sockets, in no order. The list is as long as there are sockets.
    pub fn sockets(&self) -> Vec<Socket<A>> {
        self.root().sockets()
    }

    /// The sockets in `room`, in no order; none if nobody is in it.
    pub fn members(&self, room: &str) -> Vec<Socket<A>> {
        self.root().members(room)
    }

    /// Every room and how many sockets are in it, in no order.
    pub fn rooms(&self) -> Vec<(Arc<str>, usize)> {
        self.root().rooms()
    }

    /// A reading of the counters, over all namespaces.
    pub fn stats(&self) -> Stats {
        let spaces = self.0.others.values().chain([&self.0.root]);
        let sockets = spaces.map(|space| space.sockets.read().len()).sum();
        let server = &self.0.server;
        server.counters.read(server.len(), sockets)
    }

    /// Refuses new sessions with 503 and closes the transports of those there are, in slices spread
    /// evenly over `over` and without a DISCONNECT packet, so that clients come back by themselves.
    /// Returns when all sessions are gone and every [`App::disconnect`] has returned.
    pub async fn drain(&self, over: Duration) {
        self.0.server.drain(over).await;
    }
}

impl<A: App> Clone for Engine<A> {
    fn clone(&self) -> Engine<A> {
        Engine(self.0.clone())
    }
}
