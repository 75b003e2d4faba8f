//! `/api/work-orders`: the jobs.

use axum::{extract::State, http::StatusCode};
use serde_json::{Value, json};
use shopbell_domain::{
    View, Visible, revealed, visible,
    work_order::{MAX_BULK, may_change_many},
};
use shopbell_protocol::{
    Code, CustomerId, HistoryEntry, NewWorkOrder, Passcode, WorkOrder, WorkOrderId, WorkOrderPatch,
};
use shopbell_store::{CommandError, TechnicianFilter, WorkOrderFilter};

use crate::http::{
    App,
    answer::{Answer, Failure},
    body::{Fields, Read, id, ids, parsed, text},
    caller::{Caller, IfMatch, PathId},
    once::Commands,
    query::Parameters,
};

/// `GET /api/work-orders?status=&priority=&technician_id=&customer_id=&search=`, most recently changed first.
/// `technician_id=none` asks for the pool.
pub(in crate::http) async fn list(
    State(app): State<App>,
    Caller(session): Caller,
    query: Parameters,
) -> Result<Answer<Vec<Visible<WorkOrder>>>, Failure> {
    let page = query.page()?;
    let filter = WorkOrderFilter {
        status: query.list("status")?,
        priority: query.list("priority")?,
        technician: match query.text("technician_id") {
            Some("none") => Some(TechnicianFilter::Unassigned),
            _ => query.one("technician_id")?.map(TechnicianFilter::User),
        },
        customer_id: query.one("customer_id")?,
        search: query.search(),
    };
    let orders = app
        .store
        .work_orders(&session.actor, &filter, &page)
        .await?;
    let view = View::of(session.actor.role);
    Ok(Answer::page(orders, page.limit, |order| {
        visible(order, view)
    }))
}

/// `GET /api/work-orders/:id`
pub(in crate::http) async fn show(
    State(app): State<App>,
    Caller(session): Caller,
    PathId(id): PathId<WorkOrderId>,
) -> Result<Answer<Visible<WorkOrder>>, Failure> {
    let order = app
        .store
        .work_order(&session.actor, id)
        .await?
        .ok_or(Code::NotFound)?;
    Ok(Answer::read(order, |order| revealed(order, &session.actor)))
}

/// `PATCH /api/work-orders/:id`
pub(in crate::http) async fn patch(
    State(app): State<App>,
    Caller(session): Caller,
    Commands(store): Commands,
    PathId(id): PathId<WorkOrderId>,
    IfMatch(version): IfMatch,
    body: Fields,
) -> Result<Answer<Visible<WorkOrder>>, Failure> {
    let patch = read(body)?;
    let view = View::of(session.actor.role);
    let show = |order| visible(order, view);
    let result = store
        .patch_work_order(&session.actor, id, patch, version, app.clock.now())
        .await;
    Answer::done(result, show)
}

/// `POST /api/work-orders`
pub(in crate::http) async fn add(
    State(app): State<App>,
    Caller(session): Caller,
    Commands(store): Commands,
    mut body: Fields,
) -> Result<(StatusCode, Answer<Visible<WorkOrder>>), Failure> {
    let (customer_id, device, description) = (
        body.required("customer_id", id),
        body.required("device", text(1, 200)),
        body.required("description", text(1, 4000)),
    );
    let new = NewWorkOrder {
        customer_id: customer_id.unwrap_or(CustomerId(0)),
        device: device.unwrap_or_default(),
        description: description.unwrap_or_default(),
        priority: body.optional("priority", parsed),
        technician_id: body.nullable("technician_id", id).or(None),
        estimate_total: body.nullable("estimate_total", parsed).or(None),
        due_at: body.nullable("due_at", parsed).or(None),
        device_passcode: body.nullable("device_passcode", passcode).or(None),
    };
    body.finish()?;
    let view = View::of(session.actor.role);
    let result = store
        .add_work_order(&session.actor, new, app.clock.now())
        .await;
    Answer::created(result, |order| visible(order, view))
}

/// `PATCH /api/work-orders/bulk`: all or nothing. A refusal names the order that it is about.
pub(in crate::http) async fn patch_many(
    State(app): State<App>,
    Caller(session): Caller,
    Commands(store): Commands,
    mut body: Fields,
) -> Result<Answer<Vec<Visible<WorkOrder>>>, Failure> {
    if !may_change_many(&session.actor) {
        return Err(Code::Forbidden.into());
    }
    let ids = body.required("ids", ids(MAX_BULK));
    let changes = body.nested("changes");
    body.finish()?;
    let patch = read(changes.unwrap_or_default())?;
    let view = View::of(session.actor.role);
    match store
        .patch_work_orders(
            &session.actor,
            ids.unwrap_or_default(),
            patch,
            app.clock.now(),
        )
        .await
    {
        Ok(patched) => Ok(Answer::written(patched, |orders| {
            orders
                .into_iter()
                .map(|order| visible(order, view))
                .collect()
        })),
        Err(CommandError::Refused {
            refusal, current, ..
        }) => {
            let number = current
                .and_then(|orders| orders.into_iter().next())
                .map(|order| order.number);
            Err(Failure::from(refusal).about(number))
        }
        Err(CommandError::KeyReused) => Err(Code::IdempotencyKeyReused.into()),
        Err(CommandError::Store(error)) => Err(error.into()),
    }
}

/// `GET /api/work-orders/:id/history`: what happened to it, newest first.
pub(in crate::http) async fn history(
    State(app): State<App>,
    Caller(session): Caller,
    PathId(id): PathId<WorkOrderId>,
    query: Parameters,
) -> Result<Answer<Vec<HistoryEntry>>, Failure> {
    let page = query.page()?;
    let rows = app
        .store
        .history(&session.actor, id, &page)
        .await?
        .ok_or(Code::NotFound)?;
    let view = View::of(session.actor.role);
    Ok(Answer::page(rows, page.limit, |row| HistoryEntry {
        seq: row.event.seq(),
        event: row.event.name().to_owned(),
        payload: json!(visible(row.event, view)),
        at: row.at,
    }))
}

fn read(mut body: Fields) -> Result<WorkOrderPatch, Failure> {
    let patch = WorkOrderPatch {
        status: body.optional("status", parsed),
        override_reason: body.optional("override_reason", text(1, 500)),
        technician_id: body.nullable("technician_id", id),
        customer_id: body.optional("customer_id", id),
        device: body.optional("device", text(1, 200)),
        device_passcode: body.nullable("device_passcode", passcode),
        description: body.optional("description", text(1, 4000)),
        priority: body.optional("priority", parsed),
        estimate_total: body.nullable("estimate_total", parsed),
        cost_total: body.nullable("cost_total", parsed),
        due_at: body.nullable("due_at", parsed),
    };
    body.finish().map(|()| patch)
}

fn passcode(value: &Value) -> Read<Passcode> {
    text(1, 100)(value).map(Passcode)
}
