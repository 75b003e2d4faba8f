//! `/api/users`: the shop's staff.

use axum::{extract::State, http::StatusCode};
use shopbell_domain::{Visible, user::may_manage, visible_user};
use shopbell_protocol::{Role, User, UserId, UserPatch};

use crate::http::{
    App,
    answer::{Answer, Failure},
    body::{Fields, Read, Wrong, flag, parsed, secret, text},
    caller::{Caller, IfMatch, PathId},
    once::Commands,
    query::Parameters,
};

/// `GET /api/users?role=`
pub(in crate::http) async fn list(
    State(app): State<App>,
    Caller(session): Caller,
    query: Parameters,
) -> Result<Answer<Vec<Visible<User>>>, Failure> {
    let page = query.page()?;
    let users = app
        .store
        .users(session.actor.shop, query.one("role")?, &page)
        .await?;
    Ok(Answer::page(users, page.limit, |user| {
        visible_user(user, session.actor.role)
    }))
}

/// `POST /api/users`, for admins.
pub(in crate::http) async fn add(
    State(app): State<App>,
    Caller(session): Caller,
    Commands(store): Commands,
    mut body: Fields,
) -> Result<(StatusCode, Answer<Visible<User>>), Failure> {
    // Before a password is hashed, which is not cheap.
    may_manage(&session.actor)?;
    let (name, email, role, password) = (
        body.required("name", text(1, 100)),
        body.required("email", email),
        body.required("role", parsed),
        body.required("password", password),
    );
    body.finish()?;
    let hash = app.auth.hash(&password.unwrap_or_default()).await?;
    let (name, email) = (name.unwrap_or_default(), email.unwrap_or_default());
    let role = role.unwrap_or(Role::Technician);
    let show = |user| visible_user(user, session.actor.role);
    let result = store
        .add_user(&session.actor, &name, &email, role, &hash, app.clock.now())
        .await;
    Answer::created(result, show)
}

/// `PATCH /api/users/:id`, for admins. The store tells the gateway of rights that this changes.
pub(in crate::http) async fn patch(
    State(app): State<App>,
    Caller(session): Caller,
    Commands(store): Commands,
    PathId(id): PathId<UserId>,
    IfMatch(version): IfMatch,
    mut body: Fields,
) -> Result<Answer<Visible<User>>, Failure> {
    may_manage(&session.actor)?;
    let patch = UserPatch {
        name: body.optional("name", text(1, 100)),
        role: body.optional("role", parsed),
        is_active: body.optional("is_active", flag),
        password: body.optional("password", password),
    };
    body.finish()?;
    let hash = match &patch.password {
        Some(password) => Some(app.auth.hash(password).await?),
        None => None,
    };
    let show = |user| visible_user(user, session.actor.role);
    let result = store
        .patch_user(&session.actor, id, patch, hash, version, app.clock.now())
        .await;
    Answer::done(result, show)
}

fn email(value: &serde_json::Value) -> Read<String> {
    let email = text(3, 254)(value)?;
    match email.split_once('@') {
        Some((name, host))
            if !name.is_empty() && !host.is_empty() && !email.contains(char::is_whitespace) =>
        {
            Ok(email)
        }
        _ => Err(Wrong::Value("is not an e-mail address".to_owned())),
    }
}

/// Long enough that guessing is hopeless, short enough to hash.
fn password(value: &serde_json::Value) -> Read<String> {
    let password = secret(1024)(value)?;
    if password.chars().count() >= 10 {
        Ok(password)
    } else {
        Err(Wrong::Value("must have at least 10 characters".to_owned()))
    }
}
