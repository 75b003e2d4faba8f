//! The application: rooms with their recent messages, and who is in them.
//!
//! A client connects with `auth: { name }`, and sends, each with a room's name and an acknowledgement:
//!
//! * `join`: answered with the room's recent messages; what is said after them follows as `said`, none missing;
//! * `say`, with a text: told to the room as `said`;
//! * `typing`: told to the others as `typing`;
//! * `leave`.
//!
//! The room hears `people` whenever somebody comes or goes. What cannot be done is answered with `{ error }`.

use std::collections::{BTreeSet, HashMap, VecDeque};

use serde::Serialize;
use serde_json::{Value, json};
use shopbell_engine::{
    Admission, App, Args, Config, Connecting, Delivery, Engine, Event, Packet, Reason, Refusal,
    Socket, View,
};
use tokio::sync::Mutex;

/// Messages that a room remembers.
const HISTORY: usize = 50;
/// Longest name of a person or of a room, in characters.
const MAX_NAME: usize = 32;
/// Longest text, in characters.
const MAX_TEXT: usize = 2_000;

/// The settings that the chat is meant for.
pub(crate) fn config() -> Config {
    Config {
        rooms_per_socket: 10,
        ..Config::default()
    }
}

#[derive(Default)]
pub(crate) struct Chat {
    /// Locked around everything that joins, leaves or delivers, so that a room's history, its members and what they are
    /// sent agree.
    rooms: Mutex<Rooms>,
}

/// The rooms that somebody is in.
#[derive(Default)]
struct Rooms {
    history: HashMap<String, VecDeque<Said>>,
    /// The position of the last event delivered.
    position: u64,
}

#[derive(Clone, Serialize)]
struct Said {
    room: String,
    by: String,
    text: String,
}

/// A person, by name.
pub(crate) struct Person(String);

impl App for Chat {
    type Session = Person;

    async fn connect(&self, connecting: Connecting<Self>) -> Result<Socket<Self>, Refusal> {
        let Some(name) = name(connecting.auth().get("name")) else {
            let limits = json!({ "max_characters": MAX_NAME });
            return Err(Refusal::new("bad_name", &limits));
        };
        Ok(connecting.accept(Admission::new(Person(name), View(0), [])))
    }

    async fn event(&self, socket: &Socket<Self>, event: Event) {
        let mut rooms = self.rooms.lock().await;
        let answer = rooms.answer(socket, &event.name, &event.args).await;
        // Under the lock, so that nothing is said between a history and the first `said` after it.
        let Some(ack) = event.ack else { return };
        match answer {
            Ok(answer) => ack.send(&answer),
            Err(error) => ack.send(&json!({ "error": error })),
        }
    }

    async fn disconnect(&self, socket: &Socket<Self>, _: Reason) {
        let mut rooms = self.rooms.lock().await;
        // It has left them already.
        for room in socket.rooms() {
            rooms.left(socket.engine(), &room).await;
        }
    }
}

impl Rooms {
    async fn answer(
        &mut self,
        socket: &Socket<Chat>,
        event: &str,
        args: &Args,
    ) -> Result<Value, &'static str> {
        let engine = socket.engine();
        let room = name(args.first()).ok_or("bad_room")?;
        match event {
            "join" => {
                // One that is gone does not hear the answer, whatever it is.
                socket.join(&room).map_err(|_| "too_many_rooms")?;
                let history = self.history.entry(room.clone()).or_default();
                let answer = json!({ "history": history });
                self.tell_people(engine, &room).await;
                Ok(answer)
            }
            "leave" => {
                if socket.leave(&room) {
                    self.left(engine, &room).await;
                }
                Ok(json!({}))
            }
            _ if !socket.is_in(&room) => Err("not_in_room"),
            "say" => {
                let text = text(args.get(1)).ok_or("bad_text")?;
                let by = socket.session().0.clone();
                self.say(engine, Said { room, by, text }).await;
                Ok(json!({}))
            }
            "typing" => {
                // True for a moment only: whoever is short of space does without it.
                let typing = json!({ "room": room, "by": socket.session().0 });
                socket.to(&room).emit("typing", &typing);
                Ok(json!({}))
            }
            _ => Err("unknown_event"),
        }
    }

    async fn say(&mut self, engine: &Engine<Chat>, said: Said) {
        if let Some(history) = self.history.get_mut(&said.room) {
            if history.len() == HISTORY {
                history.pop_front();
            }
            history.push_back(said.clone());
        }
        self.deliver(engine, &said.room, "said", &said).await;
    }

    /// Somebody has left the room. What was said in a room that nobody is in is forgotten.
    async fn left(&mut self, engine: &Engine<Chat>, room: &str) {
        if engine.members(room).is_empty() {
            self.history.remove(room);
        } else {
            self.tell_people(engine, room).await;
        }
    }

    /// Tells a room who is in it. Who has it open twice is there once.
    async fn tell_people(&mut self, engine: &Engine<Chat>, room: &str) {
        let members = engine.members(room);
        let names: BTreeSet<&str> = members.iter().map(|each| &*each.session().0).collect();
        let people = json!({ "room": room, "people": names });
        self.deliver(engine, room, "people", &people).await;
    }

    /// Sends a room what must not be missed. A client that has no room left for it is made to come back, and reads the
    /// history when it joins again.
    async fn deliver(
        &mut self,
        engine: &Engine<Chat>,
        room: &str,
        event: &str,
        data: &(impl Serialize + Sync),
    ) {
        self.position += 1;
        let delivery = Delivery {
            position: self.position,
            rooms: vec![room.to_owned()],
            view: Box::new(|_| Packet::event(event, data).ok()),
        };
        for socket in engine.deliver(vec![delivery]).await {
            socket.close(Reason::SlowConsumer);
        }
    }
}

/// The name of a person or a room: something to read, and not too much of it.
fn name(value: Option<&Value>) -> Option<String> {
    let name = value?.as_str()?.trim();
    let is_good =
        !name.is_empty() && name.chars().count() <= MAX_NAME && !name.chars().any(char::is_control);
    is_good.then(|| name.to_owned())
}

fn text(value: Option<&Value>) -> Option<String> {
    let text = value?.as_str()?;
    let is_good = !text.trim().is_empty() && text.chars().count() <= MAX_TEXT;
    is_good.then(|| text.to_owned())
}
