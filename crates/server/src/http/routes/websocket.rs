//! `/api/websocket` and `/health`: whether it works, who is connected, and test emits.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Value, json};
use shopbell_domain::Actor;
use shopbell_protocol::{Code, Role, Room, UserId, is_reserved};

use crate::http::{
    App,
    answer::{Answer, Failure},
    body::{Fields, Read, Wrong},
    caller::{Caller, PathId},
};

const LONGEST_EVENT: usize = 100;

/// `GET /api/websocket/health`: `inactive` when the store cannot be read or the server is stopping.
pub(in crate::http) async fn health(State(app): State<App>) -> (StatusCode, Json<Value>) {
    let active = is_ready(&app).await;
    let body = json!({
        "service": "websocket",
        "status": if active { "active" } else { "inactive" },
        "connectedUsers": app.sockets.presence().count(),
        "timestamp": app.clock.now(),
    });
    (
        if active {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        },
        Json(body),
    )
}

/// `GET /health/live`: the process answers.
pub(in crate::http) async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

/// `GET /health/ready`: whether a balancer should send traffic here.
pub(in crate::http) async fn ready(State(app): State<App>) -> (StatusCode, Json<Value>) {
    if is_ready(&app).await {
        (StatusCode::OK, Json(json!({ "status": "ready" })))
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(json!({ "status": "not_ready" })),
        )
    }
}

async fn is_ready(app: &App) -> bool {
    !app.stopping.is_cancelled() && app.store.ping().await.is_ok()
}

/// `GET /api/websocket/stats`, for admins: who is connected in the caller's shop, and where.
pub(in crate::http) async fn stats(
    State(app): State<App>,
    Caller(session): Caller,
) -> Result<Answer<Value>, Failure> {
    admin(&session.actor)?;
    let shop = session.actor.shop;
    let online = app.sockets.presence().online(shop);
    let total: usize = online.iter().map(|(_, connections)| connections).sum();
    let users: Vec<_> = online
        .iter()
        .map(|(actor, connections)| {
            json!({ "userId": actor.id, "userName": actor.name, "userRole": actor.role, "connections": connections })
        })
        .collect();
    Ok(Answer::new(json!({
        "connectedUsers": users,
        "totalConnections": total,
        "isServiceActive": is_ready(&app).await,
        "timestamp": app.clock.now(),
        "rooms": app.sockets.rooms(shop),
        "uptimeSeconds": app.started.elapsed().as_secs(),
        "node": &*app.node,
    })))
}

/// `GET /api/websocket/user/:id/rooms`, for admins and for oneself.
pub(in crate::http) async fn user_rooms(
    State(app): State<App>,
    Caller(session): Caller,
    PathId(user): PathId<UserId>,
) -> Result<Answer<Value>, Failure> {
    if user != session.actor.id {
        admin(&session.actor)?;
    }
    let shop = session.actor.shop;
    known(&app, &session.actor, user).await?;
    Ok(Answer::new(json!({
        "userId": user,
        "rooms": app.sockets.rooms_of(shop, user),
        "isOnline": app.sockets.presence().is_online(shop, user),
    })))
}

/// `POST /api/websocket/emit/:userId`, for admins.
pub(in crate::http) async fn emit_to_user(
    State(app): State<App>,
    Caller(session): Caller,
    PathId(user): PathId<UserId>,
    body: Fields,
) -> Result<Json<Value>, Failure> {
    admin(&session.actor)?;
    let emit = Emit::read(body)?;
    known(&app, &session.actor, user).await?;
    Ok(emit.publish(
        &app,
        &session.actor,
        Room::User(user),
        ("userId", json!(user)),
    ))
}

/// `POST /api/websocket/emit/room/:roomName`, for admins.
pub(in crate::http) async fn emit_to_room(
    State(app): State<App>,
    Caller(session): Caller,
    Path(name): Path<String>,
    body: Fields,
) -> Result<Json<Value>, Failure> {
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
    Ok(emit.publish(&app, &session.actor, room, ("roomName", json!(name))))
}

/// `POST /api/websocket/emit/role/:role`, for admins.
pub(in crate::http) async fn emit_to_role(
    State(app): State<App>,
    Caller(session): Caller,
    Path(role): Path<String>,
    body: Fields,
) -> Result<Json<Value>, Failure> {
    admin(&session.actor)?;
    let emit = Emit::read(body)?;
    let role: Role = role.parse().map_err(|_| Code::NotFound)?;
    Ok(emit.publish(
        &app,
        &session.actor,
        Room::Role(role),
        ("role", json!(role)),
    ))
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

    fn publish(
        self,
        app: &App,
        actor: &Actor,
        room: Room,
        (key, target): (&str, Value),
    ) -> Json<Value> {
        let delivered = app
            .sockets
            .publish(actor.shop, room, &self.event, self.data.to_string());
        let mut data = json!({
            "event": self.event,
            "data": self.data,
            "timestamp": app.clock.now(),
            "delivered": delivered,
        });
        if let Some(data) = data.as_object_mut() {
            data.insert(key.to_owned(), target);
        }
        Json(json!({
            "status": "success",
            "message": format!("Sent to {delivered} {}.", if delivered == 1 { "connection" } else { "connections" }),
            "data": data,
        }))
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
