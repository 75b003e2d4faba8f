//! A server for tests, and the application it runs.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use shopbell_engine::{
    Ack, Admission, App, Config, Connecting, Delivery, Engine, Event, Identity, JoinError, Packet,
    Reason, Refusal, Socket, View,
};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Semaphore, mpsc};

use crate::client::soon;

/// What the application was called for.
#[derive(Debug, PartialEq)]
pub(crate) enum Call {
    Connect(Value),
    Event(String, Vec<Value>),
    Disconnect(String, Reason),
}

/// Does what its clients ask for, and tells the test what it was called for.
pub(crate) struct TestApp {
    calls: mpsc::UnboundedSender<Call>,
    /// A permit lets one `wait` event, or one CONNECT with `{"wait":true}`, go on.
    pub(crate) gate: Semaphore,
}

impl App for TestApp {
    type Session = Value;

    async fn connect(&self, connecting: Connecting<Self>) -> Result<Socket<Self>, Refusal> {
        let auth = connecting.auth().clone();
        self.calls.send(Call::Connect(auth.clone())).unwrap();
        if auth["wait"] == true {
            self.gate.acquire().await.unwrap().forget();
        }
        if let Some(message) = auth["refuse"].as_str() {
            return Err(Refusal {
                message: message.to_owned(),
                data: auth["data"].clone(),
            });
        }
        assert_ne!(auth["panic"], true, "asked to");
        let headers = connecting
            .headers()
            .get("x-name")
            .map(|name| name.to_str().unwrap().to_owned());
        let rooms: Vec<String> = serde_json::from_value(auth["rooms"].clone()).unwrap_or_default();
        let view = View(auth["view"].as_u64().unwrap_or_default() as u8);
        let pid = match &auth["pid"] {
            Value::String(pid) => Some(pid.clone()),
            Value::Bool(true) => Some(connecting.fresh_pid().to_owned()),
            _ => None,
        };
        let before: Vec<u64> = serde_json::from_value(auth["before"].clone()).unwrap_or_default();
        let before = before.into_iter().map(|position| (position, at(position)));
        let session = json!({ "auth": auth, "name": headers });
        let socket = connecting.accept(Admission {
            joined: serde_json::from_value(auth["joined"].clone()).unwrap_or_default(),
            identity: pid.map(|pid| Identity {
                sid: auth["sid"].as_str().map(ToOwned::to_owned),
                pid,
            }),
            before: before.collect(),
            behind: auth["behind"].as_u64(),
            ..Admission::new(session, view, rooms)
        });
        // Never two sockets of one id, not even for a moment.
        for room in &socket.rooms() {
            let members = socket.engine().members(room);
            let same = members.iter().filter(|member| member.id() == socket.id());
            assert!(same.count() <= 1);
        }
        Ok(socket)
    }

    async fn event(&self, socket: &Socket<Self>, event: Event) {
        let Event { name, args, ack } = event;
        self.calls
            .send(Call::Event(name.clone(), args.values.clone()))
            .unwrap();
        let room = args.first().and_then(Value::as_str).unwrap_or_default();
        match name.as_str() {
            "echo" => socket.emit("echo", &args.values),
            "echo_args" => socket.emit_args("echo_args", &args),
            "give_back" => drop(ack.map(|ack| ack.send_args(&args))),
            "lengths" => {
                let bytes = args.iter().map(|arg| args.bytes(arg));
                let lengths: Vec<_> = bytes.map(|bytes| bytes.map(|bytes| bytes.len())).collect();
                socket.emit("lengths", &lengths);
            }
            "ask_args" => {
                let within = Duration::from_secs(5);
                match socket.emit_args_with_ack("question", &args, within).await {
                    Ok(answer) => socket.emit_args("answered", &answer),
                    Err(error) => socket.emit("unanswered", &error.to_string()),
                }
            }
            "tell_others" => drop(socket.broadcast().emit("told", &json!({}))),
            "session" => socket.emit("session", socket.session()),
            "join" => answer(ack, socket.join(room)),
            "join_and_answer" => {
                if let Err(error) = socket.join_and_answer(room, ack, || json!({ "joined": room }))
                {
                    socket.emit("refused", &error.to_string());
                }
            }
            "leave" => drop(ack.map(|ack| ack.send(&socket.leave(room)))),
            "rooms" => drop(ack.map(|ack| ack.send(&socket.rooms()))),
            "say" => {
                socket.to(room).emit("said", &json!({ "by": socket.id() }));
            }
            "ask" => {
                let answer = socket
                    .emit_with_ack("question", &args.values, Duration::from_secs(5))
                    .await;
                let answer = answer.map(|args| args.values);
                socket.emit("answered", &answer.map_err(|error| error.to_string()));
            }
            "wait" => self.gate.acquire().await.unwrap().forget(),
            "disconnect_me" => socket.disconnect(),
            "close_me" => socket.close(Reason::ServerClose),
            "panic" => panic!("asked to"),
            _ => drop(ack.map(|ack| ack.send(&args.values))),
        }
    }

    async fn disconnect(&self, socket: &Socket<Self>, reason: Reason) {
        assert!(socket.rooms().iter().all(|room| !socket.is_in(room)));
        self.calls
            .send(Call::Disconnect(socket.rooms().join(","), reason))
            .unwrap_or_default();
    }
}

/// The packet at a position of the journal.
pub(crate) fn at(position: u64) -> Packet {
    Packet::event_at("row", &json!({ "at": position }), &position.to_string()).unwrap()
}

fn answer(ack: Option<Ack>, result: Result<(), JoinError>) {
    if let Some(ack) = ack {
        ack.send(&result.map_err(|error| error.to_string()));
    }
}

/// A running engine.
pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    pub(crate) engine: Engine<TestApp>,
    calls: Mutex<mpsc::UnboundedReceiver<Call>>,
}

impl TestServer {
    /// With the default settings.
    pub(crate) async fn start() -> TestServer {
        TestServer::with(|_| ()).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> TestServer {
        let mut config = Config::default();
        change(&mut config);
        let (sender, calls) = mpsc::unbounded_channel();
        let engine = Engine::new(
            config,
            TestApp {
                calls: sender,
                gate: Semaphore::new(0),
            },
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn({
            let engine = engine.clone();
            async move { engine.serve(listener, std::future::pending()).await }
        });
        TestServer {
            address,
            engine,
            calls: Mutex::new(calls),
        }
    }

    /// The next call of the application.
    pub(crate) async fn call(&self) -> Call {
        soon(async { self.calls.lock().await.recv().await })
            .await
            .unwrap()
    }

    /// Delivers to sockets of which none falls behind.
    pub(crate) async fn deliver(&self, events: Vec<Delivery<'_>>) {
        assert!(self.engine.deliver(events).await.is_empty());
    }

    /// Waits for the application to be told that a socket is gone; returns why.
    pub(crate) async fn disconnected(&self) -> Reason {
        loop {
            if let Call::Disconnect(_, reason) = self.call().await {
                return reason;
            }
        }
    }

    /// Lets one waiting call go on.
    pub(crate) fn open_gate(&self) {
        self.engine.app().gate.add_permits(1);
    }
}
