//! `/api/notifications`: what the caller was told.

use axum::extract::State;
use shopbell_protocol::{Code, MarkedRead, Notification, NotificationCount, NotificationId};
use shopbell_store::NotificationFilter;

use crate::http::{
    App,
    answer::{Answer, Failure},
    body::{Fields, flag, id},
    caller::{Caller, PathId},
    once::Commands,
    query::Parameters,
};

/// `GET /api/notifications?unread=true&type=`, newest first.
pub(in crate::http) async fn list(
    State(app): State<App>,
    Caller(session): Caller,
    query: Parameters,
) -> Result<Answer<Vec<Notification>>, Failure> {
    let page = query.page()?;
    let filter = NotificationFilter {
        unread: query.one("unread")?.unwrap_or(false),
        r#type: query.one("type")?,
    };
    let rows = app
        .store
        .notifications(&session.actor, &filter, &page)
        .await?;
    Ok(Answer::page(rows, page.limit, |row| row))
}

/// `GET /api/notifications/count`
pub(in crate::http) async fn count(
    State(app): State<App>,
    Caller(session): Caller,
) -> Result<Answer<NotificationCount>, Failure> {
    let unread = app.store.notification_count(&session.actor).await?;
    Ok(Answer::read(unread, |unread| NotificationCount {
        count: unread,
        unread,
    }))
}

/// `PATCH /api/notifications/:id`
pub(in crate::http) async fn mark(
    State(app): State<App>,
    Caller(session): Caller,
    Commands(store): Commands,
    PathId(notification): PathId<NotificationId>,
    mut body: Fields,
) -> Result<Answer<Notification>, Failure> {
    let is_read = body.required("is_read", flag);
    body.finish()?;
    let is_read = is_read.unwrap_or_default();
    let marked = store
        .mark_notification(&session.actor, notification, is_read, app.clock.now())
        .await;
    Answer::done(marked, |row| row)
}

/// `DELETE /api/notifications/:id`
pub(in crate::http) async fn delete(
    State(app): State<App>,
    Caller(session): Caller,
    PathId(notification): PathId<NotificationId>,
) -> Result<Answer<()>, Failure> {
    let deleted = app
        .store
        .delete_notification(&session.actor, notification, app.clock.now())
        .await?;
    Ok(Answer::written(deleted.ok_or(Code::NotFound)?, |()| ()))
}

/// `POST /api/notifications/mark-all-read`
pub(in crate::http) async fn mark_all(
    State(app): State<App>,
    Caller(session): Caller,
    Commands(store): Commands,
    mut body: Fields,
) -> Result<Answer<MarkedRead>, Failure> {
    let up_to = body.required("up_to_id", id);
    body.finish()?;
    let up_to = up_to.unwrap_or(NotificationId(0));
    let marked = store
        .mark_all_read(&session.actor, up_to, app.clock.now())
        .await;
    Answer::done(marked, |updated| MarkedRead { updated })
}
