//! The codes of refusals, one list for REST, CONNECT and socket events.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Why something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the contract's own codes; `message` says each in a sentence"
)]
pub enum Code {
    AuthenticationRequired,
    BadRoom,
    Conflict,
    EventRequired,
    Forbidden,
    IdempotencyKeyReused,
    IllegalTransition,
    InternalError,
    InvalidCredentials,
    InvalidPayload,
    InvalidToken,
    Malformed,
    MethodNotAllowed,
    NotFound,
    NotInRoom,
    ReservedEvent,
    ResyncRequired,
    RoomLimit,
    StorageFull,
    TechnicianRequired,
    TokenExpired,
    TokenInQuery,
    TooLarge,
    TooManyConnections,
    Unavailable,
    UnknownEvent,
    UnknownField,
    UnsupportedMediaType,
    ValidationFailed,
    VersionMismatch,
}

impl Code {
    /// A sentence for people, where the place of the refusal has no better one.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::AuthenticationRequired => "Authentication token required",
            Self::BadRoom => "That is not the name of a room.",
            Self::Conflict => "The request conflicts with the current state.",
            Self::EventRequired => "Name the event to send.",
            Self::Forbidden => "You may not do that.",
            Self::IdempotencyKeyReused => {
                "That Idempotency-Key was used for another request; take a new one."
            }
            Self::IllegalTransition => "The status cannot move there from where it is.",
            Self::InternalError => "Something went wrong on our side.",
            Self::InvalidCredentials => "The e-mail address or the password is wrong.",
            Self::InvalidPayload => "The payload does not have the shape of this event.",
            Self::InvalidToken => "Invalid authentication token",
            Self::Malformed => "The request cannot be read.",
            Self::MethodNotAllowed => "This route does not take that method.",
            Self::NotFound => "There is no such thing here.",
            Self::NotInRoom => "Join the room first.",
            Self::ReservedEvent => {
                "That name is the protocol's, or one of the server's own events."
            }
            Self::ResyncRequired => {
                "What was missed is no longer kept as events: read the current state anew."
            }
            Self::RoomLimit => "This connection has joined as many rooms as it may.",
            Self::StorageFull => "The disk is full; nothing was changed.",
            Self::TechnicianRequired => "A technician must be assigned before work can start.",
            Self::TokenExpired => "The authentication token has expired.",
            Self::TokenInQuery => {
                "A token never goes into a query string; send it in the auth payload or the Authorization header."
            }
            Self::TooLarge => "The request is larger than allowed.",
            Self::TooManyConnections => "Too many connections",
            Self::Unavailable => "The service cannot answer now; try again shortly.",
            Self::UnknownEvent => "There is no such event.",
            Self::UnknownField => "A field is unknown or cannot be written.",
            Self::UnsupportedMediaType => {
                "Send JSON, with the header Content-Type: application/json."
            }
            Self::ValidationFailed => "A field is missing or out of its range.",
            Self::VersionMismatch => {
                "Someone else changed it first; the current row is under data."
            }
        }
    }
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

/// The body of every REST refusal. `status` is `fail` when the caller can mend it (4xx), `error` when it is ours (5xx).
#[derive(Clone, Debug, Serialize, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct ErrorBody {
    #[ts(type = "'fail' | 'error'")]
    #[schema(value_type = String, pattern = "^(fail|error)$")]
    pub status: &'static str,
    pub code: Code,
    pub message: String,
    pub request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    #[schema(nullable = false)]
    pub errors: Option<Vec<FieldError>>,
    /// The current row, with `version_mismatch` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "unknown")]
    #[schema(nullable = false)]
    pub data: Option<serde_json::Value>,
}

/// `data` of a refused CONNECT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct RefusalData {
    pub code: Code,
}
