//! Who asks, and for which object.

use axum::{
    extract::{FromRequestParts, Path},
    http::{header, request::Parts},
};
use shopbell_protocol::{Code, Version};

use super::{App, answer::Failure};
use crate::auth::{Session, bearer};

/// The authenticated caller of a request.
#[derive(Debug)]
pub(super) struct Caller(pub(super) Session);

impl FromRequestParts<App> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let token = bearer(&parts.headers).ok_or(Code::AuthenticationRequired)?;
        Ok(Self(app.auth.authenticate(token).await?))
    }
}

/// The id in a path. What is no id names nothing: 404.
#[derive(Debug)]
pub(super) struct PathId<T>(pub(super) T);

impl<S: Send + Sync, T: From<i64>> FromRequestParts<S> for PathId<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Path(id) = Path::<i64>::from_request_parts(parts, state)
            .await
            .map_err(|_| Code::NotFound)?;
        Ok(Self(T::from(id)))
    }
}

/// The version of `If-Match: "<version>"` (RFC 9110 §13.1.1); `*` and an absent header ask for none.
#[derive(Debug)]
pub(super) struct IfMatch(pub(super) Option<Version>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Ok(Self(None));
        };
        let malformed = || {
            Failure::new(
                Code::Malformed,
                "If-Match must be a version in quotes, like \"3\".",
            )
        };
        let value = value.to_str().map_err(|_| malformed())?.trim();
        if value == "*" {
            return Ok(Self(None));
        }
        let quoted = value
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .ok_or_else(malformed)?;
        quoted
            .parse()
            .map(|version| Self(Some(version)))
            .map_err(|_| malformed())
    }
}
