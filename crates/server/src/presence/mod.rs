//! Who is online, who has which order open, and who types: told to others, never stored.
//!
//! Everything here enters at the bus. Timers are tasks that live as long as what they wait for.

mod people;
mod typing;

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use serde::Serialize;
use shopbell_bus::{Bus, Ephemeral};
use shopbell_domain::Actor;
use shopbell_protocol::{
    PresentUser, Room, ShopId, TypingStart, UserId, UserPresence, UserPresenceUpdate, Viewer,
    ViewerStatus, WorkOrderId, name,
};

use crate::clock::Clock;
use people::{Edge, People};
use typing::Typing;

/// How long a tab that is gone still counts.
const GRACE: Duration = Duration::from_secs(5);
/// Tabs whose grace ends at once at most: the bus has room for what each of them may have to tell.
const AT_ONCE: usize = 128;

/// Presence on this node. Cheap to clone; all clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Presence {
    bus: Bus,
    clock: Clock,
    people: Arc<Mutex<People>>,
    gone: Arc<Mutex<VecDeque<Gone>>>,
    typing: Typing,
}

/// A socket that is gone and still counts.
#[derive(Debug)]
struct Gone {
    actor: Actor,
    socket: Box<str>,
    since: Instant,
}

impl Presence {
    pub(crate) fn new(bus: Bus, clock: Clock) -> Self {
        Self {
            typing: Typing::default(),
            people: Arc::default(),
            gone: Arc::default(),
            bus,
            clock,
        }
    }

    /// A socket has connected; gives whom it is told of.
    pub(crate) fn connected(&self, actor: &Actor, socket: &str) -> Vec<PresentUser> {
        let now = Instant::now();
        let mut people = self.people.lock();
        self.tell(people.connected(actor, socket, now));
        people.snapshot(actor, now)
    }

    /// A socket has come back as itself, into these rooms; gives whom it is told of.
    pub(crate) fn resumed(&self, actor: &Actor, socket: &str, rooms: &[Room]) -> Vec<PresentUser> {
        let now = Instant::now();
        let mut people = self.people.lock();
        self.tell(people.resumed(actor, socket, rooms, now));
        people.snapshot(actor, now)
    }

    /// A socket is gone. What it typed stops at once; the rest lingers for the grace.
    pub(crate) fn disconnected(&self, actor: &Actor, socket: &str) {
        for (room, typist) in self.typing.stop_all(socket) {
            self.tell_typing_stopped(&typist, room);
        }
        let since = Instant::now();
        self.people.lock().disconnected(actor, socket, since);
        let mut gone = self.gone.lock();
        gone.push_back(Gone {
            actor: actor.clone(),
            socket: socket.into(),
            since,
        });
        if gone.len() == 1 {
            tokio::spawn(self.clone().forget());
        }
    }

    /// Forgets those whose grace is over, one after another, until nobody is left: when all go at once, there is one timer.
    async fn forget(self) {
        let next = || self.gone.lock().front().map(|gone| gone.since + GRACE);
        while let Some(end) = next() {
            tokio::time::sleep(end.saturating_duration_since(Instant::now())).await;
            if self.forget_some() {
                return;
            }
        }
    }

    /// Forgets some of those whose grace is over, no more than the bus passes on at once; returns whether nobody is left.
    fn forget_some(&self) -> bool {
        let mut gone = self.gone.lock();
        let now = Instant::now();
        for _ in 0..AT_ONCE {
            let Some(gone) = gone.pop_front_if(|gone| gone.since + GRACE <= now) else {
                break;
            };
            let mut people = self.people.lock();
            self.tell(people.forget(&gone.actor, &gone.socket, gone.since));
        }
        if gone.is_empty() {
            // Who goes from now on starts another task.
            *gone = VecDeque::new();
        }
        gone.is_empty()
    }

    /// A socket has sent something.
    pub(crate) fn active(&self, actor: &Actor, socket: &str) {
        self.people.lock().active(actor, socket, Instant::now());
    }

    /// A socket has joined a room.
    pub(crate) fn joined(&self, actor: &Actor, socket: &str, room: Room) {
        self.people.lock().joined(actor, socket, room);
    }

    /// A socket says what it does with an order whose room it is in.
    pub(crate) fn views(
        &self,
        actor: &Actor,
        socket: &str,
        order: WorkOrderId,
        status: ViewerStatus,
    ) {
        let mut people = self.people.lock();
        self.tell(people.views(actor, socket, order, status));
    }

    /// A socket has left a room.
    pub(crate) fn left(&self, actor: &Actor, socket: &str, room: Room) {
        self.stop_typing(actor, socket, room);
        let mut people = self.people.lock();
        self.tell(people.left(actor, socket, room));
    }

    /// The other people in a room, and what they do there.
    pub(crate) fn viewers(&self, reader: &Actor, room: Room) -> Vec<Viewer> {
        self.people.lock().viewers(reader, room)
    }

    /// A socket types in a room that it is in. Unless it says so again, it has stopped six seconds later.
    pub(crate) fn start_typing(&self, actor: &Actor, socket: &str, room: Room, start: TypingStart) {
        if self.typing.start(actor, socket, room) {
            let (presence, socket) = (self.clone(), socket.to_owned());
            tokio::spawn(async move {
                if let Some(typist) = presence.typing.expire(&socket, room).await {
                    presence.tell_typing_stopped(&typist, room);
                }
            });
        }
        self.tell_typing(name::USER_TYPING_START, actor, room, start);
    }

    /// A socket has stopped typing, if it was.
    pub(crate) fn stop_typing(&self, actor: &Actor, socket: &str, room: Room) {
        if self.typing.stop(socket, room) {
            self.tell_typing_stopped(actor, room);
        }
    }

    /// Whether a person is online, the grace included.
    pub(crate) fn is_online(&self, shop: ShopId, user: UserId) -> bool {
        self.people.lock().is_online(shop, user)
    }

    /// How many people of all shops are online.
    pub(crate) fn count(&self) -> usize {
        self.people.lock().count()
    }

    /// Everyone online in a shop, with their open connections.
    pub(crate) fn online(&self, shop: ShopId) -> Vec<(Actor, usize)> {
        self.people.lock().online(shop)
    }

    /// Publishes in the order in which it happened: call it while the table is locked.
    fn tell(&self, edges: impl IntoIterator<Item = Edge>) {
        for edge in edges {
            match edge {
                Edge::Online(actor) => self.tell_presence(name::USER_ONLINE, &actor),
                Edge::Offline(actor) => self.tell_presence(name::USER_OFFLINE, &actor),
                Edge::Viewer(actor, work_order_id, status) => {
                    let update = UserPresenceUpdate {
                        user_id: actor.id,
                        user_name: actor.name.clone(),
                        status,
                        work_order_id,
                        timestamp: self.clock.now(),
                    };
                    let room = Room::WorkOrder(work_order_id);
                    self.publish(
                        &actor,
                        vec![room],
                        &format!("viewing {room}"),
                        name::USER_PRESENCE_UPDATE,
                        &update,
                    );
                }
            }
        }
    }

    fn tell_presence(&self, event: &str, actor: &Actor) {
        let payload = UserPresence {
            user_id: actor.id,
            user_name: actor.name.clone(),
            role: actor.role,
            timestamp: self.clock.now(),
        };
        self.publish(
            actor,
            vec![Room::Role(actor.role), Room::Admin],
            "online",
            event,
            &payload,
        );
    }

    fn tell_typing_stopped(&self, actor: &Actor, room: Room) {
        let nothing = TypingStart {
            room_name: room.to_string(),
            message: None,
            field: None,
        };
        self.tell_typing(name::USER_TYPING_STOP, actor, room, nothing);
    }

    fn tell_typing(&self, event: &str, actor: &Actor, room: Room, start: TypingStart) {
        let payload = shopbell_protocol::UserTyping {
            user_id: actor.id,
            user_name: actor.name.clone(),
            room_name: room.to_string(),
            message: start.message,
            field: start.field,
            timestamp: self.clock.now(),
        };
        let state = format!("typing {room}");
        self.publish(actor, vec![room], &state, event, &payload);
    }

    /// To these rooms, without any of the person's own sockets. Of a `state` of the person a slow reader is told the newest
    /// alone.
    fn publish(
        &self,
        actor: &Actor,
        rooms: Vec<Room>,
        state: &str,
        event: &str,
        payload: &impl Serialize,
    ) {
        match serde_json::to_string(payload) {
            Ok(payload) => self.bus.publish(Ephemeral {
                shop: actor.shop,
                rooms,
                except: Some(actor.id),
                newest: Some(format!("{} {state}", actor.id)),
                event: event.to_owned(),
                payload,
            }),
            Err(error) => tracing::error!("failed to encode {event}: {error}"),
        }
    }
}
