//! Namespaces: each with its own sockets and rooms.

use std::sync::Arc;

use parking_lot::RwLock;
use serde::Serialize;

use super::socket::Member;
use super::{App, Broadcast, Delivery, Engine, Socket};
use crate::Args;
use crate::by_id::ById;
use crate::engine_io::Packet;
use crate::rooms::Rooms;
use crate::socket_io::encode;

/// What belongs to one namespace.
pub(super) struct Space<A: App> {
    pub(super) name: Box<str>,
    pub(super) rooms: Rooms<Member<A>>,
    pub(super) sockets: RwLock<ById<Socket<A>>>,
}

impl<A: App> Space<A> {
    pub(super) fn new(name: &str) -> Space<A> {
        Space {
            name: name.into(),
            rooms: Rooms::default(),
            sockets: RwLock::default(),
        }
    }
}

/// One of the namespaces of an engine. What [`Engine`] does for `/`, this does for any.
pub struct Namespace<'a, A: App> {
    engine: &'a Engine<A>,
    space: &'a Space<A>,
}

impl<'a, A: App> Namespace<'a, A> {
    pub(super) fn new(engine: &'a Engine<A>, space: &'a Space<A>) -> Namespace<'a, A> {
        Namespace { engine, space }
    }

    /// Its name.
    pub fn name(&self) -> &'a str {
        &self.space.name
    }

    /// Encodes the event `name` with `data` as its one argument, for any number of connections of
    /// this namespace. Fails when `data` cannot be written as JSON.
    pub fn packet<T: Serialize + ?Sized>(
        &self,
        name: &str,
        data: &T,
    ) -> Result<Packet, serde_json::Error> {
        encode::event(&self.space.name, None, name, data)
    }

    /// The same with any arguments, which may hold bytes. A string at their end may be an offset:
    /// see [`Packet::event_at`].
    pub fn packet_args(&self, name: &str, args: &Args) -> Result<Packet, serde_json::Error> {
        encode::event_args(&self.space.name, None, name, args)
    }

    /// The same with one argument and an offset: see [`Packet::event_at`].
    pub fn packet_at<T: Serialize + ?Sized>(
        &self,
        name: &str,
        data: &T,
        offset: &str,
    ) -> Result<Packet, serde_json::Error> {
        encode::event_at(&self.space.name, name, data, offset)
    }

    /// See [`Engine::everyone`].
    pub fn everyone(&self) -> Broadcast<'a, A> {
        Broadcast::new(self.engine, self.space)
    }

    /// See [`Engine::to`].
    pub fn to(&self, room: &str) -> Broadcast<'a, A> {
        self.everyone().to(room)
    }

    /// See [`Engine::deliver`]. The packets must be this namespace's: see [`Namespace::packet`].
    #[must_use = "the sockets that fell behind are sent nothing more by deliveries"]
    pub async fn deliver(&self, events: Vec<Delivery<'_>>) -> Vec<Socket<A>> {
        self.engine.deliver_in(self.space, events).await
    }

    /// See [`Engine::socket`].
    pub fn socket(&self, id: &str) -> Option<Socket<A>> {
        self.space.sockets.read().get(id).cloned()
    }

    /// See [`Engine::sockets`].
    pub fn sockets(&self) -> Vec<Socket<A>> {
        self.space.sockets.read().values().cloned().collect()
    }

    /// See [`Engine::members`].
    pub fn members(&self, room: &str) -> Vec<Socket<A>> {
        let members = self.space.rooms.members(room);
        members.into_iter().map(Socket::from_member).collect()
    }

    /// See [`Engine::rooms`].
    pub fn rooms(&self) -> Vec<(Arc<str>, usize)> {
        self.space.rooms.sizes()
    }
}

impl<A: App> Clone for Namespace<'_, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A: App> Copy for Namespace<'_, A> {}

impl<A: App> std::fmt::Debug for Namespace<'_, A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Namespace").field(&self.space.name).finish()
    }
}
