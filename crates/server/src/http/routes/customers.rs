//! `/api/customers`: whose devices are repaired.

use axum::{extract::State, http::StatusCode};
use shopbell_domain::{View, Visible, visible};
use shopbell_protocol::{Code, Customer, CustomerId, CustomerPatch, NewCustomer};
use shopbell_store::CustomerFilter;

use crate::http::{
    App,
    answer::{Answer, Failure},
    body::{Fields, text},
    caller::{Caller, IfMatch, PathId},
    once::Commands,
    query::Parameters,
};

/// `GET /api/customers?search=`, by name.
pub(in crate::http) async fn list(
    State(app): State<App>,
    Caller(session): Caller,
    query: Parameters,
) -> Result<Answer<Vec<Visible<Customer>>>, Failure> {
    let page = query.page()?;
    let filter = CustomerFilter {
        search: query.search(),
    };
    let customers = app
        .store
        .customers(session.actor.shop, &filter, &session.actor, &page)
        .await?;
    let view = View::of(session.actor.role);
    Ok(Answer::page(customers, page.limit, |customer| {
        visible(customer, view)
    }))
}

/// `GET /api/customers/:id`
pub(in crate::http) async fn show(
    State(app): State<App>,
    Caller(session): Caller,
    PathId(id): PathId<CustomerId>,
) -> Result<Answer<Visible<Customer>>, Failure> {
    let customer = app
        .store
        .customer(session.actor.shop, id)
        .await?
        .ok_or(Code::NotFound)?;
    Ok(Answer::read(customer, |customer| {
        visible(customer, View::of(session.actor.role))
    }))
}

/// `POST /api/customers`
pub(in crate::http) async fn add(
    State(app): State<App>,
    Caller(session): Caller,
    Commands(store): Commands,
    mut body: Fields,
) -> Result<(StatusCode, Answer<Visible<Customer>>), Failure> {
    let name = body.required("name", text(1, 200));
    let new = NewCustomer {
        name: name.unwrap_or_default(),
        phone: body.nullable("phone", text(1, 50)).or(None),
        email: body.nullable("email", text(3, 254)).or(None),
        address: body.nullable("address", text(1, 500)).or(None),
        notes: body.nullable("notes", text(1, 4000)).or(None),
    };
    body.finish()?;
    let view = View::of(session.actor.role);
    let result = store
        .add_customer(&session.actor, new, app.clock.now())
        .await;
    Answer::created(result, |customer| visible(customer, view))
}

/// `PATCH /api/customers/:id`
pub(in crate::http) async fn patch(
    State(app): State<App>,
    Caller(session): Caller,
    Commands(store): Commands,
    PathId(id): PathId<CustomerId>,
    IfMatch(version): IfMatch,
    mut body: Fields,
) -> Result<Answer<Visible<Customer>>, Failure> {
    let patch = CustomerPatch {
        name: body.optional("name", text(1, 200)),
        phone: body.nullable("phone", text(1, 50)),
        email: body.nullable("email", text(3, 254)),
        address: body.nullable("address", text(1, 500)),
        notes: body.nullable("notes", text(1, 4000)),
    };
    body.finish()?;
    let view = View::of(session.actor.role);
    let result = store
        .patch_customer(&session.actor, id, patch, version, app.clock.now())
        .await;
    Answer::done(result, |customer| visible(customer, view))
}
