//! What the public protocol suites of Engine.IO and Socket.IO are run against: an echo of messages
//! at `/engine.io/`, and Socket.IO with the namespaces `/` and `/custom` at `/socket.io/`. Listens
//! on `$PORT` of both loopback addresses, 3000 by default.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use serde_json::Value;
use shopbell_engine::messages::{Link, Message, Messages, Receiver};
use shopbell_engine::{
    Admission, App, Config, Connecting, Engine, Event, Reason, Refusal, Socket, View, http,
};
use tokio::net::TcpListener;

/// Sends back each message.
struct Echo;

impl Receiver for Echo {
    fn message(&self, link: &Link<Self>, message: Message<'_>) {
        link.send(message);
    }
}

/// Sends back the arguments of events, and the payload of CONNECT.
struct Conformance;

impl App for Conformance {
    type Session = ();

    async fn connect(&self, connecting: Connecting<Self>) -> Result<Socket<Self>, Refusal> {
        let auth: Value = connecting.auth().clone();
        let socket = connecting.accept(Admission::new((), View(0), []));
        socket.emit("auth", &auth);
        Ok(socket)
    }

    async fn event(&self, socket: &Socket<Self>, event: Event) {
        match (event.name.as_str(), event.ack) {
            ("message", _) => socket.emit_args("message-back", &event.args),
            ("message-with-ack", Some(ack)) => ack.send_args(&event.args),
            _ => {}
        }
    }

    async fn disconnect(&self, _: &Socket<Self>, _: Reason) {}
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = match std::env::var("PORT") {
        Ok(port) => port.parse()?,
        Err(_) => 3000,
    };
    let config = Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        connect_timeout: Duration::from_secs(1),
        max_payload: 1_000_000,
        namespaces: vec!["/custom".to_owned()],
        ..Config::default()
    };
    let router = axum::Router::new()
        .route_service("/engine.io/", Messages::new(config.clone(), Echo))
        .route_service("/socket.io/", Engine::new(config, Conformance).service());
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
