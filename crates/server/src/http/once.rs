//! `Idempotency-Key`: what was asked for once is done once, and answered the same when it is asked for again.
//!
//! A command keeps its own outcome, in the transaction that does it (`Store::once`). What never reaches a command, such as a
//! body that does not validate, or a test emit, is kept here.

use std::{collections::HashSet, error::Error, sync::Arc};

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use parking_lot::Mutex;
use shopbell_protocol::{Code, Epoch, Seq, UserId};
use shopbell_store::{Kept, Once, Store, StoredAnswer};

use super::{
    App,
    answer::{Failure, SHOP_EPOCH, SHOP_SEQ, insert, render},
    body::read,
    caller::Caller,
    edge::RequestId,
};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// On an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

const LONGEST_KEY: usize = 255;

/// The requests with a key that are being answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Running(Arc<Mutex<HashSet<(UserId, String, String)>>>);

/// The place of one of them, given up when it is dropped.
struct Turn {
    running: Running,
    place: (UserId, String, String),
}

impl Running {
    fn begin(&self, once: &Once) -> Option<Turn> {
        let place = (once.user, once.route.clone(), once.key.clone());
        let is_first = self.0.lock().insert(place.clone());
        // Made only then: one that is dropped gives the place up.
        is_first.then(|| Turn {
            running: self.clone(),
            place,
        })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.running.0.lock().remove(&self.place);
    }
}

/// The store that a handler's command goes to: it does once what carries a key.
#[derive(Debug)]
pub(super) struct Commands(pub(super) Store);

impl FromRequestParts<App> for Commands {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        Ok(Self(match parts.extensions.get::<Once>() {
            Some(once) => app.store.once(once.clone()),
            None => app.store.clone(),
        }))
    }
}

/// Wraps every request; acts on POST and PATCH with a key.
pub(super) async fn once(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let is_meant = matches!(*request.method(), Method::POST | Method::PATCH)
        && request.uri().path().starts_with("/api/")
        && !request.uri().path().starts_with("/api/auth/");
    let Some(key) = request.headers().get(IDEMPOTENCY_KEY).filter(|_| is_meant) else {
        return Ok(next.run(request).await);
    };
    let key = key_of(key)?;
    let (mut parts, body) = request.into_parts();
    // Nobody gets past this without being known: what is done must be remembered for somebody.
    let Caller(session) = Caller::from_request_parts(&mut parts, &app).await?;
    let body = read(body, app.limits.max_payload).await?;
    let once = Once {
        user: session.actor.id,
        route: format!("{} {}", parts.method, parts.uri.path()),
        key,
        hash: app.auth.fingerprint(&body),
        now: app.clock.now(),
    };
    let Some(turn) = app.running.begin(&once) else {
        return Err(Failure::new(
            Code::Conflict,
            "A request with that Idempotency-Key is still being answered.",
        ));
    };
    let request = Request::from_parts(parts, Body::from(body));
    // In a task of its own: when the caller hangs up it is answered, and its answer kept, all the same.
    let answering = tokio::spawn(async move {
        let _turn = turn;
        answer(&app, once, request, next).await
    });
    answering
        .await
        .unwrap_or_else(|error| Err(Failure::internal(&error.into())))
}

/// Answers as before, if it was asked before.
async fn answer(
    app: &App,
    once: Once,
    mut request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let is_again = match app.store.kept(&once).await? {
        Some(Kept::KeyReused) => return Err(Code::IdempotencyKeyReused.into()),
        Some(Kept::Answer(answer)) => return Ok(again(answer)),
        Some(Kept::Command) => true,
        None => false,
    };
    let extensions = request.extensions_mut();
    let RequestId(request_id) = extensions.get().cloned().unwrap_or_default();
    extensions.insert(once.clone());
    let response = next.run(request).await;
    let mut response = render(response, &request_id);
    if is_again {
        // The command gave the outcome that it kept.
        response
            .headers_mut()
            .insert(REPLAYED, HeaderValue::from_static("true"));
        return Ok(response);
    }
    keep(app, &once, response).await
}

/// A key in visible ASCII.
fn key_of(value: &HeaderValue) -> Result<String, Failure> {
    let key = value.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST_KEY || !key.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return Err(Failure::new(
            Code::Malformed,
            format!("Idempotency-Key must be 1 to {LONGEST_KEY} visible ASCII characters."),
        ));
    }
    Ok(key.to_owned())
}

/// Whether an answer is final, so that asking again must give it again.
fn is_final(status: StatusCode) -> bool {
    status.is_success()
        || (status.is_client_error()
            && !matches!(
                status,
                StatusCode::UNAUTHORIZED
                    | StatusCode::REQUEST_TIMEOUT
                    | StatusCode::CONFLICT
                    | StatusCode::TOO_MANY_REQUESTS
            ))
}

/// Keeps a final answer, unless its command did.
async fn keep(app: &App, once: &Once, response: Response) -> Result<Response, Failure> {
    if !is_final(response.status()) {
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX)
        .await
        .map_err(|error| Failure::internal(&error.into()))?;
    let text = |name| {
        let value = parts.headers.get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let answer = StoredAnswer {
        status: parts.status.as_u16(),
        body: String::from_utf8_lossy(&body).into_owned(),
        seq: text(SHOP_SEQ).and_then(|seq| seq.parse().ok()).map(Seq),
        epoch: text(SHOP_EPOCH).map(Epoch),
    };
    if let Err(error) = app.store.keep_answer(once, answer).await {
        // It had no effect that could be doubled.
        tracing::warn!(error = &error as &dyn Error, "failed to keep an answer");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// An answer that was given before.
fn again(answer: StoredAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if let (Some(seq), Some(epoch)) = (answer.seq, answer.epoch) {
        insert(headers, SHOP_SEQ, &seq.to_string());
        insert(headers, SHOP_EPOCH, &epoch.0);
    }
    response
}
