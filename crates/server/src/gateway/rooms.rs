//! The rooms that clients may ask for: one per work order and ticket that they may see.

use std::error::Error;

use shopbell_domain::Actor;
use shopbell_engine::{Ack, JoinError, Socket};
use shopbell_protocol::{Code, Role, Room, RoomAck, RoomLeft, RoomLeftReason, name};
use shopbell_store::StoreError;

use super::{Gateway, Refused};
use crate::behind::seq;

impl Gateway {
    /// Joins the room of something that the caller may see.
    pub(super) async fn join_room(
        &self,
        socket: &Socket<Self>,
        name: &str,
        ack: &mut Option<Ack>,
    ) -> Result<(), Refused> {
        let actor = &socket.session().actor;
        let room = asked_for(name)?;
        self.check_sight(actor, room).await?;

        let shop = self.shops.get(actor.shop).ok_or(Code::Unavailable)?;
        // On disk before the acknowledgement: whoever was told that they are in the room recovers into it.
        if !socket.is_in(&room.key(actor.shop)) {
            let mut rooms = asked_for_rooms(socket);
            rooms.push(room);
            self.keep_rooms(socket, rooms).await?;
        }
        let cursor = *shop.cursor().await;
        let seq = socket
            .behind()
            .map_or(cursor, |position| cursor.min(seq(position)));
        // Under the lock that makes the membership: whoever does something here from now on is heard. The acknowledgement
        // is taken only then, so that a refusal is acknowledged too.
        let acknowledge = || {
            self.presence.joined(actor, socket.id(), room);
            let viewers = self.presence.viewers(actor, room);
            if let Some(ack) = ack.take() {
                ack.send(&RoomAck {
                    ok: true,
                    room: name.to_owned(),
                    seq,
                    viewers,
                });
            }
        };
        let joined = socket.join_and_answer(&room.key(actor.shop), None, acknowledge);
        if let Err(error) = joined {
            self.keep_rooms(socket, asked_for_rooms(socket)).await?;
            return Err(match error {
                JoinError::RoomLimit => Code::RoomLimit,
                JoinError::Closed => Code::Unavailable,
            });
        }
        // Sight lost between the check and the join is found here; sight lost from now on, delivery sees.
        self.recheck(socket, room).await;
        Ok(())
    }

    /// Leaves a room that the client asked for.
    pub(super) async fn leave_room(
        &self,
        socket: &Socket<Self>,
        name: &str,
    ) -> Result<(), Refused> {
        let room = asked_for(name)?;
        if self.leave(socket, room) {
            self.keep_rooms(socket, asked_for_rooms(socket)).await?;
        }
        Ok(())
    }

    /// Takes a technician out of a room whose object they no longer see.
    pub(super) async fn recheck(&self, socket: &Socket<Self>, room: Room) {
        let actor = &socket.session().actor;
        if actor.role == Role::Technician && self.check_sight(actor, room).await.is_err() {
            self.lose(socket, room);
        }
    }

    /// Writes down the rooms that a socket recovers into, if it recovers.
    pub(super) async fn keep_rooms(
        &self,
        socket: &Socket<Self>,
        rooms: Vec<Room>,
    ) -> Result<(), Refused> {
        let Some(pid) = &socket.session().pid else {
            return Ok(());
        };
        let kept = self.store.set_session_rooms(pid, &rooms).await;
        kept.map_err(|error| {
            tracing::warn!(
                error = &error as &dyn Error,
                "failed to keep a socket's rooms"
            );
            Code::Unavailable
        })
    }

    /// Takes a socket out of a room because the right to it is lost, and tells it so.
    pub(crate) fn lose(&self, socket: &Socket<Self>, room: Room) {
        if self.leave(socket, room) {
            self.tell_lost(socket, room);
        }
    }

    /// Tells a socket that the right to a room is lost.
    pub(super) fn tell_lost(&self, socket: &Socket<Self>, room: Room) {
        let left = RoomLeft {
            room_name: room.to_string(),
            reason: RoomLeftReason::AccessRevoked,
            timestamp: self.clock.now(),
        };
        socket.emit(name::ROOM_LEFT, &left);
    }

    /// Takes a socket out of a room, with what it did there; returns whether it was in it.
    fn leave(&self, socket: &Socket<Self>, room: Room) -> bool {
        let actor = &socket.session().actor;
        let was_in = socket.leave(&room.key(actor.shop));
        if was_in {
            self.presence.left(actor, socket.id(), room);
        }
        was_in
    }

    pub(super) async fn check_sight(&self, actor: &Actor, room: Room) -> Result<(), Refused> {
        let sees = match room {
            Room::WorkOrder(order) => self
                .store
                .work_order(actor, order)
                .await
                .map(|order| order.is_some()),
            Room::Ticket(ticket) => self
                .store
                .ticket(actor, ticket)
                .await
                .map(|ticket| ticket.is_some()),
            Room::User(_) | Room::Role(_) | Room::Admin => Ok(false),
        };
        match sees {
            Ok(true) => Ok(()),
            Ok(false) => Err(Code::Forbidden),
            Err(StoreError::Unavailable) => Err(Code::Unavailable),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn Error,
                    "failed to look up what a room is about"
                );
                Err(Code::Unavailable)
            }
        }
    }
}

/// The room of this name, if it is one that clients may ask for.
pub(super) fn asked_for(name: &str) -> Result<Room, Refused> {
    match name.parse().map_err(|_| Code::BadRoom)? {
        room @ (Room::WorkOrder(_) | Room::Ticket(_)) => Ok(room),
        Room::User(_) | Room::Role(_) | Room::Admin => Err(Code::Forbidden),
    }
}

/// The rooms that a socket is in because its client asked for them.
fn asked_for_rooms(socket: &Socket<Gateway>) -> Vec<Room> {
    let shop = socket.session().actor.shop;
    let keys = socket.rooms().into_iter();
    keys.filter_map(|key| Room::of_key(&key, shop))
        .filter(|room| matches!(room, Room::WorkOrder(_) | Room::Ticket(_)))
        .collect()
}

/// The room of this name, if the socket has joined it.
pub(super) fn joined(socket: &Socket<Gateway>, name: &str) -> Result<Room, Refused> {
    let room = asked_for(name).map_err(|_| Code::NotInRoom)?;
    let key = room.key(socket.session().actor.shop);
    if socket.is_in(&key) {
        Ok(room)
    } else {
        Err(Code::NotInRoom)
    }
}
