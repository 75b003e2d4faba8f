//! How a client whose token is good is let in: with a session of its own, or with the one that it left.

use std::{error::Error, sync::Arc, time::Duration};

use serde_json::Value;
use shopbell_domain::Actor;
use shopbell_engine::{Admission, Connecting, Identity, Reason, Refusal, Socket};
use shopbell_protocol::{Code, PresenceSnapshot, PresentUser, ResyncReason, Role, Room, Seq, name};
use shopbell_store::StoredSession;

use super::{
    Connected, Gateway,
    connections::Slot,
    recovery::{Claim, Claimed, Recovered},
    refusal, try_later,
};
use crate::{auth::Session, behind::position, reading::Reading, shops::Shop};

/// How long the half-dead socket of a session that is being recovered may take to end.
const REPLACING: Duration = Duration::from_secs(5);

impl Gateway {
    fn slot(&self, session: &Session) -> Result<Slot, Refusal> {
        self.connections
            .take(session.actor.id)
            .ok_or_else(|| refusal(Code::TooManyConnections))
    }

    /// Takes the session from whatever socket has it: one that is half dead, as its client is here.
    async fn claim(&self, pid: &str) -> Option<Claimed<'_, Socket<Self>>> {
        let held = match self.open.claim(pid) {
            Claim::Claimed(claimed) => return Some(claimed),
            Claim::Busy => return None,
            Claim::Held(socket) => socket,
        };
        held.close(Reason::ServerClose);
        let settled = held.session().settled();
        tokio::time::timeout(REPLACING, settled).await.ok()?;
        match self.open.claim(pid) {
            Claim::Claimed(claimed) => Some(claimed),
            Claim::Held(_) | Claim::Busy => None,
        }
    }

    /// A session of its own, after what went before if the client had asked for another.
    pub(super) async fn welcome(
        &self,
        connecting: Connecting<Self>,
        session: Session,
        shop: &Arc<Shop>,
        resync: Option<ResyncReason>,
    ) -> Result<Socket<Self>, Refusal> {
        let slot = self.slot(&session)?;
        let actor = session.actor.clone();
        let recovers = connecting.auth().get("recovery") != Some(&Value::Bool(false));
        let Ok(unread) = self.store.notification_count(&actor).await else {
            return Err(try_later(&connecting));
        };
        let place = unread.seq.min(*shop.cursor().await);
        let identity = if recovers {
            self.open_session(&connecting, &session, shop, place).await
        } else {
            None
        };
        let pid = identity.as_ref().map(|identity| identity.pid.clone());
        let claimed = match &pid {
            Some(pid) => self.claim(pid).await,
            None => None,
        };
        let reading = Reading::of(&actor, recovers);
        let connected = Connected::new(session, reading, pid, slot);
        // Live from exactly here: no delivery runs while the cursor is held. What was delivered since the notifications were
        // counted may have changed their number, so it follows the greeting.
        let cursor = shop.cursor().await;
        let place = unread.seq.min(*cursor);
        let admission = Admission {
            identity,
            behind: (place < *cursor).then(|| position(place)),
            ..Admission::new(connected, reading.number(), own_rooms(&actor))
        };
        let socket = connecting.accept(admission);
        if let Some(reason) = resync {
            socket.emit(name::RESYNC_REQUIRED, &self.behind.resync(reason, place));
        }
        self.behind.greet_at(&socket, shop, place, unread.value);
        if socket.behind().is_some() {
            self.behind.bring_up(socket.clone(), Arc::clone(shop));
        }
        let users = self.presence.connected(&actor, socket.id());
        self.settle_in(&socket, claimed, users);
        Ok(socket)
    }

    /// Writes down a session that can be recovered. Without the means to, the client gets one that cannot.
    async fn open_session(
        &self,
        connecting: &Connecting<Self>,
        session: &Session,
        shop: &Shop,
        since: Seq,
    ) -> Option<Identity> {
        let (sid, pid) = (connecting.fresh_id(), connecting.fresh_pid());
        let stored = StoredSession {
            pid: pid.to_owned(),
            sid: sid.to_owned(),
            shop: session.actor.shop,
            user: session.actor.id,
            role: session.actor.role,
            since,
            epoch: shop.epoch().clone(),
            rooms: Vec::new(),
        };
        match self.store.open_session(&stored).await {
            Ok(()) => Some(Identity {
                sid: Some(stored.sid),
                pid: stored.pid,
            }),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn Error,
                    "failed to keep a socket's session: it cannot be recovered"
                );
                None
            }
        }
    }

    /// The session that the client left, with what it missed.
    pub(super) async fn recover(
        &self,
        connecting: Connecting<Self>,
        session: Session,
        shop: &Arc<Shop>,
        recovered: Recovered,
    ) -> Result<Socket<Self>, Refusal> {
        let Recovered {
            session: StoredSession { pid, sid, .. },
            after,
            missed,
            to,
            rooms,
            lost,
        } = recovered;
        let Some(claimed) = self.claim(&pid).await else {
            return Err(try_later(&connecting));
        };
        let slot = self.slot(&session)?;
        match self.store.resume_session(&pid).await {
            Ok(true) => {}
            // Its client said goodbye with the socket that had it: the next look does not find it.
            Ok(false) => return Err(try_later(&connecting)),
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "failed to resume a session");
                return Err(try_later(&connecting));
            }
        }
        let actor = session.actor.clone();
        let reading = Reading::of(&actor, true);
        let connected = Connected::new(session, reading, Some(pid.clone()), slot);
        // No delivery runs while the cursor is held: what is up to it is sent here, what comes after it is live.
        let cursor = shop.cursor().await;
        let is_whole = *cursor <= to;
        let missed = missed.iter().filter(|row| row.event.seq() <= *cursor);
        let before = missed
            .filter(|row| row.audience.includes(&actor, row.sight_now))
            .filter_map(|row| {
                let packet = reading.packet(row, shop.epoch())?;
                Some((position(row.event.seq()), packet))
            });
        let admission = Admission {
            identity: Some(Identity {
                sid: Some(sid),
                pid,
            }),
            joined: rooms.iter().map(|room| room.key(actor.shop)).collect(),
            before: if is_whole {
                before.collect()
            } else {
                Vec::new()
            },
            behind: (!is_whole).then(|| position(after)),
            ..Admission::new(connected, reading.number(), own_rooms(&actor))
        };
        let socket = connecting.accept(admission);
        if socket.behind().is_some() {
            self.behind.bring_up(socket.clone(), Arc::clone(shop));
        }
        drop(cursor);
        let users = self.presence.resumed(&actor, socket.id(), &rooms);
        for room in &lost {
            self.tell_lost(&socket, *room);
        }
        self.settle_in(&socket, Some(claimed), users);
        if !lost.is_empty() {
            // It was told: the next recovery must neither tell it again nor put it back. A failure is logged there.
            self.keep_rooms(&socket, rooms.clone()).await.ok();
        }
        for room in rooms {
            self.recheck(&socket, room).await;
        }
        Ok(socket)
    }

    /// What every socket is told and noted for at its beginning.
    fn settle_in(
        &self,
        socket: &Socket<Self>,
        claimed: Option<Claimed<'_, Socket<Self>>>,
        users: Vec<PresentUser>,
    ) {
        let timestamp = self.clock.now();
        socket.emit(
            name::PRESENCE_SNAPSHOT,
            &PresenceSnapshot { users, timestamp },
        );
        if let Some(claimed) = claimed {
            claimed.fill(socket.clone());
        }
        let deadline = socket.session().token.lock().deadline();
        self.deadlines.add(deadline, socket.id());
    }
}

/// The rooms that nobody asks for.
fn own_rooms(actor: &Actor) -> Vec<String> {
    let mut rooms = vec![Room::User(actor.id), Room::Role(actor.role)];
    if matches!(actor.role, Role::Admin | Role::Manager) {
        rooms.push(Room::Admin);
    }
    rooms.iter().map(|room| room.key(actor.shop)).collect()
}
