//! The sockets' side of the application: who may connect, and what their events do.

mod connected;
mod connections;
mod enter;
mod expiry;
mod recovery;
mod rooms;
mod sockets;
mod sync;

use std::error::Error;

use serde::Serialize;
use serde_json::{Value, json};
use shopbell_engine::{Ack, Connecting, Event, Reason, Refusal, Socket};
use shopbell_protocol::{
    ClientEvent, Code, EventErrorPayload, RefusalData, RefusedAck, Room, name,
};
use shopbell_store::Store;
use tokio::sync::Semaphore;

use crate::{
    auth::{Auth, AuthError, Session, bearer},
    behind::Behind,
    clock::Clock,
    presence::Presence,
    shops::Shops,
};
use connections::Connections;
use expiry::Deadlines;
use recovery::{Entry, OpenSessions};
use rooms::joined;

pub(crate) use connected::Connected;
pub(crate) use sockets::Sockets;

/// When a client may ask again for what could not be done now.
const RETRY_AFTER_MS: u64 = 1000;

/// Sockets that are being noted as gone at once: when all go, they must not find the store's queue full.
const LEAVING: usize = 256;

/// The application behind the engine.
#[derive(Debug)]
pub(crate) struct Gateway {
    auth: Auth,
    behind: Behind,
    clock: Clock,
    connections: Connections,
    deadlines: Deadlines,
    leaving: Semaphore,
    open: OpenSessions<Socket<Self>>,
    presence: Presence,
    shops: Shops,
    store: Store,
}

/// A client's event that was refused, or could not be done.
type Refused = Code;

impl Gateway {
    pub(crate) fn new(
        auth: Auth,
        behind: Behind,
        clock: Clock,
        connections_per_user: usize,
        presence: Presence,
        shops: Shops,
        store: Store,
    ) -> Self {
        Self {
            auth,
            behind,
            clock,
            connections: Connections::new(connections_per_user),
            deadlines: Deadlines::default(),
            leaving: Semaphore::const_new(LEAVING),
            open: OpenSessions::default(),
            presence,
            shops,
            store,
        }
    }

    async fn admit(&self, connecting: &Connecting<Self>) -> Result<Session, AuthError> {
        // The auth payload wins over the header; an empty token is none, and what is no text is no token.
        let token = match connecting.auth().get("token") {
            Some(Value::String(token)) if token.is_empty() => {
                return Err(AuthError::Refused(Code::AuthenticationRequired));
            }
            Some(Value::String(token)) => token,
            Some(Value::Null) | None => bearer(connecting.headers())
                .ok_or(AuthError::Refused(Code::AuthenticationRequired))?,
            Some(_) => return Err(AuthError::Refused(Code::InvalidToken)),
        };
        self.auth.authenticate(token).await
    }

    async fn enter(&self, connecting: Connecting<Self>) -> Result<Socket<Self>, Refusal> {
        let session = match self.admit(&connecting).await {
            Ok(session) => session,
            Err(AuthError::Refused(code)) => return Err(refusal(code)),
            Err(error) => {
                tracing::error!(error = &error as &dyn Error, "failed to admit a socket");
                return Err(try_later(&connecting));
            }
        };
        let Some(shop) = self.shops.get(session.actor.shop) else {
            return Err(try_later(&connecting));
        };
        let socket = match self.entry(connecting.auth(), &session.actor, &shop).await {
            Ok(Entry::Fresh(resync)) => self.welcome(connecting, session, &shop, resync).await?,
            Ok(Entry::Recovered(recovered)) => {
                self.recover(connecting, session, &shop, *recovered).await?
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "failed to look up a session");
                return Err(try_later(&connecting));
            }
        };
        // Rights lost since the token was checked: whoever looked for this person's sockets then did not find this one.
        self.check_rights(&socket).await;
        Ok(socket)
    }

    async fn handle(
        &self,
        socket: &Socket<Self>,
        event: &Event,
        ack: &mut Option<Ack>,
    ) -> Result<(), Refused> {
        let actor = &socket.session().actor;
        self.presence.active(actor, socket.id());
        match ClientEvent::parse(&event.name, &event.args)? {
            ClientEvent::JoinRoom(room) => return self.join_room(socket, &room, ack).await,
            ClientEvent::LeaveRoom(name) => {
                self.leave_room(socket, &name).await?;
                return answer(ack, &json!({ "ok": true, "room": name }));
            }
            ClientEvent::Authenticate(token) => {
                let done = self.authenticate(socket, &token).await?;
                return answer(ack, &done);
            }
            ClientEvent::Sync(after, epoch) => return self.sync(socket, (after, epoch), ack).await,
            ClientEvent::TypingStart(start) => {
                let room = joined(socket, &start.room_name)?;
                self.presence.start_typing(actor, socket.id(), room, start);
            }
            ClientEvent::TypingStop(name) => {
                let room = joined(socket, &name)?;
                self.presence.stop_typing(actor, socket.id(), room);
            }
            ClientEvent::UserPresence(status, order) => {
                if !socket.is_in(&Room::WorkOrder(order).key(actor.shop)) {
                    return Err(Code::NotInRoom);
                }
                self.presence.views(actor, socket.id(), order, status);
            }
            ClientEvent::Heartbeat => {}
        }
        answer(ack, &json!({ "ok": true }))
    }
}

impl shopbell_engine::App for Gateway {
    type Session = Connected;

    async fn connect(&self, connecting: Connecting<Self>) -> Result<Socket<Self>, Refusal> {
        // In memory of its own: the engine has one kind of job for all that is done, as large as the largest, and when all
        // sockets go at once each has one that waits.
        Box::pin(self.enter(connecting)).await
    }

    async fn event(&self, socket: &Socket<Self>, mut event: Event) {
        let mut ack = event.ack.take();
        // In memory of its own for the time that it takes: see `connect`.
        let handled = Box::pin(self.handle(socket, &event, &mut ack)).await;
        let Err(code) = handled else {
            return;
        };
        let message = code.message().to_owned();
        match ack {
            Some(ack) => ack.send(&RefusedAck {
                ok: false,
                code,
                message,
                retry_after_ms: (code == Code::Unavailable).then_some(RETRY_AFTER_MS),
            }),
            None => {
                let timestamp = self.clock.now();
                socket.emit(
                    name::EVENT_ERROR,
                    &EventErrorPayload {
                        event: event.name,
                        code,
                        message,
                        timestamp,
                    },
                );
            }
        }
    }

    async fn disconnect(&self, socket: &Socket<Self>, reason: Reason) {
        let connected = socket.session();
        let actor = &connected.actor;
        connected.slot.release();
        self.presence.disconnected(actor, socket.id());
        let deadline = connected.token.lock().deadline();
        self.deadlines.remove(deadline, socket.id());
        tracing::debug!(user = actor.id.0, ?reason, "disconnected");
        let now = self.clock.now();
        // The semaphore is never closed.
        let _turn = self.leaving.acquire().await;
        let is_final = matches!(reason, Reason::ClientDisconnect | Reason::ServerDisconnect);
        let left = match &connected.pid {
            Some(pid) if is_final => self.store.end_session(pid).await,
            Some(pid) => self.store.leave_session(pid, now).await,
            None => Ok(()),
        };
        if let Err(error) = left.and(self.store.seen(actor.id, now).await) {
            tracing::warn!(
                error = &error as &dyn Error,
                "failed to note when a user was last seen"
            );
        }
        if let Some(pid) = &connected.pid {
            self.open.remove(pid);
        }
        connected.settle();
    }
}

/// Answers an event that was done.
fn answer(ack: &mut Option<Ack>, answer: &impl Serialize) -> Result<(), Refused> {
    if let Some(ack) = ack.take() {
        ack.send(answer);
    }
    Ok(())
}

/// The code of a failure, which is logged when it is ours.
fn logged(error: &AuthError, what: &str) -> Code {
    match error {
        AuthError::Refused(code) => *code,
        AuthError::Store(_) | AuthError::Internal(_) => {
            tracing::error!(error = error as &dyn Error, "failed to {what}");
            Code::Unavailable
        }
    }
}

/// Closes the transport, since a refusal would end a stock client's retries. What is returned is no longer sent.
fn try_later(connecting: &Connecting<Gateway>) -> Refusal {
    connecting.close();
    refusal(Code::Unavailable)
}

/// A CONNECT_ERROR as the contract words it: an expired token reads like an invalid one, and the code tells them apart.
fn refusal(code: Code) -> Refusal {
    let message = if code == Code::TokenExpired {
        Code::InvalidToken
    } else {
        code
    }
    .message();
    Refusal::new(message, &RefusalData { code })
}
