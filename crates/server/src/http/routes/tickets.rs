//! `/api/tickets`: what customers brought in.

use axum::{extract::State, http::StatusCode};
use shopbell_domain::{View, Visible, visible};
use shopbell_protocol::{
    Code, CustomerId, NewTicket, Ticket, TicketConversion, TicketId, TicketPatch, WorkOrder,
};
use shopbell_store::TicketFilter;

use crate::http::{
    App,
    answer::{Answer, Failure},
    body::{Fields, id, parsed, text},
    caller::{Caller, IfMatch, PathId},
    once::Commands,
    query::Parameters,
};

/// `GET /api/tickets?status=&priority=&customer_id=&search=`, most recently changed first.
pub(in crate::http) async fn list(
    State(app): State<App>,
    Caller(session): Caller,
    query: Parameters,
) -> Result<Answer<Vec<Visible<Ticket>>>, Failure> {
    let page = query.page()?;
    let filter = TicketFilter {
        status: query.list("status")?,
        priority: query.list("priority")?,
        customer_id: query.one("customer_id")?,
        search: query.search(),
    };
    let tickets = app.store.tickets(&session.actor, &filter, &page).await?;
    let view = View::of(session.actor.role);
    Ok(Answer::page(tickets, page.limit, |ticket| {
        visible(ticket, view)
    }))
}

/// `GET /api/tickets/:id`
pub(in crate::http) async fn show(
    State(app): State<App>,
    Caller(session): Caller,
    PathId(id): PathId<TicketId>,
) -> Result<Answer<Visible<Ticket>>, Failure> {
    let ticket = app
        .store
        .ticket(&session.actor, id)
        .await?
        .ok_or(Code::NotFound)?;
    Ok(Answer::read(ticket, |ticket| {
        visible(ticket, View::of(session.actor.role))
    }))
}

/// `POST /api/tickets`
pub(in crate::http) async fn add(
    State(app): State<App>,
    Caller(session): Caller,
    Commands(store): Commands,
    mut body: Fields,
) -> Result<(StatusCode, Answer<Visible<Ticket>>), Failure> {
    let (customer_id, device, problem) = (
        body.required("customer_id", id),
        body.required("device", text(1, 200)),
        body.required("problem_description", text(1, 4000)),
    );
    let new = NewTicket {
        customer_id: customer_id.unwrap_or(CustomerId(0)),
        device: device.unwrap_or_default(),
        problem_description: problem.unwrap_or_default(),
        priority: body.optional("priority", parsed),
        notes: body.nullable("notes", text(1, 4000)).or(None),
    };
    body.finish()?;
    let view = View::of(session.actor.role);
    let result = store.add_ticket(&session.actor, new, app.clock.now()).await;
    Answer::created(result, |ticket| visible(ticket, view))
}

/// `PATCH /api/tickets/:id`
pub(in crate::http) async fn patch(
    State(app): State<App>,
    Caller(session): Caller,
    Commands(store): Commands,
    PathId(ticket): PathId<TicketId>,
    IfMatch(version): IfMatch,
    mut body: Fields,
) -> Result<Answer<Visible<Ticket>>, Failure> {
    let patch = TicketPatch {
        status: body.optional("status", parsed),
        customer_id: body.optional("customer_id", id),
        device: body.optional("device", text(1, 200)),
        problem_description: body.optional("problem_description", text(1, 4000)),
        priority: body.optional("priority", parsed),
        notes: body.nullable("notes", text(1, 4000)),
    };
    body.finish()?;
    let view = View::of(session.actor.role);
    let result = store
        .patch_ticket(&session.actor, ticket, patch, version, app.clock.now())
        .await;
    Answer::done(result, |ticket| visible(ticket, view))
}

/// `POST /api/tickets/:id/convert`
pub(in crate::http) async fn convert(
    State(app): State<App>,
    Caller(session): Caller,
    Commands(store): Commands,
    PathId(ticket): PathId<TicketId>,
    mut body: Fields,
) -> Result<(StatusCode, Answer<Visible<WorkOrder>>), Failure> {
    let conversion = TicketConversion {
        description: body.optional("description", text(1, 4000)),
        priority: body.optional("priority", parsed),
        technician_id: body.nullable("technician_id", id),
    };
    body.finish()?;
    let view = View::of(session.actor.role);
    let result = store
        .convert_ticket(&session.actor, ticket, conversion, app.clock.now())
        .await;
    Answer::created(result, |order| visible(order, view))
}
