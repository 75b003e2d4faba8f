//! `/api/work-orders`: the jobs.

use axum::extract::State;
use shopbell_domain::{View, Visible, revealed, visible};
use shopbell_protocol::{Code, WorkOrder, WorkOrderId, WorkOrderPatch};
use shopbell_store::{TechnicianFilter, WorkOrderFilter};

use crate::http::{
    App,
    answer::{Answer, Failure, refused},
    body::{Fields, id, parsed, text},
    caller::{Caller, IfMatch, PathId},
    query::Parameters,
};

const LONGEST_SEARCH: usize = 100;

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
        search: query
            .text("search")
            .map(|search| search.chars().take(LONGEST_SEARCH).collect()),
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
    PathId(id): PathId<WorkOrderId>,
    IfMatch(version): IfMatch,
    body: Fields,
) -> Result<Answer<Visible<WorkOrder>>, Failure> {
    let patch = read(body)?;
    let view = View::of(session.actor.role);
    let show = |order| visible(order, view);
    match app
        .store
        .patch_work_order(&session.actor, id, patch, version, app.clock.now())
        .await
    {
        Ok(committed) => Ok(Answer::written(committed, show)),
        Err(error) => Err(refused(error, show)),
    }
}

fn read(mut body: Fields) -> Result<WorkOrderPatch, Failure> {
    let patch = WorkOrderPatch {
        status: body.optional("status", parsed),
        override_reason: body.optional("override_reason", text(1, 500)),
        technician_id: body.nullable("technician_id", id),
        customer_id: body.optional("customer_id", id),
        device: body.optional("device", text(1, 200)),
        device_passcode: body.nullable("device_passcode", text(1, 100)),
        description: body.optional("description", text(1, 4000)),
        priority: body.optional("priority", parsed),
        estimate_total: body.nullable("estimate_total", parsed),
        cost_total: body.nullable("cost_total", parsed),
        due_at: body.nullable("due_at", parsed),
    };
    body.finish().map(|()| patch)
}
