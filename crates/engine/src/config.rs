//! What can be set, with its bounds.

use std::time::Duration;

/// Settings of an [`Engine`](crate::Engine). Every bound says what happens beyond it. The defaults
/// are for small messages of many clients; what differs is best said over them:
///
/// ```
/// use std::time::Duration;
/// use shopbell_engine::{Config, Origins};
///
/// let config = Config {
///     namespaces: vec!["/admin".to_owned()],
///     max_payload: 1_000_000,
///     ping_interval: Duration::from_secs(10),
///     origins: Origins::SameHostOr(vec!["https://app.example".to_owned()]),
///     ..Config::default()
/// };
/// assert_eq!(config.ping_timeout, Duration::from_secs(20));
/// ```
///
/// All that a client can have the engine keep: the head of the request that opened its session
/// (32 KiB), the packets that wait for it ([`queue_packets`](Config::queue_packets)), the events that
/// wait for a handler, what was read past those (64 KiB), and a message and a packet that are yet to
/// be completed ([`max_payload`](Config::max_payload) each). But for the head, all is given back as
/// soon as it is empty or complete: an idle connection owns no buffer.
#[derive(Clone, Debug)]
pub struct Config {
    /// The namespaces that there are besides `/`, such as `/admin`. A CONNECT to any other is
    /// refused with `Invalid namespace`.
    pub namespaces: Vec<String>,
    /// The path served by [`Engine::serve`](crate::Engine::serve); a service mounted elsewhere does
    /// not look at it.
    pub path: String,
    /// Connections that [`Engine::serve`](crate::Engine::serve) lets be open at once: see
    /// [`Limits::connections`](crate::http::Limits::connections). `None` for as many as the process
    /// may have files open, less a reserve.
    pub max_connections: Option<usize>,
    /// Sessions that may be open at once, whatever their transport. Beyond it the handshake is
    /// refused with 503 and `Retry-After`.
    pub max_sessions: usize,
    /// Time from the handshake, and from each pong, to the next ping: Engine.IO 4, "Heartbeat".
    pub ping_interval: Duration,
    /// Time to answer a ping; then the session is closed (`ping timeout`).
    pub ping_timeout: Duration,
    /// Time to complete an upgrade from polling to WebSocket (Engine.IO 4, "Upgrade"); then the WebSocket is closed and
    /// polling goes on.
    pub upgrade_timeout: Duration,
    /// Time that a session may live without a connected socket, whatever its namespace; then it is
    /// closed.
    pub connect_timeout: Duration,
    /// Longest WebSocket message, longest polling body and longest packet with its attachments
    /// taken, in bytes, and the advertised `maxPayload`. Beyond it: close code 1009, HTTP 413. So many
    /// bytes of events, or 64 events, may wait for their turn: beyond it the client is not read.
    pub max_payload: usize,
    /// Attachments that an event or an acknowledgement may have. Beyond it: parse error.
    pub max_attachments: usize,
    /// Deepest nesting of arrays and objects in a packet. Beyond it: parse error.
    pub max_json_depth: usize,
    /// Rooms that one socket may join besides those it was accepted with. Beyond it:
    /// [`JoinError::RoomLimit`](crate::JoinError::RoomLimit).
    pub rooms_per_socket: usize,
    /// Packets that may wait for one connection. Beyond it a durable one closes the connection as a
    /// slow consumer. A packet of a delivery leaves its socket [behind](crate::Socket::behind) from
    /// three quarters of the bound on, so that acknowledgements and pings find room; an ephemeral
    /// one is dropped from half of it on, unless it takes the room of an older one of the same state
    /// ([`Broadcast::newest`](crate::Broadcast::newest)). What is replayed keeps to half the bound too.
    pub queue_packets: usize,
    /// The same in bytes.
    pub queue_bytes: usize,
    /// Time that a WebSocket may take nothing while packets wait for it; then it is closed as a
    /// slow consumer.
    pub queue_stall: Duration,
    /// Which pages may connect.
    pub origins: Origins,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            namespaces: Vec::new(),
            path: "/socket.io/".to_owned(),
            max_connections: None,
            max_sessions: 100_000,
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            upgrade_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(10),
            max_payload: 65_536,
            max_attachments: 10,
            max_json_depth: 32,
            rooms_per_socket: 100,
            queue_packets: 256,
            queue_bytes: 1 << 20,
            queue_stall: Duration::from_secs(10),
            origins: Origins::SameHostOr(Vec::new()),
        }
    }
}

/// Which `Origin` headers are let in. A request without one comes from no page and is always let
/// in; others get HTTP 403 before a session exists.
#[derive(Clone, Debug)]
pub enum Origins {
    /// Every page.
    Any,
    /// Pages of the host that the request is for, and the origins listed (scheme, host and port,
    /// such as `https://shop.example:8443`).
    SameHostOr(Vec<String>),
}
