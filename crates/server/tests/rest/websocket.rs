use serde_json::json;
use shopbell_testkit::TestServer;

#[tokio::test]
async fn stats_rooms_and_emits_are_for_admins() {
    let server = TestServer::start().await;
    for person in [
        server.marko().await,
        server.tarik().await,
        server.dana().await,
    ] {
        assert_eq!(
            person.get("/api/websocket/stats").await.refusal(),
            (403, "forbidden")
        );
        assert_eq!(
            person.get("/api/websocket/user/1/rooms").await.refusal(),
            (403, "forbidden")
        );
        for path in [
            "/api/websocket/emit/1",
            "/api/websocket/emit/room/admin_room",
            "/api/websocket/emit/role/admin",
        ] {
            assert_eq!(
                person
                    .post(path, json!({ "event": "test" }))
                    .await
                    .refusal(),
                (403, "forbidden")
            );
        }
    }
    assert_eq!(
        server
            .tarik()
            .await
            .get("/api/websocket/user/3/rooms")
            .await
            .body["data"]["isOnline"],
        false
    );
    assert_eq!(
        server.nobody().get("/api/websocket/stats").await.refusal(),
        (401, "authentication_required")
    );
}

#[tokio::test]
async fn stats_have_the_fields_that_are_real() {
    let server = TestServer::start().await;
    let stats = server.ana().await.get("/api/websocket/stats").await.body["data"].clone();
    let mut keys: Vec<_> = stats
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    let expected = [
        "connectedUsers",
        "isServiceActive",
        "node",
        "rooms",
        "timestamp",
        "totalConnections",
        "uptimeSeconds",
    ];
    assert_eq!(keys, expected);
    assert_eq!(
        (&stats["isServiceActive"], &stats["totalConnections"]),
        (&json!(true), &json!(0))
    );
}

#[tokio::test]
async fn an_emit_to_somebody_offline_is_delivered_to_nobody() {
    let server = TestServer::start().await;
    let ana = server.ana().await;
    let reply = ana
        .post(
            "/api/websocket/emit/3",
            json!({ "event": "test", "data": { "message": "Hello" } }),
        )
        .await;
    assert_eq!(reply.status, 200);
    let data = &reply.body["data"];
    assert_eq!(
        (
            &data["userId"],
            &data["delivered"],
            &data["data"]["message"]
        ),
        (&json!(3), &json!(0), &json!("Hello"))
    );
    assert!(data["timestamp"].is_string() && reply.body["message"].is_string());
    let room = ana
        .post(
            "/api/websocket/emit/room/work_order_1",
            json!({ "event": "test" }),
        )
        .await;
    assert_eq!(
        (&room.body["data"]["roomName"], &room.body["data"]["data"]),
        (&json!("work_order_1"), &json!(null))
    );
    let role = ana
        .post(
            "/api/websocket/emit/role/technician",
            json!({ "event": "test", "data": null }),
        )
        .await;
    assert_eq!(role.body["data"]["role"], "technician");
}

#[tokio::test]
async fn an_emit_names_an_event_of_its_own_and_carries_an_object() {
    let server = TestServer::start().await;
    let ana = server.ana().await;
    let send = |body| ana.post("/api/websocket/emit/3", body);
    assert_eq!(send(json!({})).await.refusal(), (400, "event_required"));
    assert_eq!(
        send(json!({ "event": "" })).await.refusal(),
        (400, "event_required")
    );
    for name in [
        "connect",
        "disconnect",
        "disconnecting",
        "connect_error",
        "newListener",
        "removeListener",
        "work_order_updated",
        "notification_received",
        "user_online",
        "event_error",
        "token_expired",
        "resync_required",
    ] {
        assert_eq!(
            send(json!({ "event": name })).await.refusal(),
            (400, "reserved_event"),
            "{name}"
        );
    }
    for data in [json!([]), json!("x"), json!(1), json!(true)] {
        assert_eq!(
            send(json!({ "event": "test", "data": data })).await.status,
            400
        );
    }
    for path in [
        "/api/websocket/emit/99",
        "/api/websocket/emit/6",
        "/api/websocket/emit/room/nowhere",
        "/api/websocket/emit/room/work_order_999999",
        "/api/websocket/emit/role/owner",
        "/api/websocket/user/6/rooms",
    ] {
        let reply = if path.ends_with("rooms") {
            ana.get(path).await
        } else {
            ana.post(path, json!({ "event": "test" })).await
        };
        assert_eq!(reply.refusal(), (404, "not_found"), "{path}");
    }
    let big = json!({ "event": "test", "data": { "x": "a".repeat(65_536) } });
    assert_eq!(send(big).await.refusal(), (413, "too_large"));
}

#[tokio::test]
async fn as_many_sessions_are_open_as_may_be_and_rest_goes_on() {
    let server = TestServer::with(|config| config.limits.connections = 2).await;
    let somebody = server.nobody();
    let open = "/socket.io/?EIO=4&transport=polling";
    for _ in 0..2 {
        assert_eq!(somebody.get(open).await.status, 200);
    }
    let refused = somebody.get(open).await;
    assert_eq!(refused.status, 503);
    assert_eq!(refused.headers["retry-after"], "1");
    assert_eq!(
        refused.body,
        json!({ "code": 3, "message": "Service unavailable" })
    );
    assert_eq!(server.ana().await.get("/api/auth/me").await.status, 200);
}
