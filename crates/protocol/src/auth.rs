//! Signing in, and what a token says.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{Role, ShopId, User, UserId};

/// The claims of an access token (RFC 7519). Only `id` and `exp` decide who is meant and for how long; role, shop and
/// activity are checked against the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the contract's own claim names")]
pub struct Claims {
    pub id: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Seconds since 1970.
    pub exp: i64,
    #[serde(default = "first_shop")]
    pub shop: ShopId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// The login family: what logout revokes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typ: Option<TokenType>,
    /// Checked by the verifier itself, which also takes an array for `aud`; here only to be written.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub aud: Option<String>,
}

const fn first_shop() -> ShopId {
    ShopId(1)
}

/// What a token is for. Any other word does not parse, so it cannot pass for an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenType {
    /// Opens REST and sockets.
    Access,
}

/// `POST /api/auth/login`.
#[derive(Clone, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct LoginRequest {
    pub email: String,
    pub password: String,
}

/// `POST /api/auth/refresh`.
#[derive(Clone, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct RefreshRequest {
    pub refresh_token: String,
}

/// What login and refresh answer.
#[derive(Clone, Serialize, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct TokenPair {
    pub user: User,
    pub access_token: String,
    pub refresh_token: String,
    /// Seconds until the access token expires.
    #[ts(type = "number")]
    pub expires_in: u64,
}

/// One of the people of `GET /api/auth/demo`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct DemoPerson {
    pub shop: ShopId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password: String,
}
