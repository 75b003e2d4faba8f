//! The sockets' side of the application: who may connect, and what their events do.

mod connections;
mod rooms;
mod sockets;

use std::error::Error;

use serde::Serialize;
use serde_json::{Value, json};
use shopbell_domain::View;
use shopbell_engine::{Ack, Admission, Connecting, Event, Reason, Refusal, Socket};
use shopbell_protocol::{
    ClientEvent, Code, EventErrorPayload, PresenceSnapshot, RefusalData, Role, Room, name,
};
use shopbell_store::Store;

use crate::{
    auth::{Auth, AuthError, Session, bearer},
    clock::Clock,
    presence::Presence,
    shops::Shops,
};
use connections::{Connections, Slot};
use rooms::{asked_for, joined};

pub(crate) use sockets::Sockets;

/// The application behind the engine.
#[derive(Debug)]
pub(crate) struct Gateway {
    auth: Auth,
    clock: Clock,
    connections: Connections,
    presence: Presence,
    shops: Shops,
    store: Store,
}

/// What is kept with each connected socket.
#[derive(Debug)]
pub(crate) struct Connected {
    pub(crate) session: Session,
    slot: Slot,
}

/// A client's event that was refused, or could not be done.
type Refused = Code;

impl Gateway {
    pub(crate) fn new(
        auth: Auth,
        clock: Clock,
        connections_per_user: usize,
        presence: Presence,
        shops: Shops,
        store: Store,
    ) -> Self {
        Self {
            auth,
            clock,
            connections: Connections::new(connections_per_user),
            presence,
            shops,
            store,
        }
    }

    async fn admit(&self, connecting: &Connecting<Self>) -> Result<Connected, AuthError> {
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
        let session = self.auth.authenticate(token).await?;
        let slot = self
            .connections
            .take(session.actor.id)
            .ok_or(AuthError::Refused(Code::TooManyConnections))?;
        Ok(Connected { session, slot })
    }

    async fn handle(
        &self,
        socket: &Socket<Self>,
        event: &Event,
        ack: &mut Option<Ack>,
    ) -> Result<(), Refused> {
        let actor = &socket.session().session.actor;
        self.presence.active(actor, socket.id());
        match ClientEvent::parse(&event.name, &event.args)? {
            ClientEvent::JoinRoom(room) => return self.join_room(socket, &room, ack).await,
            ClientEvent::LeaveRoom(name) => {
                let room = asked_for(&name)?;
                self.leave(socket, room);
                return answer(ack, &json!({ "ok": true, "room": name }));
            }
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
        let connected = match self.admit(&connecting).await {
            Ok(connected) => connected,
            Err(AuthError::Refused(code)) => return Err(refusal(code)),
            Err(error) => {
                tracing::error!(error = &error as &dyn Error, "failed to admit a socket");
                return Err(try_later(&connecting));
            }
        };
        let actor = connected.session.actor.clone();
        let Some(shop) = self.shops.get(actor.shop) else {
            return Err(try_later(&connecting));
        };
        let mut rooms = vec![Room::User(actor.id), Room::Role(actor.role)];
        if matches!(actor.role, Role::Admin | Role::Manager) {
            rooms.push(Room::Admin);
        }
        // Live from exactly here: no delivery runs while the cursor is held.
        let _cursor = shop.cursor().await;
        let rooms = rooms.into_iter().map(|room| room.key(actor.shop));
        let view = engine_view(View::of(actor.role));
        let socket = connecting.accept(Admission::new(connected, view, rooms));
        let users = self.presence.connected(&actor, socket.id());
        let timestamp = self.clock.now();
        socket.emit(
            name::PRESENCE_SNAPSHOT,
            &PresenceSnapshot { users, timestamp },
        );
        Ok(socket)
    }

    async fn event(&self, socket: &Socket<Self>, mut event: Event) {
        let mut ack = event.ack.take();
        let Err(code) = self.handle(socket, &event, &mut ack).await else {
            return;
        };
        let message = code.message();
        match ack {
            Some(ack) => ack.send(&json!({ "ok": false, "code": code, "message": message })),
            None => {
                let message = message.to_owned();
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
        let Connected { session, slot } = socket.session();
        slot.release();
        self.presence.disconnected(&session.actor, socket.id());
        tracing::debug!(user = session.actor.id.0, ?reason, "disconnected");
        if let Err(error) = self.store.seen(session.actor.id, self.clock.now()).await {
            tracing::warn!(
                error = &error as &dyn Error,
                "failed to note when a user was last seen"
            );
        }
    }
}

/// Answers an event that was done.
fn answer(ack: &mut Option<Ack>, answer: &impl Serialize) -> Result<(), Refused> {
    if let Some(ack) = ack.take() {
        ack.send(answer);
    }
    Ok(())
}

/// The engine's number of a view.
pub(crate) fn engine_view(view: View) -> shopbell_engine::View {
    shopbell_engine::View(match view {
        View::Full => 0,
        View::FrontDesk => 1,
        View::Technician => 2,
    })
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
