//! `/api/auth`: signing in and out.

use axum::extract::State;
use serde_json::json;
use shopbell_domain::{Visible, visible_user};
use shopbell_protocol::{Code, DemoPerson, Role, TokenPair, User};
use shopbell_store::demo;

use crate::http::{
    App,
    answer::{Answer, Failure},
    body::{Fields, secret},
    caller::Caller,
};

const LONGEST_EMAIL: usize = 254;
const LONGEST_PASSWORD: usize = 1024;

/// `POST /api/auth/login`
pub(in crate::http) async fn login(
    State(app): State<App>,
    mut body: Fields,
) -> Result<Answer<TokenPair>, Failure> {
    let email = body.required("email", secret(LONGEST_EMAIL));
    let password = body.required("password", secret(LONGEST_PASSWORD));
    body.finish()?;
    let (_, pair) = app
        .auth
        .login(&email.unwrap_or_default(), &password.unwrap_or_default())
        .await?;
    Ok(Answer::new(pair))
}

/// `POST /api/auth/refresh`
pub(in crate::http) async fn refresh(
    State(app): State<App>,
    mut body: Fields,
) -> Result<Answer<TokenPair>, Failure> {
    let spent = body.required("refresh_token", secret(LONGEST_PASSWORD));
    body.finish()?;
    let (_, pair) = app.auth.refresh(&spent.unwrap_or_default()).await?;
    Ok(Answer::new(pair))
}

/// `POST /api/auth/logout`
pub(in crate::http) async fn logout(
    State(app): State<App>,
    Caller(session): Caller,
) -> Result<Answer<serde_json::Value>, Failure> {
    app.auth.logout(&session).await?;
    Ok(Answer::new(json!(null)))
}

/// `GET /api/auth/me`
pub(in crate::http) async fn me(
    State(app): State<App>,
    Caller(session): Caller,
) -> Result<Answer<Visible<User>>, Failure> {
    let user = app
        .store
        .user(session.actor.shop, session.actor.id)
        .await?
        .ok_or(Code::InvalidToken)?;
    // Everyone may read all of their own row.
    Ok(Answer::read(user, |user| visible_user(user, Role::Admin)))
}

/// `GET /api/auth/demo`, only there when demo data is on.
pub(in crate::http) async fn demo_people() -> Answer<Vec<DemoPerson>> {
    let people: Vec<_> = demo::PEOPLE
        .iter()
        .map(|person| DemoPerson {
            shop: person.shop,
            email: person.email.to_owned(),
            name: person.name.to_owned(),
            role: person.role,
            password: demo::PASSWORD.to_owned(),
        })
        .collect();
    Answer::new(people)
}
