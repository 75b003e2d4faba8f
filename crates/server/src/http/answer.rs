//! What a handler answers: one shape for success, one for failure, both rendered here alone.

use axum::{
    Json,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::json;
use shopbell_domain::Refusal;
use shopbell_protocol::{Code, Epoch, ErrorBody, FieldError, Seq};
use shopbell_store::{CommandError, Committed, Snapshot, StoreError};
use utoipa::ToSchema;

use crate::auth::AuthError;

/// The number of an event, or of the journal's head, that ties an answer to a cursor.
pub(super) const SHOP_SEQ: HeaderName = HeaderName::from_static("shop-seq");
/// The journal's life that `Shop-Seq` counts in.
pub(super) const SHOP_EPOCH: HeaderName = HeaderName::from_static("shop-epoch");

/// `{"status":"success","data":…}`, with `pagination` for a list and `Shop-Seq` and `Shop-Epoch` for shop data.
#[derive(Debug)]
pub(super) struct Answer<T> {
    message: Option<String>,
    data: T,
    pagination: Option<Pagination>,
    next: Option<Seq>,
    at: Option<(Seq, Epoch)>,
}

/// Where a list goes on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Pagination {
    limit: u32,
    /// The `cursor` of the next page; `null` on the last one.
    next_cursor: Option<String>,
}

impl<T> Answer<T> {
    /// An answer that is not about shop data.
    pub(super) const fn new(data: T) -> Self {
        Self {
            message: None,
            data,
            pagination: None,
            next: None,
            at: None,
        }
    }

    /// With the place in the journal after which the next answer goes on.
    pub(super) fn followed_by(self, next: Seq) -> Self {
        Self {
            next: Some(next),
            ..self
        }
    }

    /// With a sentence for people.
    pub(super) fn saying(self, message: String) -> Self {
        Self {
            message: Some(message),
            ..self
        }
    }

    /// What was read, tied to the journal's head in the same snapshot.
    pub(super) fn read<S>(snapshot: Snapshot<S>, show: impl FnOnce(S) -> T) -> Self {
        Self {
            at: Some((snapshot.seq, snapshot.epoch)),
            ..Self::new(show(snapshot.value))
        }
    }

    /// What was written, tied to the event that tells of it.
    pub(super) fn written<S>(committed: Committed<S>, show: impl FnOnce(S) -> T) -> Self {
        Self {
            at: Some((committed.seq, committed.epoch)),
            ..Self::new(show(committed.value))
        }
    }
}

impl<T: Serialize> Answer<T> {
    /// What became of a command; `show` makes a row what the caller may see, also the current one of a refusal.
    pub(super) fn done<S>(
        result: Result<Committed<S>, CommandError<S>>,
        show: impl FnOnce(S) -> T,
    ) -> Result<Self, Failure> {
        match result {
            Ok(committed) => Ok(Self::written(committed, show)),
            Err(error) => Err(refused(error, show)),
        }
    }

    /// The same for a command that makes something: 201.
    pub(super) fn created<S>(
        result: Result<Committed<S>, CommandError<S>>,
        show: impl FnOnce(S) -> T,
    ) -> Result<(StatusCode, Self), Failure> {
        Self::done(result, show).map(|answer| (StatusCode::CREATED, answer))
    }
}

impl<T> Answer<Vec<T>> {
    /// One page of a list.
    pub(super) fn page<S>(
        snapshot: Snapshot<shopbell_store::Page<S>>,
        limit: u32,
        show: impl FnMut(S) -> T,
    ) -> Self {
        let next_cursor = snapshot.value.next_cursor.map(|cursor| cursor.to_string());
        Self {
            pagination: Some(Pagination { limit, next_cursor }),
            at: Some((snapshot.seq, snapshot.epoch)),
            ..Self::new(snapshot.value.rows.into_iter().map(show).collect())
        }
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Body<T> {
            status: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            message: Option<String>,
            data: T,
            #[serde(skip_serializing_if = "Option::is_none")]
            pagination: Option<Pagination>,
            #[serde(skip_serializing_if = "Option::is_none")]
            next: Option<Seq>,
        }
        let mut headers = HeaderMap::new();
        if let Some((seq, epoch)) = self.at {
            insert(&mut headers, SHOP_SEQ, &seq.to_string());
            insert(&mut headers, SHOP_EPOCH, &epoch.0);
        }
        let body = Body {
            status: "success",
            message: self.message,
            data: self.data,
            pagination: self.pagination,
            next: self.next,
        };
        (headers, Json(body)).into_response()
    }
}

pub(super) fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// The row that a stale `If-Match` missed, with its place in the journal.
#[derive(Clone, Debug)]
struct Current {
    row: serde_json::Value,
    seq: Seq,
    epoch: Epoch,
}

/// Why a request was not done. Handlers return it; [`render`] turns it into the answer.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) code: Code,
    message: String,
    errors: Option<Vec<FieldError>>,
    current: Option<Box<Current>>,
    /// For the log alone; never in the body.
    cause: Option<String>,
}

impl Failure {
    /// With a sentence of its own.
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            errors: None,
            current: None,
            cause: None,
        }
    }

    /// With what is wrong with each field.
    pub(super) fn fields(code: Code, errors: Vec<FieldError>) -> Self {
        Self {
            errors: Some(errors),
            ..Self::from(code)
        }
    }

    /// Names which of several things it is about.
    pub(super) fn about(self, number: Option<String>) -> Self {
        match number {
            Some(number) => Self {
                message: format!("{number}: {}", self.message),
                ..self
            },
            None => self,
        }
    }

    pub(super) fn internal(cause: &anyhow::Error) -> Self {
        Self {
            cause: Some(format!("{cause:#}")),
            ..Self::from(Code::InternalError)
        }
    }

    /// The status that a code is answered with.
    pub(super) const fn status(&self) -> StatusCode {
        match self.code {
            Code::Malformed
            | Code::ValidationFailed
            | Code::TokenInQuery
            | Code::EventRequired
            | Code::ReservedEvent
            | Code::InvalidPayload => StatusCode::BAD_REQUEST,
            Code::AuthenticationRequired
            | Code::InvalidToken
            | Code::TokenExpired
            | Code::InvalidCredentials => StatusCode::UNAUTHORIZED,
            Code::Forbidden => StatusCode::FORBIDDEN,
            Code::NotFound | Code::BadRoom | Code::NotInRoom | Code::UnknownEvent => {
                StatusCode::NOT_FOUND
            }
            Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Code::Conflict | Code::IllegalTransition | Code::TechnicianRequired => {
                StatusCode::CONFLICT
            }
            Code::ResyncRequired => StatusCode::GONE,
            Code::VersionMismatch => StatusCode::PRECONDITION_FAILED,
            Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Code::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Code::UnknownField | Code::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Code::RoomLimit | Code::TooManyConnections => StatusCode::TOO_MANY_REQUESTS,
            Code::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Code::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        }
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self::new(code, code.message())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable => Code::Unavailable.into(),
            StoreError::Unknown => Self::new(
                Code::Unavailable,
                "The database did not answer: whether it was done is not known. Asking again with an Idempotency-Key does no harm.",
            ),
            StoreError::StorageFull => Code::StorageFull.into(),
            internal => Self::internal(&anyhow::Error::from(internal)),
        }
    }
}

impl From<AuthError> for Failure {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Refused(code) => code.into(),
            AuthError::Store(error) => error.into(),
            AuthError::Internal(error) => Self::internal(&error),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let errors = match &refusal {
            Refusal::Invalid(errors) => Some(errors.clone()),
            Refusal::ForbiddenFields(fields) => Some(
                fields
                    .iter()
                    .map(|field| FieldError {
                        field: field.to_string(),
                        message: "not yours to change".to_owned(),
                    })
                    .collect(),
            ),
            _ => None,
        };
        Self {
            errors,
            ..Self::new(refusal.code(), refusal.to_string())
        }
    }
}

/// A refused write. `show` makes the current row of a `version_mismatch` what the caller may see.
fn refused<E, T: Serialize>(error: CommandError<E>, show: impl FnOnce(E) -> T) -> Failure {
    match error {
        CommandError::Refused {
            refusal,
            current,
            seq,
            epoch,
            ..
        } => {
            let current = current.map(|row| {
                Box::new(Current {
                    row: json!(show(*row)),
                    seq,
                    epoch,
                })
            });
            Failure {
                current,
                ..refusal.into()
            }
        }
        CommandError::KeyReused => Code::IdempotencyKeyReused.into(),
        CommandError::Store(error) => error.into(),
    }
}

impl IntoResponse for Failure {
    /// Only carries the failure: the body needs the request's id, so [`render`] writes it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the body of a failed response, and logs what is ours.
pub(super) fn render(response: Response, request_id: &str) -> Response {
    let Some(failure) = response.extensions().get::<Failure>().cloned() else {
        return response;
    };
    let status = failure.status();
    if let Some(cause) = &failure.cause {
        tracing::error!(request_id, code = ?failure.code, "request failed: {cause}");
    }
    let body = ErrorBody {
        status: if status.is_server_error() {
            "error"
        } else {
            "fail"
        },
        code: failure.code,
        message: failure.message,
        request_id: request_id.to_owned(),
        errors: failure.errors,
        data: failure.current.as_ref().map(|current| current.row.clone()),
    };
    let (mut parts, _) = response.into_parts();
    parts.extensions.clear();
    parts.headers.remove(header::CONTENT_LENGTH);
    if matches!(
        status,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::INSUFFICIENT_STORAGE
    ) {
        parts
            .headers
            .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    if status == StatusCode::UNAUTHORIZED {
        parts
            .headers
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(current) = failure.current {
        insert(&mut parts.headers, SHOP_SEQ, &current.seq.to_string());
        insert(&mut parts.headers, SHOP_EPOCH, &current.epoch.0);
    }
    (parts, Json(body)).into_response()
}
