//! `/api/users`: the shop's staff.

use axum::extract::State;
use shopbell_domain::{Visible, visible_user};
use shopbell_protocol::User;

use crate::http::{
    App,
    answer::{Answer, Failure},
    caller::Caller,
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
