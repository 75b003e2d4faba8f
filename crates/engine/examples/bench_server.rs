//! The engine as `bench` measures it beside its peers: connections with a JWT, rooms that clients
//! join and leave, events published to a room, typing, and an echo.
//!
//! `$BENCH_SECRET` is the key of the tokens (HS256). `$BENCH_PING` is `hour`, the default, so that
//! no heartbeat disturbs a measurement, or `stock` for the protocol's usual times. Prints
//! `listening on 127.0.0.1:PORT`.

use std::error::Error;
use std::io::Write as _;
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use serde_json::Value;
use shopbell_engine::{
    Admission, App, Config, Connecting, Delivery, Engine, Event, Packet, Reason, Refusal, Socket,
    View, http,
};
use tokio::sync::mpsc;

/// By measurement: see docs/performance.md, "Memory".
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Events that may wait for delivery; then those who publish are not read from.
const WAITING: usize = 1024;
/// Events delivered together, however many are due.
const BATCH: usize = 64;

/// What a token says.
#[derive(Deserialize)]
struct Claims {
    #[serde(rename = "sub")]
    user: String,
}

/// An event on its way to a room.
struct Published {
    room: String,
    payload: Value,
}

struct Bench {
    key: DecodingKey,
    validation: Validation,
    published: mpsc::Sender<Published>,
}

impl App for Bench {
    /// Who it is.
    type Session = String;

    async fn connect(&self, connecting: Connecting<Self>) -> Result<Socket<Self>, Refusal> {
        let token = connecting.auth().get("token").and_then(Value::as_str);
        match decode::<Claims>(token.unwrap_or_default(), &self.key, &self.validation) {
            Ok(token) => Ok(connecting.accept(Admission::new(token.claims.user, View(0), []))),
            Err(error) => Err(Refusal::new(error.to_string(), &Value::Null)),
        }
    }

    async fn event(&self, socket: &Socket<Self>, event: Event) {
        let Event { name, args, ack } = event;
        let mut values = args.values.into_iter();
        let first = values.next();
        let payload = values.next().unwrap_or_default();
        match (name.as_str(), first) {
            ("join", Some(Value::String(room))) => {
                // A refused join is not acknowledged.
                socket
                    .join_and_answer(&room, ack, || true)
                    .unwrap_or_default();
            }
            ("leave", Some(Value::String(room))) => {
                socket.leave(&room);
                if let Some(ack) = ack {
                    ack.send(&true);
                }
            }
            ("publish", Some(Value::String(room))) => {
                let published = Published { room, payload };
                if self.published.send(published).await.is_err() {
                    socket.close(Reason::ServerClose);
                }
            }
            ("typing", Some(Value::String(room))) => {
                socket.to(&room).emit("typing", &payload);
            }
            ("echo", Some(payload)) => {
                if let Some(ack) = ack {
                    ack.send(&payload);
                }
            }
            _ => {}
        }
    }

    async fn disconnect(&self, _: &Socket<Self>, _: Reason) {}
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = std::env::var("BENCH_SECRET").map_err(|_| "BENCH_SECRET is not set")?;
    let config = config(&std::env::var("BENCH_PING").unwrap_or_else(|_| "hour".to_owned()))?;
    let (published, publishing) = mpsc::channel(WAITING);
    let bench = Bench {
        key: DecodingKey::from_secret(secret.as_bytes()),
        validation: Validation::new(Algorithm::HS256),
        published,
    };
    let engine = Engine::new(config, bench);
    let listener = http::listen(([127, 0, 0, 1], 0).into())?;
    writeln!(std::io::stdout(), "listening on {}", listener.local_addr()?)?;
    tokio::spawn(deliver(engine.clone(), publishing));
    engine.serve(listener, std::future::pending()).await?;
    Ok(())
}

fn config(ping: &str) -> Result<Config, String> {
    let stock = Config::default();
    match ping {
        "stock" => Ok(stock),
        "hour" => Ok(Config {
            ping_interval: Duration::from_secs(3600),
            ..stock
        }),
        other => Err(format!("BENCH_PING is hour or stock, not {other}")),
    }
}

/// The one who delivers.
async fn deliver(engine: Engine<Bench>, mut publishing: mpsc::Receiver<Published>) {
    let mut due = Vec::with_capacity(BATCH);
    let mut position = 0;
    while publishing.recv_many(&mut due, BATCH).await > 0 {
        let events = due.drain(..).map(|published| {
            position += 1;
            delivery(position, published)
        });
        // Nothing is kept that could be read again.
        for socket in engine.deliver(events.collect()).await {
            socket.close(Reason::SlowConsumer);
        }
    }
}

fn delivery(position: u64, Published { room, payload }: Published) -> Delivery<'static> {
    Delivery {
        position,
        rooms: vec![room],
        view: Box::new(move |_| Packet::event("tick", &payload).ok()),
    }
}
