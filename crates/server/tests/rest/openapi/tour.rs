//! A tour over every route, by people who see different things: each answer is what the document says.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shopbell_testkit::{Person, TestServer};

use super::{Route, ask, document, routes};

struct Tour<'a> {
    document: &'a Value,
    routes: Vec<Route<'a>>,
    seen: BTreeSet<(String, String)>,
}

impl Tour<'_> {
    /// Asks for `path`, a route with `value` in the place of its parameter, and gives the answer's data.
    async fn go(
        &mut self,
        person: &Person,
        method: &str,
        path: &str,
        value: &Value,
        body: Option<Value>,
    ) -> Value {
        let found = self
            .routes
            .iter()
            .find(|route| route.method == method && Some(route.path) == path.split('?').next());
        assert!(found.is_some(), "{method} {path} is not described");
        let route = found.unwrap();
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let parts = path.split('/').map(|part| {
            if part.starts_with('{') {
                value.as_str()
            } else {
                part
            }
        });
        let reply = ask(person, method, &parts.collect::<Vec<_>>().join("/"), body).await;
        assert!(
            reply.status.is_success(),
            "{method} {path}: {:?}",
            reply.body
        );
        route.check(self.document, &reply);
        self.seen.insert((method.to_owned(), route.path.to_owned()));
        reply.body["data"].clone()
    }

    async fn get(&mut self, person: &Person, path: &str, value: &Value) -> Value {
        self.go(person, "get", path, value, None).await
    }

    async fn post(&mut self, person: &Person, path: &str, value: &Value, body: Value) -> Value {
        self.go(person, "post", path, value, Some(body)).await
    }

    async fn patch(&mut self, person: &Person, path: &str, value: &Value, body: Value) -> Value {
        self.go(person, "patch", path, value, Some(body)).await
    }
}

#[tokio::test]
async fn every_answer_is_what_the_document_says() {
    let server = TestServer::start().await;
    let document = &document(&server).await;
    let mut tour = Tour {
        document,
        routes: routes(document),
        seen: BTreeSet::new(),
    };
    let none = &json!(null);
    let nobody = &server.nobody();

    for path in [
        "/api/openapi.json",
        "/api/docs",
        "/health/live",
        "/health/ready",
        "/api/websocket/health",
        "/api/auth/demo",
    ] {
        tour.get(nobody, path, none).await;
    }
    let credentials = json!({ "email": "admin@shopbell.test", "password": "shopbell-demo" });
    let pair = tour
        .post(nobody, "/api/auth/login", none, credentials)
        .await;
    let refresh = json!({ "refresh_token": pair["refresh_token"] });
    let pair = tour.post(nobody, "/api/auth/refresh", none, refresh).await;
    let ana = &server.bearer(pair["access_token"].as_str().unwrap());

    let iva = tour
        .post(
            ana,
            "/api/customers",
            none,
            json!({ "name": "Iva Marić", "phone": "+385 91 555 0100" }),
        )
        .await;
    tour.patch(
        ana,
        "/api/customers/{id}",
        &iva["id"],
        json!({ "notes": "Calls back." }),
    )
    .await;
    let new = json!({ "customer_id": iva["id"], "device": "iPhone 13", "problem_description": "Does not charge." });
    let ticket = tour.post(ana, "/api/tickets", none, new).await;
    tour.patch(
        ana,
        "/api/tickets/{id}",
        &ticket["id"],
        json!({ "priority": "urgent" }),
    )
    .await;
    let order = tour
        .post(
            ana,
            "/api/tickets/{id}/convert",
            &ticket["id"],
            json!({ "technician_id": 3 }),
        )
        .await;
    let direct = json!({ "customer_id": iva["id"], "device": "Kettle", "description": "Leaks.", "device_passcode": "1", "due_at": "2026-03-03T10:00:00+01:00", "estimate_total": "20" });
    let direct = tour.post(ana, "/api/work-orders", none, direct).await;
    let order = &order["id"];
    let path = "/api/work-orders/{id}";
    for change in [
        json!({ "status": "pending" }),
        json!({ "status": "picked_up", "override_reason": "It works again.", "technician_id": 4 }),
        json!({ "technician_id": 3, "cost_total": "7.50" }),
    ] {
        tour.patch(ana, path, order, change).await;
    }
    let bulk = json!({ "ids": [order, direct["id"]], "changes": { "priority": "high" } });
    tour.patch(ana, "/api/work-orders/bulk", none, bulk).await;
    tour.post(
        ana,
        "/api/work-orders/{id}/notes",
        order,
        json!({ "content": "@Tarik Šehić, done?" }),
    )
    .await;
    let ines = json!({ "name": "Ines Babić", "email": "ines@shopbell.test", "role": "technician", "password": "correct horse" });
    let ines = tour.post(ana, "/api/users", none, ines).await;
    tour.patch(
        ana,
        "/api/users/{id}",
        &ines["id"],
        json!({ "is_active": false }),
    )
    .await;

    let people = [
        server.ana().await,
        server.marko().await,
        server.tarik().await,
        server.dana().await,
    ];
    for person in &people {
        for path in [
            "/api/auth/me",
            "/api/users",
            "/api/customers",
            "/api/tickets",
            "/api/work-orders",
            "/api/notifications",
            "/api/notifications/count",
            "/api/events?after=0",
        ] {
            tour.get(person, path, none).await;
        }
        tour.get(person, "/api/customers/{id}", &iva["id"]).await;
        tour.get(person, "/api/tickets/{id}", &ticket["id"]).await;
        for path in [
            "/api/work-orders/{id}",
            "/api/work-orders/{id}/notes",
            "/api/work-orders/{id}/history",
        ] {
            tour.get(person, path, order).await;
        }
    }

    let tarik = &people[2];
    let told = tour.get(tarik, "/api/notifications", none).await;
    let newest = &told[0]["id"];
    tour.patch(
        tarik,
        "/api/notifications/{id}",
        newest,
        json!({ "is_read": true }),
    )
    .await;
    tour.go(tarik, "delete", "/api/notifications/{id}", newest, None)
        .await;
    tour.post(
        tarik,
        "/api/notifications/mark-all-read",
        none,
        json!({ "up_to_id": newest }),
    )
    .await;

    tour.get(ana, "/api/websocket/stats", none).await;
    tour.get(tarik, "/api/websocket/user/{id}/rooms", &json!(3))
        .await;
    let hello = || json!({ "event": "hello", "data": { "text": "Hello" } });
    tour.post(ana, "/api/websocket/emit/{id}", &json!(3), hello())
        .await;
    tour.post(
        ana,
        "/api/websocket/emit/room/{name}",
        &json!("user_3"),
        hello(),
    )
    .await;
    tour.post(
        ana,
        "/api/websocket/emit/role/{role}",
        &json!("technician"),
        json!({ "event": "hello" }),
    )
    .await;
    tour.go(ana, "post", "/api/auth/logout", none, None).await;

    let all: BTreeSet<_> = tour
        .routes
        .iter()
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    assert_eq!(tour.seen, all, "the tour leaves nothing out");
}

#[tokio::test]
async fn a_stale_version_is_refused_with_the_row_that_is_described() {
    let server = TestServer::start().await;
    let (document, ana) = (&document(&server).await, server.ana().await);
    for route in routes(document) {
        let parameters = route.operation["parameters"]
            .as_array()
            .into_iter()
            .flatten();
        if !parameters
            .into_iter()
            .any(|parameter| parameter["name"] == "If-Match")
        {
            continue;
        }
        let stale = [("if-match", "\"99\"")];
        let body = Some("{}".to_owned());
        let reply = ana
            .send(reqwest::Method::PATCH, &route.example(), body, &stale)
            .await;
        assert_eq!(reply.refusal(), (412, "version_mismatch"), "{}", route.path);
        route.check(document, &reply);
    }
}
