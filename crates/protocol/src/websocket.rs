//! What `/api/websocket` and `/health` answer.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{Role, Timestamp, UserId};

/// `GET /api/websocket/health`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct SocketHealth {
    #[schema(value_type = String, pattern = "^websocket$")]
    pub service: &'static str,
    pub status: SocketStatus,
    /// People online in all shops.
    pub connected_users: usize,
    pub timestamp: Timestamp,
}

/// Whether sockets are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the contract's own words")]
pub enum SocketStatus {
    Active,
    Inactive,
}

/// `GET /health/live` and `GET /health/ready`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[expect(missing_docs, reason = "said above")]
pub struct Health {
    pub status: HealthStatus,
}

/// Whether the process answers, and whether it should be sent traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are what they say")]
pub enum HealthStatus {
    Live,
    Ready,
    NotReady,
}

/// `GET /api/websocket/stats`: the sockets of the caller's shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct SocketStats {
    pub connected_users: Vec<ConnectedUser>,
    pub total_connections: usize,
    pub is_service_active: bool,
    pub timestamp: Timestamp,
    pub rooms: Vec<RoomSize>,
    pub uptime_seconds: u64,
    /// The process that answers.
    pub node: String,
}

/// Someone who is online. One whose last connection went a moment ago has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct ConnectedUser {
    pub user_id: UserId,
    pub user_name: String,
    pub user_role: Role,
    pub connections: usize,
}

/// A room and how many connections are in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct RoomSize {
    pub name: String,
    pub members: usize,
}

/// `GET /api/websocket/user/:id/rooms`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct UserRooms {
    pub user_id: UserId,
    /// By name, the automatic ones included.
    pub rooms: Vec<String>,
    pub is_online: bool,
}

/// `POST /api/websocket/emit/…`: a test event.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct TestEmit {
    /// Neither a word of the protocol nor one of the server's own events.
    pub event: String,
    #[schema(value_type = Option<HashMap<String, Value>>)]
    pub data: Option<Value>,
}

/// What became of a test event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct Emitted {
    #[serde(flatten)]
    pub target: EmitTarget,
    pub event: String,
    #[schema(value_type = Option<HashMap<String, Value>>)]
    pub data: Value,
    pub timestamp: Timestamp,
    /// How many connections it was for.
    pub delivered: usize,
}

/// Whom a test event was for, in the key that the path names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub enum EmitTarget {
    #[serde(rename_all = "camelCase")]
    User {
        user_id: UserId,
    },
    #[serde(rename_all = "camelCase")]
    Room {
        room_name: String,
    },
    Role {
        role: Role,
    },
}
