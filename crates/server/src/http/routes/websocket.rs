//! `/api/websocket` and `/health`: whether it works, who is connected, and test emits.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::Value;
use shopbell_domain::Actor;
use shopbell_protocol::{
    Code, ConnectedUser, EmitTarget, Emitted, Health, HealthStatus, Role, Room, SocketHealth,
    SocketStats, SocketStatus, UserId, UserRooms, is_reserved,
};

use crate::http::{
    App,
    answer::{Answer, Failure},
    body::{Fields, Read, Wrong},
    caller::{Caller, PathId},
};

const LONGEST_EVENT: usize = 100;

/// `GET /api/websocket/health`: `inactive` when the store cannot be read or the server is stopping.
pub(in crate::http) async fn health(State(app): State<App>) -> (StatusCode, Json<SocketHealth>) {
    let (code, status) = if is_ready(&app).await {
        (StatusCode::OK, SocketStatus::Active)
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, SocketStatus::Inactive)
    };
    let health = SocketHealth {
        service: "websocket",
        status,
        connected_users: app.sockets.presence().count(),
        timestamp: app.clock.now(),
    };
    (code, Json(health))
}

/// `GET /health/live`: the process answers.
pub(in crate::http) async fn live() -> Json<Health> {
    let status = HealthStatus::Live;
    Json(Health { status })
}

/// `GET /health/ready`: whether a balancer should send traffic here.
pub(in crate::http) async fn ready(State(app): State<App>) -> (StatusCode, Json<Health>) {
    let (code, status) = if is_ready(&app).await {
        (StatusCode::OK, HealthStatus::Ready)
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, HealthStatus::NotReady)
    };
    (code, Json(Health { status }))
}

async fn is_ready(app: &App) -> bool {
    !app.stopping.is_cancelled() && app.store.ping().await.is_ok()
}

/// `GET /api/websocket/stats`, for admins: who is connected in the caller's shop, and where.
pub(in crate::http) async fn stats(
    State(app): State<App>,
    Caller(session): Caller,
) -> Result<Answer<SocketStats>, Failure> {
    admin(&session.actor)?;
    let shop = session.actor.shop;
    let online = app.sockets.presence().online(shop).into_iter();
    let connected_users: Vec<_> = online
        .map(|(actor, connections)| ConnectedUser {
            user_id: actor.id,
            user_name: actor.name,
            user_role: actor.role,
            connections,
        })
        .collect();
    Ok(Answer::new(SocketStats {
        total_connections: connected_users.iter().map(|user| user.connections).sum(),
        connected_users,
        is_service_active: is_ready(&app).await,
        timestamp: app.clock.now(),
        rooms: app.sockets.rooms(shop),
        uptime_seconds: app.started.elapsed().as_secs(),
        node: app.node.to_string(),
    }))
}

/// `GET /api/websocket/user/:id/rooms`, for admins and for oneself.
pub(in crate::http) async fn user_rooms(
    State(app): State<App>,
    Caller(session): Caller,
    PathId(user): PathId<UserId>,
) -> Result<Answer<UserRooms>, Failure> {
    if user != session.actor.id {
        admin(&session.actor)?;
    }
    let shop = session.actor.shop;
    known(&app, &session.actor, user).await?;
    Ok(Answer::new(UserRooms {
        user_id: user,
        rooms: app.sockets.rooms_of(shop, user).into_iter().collect(),
        is_online: app.sockets.presence().is_online(shop, user),
    }))
}

/// `POST /api/websocket/emit/:userId`, for admins.
pub(in crate::http) async fn emit_to_user(
    State(app): State<App>,
    Caller(session): Caller,
    PathId(user): PathId<UserId>,
    body: Fields,
) -> Result<Answer<Emitted>, Failure> {
    admin(&session.actor)?;
    let emit = Emit::read(body)?;
    known(&app, &session.actor, user).await?;
    let target = EmitTarget::User { user_id: user };
    Ok(emit.publish(&app, &session.actor, Room::User(user), target))
}

/// `POST /api/websocket/emit/room/:roomName`, for admins.
pub(in crate::http) async fn emit_to_room(
    State(app): State<App>,
    Caller(session): Caller,
    Path(name): Path<String>,
    body: Fields,
) -> Result<Answer<Emitted>, Failure> {
    admin(&session.actor)?;
    let emit = Emit::read(body)?;
    let room: Room = name.parse().map_err(|_| Code::NotFound)?;
    let exists = match room {
        Room::User(user) => app.store.user(session.actor.shop, user).await?.is_some(),
        Room::WorkOrder(order) => app.store.work_order(&session.actor, order).await?.is_some(),
        Room::Ticket(ticket) => app.store.ticket(&session.actor, ticket).await?.is_some(),
        Room::Role(_) | Room::Admin => true,
    };
    if !exists {
        return Err(Code::NotFound.into());
    }
    let target = EmitTarget::Room { room_name: name };
    Ok(emit.publish(&app, &session.actor, room, target))
}

/// `POST /api/websocket/emit/role/:role`, for admins.
pub(in crate::http) async fn emit_to_role(
    State(app): State<App>,
    Caller(session): Caller,
    Path(role): Path<String>,
    body: Fields,
) -> Result<Answer<Emitted>, Failure> {
    admin(&session.actor)?;
    let emit = Emit::read(body)?;
    let role: Role = role.parse().map_err(|_| Code::NotFound)?;
    let target = EmitTarget::Role { role };
    Ok(emit.publish(&app, &session.actor, Room::Role(role), target))
}

/// A test event.
struct Emit {
    event: String,
    data: Value,
}

impl Emit {
    fn read(mut body: Fields) -> Result<Self, Failure> {
        let event = body.optional("event", event_name);
        let data = body.nullable("data", |value| match value {
            Value::Object(_) => Ok(value.clone()),
            _ => Err(Wrong::Type("an object or null")),
        });
        body.finish()?;
        let event = event
            .filter(|event| !event.is_empty())
            .ok_or(Code::EventRequired)?;
        if is_reserved(&event) {
            return Err(Code::ReservedEvent.into());
        }
        Ok(Self {
            event,
            data: data.or(None).unwrap_or(Value::Null),
        })
    }

    fn publish(self, app: &App, actor: &Actor, room: Room, target: EmitTarget) -> Answer<Emitted> {
        let delivered = app
            .sockets
            .publish(actor.shop, room, &self.event, self.data.to_string());
        let connections = if delivered == 1 {
            "connection"
        } else {
            "connections"
        };
        let emitted = Emitted {
            target,
            event: self.event,
            data: self.data,
            timestamp: app.clock.now(),
            delivered,
        };
        Answer::new(emitted).saying(format!("Sent to {delivered} {connections}."))
    }
}

fn event_name(value: &Value) -> Read<String> {
    let name = value.as_str().ok_or(Wrong::Type("a string"))?;
    if name.chars().count() > LONGEST_EVENT {
        return Err(Wrong::Value(format!(
            "must have at most {LONGEST_EVENT} characters"
        )));
    }
    Ok(name.to_owned())
}

fn admin(actor: &Actor) -> Result<(), Failure> {
    if actor.role == Role::Admin {
        Ok(())
    } else {
        Err(Code::Forbidden.into())
    }
}

async fn known(app: &App, actor: &Actor, user: UserId) -> Result<(), Failure> {
    app.store
        .user(actor.shop, user)
        .await?
        .map(drop)
        .ok_or_else(|| Code::NotFound.into())
}
