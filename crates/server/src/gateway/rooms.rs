//! `join_room` and `leave_room`.

use std::error::Error;

use serde_json::json;
use shopbell_engine::{Ack, JoinError, Socket};
use shopbell_protocol::{Code, Role, Room, RoomAck, Viewer, ViewerStatus, WorkOrderId};
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
        let room: Room = name.parse().map_err(|_| Code::BadRoom)?;
        let Room::WorkOrder(order) = room else {
            return Err(Code::Forbidden);
        };
        self.check_sight(socket, order).await?;

        let shop = self.shops.get(actor.shop).ok_or(Code::Unavailable)?;
        let seq = *shop.cursor().await;
        let key = room.key(actor.shop);
        let viewers = viewers(socket, &key);
        let answer = || RoomAck {
            ok: true,
            room: name.to_owned(),
            seq,
            viewers,
        };
        socket
            .join_and_answer(&key, ack.take(), answer)
            .map_err(|error| match error {
                JoinError::RoomLimit => Code::RoomLimit,
                JoinError::Closed => Code::Unavailable,
            })?;
        // Sight lost between the check and the join is found here; sight lost from now on, delivery sees.
        if actor.role == Role::Technician && self.check_sight(socket, order).await.is_err() {
            socket.leave(&key);
        }
        Ok(())
    }

    async fn check_sight(&self, socket: &Socket<Self>, order: WorkOrderId) -> Result<(), Refused> {
        match self
            .store
            .work_order(&socket.session().session.actor, order)
            .await
        {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(Code::Forbidden),
            Err(StoreError::Unavailable) => Err(Code::Unavailable),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn Error,
                    "failed to look up a work order"
                );
                Err(Code::Unavailable)
            }
        }
    }
}

/// Leaves a room; having left already is fine.
pub(super) fn leave_room(
    socket: &Socket<Gateway>,
    name: &str,
    ack: &mut Option<Ack>,
) -> Result<(), Refused> {
    let room: Room = name.parse().map_err(|_| Code::BadRoom)?;
    if !matches!(room, Room::WorkOrder(_) | Room::Ticket(_)) {
        return Err(Code::Forbidden);
    }
    socket.leave(&room.key(socket.session().session.actor.shop));
    if let Some(ack) = ack.take() {
        ack.send(&json!({ "ok": true, "room": name }));
    }
    Ok(())
}

/// The other people in a room, each once.
fn viewers(socket: &Socket<Gateway>, key: &str) -> Vec<Viewer> {
    let me = socket.session().session.actor.id;
    let mut viewers: Vec<Viewer> = socket
        .engine()
        .members(key)
        .iter()
        .map(|member| &member.session().session.actor)
        .filter(|actor| actor.id != me)
        .map(|actor| Viewer {
            user_id: actor.id,
            user_name: actor.name.clone(),
            status: ViewerStatus::Viewing,
        })
        .collect();
    viewers.sort_by_key(|viewer| viewer.user_id);
    viewers.dedup_by_key(|viewer| viewer.user_id);
    viewers
}
