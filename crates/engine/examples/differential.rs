//! The application that the differential test of `web/e2e` runs against both the reference server
//! and this one; its twin is `web/e2e/differential/reference.ts`, and says what each event does.
//!
//! `differential PING_INTERVAL PING_TIMEOUT CONNECT_TIMEOUT UPGRADE_TIMEOUT` (milliseconds) listens on
//! a free port of 127.0.0.1 and prints `listening on PORT`.

#![expect(clippy::print_stdout, reason = "this is how a test learns the port")]

use std::time::Duration;

use serde_json::{Value, json};
use shopbell_engine::{
    Admission, App, Args, Config, Connecting, Engine, Event, Origins, Reason, Refusal, Socket, View,
};
use tokio::net::TcpListener;

/// Time that a client has to answer a `question`.
const PATIENCE: Duration = Duration::from_millis(300);

struct Differential;

impl App for Differential {
    /// Which room is told how the socket ends.
    type Session = Option<String>;

    async fn connect(&self, connecting: Connecting<Self>) -> Result<Socket<Self>, Refusal> {
        let auth = connecting.auth().clone();
        if ["/refusing", "/fence"].contains(&connecting.namespace()) || auth.get("refuse").is_some()
        {
            let data = json!({ "code": "not_today", "auth": auth });
            return Err(Refusal::new("refused", &data));
        }
        let tell = auth.get("tell").and_then(Value::as_str).map(str::to_owned);
        let socket = connecting.accept(Admission::new(tell, View(0), []));
        socket.emit("auth", &auth);
        for number in 1..=3 {
            socket.emit("number", &number);
        }
        Ok(socket)
    }

    async fn event(&self, socket: &Socket<Self>, event: Event) {
        let Event { name, args, ack } = event;
        let text = |at: usize| args.get(at).and_then(Value::as_str).unwrap_or_default();
        let data = args.get(1).cloned().unwrap_or_default();
        let Some(namespace) = socket.engine().of(socket.namespace()) else {
            return;
        };
        match (name.as_str(), ack) {
            ("echo", Some(ack)) => ack.send_args(&args),
            ("echo", None) => socket.emit_args("echo", &args),
            ("ask", _) => {
                tokio::spawn(ask(socket.clone(), args));
            }
            ("join", _) => {
                let joined = socket.join(text(0)).is_ok();
                socket.emit("joined", &joined);
            }
            ("leave", _) => {
                socket.leave(text(0));
                socket.emit("left", &true);
            }
            ("to", _) => drop(socket.to(text(0)).emit("told", &data)),
            ("in", _) => drop(namespace.to(text(0)).emit("told", &data)),
            ("except", _) => drop(namespace.everyone().except(text(0)).emit("told", &data)),
            ("all", _) => drop(namespace.everyone().emit("told", &data)),
            ("broadcast", _) => drop(socket.broadcast().emit("told", &data)),
            ("volatile", _) => drop(namespace.to(text(0)).volatile().emit("told", &data)),
            ("dismiss", _) => socket.disconnect(),
            _ => {}
        }
    }

    async fn disconnect(&self, socket: &Socket<Self>, reason: Reason) {
        if let Some(room) = socket.session() {
            let _ = socket.engine().to(room).emit("gone", &reason.as_str());
        }
    }
}

/// Asks the client, and tells it what it has answered.
async fn ask(socket: Socket<Differential>, args: Args) {
    match socket.emit_args_with_ack("question", &args, PATIENCE).await {
        Ok(answer) => socket.emit_args("answered", &answer),
        Err(_) => socket.emit("unanswered", &true),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut times = std::env::args().skip(1);
    let mut time = || {
        let millis = times.next().ok_or("four times are needed")?.parse()?;
        Ok::<_, Box<dyn std::error::Error>>(Duration::from_millis(millis))
    };
    let config = Config {
        ping_interval: time()?,
        ping_timeout: time()?,
        connect_timeout: time()?,
        upgrade_timeout: time()?,
        max_payload: 10_000,
        namespaces: ["/custom", "/refusing", "/fence"].map(str::to_owned).into(),
        origins: Origins::SameHostOr(vec!["http://page.example".to_owned()]),
        ..Config::default()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on {}", listener.local_addr()?.port());
    let engine = Engine::new(config, Differential);
    engine.serve(listener, std::future::pending()).await?;
    Ok(())
}
