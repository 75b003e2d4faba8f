//! Who types in which room, and until when.

use std::{collections::HashMap, sync::Arc, time::Duration};

use parking_lot::Mutex;
use shopbell_domain::Actor;
use shopbell_protocol::Room;
use tokio::time::{Instant, sleep_until};

/// How long someone types after they last said so.
const EXPIRES_AFTER: Duration = Duration::from_secs(6);

/// Every socket that types, per room.
#[derive(Clone, Debug, Default)]
pub(super) struct Typing(Arc<Mutex<HashMap<(String, Room), Typist>>>);

#[derive(Debug)]
struct Typist {
    actor: Actor,
    until: Instant,
}

impl Typing {
    /// Notes that a socket types; returns whether it did not before, so that somebody must [`Typing::expire`] it.
    pub(super) fn start(&self, actor: &Actor, socket: &str, room: Room) -> bool {
        let typist = Typist {
            actor: actor.clone(),
            until: Instant::now() + EXPIRES_AFTER,
        };
        self.0
            .lock()
            .insert((socket.to_owned(), room), typist)
            .is_none()
    }

    /// Notes that it has stopped; returns whether it was typing.
    pub(super) fn stop(&self, socket: &str, room: Room) -> bool {
        self.0.lock().remove(&(socket.to_owned(), room)).is_some()
    }

    /// Everything that a socket was typing, which it does no longer.
    pub(super) fn stop_all(&self, socket: &str) -> Vec<(Room, Actor)> {
        let stopped = self
            .0
            .lock()
            .extract_if(|(of, _), _| of == socket)
            .collect::<Vec<_>>();
        stopped
            .into_iter()
            .map(|((_, room), typist)| (room, typist.actor))
            .collect()
    }

    /// Waits until it is over by itself; `None` when it was stopped meanwhile.
    pub(super) async fn expire(&self, socket: &str, room: Room) -> Option<Actor> {
        let key = (socket.to_owned(), room);
        loop {
            let until = self.0.lock().get(&key)?.until;
            sleep_until(until).await;
            let mut typing = self.0.lock();
            if typing.get(&key)?.until <= Instant::now() {
                return typing.remove(&key).map(|typist| typist.actor);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use shopbell_protocol::{Role, ShopId, UserId, WorkOrderId};

    use super::*;

    const ROOM: Room = Room::WorkOrder(WorkOrderId(7));

    fn tarik() -> Actor {
        Actor {
            shop: ShopId(1),
            id: UserId(3),
            role: Role::Technician,
            name: "Tarik".to_owned(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn typing_is_over_six_seconds_after_it_was_last_said() {
        let typing = Typing::default();
        let start = Instant::now();
        assert!(typing.start(&tarik(), "a", ROOM));
        let over = tokio::spawn({
            let typing = typing.clone();
            async move { typing.expire("a", ROOM).await }
        });
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert!(!typing.start(&tarik(), "a", ROOM));
        assert_eq!(over.await.unwrap(), Some(tarik()));
        assert_eq!(start.elapsed().as_secs(), 10);
        assert!(!typing.stop("a", ROOM));
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_stopped_does_not_expire_as_well() {
        let typing = Typing::default();
        typing.start(&tarik(), "a", ROOM);
        assert!(typing.stop("a", ROOM));
        assert_eq!(typing.expire("a", ROOM).await, None);
        typing.start(&tarik(), "a", ROOM);
        typing.start(&tarik(), "b", ROOM);
        assert_eq!(typing.stop_all("a"), [(ROOM, tarik())]);
        assert!(typing.stop("b", ROOM));
    }
}
