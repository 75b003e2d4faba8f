//! Members of staff.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{Role, Timestamp, UserId, Version};

/// A member of staff as a reader may see them: only admins read more than `id, name, role, is_active`; what the reader
/// may not see is `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct User {
    pub id: UserId,
    pub name: String,
    pub email: Option<String>,
    pub role: Role,
    pub is_active: bool,
    pub last_seen: Option<Timestamp>,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
    pub version: Option<Version>,
}

/// `POST /api/users`; admins only.
#[derive(Clone, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct NewUser {
    pub name: String,
    pub email: String,
    pub role: Role,
    pub password: String,
}

/// `PATCH /api/users/:id`; admins only. A key that is left out keeps its field.
#[derive(Clone, Default, TS, ToSchema)]
#[ts(optional_fields)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct UserPatch {
    #[schema(nullable = false)]
    pub name: Option<String>,
    #[schema(nullable = false)]
    pub role: Option<Role>,
    #[schema(nullable = false)]
    pub is_active: Option<bool>,
    #[schema(nullable = false)]
    pub password: Option<String>,
}
