//! `sync`: what a client missed, by a cursor of its own.

use shopbell_engine::{Ack, Socket};
use shopbell_protocol::{Code, Epoch, Seq, SyncAck};

use super::{Gateway, Refused, logged};
use crate::behind::{CaughtUp, Lost, position, seq};

impl Gateway {
    /// `sync`: everything of the caller's after a place in the journal; what happens meanwhile waits for the answer.
    pub(super) async fn sync(
        &self,
        socket: &Socket<Self>,
        (after, epoch): (Seq, Option<Epoch>),
        ack: &mut Option<Ack>,
    ) -> Result<(), Refused> {
        let connected = socket.session();
        let shop = self.shops.get(connected.actor.shop);
        let shop = shop.ok_or(Code::Unavailable)?;
        // One who is behind is brought up first: then only the answer to this is left to be told.
        let _catching_up = connected.catching_up().await;
        let told = self.behind.read(&shop, after, epoch.as_ref(), 1).await;
        let told = told.map_err(|error| logged(&error.into(), "read the journal for a sync"))?;
        if told.value.is_err() {
            return Err(Code::ResyncRequired);
        }
        if let Some(pid) = &connected.pid {
            let widened = self.store.widen_session(pid, after).await;
            widened.map_err(|error| logged(&error.into(), "widen a session"))?;
        }
        {
            let cursor = shop.cursor().await;
            let from = socket.behind().map_or(*cursor, seq).min(after);
            socket.set_behind(Some(position(from)));
        }
        let answer = |caught_up: &CaughtUp| {
            if let Some(ack) = ack.take() {
                ack.send(&SyncAck {
                    ok: true,
                    to: caught_up.to,
                    epoch: shop.epoch().clone(),
                    count: caught_up.count,
                });
            }
        };
        match self.behind.catch_up(socket, &shop, answer).await {
            Ok(_) | Err(Lost::Gone) => Ok(()),
            Err(Lost::Resync) => Err(Code::ResyncRequired),
        }
    }
}
