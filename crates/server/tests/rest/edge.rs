use reqwest::Method;
use serde_json::json;
use shopbell_testkit::TestServer;

const ORDER: &str = "/api/work-orders/1";

#[tokio::test]
async fn every_route_but_health_and_sign_in_wants_a_token() {
    let server = TestServer::start().await;
    let routes = [
        ("GET", "/api/auth/me"),
        ("POST", "/api/auth/logout"),
        ("GET", "/api/users"),
        ("POST", "/api/users"),
        ("PATCH", "/api/users/1"),
        ("GET", "/api/customers"),
        ("POST", "/api/customers"),
        ("GET", "/api/customers/1"),
        ("PATCH", "/api/customers/1"),
        ("GET", "/api/tickets"),
        ("POST", "/api/tickets"),
        ("GET", "/api/tickets/1"),
        ("PATCH", "/api/tickets/1"),
        ("POST", "/api/tickets/1/convert"),
        ("POST", "/api/work-orders"),
        ("PATCH", "/api/work-orders/bulk"),
        ("GET", "/api/work-orders/1/notes"),
        ("POST", "/api/work-orders/1/notes"),
        ("GET", "/api/work-orders/1/history"),
        ("DELETE", "/api/notifications/1"),
        ("GET", "/api/websocket/stats"),
        ("GET", "/api/websocket/user/1/rooms"),
        ("POST", "/api/websocket/emit/1"),
        ("POST", "/api/websocket/emit/room/admin_room"),
        ("POST", "/api/websocket/emit/role/admin"),
        ("GET", "/api/work-orders"),
        ("GET", ORDER),
        ("PATCH", ORDER),
        ("GET", "/api/notifications"),
        ("GET", "/api/notifications/count"),
        ("PATCH", "/api/notifications/1"),
        ("POST", "/api/notifications/mark-all-read"),
    ];
    for (method, path) in routes {
        let method: Method = method.parse().unwrap();
        let reply = server
            .nobody()
            .send(method.clone(), path, Some("{}".to_owned()), &[])
            .await;
        assert_eq!(
            reply.refusal(),
            (401, "authentication_required"),
            "{method} {path}"
        );
        let reply = server
            .bearer("nonsense")
            .send(method.clone(), path, Some("{}".to_owned()), &[])
            .await;
        assert_eq!(reply.refusal(), (401, "invalid_token"), "{method} {path}");
    }
    for path in ["/api/websocket/health", "/health/live", "/health/ready"] {
        assert_eq!(server.nobody().get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_failure_has_the_shape_of_the_contract() {
    let server = TestServer::start().await;
    let reply = server.nobody().get("/api/nothing").await;
    assert_eq!(reply.refusal(), (404, "not_found"));
    let mut keys: Vec<_> = reply.body.as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(keys, ["code", "message", "request_id", "status"]);
    assert_eq!(reply.body["status"], "fail");
    assert_eq!(
        reply.body["request_id"],
        reply.headers["x-request-id"].to_str().unwrap()
    );
}

#[tokio::test]
async fn a_token_in_a_query_string_is_refused_on_any_route() {
    let server = TestServer::start().await;
    for path in [
        "/api/users?token=x",
        "/socket.io/?EIO=4&transport=polling&access_token=x",
        "/?token=x",
        "/api/x?token=",
    ] {
        assert_eq!(
            server.nobody().get(path).await.refusal(),
            (400, "token_in_query"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_wrong_method_is_405_and_names_the_right_ones() {
    let server = TestServer::start().await;
    let reply = server
        .marko()
        .await
        .send(Method::DELETE, ORDER, None, &[])
        .await;
    assert_eq!(reply.refusal(), (405, "method_not_allowed"));
    assert_eq!(reply.headers["allow"], "GET,HEAD,PATCH");
}

#[tokio::test]
async fn bodies_are_json_objects_of_bounded_size_and_depth() {
    let server = TestServer::start().await;
    let marko = server.marko().await;
    let send = |body: String| marko.send(Method::PATCH, ORDER, Some(body), &[]);
    for body in [
        "",
        "{",
        "nonsense",
        "[]",
        "7",
        "null",
        "{\"status\":}",
        "\u{0}",
    ] {
        assert_eq!(
            send(body.to_owned()).await.refusal(),
            (400, "malformed"),
            "{body:?}"
        );
    }
    let deep = |levels: usize| {
        format!(
            "{{\"x\":{}{}}}",
            "[".repeat(levels - 1),
            "]".repeat(levels - 1)
        )
    };
    assert_eq!(send(deep(32)).await.refusal(), (422, "unknown_field"));
    assert_eq!(send(deep(33)).await.refusal(), (400, "malformed"));

    let sized = |bytes: usize| format!("{{\"x\":\"{}\"}}", "a".repeat(bytes - 8));
    assert_eq!(send(sized(65_536)).await.refusal(), (422, "unknown_field"));
    assert_eq!(send(sized(65_537)).await.refusal(), (413, "too_large"));

    let text = marko
        .send(
            Method::PATCH,
            ORDER,
            Some("{}".to_owned()),
            &[("content-type", "text/plain")],
        )
        .await;
    assert_eq!(text.refusal(), (415, "unsupported_media_type"));
    let charset = [("content-type", "Application/JSON; charset=utf-8")];
    assert_eq!(
        marko
            .send(Method::PATCH, ORDER, Some("{}".to_owned()), &charset)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_query_value_that_cannot_be_read_is_malformed() {
    let server = TestServer::start().await;
    let marko = server.marko().await;
    for query in [
        "limit=0",
        "limit=101",
        "limit=x",
        "cursor=x",
        "status=lost",
        "priority=1",
        "technician_id=x",
        "status=intake,x",
    ] {
        let reply = marko.get(&format!("/api/work-orders?{query}")).await;
        assert_eq!(reply.refusal(), (400, "malformed"), "{query}");
    }
    for query in [
        "limit=1",
        "limit=100",
        "status=intake,pending",
        "technician_id=none",
        "status=",
    ] {
        assert_eq!(
            marko.get(&format!("/api/work-orders?{query}")).await.status,
            200,
            "{query}"
        );
    }
}

#[tokio::test]
async fn health_has_the_shape_of_the_contract() {
    let server = TestServer::start().await;
    let health = server.nobody().get("/api/websocket/health").await;
    assert_eq!(health.body["service"], json!("websocket"));
    assert_eq!(
        (
            health.body["status"].as_str(),
            health.body["connectedUsers"].as_i64()
        ),
        (Some("active"), Some(0))
    );
}
