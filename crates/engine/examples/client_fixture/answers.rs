//! What the events of clients are answered with.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use shopbell_engine::{Args, Event, Socket};

use super::Fixture;

/// Time in which an event of the server is to be acknowledged.
const ACK: Duration = Duration::from_secs(10);

impl Fixture {
    pub(crate) fn answer(&self, socket: &Socket<Self>, event: Event) {
        let Event { name, args, ack } = event;
        match (socket.namespace(), name.as_str(), ack) {
            ("/" | "/foo", "getId", Some(ack)) => ack.send(socket.id()),
            ("/", "echo", Some(ack)) => ack.send_args(&args),
            ("/", "getAckDate", Some(ack)) => ack.send(&now()),
            ("/", "getHandshake", Some(ack)) => ack.send(&socket.session().handshake),
            ("/", name, _) => self.answer_with_event(socket, name, &args),
            _ => {}
        }
    }

    fn answer_with_event(&self, socket: &Socket<Self>, name: &str, args: &Args) {
        let emit = |name, values: Vec<Value>| self.emit(socket, name, values.into());
        let emit_bytes = |name| {
            let mut args = Args::default();
            let bytes = args.attach(&b"asdfasdf"[..]);
            args.values.push(bytes);
            self.emit(socket, name, args);
        };
        let heard = |name| socket.session().heard.lock().contains(name);
        let hear = |name| socket.session().heard.lock().insert(name);
        let is_binary = |value: &Value| args.bytes(value).is_some();
        let first = args.first().unwrap_or(&Value::Null);
        // JSON with bytes in the midst of it.
        let is_mixed =
            first["hello"] == "lol" && is_binary(&first["message"]) && first["goodbye"] == "gotcha";
        match name {
            "hi" => emit("hi", vec![]),
            "ack" => ask(socket.clone()),
            "getDate" => emit("takeDate", vec![now().into()]),
            "getDateObj" => emit("takeDateObj", vec![json!({ "date": now() })]),
            "getUtf8" => {
                let texts = [
                    "てすと",
                    "Я Б Г Д Ж Й",
                    "Ä ä Ü ü ß",
                    "utf8 — string",
                    "utf8 — string",
                ];
                for text in texts {
                    emit("takeUtf8", vec![text.into()]);
                }
            }
            "false" => emit("false", vec![false.into()]),
            "doge" => emit_bytes("doge"),
            "getbin" => emit_bytes("takebin"),
            "buffa" if is_binary(first) => emit("buffack", vec![]),
            "blob" if is_binary(first) => emit("back", vec![]),
            "jsonbuff" if is_mixed => emit("jsonbuff-ack", vec![]),
            "jsonblob" if is_mixed => emit("jsonblob-ack", vec![]),
            "abuff1" if is_binary(first) => drop(hear("abuff1")),
            "abuff2" if heard("abuff1") => emit("abuff2-ack", vec![]),
            "blob1" if is_binary(first) => drop(hear("blob1")),
            "blob2" if heard("blob1") && first == "second" => drop(hear("blob2")),
            "blob3" if heard("blob2") && is_binary(first) => emit("blob3-ack", vec![]),
            _ => {}
        }
    }
}

/// Asks the client for an acknowledgement of two values, and says so when they are right. Its other
/// events are answered meanwhile.
fn ask(socket: Socket<Fixture>) {
    tokio::spawn(async move {
        let asked = socket
            .emit_args_with_ack("ack", &Args::default(), ACK)
            .await;
        let answer = asked.unwrap_or_default();
        let is_right = |second: &Value| second["test"] == true;
        if answer.first() == Some(&json!(5)) && answer.get(1).is_some_and(is_right) {
            let fixture = socket.engine().app();
            fixture.emit(&socket, "got it", Args::default());
        }
    });
}

fn now() -> String {
    format!("{:.3}", Timestamp::now())
}
