//! `/api/work-orders/:id/notes`: what was written down about a job.

use axum::{extract::State, http::StatusCode};
use shopbell_protocol::{Code, NewNote, Note, WorkOrderId};

use crate::http::{
    App,
    answer::{Answer, Failure},
    body::{Fields, flag, text},
    caller::{Caller, PathId},
    once::Commands,
    query::Parameters,
};

/// `GET /api/work-orders/:id/notes`, newest first.
pub(in crate::http) async fn list(
    State(app): State<App>,
    Caller(session): Caller,
    PathId(order): PathId<WorkOrderId>,
    query: Parameters,
) -> Result<Answer<Vec<Note>>, Failure> {
    let page = query.page()?;
    let notes = app
        .store
        .notes(&session.actor, order, &page)
        .await?
        .ok_or(Code::NotFound)?;
    Ok(Answer::page(notes, page.limit, |note| note))
}

/// `POST /api/work-orders/:id/notes`
pub(in crate::http) async fn add(
    State(app): State<App>,
    Caller(session): Caller,
    Commands(store): Commands,
    PathId(order): PathId<WorkOrderId>,
    mut body: Fields,
) -> Result<(StatusCode, Answer<Note>), Failure> {
    let content = body.required("content", text(1, 4000));
    let customer_visible = body.optional("customer_visible", flag);
    body.finish()?;
    let new = NewNote {
        content: content.unwrap_or_default(),
        customer_visible,
    };
    let result = store
        .add_note(&session.actor, order, new, app.clock.now())
        .await;
    Answer::created(result, |note| note)
}
