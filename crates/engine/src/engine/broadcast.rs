//! Ephemeral events to many.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Error;

use super::namespace::Space;
use super::socket::Member;
use super::{App, Engine};
use crate::Args;
use crate::engine_io::{Lane, Packet};
use crate::rooms::Targets;
use crate::socket_io::encode;

/// An ephemeral event on its way to rooms, or to everyone while no room is named: a connection that
/// is short of space, half of its queue being taken, does without it. A socket that is in several of the rooms is sent it once.
///
/// For events that must not be lost see [`Engine::deliver`].
///
/// ```
/// # use shopbell_engine::{App, Engine, Socket};
/// use serde_json::json;
///
/// fn closing<A: App>(engine: &Engine<A>, minutes: u32) -> usize {
///     let data = json!({ "minutes": minutes });
///     engine.to("kitchen").to("bar").except("asleep").emit("closing", &data)
/// }
///
/// fn typing<A: App>(socket: &Socket<A>, room: &str) {
///     // To the others; and to nobody who would be told late.
///     socket.to(room).volatile().emit("typing", &json!({ "who": socket.id() }));
/// }
/// ```
#[must_use = "nothing is sent before `emit`"]
pub struct Broadcast<'a, A: App> {
    engine: &'a Engine<A>,
    space: &'a Space<A>,
    rooms: Vec<String>,
    except_rooms: Vec<String>,
    except_sockets: Vec<String>,
    lane: Lane<'static>,
    key: Option<Arc<str>>,
}

impl<'a, A: App> Broadcast<'a, A> {
    /// To everyone in a namespace.
    pub(super) fn new(engine: &'a Engine<A>, space: &'a Space<A>) -> Broadcast<'a, A> {
        Broadcast {
            engine,
            space,
            rooms: Vec::new(),
            except_rooms: Vec::new(),
            except_sockets: Vec::new(),
            lane: Lane::Ephemeral,
            key: None,
        }
    }

    /// Addresses the members of `room`, besides those of the rooms named before.
    pub fn to(mut self, room: &str) -> Broadcast<'a, A> {
        self.rooms.push(room.to_owned());
        self
    }

    /// Leaves out the members of `room`.
    pub fn except(mut self, room: &str) -> Broadcast<'a, A> {
        self.except_rooms.push(room.to_owned());
        self
    }

    /// Leaves out the socket of that id.
    pub fn except_socket(mut self, id: &str) -> Broadcast<'a, A> {
        self.except_sockets.push(id.to_owned());
        self
    }

    /// Says that the event tells of the state named `key`, of which only the newest counts: where an
    /// older one of the same key still waits for a connection, it is taken out and this one takes
    /// its room, at the end of what waits, so that a client never hears an older state after a newer
    /// one. Connections that are not short of space are sent both. Means nothing for a
    /// [volatile](Broadcast::volatile) event, which never waits.
    pub fn newest(mut self, key: &str) -> Broadcast<'a, A> {
        self.key = Some(key.into());
        self
    }

    /// Has connections do without the event that cannot take it at once: it does not wait behind
    /// other packets, nor for a client on polling to ask again.
    pub fn volatile(mut self) -> Broadcast<'a, A> {
        self.lane = Lane::Volatile;
        self
    }

    /// Sends the event with `data` as its one argument, without waiting; returns how many
    /// connections it was written to or queued for. Data that cannot be written as JSON is logged
    /// and sent to nobody.
    pub fn emit<T: Serialize + ?Sized>(self, event: &str, data: &T) -> usize {
        let packet = encode::event(&self.space.name, None, event, data);
        self.send(event, packet)
    }

    /// The same with any arguments, which may hold bytes.
    pub fn emit_args(self, event: &str, args: &Args) -> usize {
        let packet = encode::event_args(&self.space.name, None, event, args);
        self.send(event, packet)
    }

    fn send(self, event: &str, packet: Result<Packet, Error>) -> usize {
        let packet = match packet {
            Ok(packet) => packet,
            Err(error) => {
                tracing::error!(%error, event, "failed to encode an event");
                return 0;
            }
        };
        let sockets = self.space.sockets.read();
        let excepted = self.except_sockets.iter();
        let excepted: Vec<_> = excepted.filter_map(|id| sockets.get(id).cloned()).collect();
        drop(sockets);
        let lane = match (&self.key, self.lane) {
            (Some(key), Lane::Ephemeral) => Lane::Newest(key),
            (_, lane) => lane,
        };
        let mut reached = 0;
        let send = |member: Member<A>| {
            let is_excepted = || excepted.iter().any(|socket| socket.is_member(&member));
            if !is_excepted() && member.send(&packet, lane) {
                reached += 1;
            }
        };
        match self.rooms.as_slice() {
            [room] if self.except_rooms.is_empty() => self.space.rooms.walk(room).visit(send),
            _ => self.targets().for_each(send),
        }
        self.engine.0.server.counters.packets_out.add(reached);
        reached
    }
    /// The members of all rooms that are addressed, each once, without those of the rooms that are
    /// left out.
    fn targets(&self) -> impl Iterator<Item = Member<A>> {
        let mut targets = Targets::default();
        if self.rooms.is_empty() {
            for socket in self.space.sockets.read().values() {
                targets.add(socket.member().clone(), 1);
            }
        }
        for room in &self.rooms {
            let members = self.space.rooms.walk(room);
            members.visit(|member| targets.add(member, 1));
        }
        for room in &self.except_rooms {
            let members = self.space.rooms.walk(room);
            members.visit(|member| targets.except(&member));
        }
        let targets = targets.into_list().into_iter();
        targets
            .filter(|target| target.events != 0)
            .map(|target| target.member)
    }
}
