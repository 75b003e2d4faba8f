//! REST, the web app, and the way in to the sockets.
//!
//! **Architecture invariant:** no handler emits. A handler reads the body, lets the store commit what the rules decide,
//! and answers; delivery follows from the journal.

mod answer;
mod body;
mod caller;
mod edge;
mod files;
mod once;
mod openapi;
mod query;
mod routes;

use std::{convert::Infallible, sync::Arc, time::Instant};

use axum::{
    Router,
    extract::Request,
    middleware::from_fn_with_state,
    response::{IntoResponse as _, Response},
    routing::{get, patch, post},
};
use shopbell_protocol::Code;
use shopbell_store::Store;
use tokio_util::sync::CancellationToken;
use tower::Service;

use crate::{
    auth::Auth, behind::Behind, clock::Clock, config::Limits, gateway::Sockets, shops::Shops,
};
use answer::Failure;
pub(crate) use once::Running;
use routes::{
    auth, customers, events, notes, notifications, tickets, users, websocket, work_orders,
};

/// What handlers share.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) auth: Auth,
    pub(crate) behind: Behind,
    pub(crate) clock: Clock,
    pub(crate) demo: bool,
    pub(crate) limits: Arc<Limits>,
    pub(crate) node: Arc<str>,
    pub(crate) running: Running,
    pub(crate) started: Instant,
    pub(crate) socket_path: Arc<str>,
    pub(crate) shops: Shops,
    pub(crate) sockets: Sockets,
    /// Cancelled when the server begins to stop.
    pub(crate) stopping: CancellationToken,
    pub(crate) store: Store,
}

/// Every route on one page. `engine` answers under the socket path.
pub(crate) fn router<E>(app: App, engine: E) -> Router
where
    E: Service<Request, Error = Infallible, Response: axum::response::IntoResponse, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static,
{
    let mut router = Router::new()
        .route("/api/auth/login", post(auth::login))
        .route("/api/auth/refresh", post(auth::refresh))
        .route("/api/auth/logout", post(auth::logout))
        .route("/api/auth/me", get(auth::me))
        .route("/api/users", get(users::list).post(users::add))
        .route("/api/users/{id}", patch(users::patch))
        .route("/api/customers", get(customers::list).post(customers::add))
        .route(
            "/api/customers/{id}",
            get(customers::show).patch(customers::patch),
        )
        .route("/api/tickets", get(tickets::list).post(tickets::add))
        .route(
            "/api/tickets/{id}",
            get(tickets::show).patch(tickets::patch),
        )
        .route("/api/tickets/{id}/convert", post(tickets::convert))
        .route(
            "/api/work-orders",
            get(work_orders::list).post(work_orders::add),
        )
        .route("/api/work-orders/bulk", patch(work_orders::patch_many))
        .route(
            "/api/work-orders/{id}",
            get(work_orders::show).patch(work_orders::patch),
        )
        .route(
            "/api/work-orders/{id}/notes",
            get(notes::list).post(notes::add),
        )
        .route("/api/work-orders/{id}/history", get(work_orders::history))
        .route("/api/events", get(events::list))
        .route("/api/notifications", get(notifications::list))
        .route("/api/notifications/count", get(notifications::count))
        .route(
            "/api/notifications/mark-all-read",
            post(notifications::mark_all),
        )
        .route(
            "/api/notifications/{id}",
            patch(notifications::mark).delete(notifications::delete),
        )
        .route("/api/websocket/health", get(websocket::health))
        .route("/api/websocket/stats", get(websocket::stats))
        .route("/api/websocket/user/{id}/rooms", get(websocket::user_rooms))
        .route("/api/websocket/emit/{id}", post(websocket::emit_to_user))
        .route(
            "/api/websocket/emit/room/{name}",
            post(websocket::emit_to_room),
        )
        .route(
            "/api/websocket/emit/role/{role}",
            post(websocket::emit_to_role),
        )
        .route("/health/live", get(websocket::live))
        .route("/health/ready", get(websocket::ready))
        .route("/api/openapi.json", get(openapi::json))
        .route("/api/docs", get(openapi::page));
    if app.demo {
        router = router.route("/api/auth/demo", get(auth::demo_people));
    }
    router
        .route_service(&app.socket_path, engine)
        .fallback(files::serve)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(app.clone(), once::once))
        .layer(from_fn_with_state(app.clone(), edge::edge))
        .with_state(app)
}

async fn method_not_allowed() -> Response {
    Failure::from(Code::MethodNotAllowed).into_response()
}
