//! `/api/websocket` and `/health`: whether it works.

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

use crate::http::App;

/// `GET /api/websocket/health`: `inactive` when the store cannot be read or the server is stopping.
pub(in crate::http) async fn health(State(app): State<App>) -> (StatusCode, Json<Value>) {
    let active = is_ready(&app).await;
    let body = json!({
        "service": "websocket",
        "status": if active { "active" } else { "inactive" },
        "connectedUsers": app.sockets.connected_users(),
        "timestamp": app.clock.now(),
    });
    (
        if active {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        },
        Json(body),
    )
}

/// `GET /health/live`: the process answers.
pub(in crate::http) async fn live() -> Json<Value> {
    Json(json!({ "status": "live" }))
}

/// `GET /health/ready`: whether a balancer should send traffic here.
pub(in crate::http) async fn ready(State(app): State<App>) -> (StatusCode, Json<Value>) {
    if is_ready(&app).await {
        (StatusCode::OK, Json(json!({ "status": "ready" })))
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(json!({ "status": "not_ready" })),
        )
    }
}

async fn is_ready(app: &App) -> bool {
    !app.stopping.is_cancelled() && app.store.ping().await.is_ok()
}
