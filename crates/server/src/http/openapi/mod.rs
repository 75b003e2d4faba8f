//! What REST offers, as a document for programs and a page for people.
//!
//! Bodies and answers are described by the types of `protocol` themselves; what a path takes and when it refuses stands in
//! [`routes`]. Tests hold both to the router and to what the server really answers. The document is rendered when it is
//! asked for: that is rare, and a server that nobody asks keeps no copy.

mod describe;
mod operation;
mod page;
mod routes;
mod schema;

use axum::{
    http::header,
    response::{Html, IntoResponse},
};
use utoipa::openapi::{
    Components, Info, OpenApi, OpenApiBuilder, PathItem, Paths, Server,
    security::{Http, HttpAuthScheme, SecurityScheme},
    tag::TagBuilder,
};

use operation::shop_headers;
use schema::Schemas;

/// The groups of routes, each named after the module of its handlers.
const TAGS: &[(&str, &str)] = &[
    ("auth", "Signing in and out."),
    ("users", "The shop's staff."),
    ("customers", "Whose devices are repaired."),
    ("tickets", "What customers brought in."),
    ("work_orders", "The jobs."),
    ("notes", "What was written down about a job."),
    ("notifications", "What the caller was told."),
    (
        "events",
        "What happened, for those who cannot open a socket.",
    ),
    (
        "websocket",
        "Whether sockets are served, who is connected, and test emits.",
    ),
    ("openapi", "This description."),
];

const DESCRIPTION: &str = "REST of Shopbell. A success is `{\"status\":\"success\",\"data\":…}`, a list with `pagination` \
    beside it; a refusal is an `ErrorBody` with a `code` to act on. In answers a missing value is `null`, never an absent \
    key. `Shop-Seq` and `Shop-Epoch` tie an answer to a place in the shop's journal. Every answer carries `X-Request-Id`.";

/// `GET /api/openapi.json`
pub(super) async fn json() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/json")],
        text(&document()),
    )
}

/// `GET /api/docs`
pub(super) async fn page() -> Html<String> {
    Html(page::render(
        &serde_json::to_value(document()).unwrap_or_default(),
    ))
}

/// The document of every route.
fn document() -> OpenApi {
    let mut schemas = Schemas::default();
    let mut components = Components::builder();
    let mut paths = Paths::new();
    for route in routes::all() {
        for (name, response) in route.refusals() {
            components = components.response(name, response);
        }
        schemas.take(&route);
        let item = PathItem::new(route.method.clone(), route.operation());
        match paths.paths.get_mut(route.path) {
            Some(path) => path.merge_operations(item),
            None => drop(paths.paths.insert(route.path.to_owned(), item)),
        }
    }
    for (name, header) in shop_headers() {
        components = components.header(name, header);
    }
    for (name, schema) in schemas.all() {
        components = components.schema(name, schema);
    }
    let bearer = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The `access_token` of a login."))
        .build();
    let components = components.security_scheme("bearer", SecurityScheme::Http(bearer));
    let mut info = Info::new("Shopbell", env!("CARGO_PKG_VERSION"));
    info.description = Some(DESCRIPTION.to_owned());
    let tags = TAGS.iter().map(|(name, description)| {
        TagBuilder::new()
            .name(*name)
            .description(Some(*description))
            .build()
    });
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new("/")]))
        .paths(paths)
        .components(Some(components.build()))
        .tags(Some(tags))
        .build()
}

/// As it is served and committed.
fn text(document: &OpenApi) -> String {
    let text = document.to_pretty_json();
    text.map(|text| text + "\n").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, env, fs};

    use super::*;

    /// `SHOPBELL_GENERATE=1 cargo test -p shopbell --lib openapi` writes the file instead.
    #[test]
    fn the_committed_document_is_current() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
        let fresh = text(&document());
        if env::var_os("SHOPBELL_GENERATE").is_some() {
            fs::write(file, &fresh).unwrap();
        }
        let committed = fs::read_to_string(file).unwrap_or_default();
        assert!(committed == fresh, "{file} is stale: run `make generate`");
    }

    /// Method, path and handler of each route on the router's page.
    fn routed() -> BTreeSet<(String, String, String)> {
        let source = include_str!("../mod.rs");
        let source: String = source.split_whitespace().collect();
        let mut routed = BTreeSet::new();
        for route in source.split(".route(\"").skip(1) {
            let (path, rest) = route.split_once('"').unwrap();
            for method in ["get", "post", "put", "patch", "delete"] {
                for before in [",", "."] {
                    if let Some((_, rest)) = rest.split_once(&format!("{before}{method}(")) {
                        let handler = rest.split(')').next().unwrap();
                        routed.insert((method.to_owned(), path.to_owned(), handler.to_owned()));
                    }
                }
            }
        }
        routed
    }

    #[test]
    fn every_route_of_the_router_is_described_and_nothing_else() {
        let described: BTreeSet<_> = routes::all()
            .iter()
            .map(|route| {
                let method = serde_json::to_value(route.method.clone()).unwrap();
                (
                    method.as_str().unwrap().to_owned(),
                    route.path.to_owned(),
                    route.handler.to_owned(),
                )
            })
            .collect();
        assert_eq!(described, routed());
    }

    #[test]
    fn every_route_is_in_a_group() {
        let tags: BTreeSet<_> = TAGS.iter().map(|(name, _)| *name).collect();
        let used: BTreeSet<_> = routes::all().iter().map(describe::Route::tag).collect();
        assert_eq!(used, tags);
    }
}
