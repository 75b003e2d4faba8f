//! One room and a publisher: what the benchmark measures. Whoever connects with `{"control":true}`
//! publishes, by the event `publish`; all others are in the room.

use std::io::Write as _;
use std::time::Duration;

use serde::Serialize;
use shopbell_engine::{
    Admission, App, Config, Connecting, Delivery, Engine, Event, Packet, Reason, Refusal, Socket,
    View,
};
use tokio::sync::mpsc;

const ROOM: &str = "all";

#[derive(Serialize)]
struct Tick {
    data: String,
}

/// Hands what is published to the one task that delivers.
struct Fanout {
    published: mpsc::UnboundedSender<()>,
}

impl App for Fanout {
    type Session = ();

    async fn connect(&self, connecting: Connecting<Self>) -> Result<Socket<Self>, Refusal> {
        let rooms = if connecting.auth().get("control").is_some() {
            vec![]
        } else {
            vec![ROOM.to_owned()]
        };
        Ok(connecting.accept(Admission::new((), View(0), rooms)))
    }

    async fn event(&self, _: &Socket<Self>, event: Event) {
        if event.name == "publish" {
            self.published.send(()).unwrap_or_default();
        }
    }

    async fn disconnect(&self, _: &Socket<Self>, _: Reason) {}
}

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() -> std::io::Result<()> {
    let (published, mut publishing) = mpsc::unbounded_channel();
    let hour = Duration::from_secs(3600);
    let config = Config {
        ping_interval: hour,
        ..Config::default()
    };
    let engine = Engine::new(config, Fanout { published });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "listening on {}", listener.local_addr()?)?;
    tokio::spawn({
        let engine = engine.clone();
        async move {
            let mut due = Vec::new();
            let mut position = 0;
            // All that is due goes out together, however much that is.
            while publishing.recv_many(&mut due, 64).await > 0 {
                let events = due.drain(..).map(|()| {
                    position += 1;
                    tick(position)
                });
                // Nothing is kept that could be read again.
                for socket in engine.deliver(events.collect()).await {
                    socket.close(Reason::SlowConsumer);
                }
            }
        }
    });
    engine.serve(listener, std::future::pending()).await
}

fn tick(position: u64) -> Delivery<'static> {
    let tick = Tick {
        data: "x".repeat(192),
    };
    Delivery {
        position,
        rooms: vec![ROOM.to_owned()],
        view: Box::new(move |_| Packet::event("tick", &tick).ok()),
    }
}
