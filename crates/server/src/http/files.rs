//! The web app, embedded: hashed assets for ever, everything else revalidated.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rust_embed::{EmbeddedFile, RustEmbed};
use shopbell_protocol::Code;

use super::answer::Failure;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/app/dist"]
#[allow_missing = true]
struct WebApp;

const INDEX: &str = "index.html";

/// Serves a file, or the app's page for a path that only the app knows.
pub(super) async fn serve(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Failure::from(Code::NotFound).into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Failure::from(Code::MethodNotAllowed).into_response();
    }
    let is_asset = path.starts_with("assets/");
    let (name, file) = match WebApp::get(path) {
        Some(file) => (path, Some(file)),
        // A missing asset is an old page's asking for what a deploy replaced: not the page.
        None if is_asset => (path, None),
        None => (INDEX, WebApp::get(INDEX)),
    };
    match file {
        Some(file) => respond(&request, name, &file),
        None if is_asset => Failure::from(Code::NotFound).into_response(),
        None => Failure::new(
            Code::Unavailable,
            "This server was built without the web app: run `make build`.",
        )
        .into_response(),
    }
}

fn respond(request: &Request, name: &str, file: &EmbeddedFile) -> Response {
    let etag = format!(
        "\"{}\"",
        URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash())
    );
    let caching = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let unchanged = request.headers().get_all(header::IF_NONE_MATCH).iter().any(|value| {
        value.to_str().is_ok_and(|value| value.split(',').any(|tag| matches!(tag.trim().trim_start_matches("W/"), tag if tag == etag || tag == "*")))
    });
    let status = if unchanged {
        StatusCode::NOT_MODIFIED
    } else {
        StatusCode::OK
    };
    let body = if unchanged {
        Body::empty()
    } else {
        Body::from(file.data.clone().into_owned())
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if !unchanged {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(media_type(name)),
        );
    }
    response
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
