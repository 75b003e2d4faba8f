//! socketioxide as `bench` measures it: connections with a JWT, rooms that clients join and leave,
//! events published to a room, typing, and an echo.
//!
//! `$BENCH_SECRET` is the key of the tokens (HS256). `$BENCH_PING` is `hour`, the default, so that
//! no heartbeat disturbs a measurement, or `stock` for the times that it has by default. Prints
//! `listening on 127.0.0.1:PORT`. How it is tuned, and why so, is in `../README.md`.

use std::error::Error;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::{Deserialize, Serialize};
use socketioxide::SocketIo;
use socketioxide::extract::{AckSender, Data, SocketRef, TryData};
use socketioxide::handler::ConnectHandler as _;
use tokio::net::TcpListener;

/// The same as the engine's.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Packets that may wait for one connection, unless `$BENCH_WAITING` says another number. By default
/// they are 128, and what is more is lost.
const WAITING: usize = 16_384;
/// Bytes that each WebSocket reads into, for as long as it lives. Takes four of our events.
const READING: usize = 1024;

#[derive(Deserialize)]
struct Auth {
    token: String,
}

/// What a token says.
#[derive(Clone, Deserialize)]
#[expect(dead_code, reason = "kept with the socket, as an application would")]
struct Claims {
    sub: String,
}

#[derive(Deserialize, Serialize)]
struct Payload {
    data: String,
}

// Each event is handled by a task of its own. On this runtime they run in the order in which they
// were spawned; on the other, even with one worker, a later one may overtake.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = std::env::var("BENCH_SECRET").map_err(|_| "BENCH_SECRET is not set")?;
    let waiting = match std::env::var("BENCH_WAITING") {
        Ok(count) => count.parse()?,
        Err(_) => WAITING,
    };
    let builder = SocketIo::builder()
        .max_buffer_size(waiting)
        .ws_read_buffer_size(READING);
    let builder = match std::env::var("BENCH_PING").as_deref() {
        Err(_) | Ok("hour") => builder.ping_interval(Duration::from_secs(3600)),
        Ok("stock") => builder,
        Ok(other) => return Err(format!("BENCH_PING is hour or stock, not {other}").into()),
    };
    let (service, io) = builder.build_svc();
    let key = Arc::new(DecodingKey::from_secret(secret.as_bytes()));
    let validation = Arc::new(Validation::new(Algorithm::HS256));
    let admit = async move |socket: SocketRef, TryData(auth): TryData<Auth>| {
        let token = auth.map(|auth| auth.token).unwrap_or_default();
        let claims = decode::<Claims>(&token, &key, &validation)?.claims;
        socket.extensions.insert(claims);
        listen(&socket);
        Ok::<_, jsonwebtoken::errors::Error>(())
    };
    io.ns("/", (async || {}).with(admit));

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "listening on {}", listener.local_addr()?)?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true).ok();
        let connection = http1::Builder::new()
            .serve_connection(TokioIo::new(stream), service.clone())
            .with_upgrades();
        tokio::spawn(connection);
    }
}

/// Registers what clients may send. Done before CONNECT is answered, so that no event comes too
/// early.
fn listen(socket: &SocketRef) {
    socket.on(
        "join",
        async |socket: SocketRef, Data(room): Data<String>, ack: AckSender| {
            socket.join(room);
            ack.send(&true).ok();
        },
    );
    socket.on(
        "leave",
        async |socket: SocketRef, Data(room): Data<String>, ack: AckSender| {
            socket.leave(room);
            ack.send(&true).ok();
        },
    );
    socket.on(
        "publish",
        async |io: SocketIo, Data((room, payload)): Data<(String, Payload)>| {
            // An error says for whom there was no room: they have lost the event.
            io.to(room).emit("tick", &payload).await.ok();
        },
    );
    socket.on(
        "typing",
        async |socket: SocketRef, Data((room, payload)): Data<(String, Payload)>| {
            let others = socket.volatile().to(room);
            others.emit("typing", &payload).await.ok();
        },
    );
    socket.on(
        "echo",
        async |Data(payload): Data<Payload>, ack: AckSender| {
            ack.send(&payload).ok();
        },
    );
}
