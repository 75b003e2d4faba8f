//! How many connections and sessions are let in, and what becomes of those that say nothing.

use std::cell::Cell;
use std::fs::File;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::app::TestServer;
use crate::client::{Http, Polling, Ws, eventually, request, soon};
use shopbell_engine::http::{self, Limits};

const OPEN: &str = "GET /socket.io/?EIO=4&transport=polling";

/// Serves "hello" at `/hello` within these limits.
async fn hello(limits: Limits) -> SocketAddr {
    let router = axum::Router::new().route("/hello", axum::routing::get(|| async { "hello" }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let forever = std::future::pending();
    tokio::spawn(http::serve(
        listener,
        router,
        limits,
        forever,
        Duration::ZERO,
    ));
    address
}

/// Reads to the end of a connection: what came before it.
async fn end_of(stream: &mut TcpStream) -> String {
    let mut came = Vec::new();
    // A reset is an end as good as any.
    while soon(stream.read_buf(&mut came))
        .await
        .is_ok_and(|count| count > 0)
    {}
    String::from_utf8(came).unwrap()
}

#[tokio::test]
async fn as_many_connections_are_served_as_may_be_open() {
    let server = TestServer::with(|config| config.max_connections = Some(3)).await;
    // One that became a WebSocket, one that was upgraded to one, one that is still HTTP.
    let ws = Ws::connect(server.address, serde_json::json!({})).await;
    let polling = Polling::open(server.address).await;
    let target = format!(
        "{}&sid={}",
        "/socket.io/?EIO=4&transport=websocket",
        polling.open["sid"].as_str().unwrap()
    );
    let mut upgraded = Ws::handshake(server.address, &target, "").await.unwrap();
    upgraded.say("2probe").await;
    assert_eq!(upgraded.hear().await, "3probe");
    upgraded.say("5").await;
    let mut idle = Http::connect(server.address).await;
    assert_eq!(idle.request("GET /", "", b"").await.status, 404);
    // The connections of the requests above are gone by and by.
    soon(async {
        loop {
            let answer = request(server.address, OPEN, "", b"").await;
            if answer.status == 503 {
                assert_eq!(
                    (answer.code(), answer.header("retry-after")),
                    (3, Some("1"))
                );
                assert_eq!(answer.header("connection"), Some("close"));
                break;
            }
        }
    })
    .await;
    // One less, and the next is let in.
    for one_less in [
        Box::new(ws) as Box<dyn std::any::Any>,
        Box::new(idle),
        Box::new(upgraded),
    ] {
        drop(one_less);
        soon(async { while request(server.address, OPEN, "", b"").await.status != 200 {} }).await;
    }
}

#[tokio::test]
async fn of_those_over_the_limit_only_some_are_told() {
    let address = hello(Limits {
        connections: 0,
        ..Limits::default()
    })
    .await;
    let mut told = Vec::new();
    for _ in 0..64 {
        told.push(Http::connect(address).await);
    }
    let mut more = TcpStream::connect(address).await.unwrap();
    assert_eq!(end_of(&mut more).await, "");
    let answer = told[63].request("GET /hello", "", b"").await;
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (503, Some("1"))
    );
    // It is closed after that, and the next may be told.
    let mut gone = told.swap_remove(63).into_stream();
    assert_eq!(end_of(&mut gone).await, "");
    let answer = request(address, "GET /hello", "", b"").await;
    assert_eq!(answer.status, 503);
}

#[tokio::test]
async fn as_many_sessions_may_be_open_as_allowed() {
    let server = TestServer::with(|config| config.max_sessions = 2).await;
    let ws = Ws::connect(server.address, serde_json::json!({})).await;
    let polling = Polling::connect(server.address).await;
    let answer = request(server.address, OPEN, "", b"").await;
    assert_eq!((answer.status, answer.code()), (503, 3));
    assert_eq!(answer.header("retry-after"), Some("1"));
    let target = "/socket.io/?EIO=4&transport=websocket";
    let refused = Ws::handshake(server.address, target, "")
        .await
        .err()
        .unwrap();
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (503, Some("1"))
    );
    assert_eq!(server.engine.stats().opened, 2);
    // Those that are in go on, by their transport and by the other.
    polling.say(r#"42["echo",1]"#).await;
    assert_eq!(polling.hear().await, r#"42["echo",[1]]"#);
    drop(ws);
    eventually(|| server.engine.stats().sessions == 1).await;
    Polling::connect(server.address).await;
}

#[tokio::test]
async fn a_connection_that_sends_no_whole_head_in_time_is_closed() {
    let head_timeout = Duration::from_millis(200);
    let address = hello(Limits {
        head_timeout,
        ..Limits::default()
    })
    .await;
    let start = Instant::now();
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut slow = Http::connect(address).await;
    slow.send(b"GET /hello HTTP/1.1\r\nHost: shop.exa").await;
    // After an answer the time begins anew.
    let mut idle = Http::connect(address).await;
    assert_eq!(idle.request("GET /hello", "", b"").await.body, "hello");
    assert_eq!(end_of(&mut silent).await, "");
    end_of(&mut slow.into_stream()).await;
    assert_eq!(end_of(&mut idle.into_stream()).await, "");
    assert!(start.elapsed() >= head_timeout);
}

#[tokio::test]
async fn a_head_may_have_32_kib() {
    let address = hello(Limits::default()).await;
    let rest = "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Padding: \r\n\r\n".len();
    let of = async |len: usize| {
        let padding = "x".repeat(len - rest);
        let head = format!(
            "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Padding: {padding}\r\n\r\n"
        );
        let mut http = Http::connect(address).await;
        http.send(head.as_bytes()).await;
        end_of(&mut http.into_stream()).await
    };
    assert!(of(32 * 1024).await.starts_with("HTTP/1.1 200"));
    // One read is not cut short at the limit, so that only twice as much is surely beyond it.
    assert!(of(64 * 1024).await.starts_with("HTTP/1.1 431"));
}

#[tokio::test]
async fn requests_sent_ahead_are_answered_in_order() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let mut http = client.waiting_get().await;
    // More than is read ahead of the answers.
    let ahead = "GET /elsewhere HTTP/1.1\r\nHost: shop.example\r\n\r\n".repeat(2000);
    http.send(ahead.as_bytes()).await;
    client.say(r#"42["echo",1]"#).await;
    assert_eq!(http.answer().await.body, r#"42["echo",[1]]"#);
    for _ in 0..2000 {
        assert_eq!(http.answer().await.status, 404);
    }
}

#[tokio::test]
async fn a_storm_of_connections_lets_other_tasks_have_their_turn() {
    const STORM: usize = 400;
    let listener = http::listen("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    // All are there before the first is accepted.
    let storm: Vec<_> = (0..STORM)
        .map(|_| {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            std::io::Write::write_all(&mut stream, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            stream
        })
        .collect();
    let served = Arc::new(AtomicUsize::new(0));
    let counter = served.clone();
    let router = axum::Router::new().fallback(move || {
        counter.fetch_add(1, Ordering::Relaxed);
        async {}
    });
    let local = tokio::task::LocalSet::new();
    let longest = Rc::new(Cell::new(0));
    let turns = {
        let (served, longest) = (served.clone(), longest.clone());
        local.run_until(async move {
            let mut before = 0;
            while before < STORM {
                tokio::task::yield_now().await;
                let now = served.load(Ordering::Relaxed);
                longest.set(longest.get().max(now - before));
                before = now;
            }
        })
    };
    tokio::spawn(http::serve(
        listener,
        router,
        Limits::default(),
        std::future::pending(),
        Duration::ZERO,
    ));
    soon(turns).await;
    assert!(longest.get() <= 32, "{} between two turns", longest.get());
    drop(storm);
}

/// Counts the errors that are logged.
struct Errors(Arc<AtomicUsize>);

impl Subscriber for Errors {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::ERROR
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn out_of_files_accepting_pauses_and_goes_on_by_itself() {
    const CHILD: &str = "SHOPBELL_TEST_FEW_FILES";
    if std::env::var_os(CHILD).is_none() {
        // The limit is the process's: the test runs again in one of its own.
        let name = "accept::out_of_files_accepting_pauses_and_goes_on_by_itself";
        let status = std::process::Command::new("sh")
            .args(["-c", r#"ulimit -n 64 && exec "$0" --exact "$1""#])
            .arg(std::env::current_exe().unwrap())
            .arg(name)
            .env(CHILD, "1")
            .status();
        assert!(status.unwrap().success());
        return;
    }
    let errors = Arc::new(AtomicUsize::new(0));
    let _logging = tracing::subscriber::set_default(Errors(errors.clone()));
    let address = hello(Limits::default()).await;
    assert_eq!(request(address, "GET /hello", "", b"").await.body, "hello");
    let mut files: Vec<_> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
    // Enough for the client's end, not for the server's.
    files.pop();
    let mut client = Http::connect(address).await;
    let start = Instant::now();
    eventually(|| errors.load(Ordering::Relaxed) >= 4).await;
    // Three pauses at least: it does not spin.
    assert!(start.elapsed() >= Duration::from_millis(300));
    drop(files);
    assert_eq!(client.request("GET /hello", "", b"").await.body, "hello");
}
