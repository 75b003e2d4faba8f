//! Engine.IO alone: an echo.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::client::{Heard, Polling, Ws, soon};
use shopbell_engine::messages::{Link, Message, Messages, Receiver};
use shopbell_engine::{Config, Reason, http};

/// Sends back what it receives, and tells the test how sessions end.
struct Echo(mpsc::UnboundedSender<Reason>);

impl Receiver for Echo {
    fn message(&self, link: &Link<Self>, message: Message<'_>) {
        match message {
            Message::Text("close") => link.close(),
            Message::Text("panic") => panic!("asked to"),
            _ => link.send(message),
        }
    }

    fn closed(&self, _: &Link<Self>, reason: Reason) {
        self.0.send(reason).unwrap();
    }
}

struct EchoServer {
    address: SocketAddr,
    messages: Messages<Echo>,
    ends: mpsc::UnboundedReceiver<Reason>,
}

impl EchoServer {
    async fn start(config: Config) -> EchoServer {
        let (sender, ends) = mpsc::unbounded_channel();
        let messages = Messages::new(config, Echo(sender));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let forever = std::future::pending();
        tokio::spawn(http::serve(
            listener,
            messages.clone(),
            http::Limits::default(),
            forever,
            Duration::ZERO,
        ));
        EchoServer {
            address,
            messages,
            ends,
        }
    }

    async fn ended(&mut self) -> Reason {
        soon(self.ends.recv()).await.unwrap()
    }
}

async fn opened(server: &EchoServer) -> Ws {
    let mut ws = Ws::open(server.address).await;
    assert!(ws.hear().await.starts_with("0{"));
    ws
}

#[tokio::test]
async fn a_polling_body_of_text_and_bytes_comes_back_in_one() {
    let server = EchoServer::start(Config::default()).await;
    let client = Polling::open(server.address).await;
    for body in [
        "4hello",
        "4test1\x1e4test2\x1e4test3",
        "4hello\x1ebAQIDBA==",
        "b\x1e4",
    ] {
        client.say(body).await;
        assert_eq!(client.hear().await, body);
    }
}

#[tokio::test]
async fn text_and_bytes_come_back_over_a_websocket() {
    let server = EchoServer::start(Config::default()).await;
    let mut ws = opened(&server).await;
    ws.say("4hello").await;
    assert_eq!(ws.hear().await, "4hello");
    for len in [0, 1, 125, 126, 65_535, 65_536] {
        let bytes = vec![len as u8; len];
        ws.say_bytes(&bytes).await;
        assert_eq!(ws.hear_bytes().await, bytes);
    }
}

#[tokio::test]
async fn bytes_survive_an_upgrade() {
    let server = EchoServer::start(Config::default()).await;
    let client = Polling::open(server.address).await;
    let target = client.target.replace("polling", "websocket");
    let mut ws = Ws::handshake(server.address, &target, "").await.unwrap();
    ws.say("2probe").await;
    assert_eq!(ws.hear().await, "3probe");
    client.say("bAQID\x1e4two").await;
    ws.say("5").await;
    assert_eq!(ws.hear_bytes().await, [1, 2, 3]);
    assert_eq!(ws.hear().await, "4two");
}

#[tokio::test]
async fn a_malformed_packet_closes_its_session() {
    let mut server = EchoServer::start(Config::default()).await;
    let client = Polling::open(server.address).await;
    for body in ["abc", "b!", "bAQ=", "bAQID\x1eabc"] {
        let client = Polling::open(server.address).await;
        assert_eq!(client.post(body).await.status, 400, "{body}");
        assert_eq!(client.get().await.status, 400, "{body}");
        assert_eq!(server.ended().await, Reason::ParseError, "{body}");
    }
    let mut ws = opened(&server).await;
    ws.say("bAQID").await;
    assert_eq!(ws.next().await, Heard::Close(Some(1002)));
    assert_eq!(server.ended().await, Reason::ParseError);
    client.say("4still here").await;
    assert_eq!(client.hear().await, "4still here");
}

#[tokio::test]
async fn a_session_need_not_connect_and_is_told_to_have_closed_once() {
    let mut server = EchoServer::start(Config {
        connect_timeout: Duration::from_millis(20),
        ping_interval: Duration::from_millis(100),
        ..Config::default()
    })
    .await;
    let mut ws = opened(&server).await;
    assert_eq!(ws.hear().await, "2");
    ws.say("3").await;
    ws.say("4close").await;
    assert_eq!(ws.next().await, Heard::Close(Some(1000)));
    drop(ws);
    assert_eq!(server.ended().await, Reason::ServerClose);
    let mut ws = opened(&server).await;
    ws.say("1").await;
    ws.hear_close().await;
    drop(ws);
    assert_eq!(server.ended().await, Reason::TransportClose);
    server.messages.drain(Duration::ZERO).await;
    assert!(server.ends.try_recv().is_err());
}

#[tokio::test]
async fn a_receiver_that_panics_closes_its_session_and_nothing_else() {
    let mut server = EchoServer::start(Config::default()).await;
    let mut witness = opened(&server).await;
    let mut ws = opened(&server).await;
    ws.say("4panic").await;
    ws.hear_close().await;
    assert_eq!(server.ended().await, Reason::ServerClose);
    let client = Polling::open(server.address).await;
    client.post("4panic").await;
    assert_eq!(server.ended().await, Reason::ServerClose);
    witness.say("4hello").await;
    assert_eq!(witness.hear().await, "4hello");
}
