//! Ephemeral events to rooms.

use serde::Serialize;

use super::{App, Engine};
use crate::engine_io::{Lane, Packet};
use crate::rooms::Targets;

/// An ephemeral event on its way to rooms: a connection that is short of space does without it. A
/// socket that is in several of the rooms is sent it once.
///
/// For events that must not be lost see [`Engine::deliver`].
#[must_use = "nothing is sent before `emit`"]
pub struct Broadcast<'a, A: App> {
    engine: &'a Engine<A>,
    rooms: Vec<String>,
    except_rooms: Vec<String>,
    except_sockets: Vec<String>,
}

impl<'a, A: App> Broadcast<'a, A> {
    pub(super) fn new(engine: &'a Engine<A>, room: &str) -> Broadcast<'a, A> {
        Broadcast {
            engine,
            rooms: vec![room.to_owned()],
            except_rooms: Vec::new(),
            except_sockets: Vec::new(),
        }
    }

    /// Addresses the members of `room` too.
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

    /// Sends the event with `data` as its one argument, without waiting; returns how many
    /// connections it was written to or queued for. Data that cannot be written as JSON is logged
    /// and sent to nobody.
    pub fn emit<T: Serialize + ?Sized>(self, event: &str, data: &T) -> usize {
        let packet = match Packet::event(event, data) {
            Ok(packet) => packet,
            Err(error) => {
                tracing::error!(%error, event, "failed to encode an event");
                return 0;
            }
        };
        let engine = &self.engine.0;
        let is_plain =
            self.rooms.len() == 1 && self.except_rooms.is_empty() && self.except_sockets.is_empty();
        let mut targets = Targets::new(is_plain);
        for room in &self.rooms {
            engine.rooms.walk(room, |member| targets.add(member, 1));
        }
        for room in &self.except_rooms {
            engine.rooms.walk(room, |member| targets.except(&member));
        }
        for id in &self.except_sockets {
            if let Some(socket) = self.engine.socket(id) {
                targets.except(socket.member());
            }
        }
        let packets = [packet];
        let reached = targets
            .into_list()
            .into_iter()
            .filter(|target| target.events != 0 && target.member.send(&packets, Lane::Ephemeral))
            .count();
        engine.server.counters.packets_out.add(reached);
        reached
    }
}
