//! The rooms that clients may ask for: one per work order and ticket that they may see.

use std::error::Error;

use shopbell_domain::Actor;
use shopbell_engine::{Ack, JoinError, Socket};
use shopbell_protocol::{Code, Role, Room, RoomAck};
use shopbell_store::StoreError;

use super::{Gateway, Refused};

impl Gateway {
    /// Joins the room of something that the caller may see.
    pub(super) async fn join_room(
        &self,
        socket: &Socket<Self>,
        name: &str,
        ack: &mut Option<Ack>,
    ) -> Result<(), Refused> {
        let actor = &socket.session().session.actor;
        let room = asked_for(name)?;
        self.check_sight(actor, room).await?;

        let shop = self.shops.get(actor.shop).ok_or(Code::Unavailable)?;
        let seq = *shop.cursor().await;
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
        socket
            .join_and_answer(&room.key(actor.shop), None, acknowledge)
            .map_err(|error| match error {
                JoinError::RoomLimit => Code::RoomLimit,
                JoinError::Closed => Code::Unavailable,
            })?;
        // Sight lost between the check and the join is found here; sight lost from now on, delivery sees.
        if actor.role == Role::Technician && self.check_sight(actor, room).await.is_err() {
            self.leave(socket, room);
        }
        Ok(())
    }

    /// Takes a socket out of a room, with what it did there; having left already is fine.
    pub(crate) fn leave(&self, socket: &Socket<Self>, room: Room) {
        let actor = &socket.session().session.actor;
        if socket.leave(&room.key(actor.shop)) {
            self.presence.left(actor, socket.id(), room);
        }
    }

    async fn check_sight(&self, actor: &Actor, room: Room) -> Result<(), Refused> {
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

/// The room of this name, if the socket has joined it.
pub(super) fn joined(socket: &Socket<Gateway>, name: &str) -> Result<Room, Refused> {
    let room = asked_for(name).map_err(|_| Code::NotInRoom)?;
    let key = room.key(socket.session().session.actor.shop);
    if socket.is_in(&key) {
        Ok(room)
    } else {
        Err(Code::NotInRoom)
    }
}
