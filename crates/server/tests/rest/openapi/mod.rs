//! The document and the server say the same: of routes, of bodies, of answers.

mod schema;
mod tour;

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use shopbell_testkit::{Person, Reply, TestServer};

use schema::{check, resolved};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// A route of the document.
struct Route<'a> {
    method: &'a str,
    path: &'a str,
    operation: &'a Value,
}

fn routes(document: &Value) -> Vec<Route<'_>> {
    let paths = document["paths"].as_object().unwrap();
    let routes = paths.iter().flat_map(|(path, item)| {
        let of_path = item.as_object().unwrap().iter();
        of_path.map(|(method, operation)| Route {
            method,
            path,
            operation,
        })
    });
    routes.collect()
}

impl Route<'_> {
    /// The path with something in the place of its parameters.
    fn example(&self) -> String {
        self.path
            .replace("{id}", "1")
            .replace("{name}", "user_1")
            .replace("{role}", "admin")
    }

    async fn ask(&self, person: &Person, body: Option<Value>) -> Reply {
        ask(person, self.method, &self.example(), body).await
    }

    fn body<'a>(&'a self, document: &'a Value) -> Option<&'a Value> {
        let schema = self
            .operation
            .pointer("/requestBody/content/application~1json/schema")?;
        Some(resolved(document, schema))
    }

    /// Fails when this route was not to answer like that.
    fn check(&self, document: &Value, reply: &Reply) {
        let told = format!(
            "{} {} {} {}",
            self.method, self.path, reply.status, reply.body
        );
        let response = &self.operation["responses"][reply.status.as_str()];
        assert!(!response.is_null(), "not described: {told}");
        let response = resolved(document, response);
        for (name, _) in response["headers"].as_object().into_iter().flatten() {
            assert!(reply.headers.contains_key(name), "without {name}: {told}");
        }
        assert_eq!(
            reply.headers.contains_key("shop-seq"),
            response.pointer("/headers/Shop-Seq").is_some(),
            "Shop-Seq: {told}"
        );
        let media = reply.headers["content-type"]
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap();
        let content = &response["content"][media];
        assert!(!content.is_null(), "not as {media}: {told}");
        if media == "application/json" && self.path != "/api/openapi.json" {
            let checked = check(document, &content["schema"], &reply.body, "body");
            assert_eq!(checked, Ok(()), "{told}");
        }
    }
}

async fn ask(person: &Person, method: &str, path: &str, body: Option<Value>) -> Reply {
    let method: Method = method.to_uppercase().parse().unwrap();
    person
        .send(method, path, body.map(|body| body.to_string()), &[])
        .await
}

async fn document(server: &TestServer) -> Value {
    let reply = server.nobody().get("/api/openapi.json").await;
    assert_eq!(reply.status, 200);
    reply.body
}

#[tokio::test]
async fn the_document_is_served_to_anyone() {
    let server = TestServer::start().await;
    let reply = server.nobody().get("/api/openapi.json").await;
    assert_eq!(reply.headers["content-type"], "application/json");
    assert_eq!(reply.body["openapi"], "3.1.0");
}

#[tokio::test]
async fn the_docs_page_shows_every_route_and_schema_without_a_script() {
    let server = TestServer::start().await;
    let page = server.nobody().get("/api/docs").await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'self'; style-src 'self' 'unsafe-inline'"));
    let html = page.body.as_str().unwrap();
    for foreign in ["<script", "src=", "http://", "https://", "@import"] {
        assert!(!html.contains(foreign), "{foreign}");
    }
    let document = document(&server).await;
    for route in routes(&document) {
        let id = route.operation["operationId"].as_str().unwrap();
        assert!(html.contains(&format!("<div id=\"{id}\">")), "{id}");
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for link in html.split("href=\"#schema-").skip(1) {
        let name = link.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
        assert!(
            html.contains(&format!("<div id=\"schema-{name}\">")),
            "{name}"
        );
    }
}

#[tokio::test]
async fn each_path_takes_the_methods_that_are_described_and_no_other() {
    let server = TestServer::start().await;
    let (document, ana) = (document(&server).await, server.ana().await);
    for route in routes(&document) {
        for method in METHODS {
            let is_described = document["paths"][route.path].get(method).is_some();
            // Without a body, which nothing is done without.
            let is_asked = method == "get" || !is_described;
            if is_asked {
                let reply = ask(&ana, method, &route.example(), None).await;
                assert_eq!(reply.status != 405, is_described, "{method} {}", route.path);
            }
        }
    }
}

#[tokio::test]
async fn nobody_is_let_in_exactly_where_no_token_is_described() {
    let server = TestServer::start().await;
    let document = document(&server).await;
    for route in routes(&document) {
        let reply = route.ask(&server.nobody(), None).await;
        let wants_token = reply.refusal() == (401, "authentication_required");
        let is_secured = route.operation.get("security").is_some();
        assert_eq!(wants_token, is_secured, "{} {}", route.method, route.path);
        assert!(
            ![404, 405].contains(&reply.status.as_u16()),
            "{} {}",
            route.method,
            route.path
        );
        route.check(&document, &reply);
    }
}

#[tokio::test]
async fn each_body_takes_the_fields_that_are_described_and_no_other() {
    let server = TestServer::start().await;
    let (document, ana) = (document(&server).await, server.ana().await);
    let routes = routes(&document);
    let names = |body: &Value| -> BTreeSet<String> {
        body["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    };
    let bodies = || {
        routes
            .iter()
            .filter_map(|route| Some((route, route.body(&document)?)))
    };
    let all: BTreeSet<_> = bodies().flat_map(|(_, body)| names(body)).collect();
    for (route, body) in bodies() {
        let (told, own) = (format!("{} {}", route.method, route.path), names(body));
        for name in &own {
            let reply = route.ask(&ana, Some(json!({ name: [[]] }))).await;
            assert_eq!(reply.refusal(), (400, "malformed"), "{told} {name}");
            route.check(&document, &reply);

            let takes_null =
                check(&document, &body["properties"][name], &Value::Null, name).is_ok();
            let reply = route.ask(&ana, Some(json!({ name: null }))).await;
            assert_eq!(
                reply.refusal() != (400, "malformed"),
                takes_null,
                "{told} {name}"
            );
            route.check(&document, &reply);
        }
        let foreign: BTreeSet<_> = all.difference(&own).cloned().collect();
        let reply = route
            .ask(
                &ana,
                Some(
                    foreign
                        .iter()
                        .map(|name| (name.clone(), json!(1)))
                        .collect(),
                ),
            )
            .await;
        assert_eq!(reply.refusal(), (422, "unknown_field"), "{told}");
        assert_eq!(fields(&reply), foreign, "{told}");
    }
}

#[tokio::test]
async fn what_is_missing_from_a_body_is_what_is_described_as_required() {
    let server = TestServer::start().await;
    let (document, ana) = (document(&server).await, server.ana().await);
    for route in routes(&document) {
        let Some(body) = route.body(&document) else {
            continue;
        };
        let reply = route.ask(&ana, Some(json!({}))).await;
        route.check(&document, &reply);
        if route.path.contains("/emit/") {
            assert_eq!(reply.refusal(), (400, "event_required"));
            continue;
        }
        let required = body["required"].as_array().into_iter().flatten();
        let required: BTreeSet<_> = required
            .map(|name| name.as_str().unwrap().to_owned())
            .collect();
        assert_eq!(fields(&reply), required, "{} {}", route.method, route.path);
    }
}

/// The fields that a refusal names.
fn fields(reply: &Reply) -> BTreeSet<String> {
    let errors = reply.body["errors"].as_array().into_iter().flatten();
    errors
        .map(|error| error["field"].as_str().unwrap().to_owned())
        .collect()
}
