//! Connection state recovery: what a CONNECT with `pid` and `offset` may go on with.
//!
//! The token is checked before anything here is asked. Then: is the session the same person's, can the journal still tell
//! what they missed, and which of its rooms may they still be in. Only then is anything sent.

use std::collections::HashMap;

use parking_lot::Mutex;
use serde_json::Value;
use shopbell_domain::Actor;
use shopbell_protocol::{Offset, ResyncReason, Room, Seq};
use shopbell_store::{JournalRow, StoreError, StoredSession};

use super::{Gateway, Refused};
use crate::{behind::resync_reason, shops::Shop};

/// Rows that are sent in one write together with the answer to CONNECT. With more, the answer goes first: a stock client
/// keeps what comes before it in a buffer that outlives a broken connection, and would see it twice.
const AT_ONCE: u32 = 64;

/// How a client enters.
pub(super) enum Entry {
    /// With a session of its own; the reason why the one it asked for is not recovered.
    Fresh(Option<ResyncReason>),
    /// Where it left.
    Recovered(Box<Recovered>),
}

/// A session that goes on.
pub(super) struct Recovered {
    pub(super) session: StoredSession,
    /// What the client has.
    pub(super) after: Seq,
    /// What it missed, if that is not much.
    pub(super) missed: Vec<JournalRow>,
    /// How far `missed` goes; `after` when it was too much.
    pub(super) to: Seq,
    /// The rooms that it may still be in.
    pub(super) rooms: Vec<Room>,
    /// Those that it may not.
    pub(super) lost: Vec<Room>,
}

impl Gateway {
    /// What the client's CONNECT asks for, and may have.
    pub(super) async fn entry(
        &self,
        auth: &Value,
        actor: &Actor,
        shop: &Shop,
    ) -> Result<Entry, StoreError> {
        let text = |key| auth.get(key).and_then(Value::as_str);
        let Some(pid) = text("pid") else {
            return Ok(Entry::Fresh(None));
        };
        if pid.contains('\0') {
            // None of ours, and nothing to ask a database for.
            return Ok(Entry::Fresh(Some(ResyncReason::Session)));
        }
        let offset: Option<Offset> = text("offset").and_then(|offset| offset.parse().ok());
        let Some(offset) = offset else {
            return Ok(Entry::Fresh(Some(ResyncReason::Session)));
        };
        // A restored backup may not know the session, and a new epoch ends them all: the reason is this one.
        if offset.epoch != *shop.epoch() {
            return Ok(Entry::Fresh(Some(ResyncReason::Epoch)));
        }
        let Some(session) = self.store.session(pid, self.behind.reach()).await? else {
            return Ok(Entry::Fresh(Some(ResyncReason::Session)));
        };
        let refused = if (session.user, session.shop) != (actor.id, actor.shop) {
            Some(ResyncReason::Session)
        } else if session.epoch != *shop.epoch() {
            Some(ResyncReason::Epoch)
        } else if session.role != actor.role {
            Some(ResyncReason::Role)
        } else if offset.seq < session.since {
            // It is of an earlier session, of which this one does not know what was told.
            Some(ResyncReason::Session)
        } else {
            None
        };
        if refused.is_some() {
            return Ok(Entry::Fresh(refused));
        }
        let after = offset.seq;
        let read = self
            .behind
            .read(shop, after, Some(shop.epoch()), AT_ONCE + 1)
            .await?;
        let (missed, to) = match read.value {
            Err(gap) => return Ok(Entry::Fresh(Some(resync_reason(gap)))),
            Ok(rows) if rows.len() > AT_ONCE as usize => (Vec::new(), after),
            Ok(rows) => (rows, read.seq),
        };
        let mut recovered = Recovered {
            after,
            missed,
            to,
            rooms: Vec::new(),
            lost: Vec::new(),
            session,
        };
        for room in &recovered.session.rooms {
            match self.check_sight(actor, *room).await {
                Ok(()) => recovered.rooms.push(*room),
                Err(Refused::Unavailable) => return Err(StoreError::Unavailable),
                Err(_) => recovered.lost.push(*room),
            }
        }
        Ok(Entry::Recovered(Box::new(recovered)))
    }
}

/// The sessions that are open here, by pid: one socket each.
#[derive(Debug)]
pub(super) struct OpenSessions<S>(Mutex<HashMap<Box<str>, Option<S>>>);

impl<S> Default for OpenSessions<S> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

/// Who has a session.
pub(super) enum Claim<'a, S> {
    /// The caller, until it is dropped or filled.
    Claimed(Claimed<'a, S>),
    /// A socket, which may be half dead.
    Held(S),
    /// Somebody else who is just connecting.
    Busy,
}

/// A session that nobody else can open meanwhile.
pub(super) struct Claimed<'a, S> {
    open: &'a OpenSessions<S>,
    pid: Box<str>,
}

impl<S: Clone> OpenSessions<S> {
    pub(super) fn claim(&self, pid: &str) -> Claim<'_, S> {
        let mut open = self.0.lock();
        match open.get(pid) {
            Some(Some(socket)) => return Claim::Held(socket.clone()),
            Some(None) => return Claim::Busy,
            None => {}
        }
        let pid: Box<str> = pid.into();
        open.insert(pid.clone(), None);
        Claim::Claimed(Claimed { open: self, pid })
    }

    /// The socket of a session is gone.
    pub(super) fn remove(&self, pid: &str) {
        let mut open = self.0.lock();
        open.remove(pid);
        // What a burst of clients took is given back.
        if open.len() < open.capacity() / 4 {
            open.shrink_to_fit();
        }
    }
}

impl<S> Claimed<'_, S> {
    /// The session has a socket.
    pub(super) fn fill(self, socket: S) {
        if let Some(place) = self.open.0.lock().get_mut(&self.pid) {
            *place = Some(socket);
        }
    }
}

impl<S> Drop for Claimed<'_, S> {
    fn drop(&mut self) {
        let mut open = self.open.0.lock();
        if matches!(open.get(&self.pid), Some(None)) {
            open.remove(&self.pid);
        }
    }
}
