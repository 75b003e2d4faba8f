//! Puts the parts together, and takes them apart again.

use std::{
    fs::DirBuilder, net::SocketAddr, os::unix::fs::DirBuilderExt as _, sync::Arc, time::Duration,
};

use anyhow::Context as _;
use shopbell_bus::{Bus, Doorbell, RightsChange};
use shopbell_engine::{self as engine, Engine, Origins};
use shopbell_store::{News, Place, Settings, Store, Window};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    auth::{Auth, password, secret, token::Tokens},
    behind::Behind,
    clock::Clock,
    config::Config,
    delivery::Delivery,
    gateway::{Gateway, Sockets},
    http,
    presence::Presence,
    shops::Shops,
    upkeep::Upkeep,
};

/// sysexits(3) EX_IOERR: the disk failed under a write.
const EXIT_IO: i32 = 74;

/// Connections that sessions leave to REST when all are taken, unless a quarter of those that may be open is less.
const REST_CONNECTIONS: usize = 256;

/// How long running requests may take to finish once the server stops.
const REQUEST_GRACE: Duration = Duration::from_secs(5);

/// A server that answers. Dropping it does not stop it; [`Server::stop`] does.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    drain: Duration,
    engine: Engine<Gateway>,
    store: Store,
    stopping: CancellationToken,
    listening: JoinHandle<std::io::Result<()>>,
    delivering: JoinHandle<()>,
}

/// Where the database of `config` is.
///
/// # Errors
///
/// Fails when its URL names none.
pub fn database(config: &Config) -> anyhow::Result<Place> {
    match config.server.database_url.expose() {
        Some(url) => url.parse().context("failed to read server.database_url"),
        None => Ok(Place::Sqlite(config.server.data.join("shopbell.db"))),
    }
}

/// Opens the database of `config`, as it is; `bus` hears of each commit.
///
/// # Errors
///
/// Fails when the folder or the database cannot be opened, or its URL names none.
pub async fn connect_store(config: &Config, bus: Bus) -> anyhow::Result<Store> {
    let data = &config.server.data;
    // Customers' addresses and the secret are in there: nobody else's business.
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data)
        .with_context(|| format!("failed to make the data folder {}", data.display()))?;
    let store = Store::open(Settings::of(database(config)?), move |news| match news {
        News::Head(shop, head) => bus.ring(Doorbell { shop, head }),
        News::Rights(shop, user) => bus.rights_changed(RightsChange { shop, user }),
        News::Failed => give_up(),
    });
    Ok(store.await?)
}

/// The same, brought up to date.
///
/// # Errors
///
/// Fails when it cannot be opened or migrated.
pub async fn open_store(config: &Config, bus: Bus) -> anyhow::Result<Store> {
    let store = connect_store(config, bus).await?;
    store.migrate().await?;
    Ok(store)
}

/// After a failed flush nobody knows what is on the disk, and asking it again would be answered wrongly: the next start reads
/// the log and knows.
fn give_up() -> ! {
    tracing::error!(
        "the disk failed under a write: ending, so that the next start recovers from it"
    );
    std::process::exit(EXIT_IO)
}

/// The part that signs people in.
///
/// # Errors
///
/// Fails when the secret cannot be read or made.
pub fn open_auth(config: &Config, store: Store, clock: Clock) -> anyhow::Result<Auth> {
    let secret = secret::load(&config.auth.secret_file, &config.server.data)?;
    let tokens = Tokens::new(&secret, &config.auth.issuer, &config.auth.audience);
    Auth::new(store, tokens, clock, config.auth.clone())
}

impl Server {
    /// Starts a server and returns once it answers.
    ///
    /// # Errors
    ///
    /// Fails when the database, the secret or the address cannot be had; the message says which.
    pub async fn start(config: &Config, clock: Clock) -> anyhow::Result<Self> {
        let bus = Bus::memory();
        let store = open_store(config, bus.clone()).await?;
        if config.demo && store.is_empty().await? {
            store
                .fill_demo(
                    &password::hash(shopbell_store::demo::PASSWORD)?,
                    clock.now(),
                )
                .await?;
        }
        let auth = open_auth(config, store.clone(), clock.clone())?;

        let window = Window {
            events: i64::from(config.limits.replay_events),
            age: Duration::from_secs(u64::from(config.limits.replay_hours) * 3600),
        };
        store.resume_sessions(&boot_id(), clock.now()).await?;
        let behind = Behind::new(clock.clone(), store.clone(), window);
        let shops = Shops::at(store.heads().await?);
        let per_user = config.limits.connections_per_user;
        let presence = Presence::new(bus.clone(), clock.clone());
        let gateway = Gateway::new(
            auth.clone(),
            behind.clone(),
            clock.clone(),
            per_user,
            presence.clone(),
            shops.clone(),
            store.clone(),
        );
        let http_limits = engine::http::Limits::default();
        let engine_config = engine_config(config, &http_limits);
        let socket_path = Arc::from(engine_config.path.as_str());
        let engine = Engine::new(engine_config, gateway);

        let listen = config.server.listen;
        let listener = engine::http::listen(listen).with_context(|| {
            format!("failed to listen on {listen}; if another program has it, choose another with --listen")
        })?;
        let address = listener.local_addr()?;

        let stopping = CancellationToken::new();
        let delivery = Delivery::new(
            behind.clone(),
            engine.clone(),
            shops.clone(),
            store.clone(),
            stopping.clone(),
        );
        let doorbells = bus.subscribe();
        let delivering = tokio::spawn(delivery.run(doorbells));
        let upkeep = Upkeep {
            behind: behind.clone(),
            clock: clock.clone(),
            engine: engine.clone(),
            shops: shops.clone(),
            store: store.clone(),
            stopping: stopping.clone(),
            window,
        };
        tokio::spawn(upkeep.run());
        let app = http::App {
            auth,
            behind,
            clock,
            demo: config.demo,
            limits: Arc::new(config.limits.clone()),
            node: Arc::from(config.server.node.as_str()),
            running: http::Running::default(),
            started: std::time::Instant::now(),
            shops,
            socket_path,
            sockets: Sockets::new(bus.clone(), engine.clone(), presence),
            stopping: stopping.clone(),
            store: store.clone(),
        };
        let router = http::router(app, engine.service());
        let listening = tokio::spawn(engine::http::serve(
            listener,
            router,
            http_limits,
            stopping.clone().cancelled_owned(),
            REQUEST_GRACE,
        ));
        let drain = Duration::from_secs(config.server.drain_s);
        Ok(Self {
            address,
            drain,
            engine,
            store,
            stopping,
            listening,
            delivering,
        })
    }

    /// Where it answers.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops: no new connections, open ones closed in slices so that clients come back elsewhere, running requests
    /// finished, the database closed.
    ///
    /// # Errors
    ///
    /// Fails when the listener had failed.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stopping.cancel();
        self.engine.drain(self.drain).await;
        self.listening.await?.context("failed to serve")?;
        self.delivering.await?;
        self.store.close().await;
        Ok(())
    }
}

/// What the kernel calls this run of the machine: another one means that the power was gone in between, and with it what was
/// not flushed.
fn boot_id() -> String {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    id.trim().to_owned()
}

fn engine_config(config: &Config, http_limits: &engine::http::Limits) -> engine::Config {
    let limits = &config.limits;
    let open = http_limits.connections;
    let origins = &config.server.allowed_origins;
    engine::Config {
        max_sessions: match limits.connections {
            0 => open - REST_CONNECTIONS.min(open.div_ceil(4)),
            connections => connections,
        },
        ping_interval: Duration::from_secs(limits.ping_interval_s),
        ping_timeout: Duration::from_secs(limits.ping_timeout_s),
        connect_timeout: Duration::from_secs(limits.connect_timeout_s),
        max_payload: limits.max_payload,
        max_attachments: limits.max_attachments,
        max_json_depth: limits.max_json_depth,
        rooms_per_socket: limits.rooms_per_socket,
        queue_packets: limits.queue_packets,
        queue_bytes: limits.queue_bytes,
        queue_stall: Duration::from_secs(limits.queue_stall_s),
        origins: if origins.iter().any(|origin| origin == "*") {
            Origins::Any
        } else {
            Origins::SameHostOr(origins.clone())
        },
        ..engine::Config::default()
    }
}
