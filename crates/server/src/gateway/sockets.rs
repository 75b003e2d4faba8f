//! What REST may ask of the open sockets. It never emits a durable event.

use std::collections::BTreeSet;

use shopbell_bus::{Bus, Ephemeral};
use shopbell_engine::{Engine, Socket};
use shopbell_protocol::{Room, RoomSize, ShopId, UserId};

use super::Gateway;
use crate::presence::Presence;

/// The open sockets, seen from REST.
#[derive(Clone, Debug)]
pub(crate) struct Sockets {
    bus: Bus,
    engine: Engine<Gateway>,
    presence: Presence,
}

impl Sockets {
    pub(crate) const fn new(bus: Bus, engine: Engine<Gateway>, presence: Presence) -> Self {
        Self {
            bus,
            engine,
            presence,
        }
    }

    /// Who is online.
    pub(crate) const fn presence(&self) -> &Presence {
        &self.presence
    }

    /// The rooms of a shop, by name.
    pub(crate) fn rooms(&self, shop: ShopId) -> Vec<RoomSize> {
        let rooms = self.engine.rooms().into_iter();
        let mut rooms: Vec<_> = rooms
            .filter_map(|(key, members)| {
                Some(RoomSize {
                    name: Room::of_key(&key, shop)?.to_string(),
                    members,
                })
            })
            .collect();
        rooms.sort_by(|one, other| one.name.cmp(&other.name));
        rooms
    }

    /// The rooms that a user's sockets are in, by name.
    pub(crate) fn rooms_of(&self, shop: ShopId, user: UserId) -> BTreeSet<String> {
        let sockets = self.of_user(shop, user);
        let keys = sockets.iter().flat_map(Socket::rooms);
        keys.filter_map(|key| Some(Room::of_key(&key, shop)?.to_string()))
            .collect()
    }

    /// Sends a test event to a room; gives how many connections it was for.
    pub(crate) fn publish(&self, shop: ShopId, room: Room, event: &str, payload: String) -> usize {
        let delivered = self.engine.members(&room.key(shop)).len();
        let event = event.to_owned();
        self.bus.publish(Ephemeral {
            shop,
            rooms: vec![room],
            except: None,
            newest: None,
            event,
            payload,
        });
        delivered
    }

    fn of_user(&self, shop: ShopId, user: UserId) -> Vec<Socket<Gateway>> {
        self.engine.members(&Room::User(user).key(shop))
    }
}
