//! The server that the stock client's own test suite (`packages/socket.io-client/test` in
//! `socketio/socket.io`) is run against: namespaces that accept and one that refuses, events that
//! are answered with data of every kind, and connection state recovery. Listens on `$PORT` of both
//! loopback addresses, 3210 by default.

mod answers;
mod recovery;

use std::collections::{BTreeSet, HashMap};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use axum::extract::{Query, Request};
use axum::http::header::{HeaderValue, ORIGIN};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use jiff::Timestamp;
use parking_lot::Mutex;
use serde_json::{Value, json};
use shopbell_engine::{
    Admission, App, Args, Config, Connecting, Engine, Event, Identity, Reason, Refusal, Socket,
    View, http,
};
use tokio::net::TcpListener;

use recovery::{Back, Journal, Log};

/// The header that holds the target of the request that opened a session: headers are what the
/// engine keeps.
const TARGET: &str = "x-target";
/// Time that a handshake takes at least: some cases give up on it at once.
const HANDSHAKE: Duration = Duration::from_millis(10);

#[derive(Default)]
struct Fixture {
    journal: Journal,
}

struct Session {
    pid: String,
    handshake: Value,
    log: Mutex<Log>,
    /// The events heard that others are to follow.
    heard: Mutex<BTreeSet<&'static str>>,
}

impl App for Fixture {
    type Session = Session;

    async fn connect(&self, connecting: Connecting<Self>) -> Result<Socket<Self>, Refusal> {
        let handshake = handshake(&connecting);
        let refused = |which| Refusal::new(format!("Auth failed ({which} namespace)"), &());
        match connecting.namespace() {
            "/" if handshake
                .pointer("/query/fail")
                .is_some_and(|fail| fail != "") =>
            {
                return Err(refused("main"));
            }
            "/no" => return Err(refused("custom")),
            _ => {}
        }
        let socket = self.accept(connecting, handshake);
        if socket.namespace() == "/abc" {
            let handshake = socket.session().handshake.clone();
            self.emit(&socket, "handshake", vec![handshake].into());
        }
        Ok(socket)
    }

    async fn event(&self, socket: &Socket<Self>, event: Event) {
        self.answer(socket, event);
    }

    async fn disconnect(&self, socket: &Socket<Self>, reason: Reason) {
        let Session { pid, log, .. } = socket.session();
        match reason {
            Reason::ClientDisconnect | Reason::ServerDisconnect | Reason::ParseError => {}
            _ => {
                let log = std::mem::take(&mut *log.lock());
                self.journal.keep(socket.namespace(), pid, socket.id(), log);
            }
        }
    }
}

impl Fixture {
    /// Lets a client in: where it left, if it shows that it was here and the journal still knows.
    fn accept(&self, connecting: Connecting<Self>, handshake: Value) -> Socket<Self> {
        let engine = connecting.engine().clone();
        let namespace = engine.of(connecting.namespace());
        let shown = |key| connecting.auth().get(key).and_then(Value::as_str);
        let back = shown("pid").zip(shown("offset")).and_then(|(pid, offset)| {
            let back = self.journal.take(connecting.namespace(), pid, offset)?;
            Some((pid.to_owned(), back))
        });
        let (identity, log, before) = match back {
            Some((pid, Back { sid, log, missed })) => {
                let before = missed.iter().filter_map(|event| {
                    let packet = namespace?.packet_args(&event.name, &event.args).ok()?;
                    Some((event.position, packet))
                });
                let sid = Some(sid);
                (Identity { sid, pid }, log, before.collect())
            }
            None => {
                let pid = connecting.fresh_pid().to_owned();
                (Identity { sid: None, pid }, Log::default(), Vec::new())
            }
        };
        let session = Session {
            pid: identity.pid.clone(),
            handshake,
            log: Mutex::new(log),
            heard: Mutex::default(),
        };
        connecting.accept(Admission {
            identity: Some(identity),
            before,
            ..Admission::new(session, View(0), [])
        })
    }

    /// Sends an event that the client may recover from.
    fn emit(&self, socket: &Socket<Self>, name: &str, args: Args) {
        // The log has the order of the wire.
        let mut log = socket.session().log.lock();
        socket.emit_args(name, &self.journal.record(&mut log, name, args));
    }
}

/// What clients are told of their own connection.
fn handshake(connecting: &Connecting<Fixture>) -> Value {
    let mut headers: HashMap<_, _> = connecting
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
        .collect();
    let target = headers.remove(TARGET).unwrap_or_default();
    let query: HashMap<String, String> = target
        .parse()
        .ok()
        .and_then(|uri| Query::try_from_uri(&uri).ok())
        .map(|Query(query)| query)
        .unwrap_or_default();
    let now = Timestamp::now();
    json!({
        "xdomain": headers.contains_key(ORIGIN.as_str()),
        "headers": headers,
        "time": now.to_string(),
        "issued": now.as_millisecond(),
        "address": connecting.peer().ip(),
        "secure": false,
        "url": target,
        "query": query,
        "auth": connecting.auth(),
    })
}

/// Prepares a request that opens a session.
async fn prepare(mut request: Request, next: Next) -> Response {
    let target = request.uri().path_and_query();
    let target = target.map_or("/", |target| target.as_str());
    if !target.contains("&sid=") {
        if let Ok(target) = HeaderValue::from_str(target) {
            request.headers_mut().insert(TARGET, target);
        }
        tokio::time::sleep(HANDSHAKE).await;
    }
    next.run(request).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = match std::env::var("PORT") {
        Ok(port) => port.parse()?,
        Err(_) => 3210,
    };
    let namespaces = ["/foo", "/timeout_socket", "/valid", "/asd", "/abc", "/no"];
    let config = Config {
        ping_interval: Duration::from_secs(2),
        namespaces: namespaces.map(str::to_owned).to_vec(),
        ..Config::default()
    };
    let router = axum::Router::new()
        .route_service(
            "/socket.io/",
            Engine::new(config, Fixture::default()).service(),
        )
        .layer(from_fn(prepare));
    let serve = async |listener| {
        let forever = std::future::pending();
        http::serve(
            listener,
            router.clone(),
            http::Limits::default(),
            forever,
            Duration::ZERO,
        )
        .await
    };
    let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let v6 = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await?;
    tokio::try_join!(serve(v4), serve(v6))?;
    Ok(())
}
