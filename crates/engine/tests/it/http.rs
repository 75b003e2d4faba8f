//! Requests: what is refused how, CORS, keep-alive, and standing behind a router.

use crate::app::TestServer;
use crate::client::{Http, Polling, Ws, request, soon};
use shopbell_engine::{Origins, http};

#[tokio::test]
async fn each_faulty_request_has_its_code() {
    let server = TestServer::start().await;
    let cases = [
        ("GET /socket.io/?EIO=4", 0),
        ("GET /socket.io/?EIO=4&transport=carrier", 0),
        ("GET /socket.io/", 0),
        ("GET /socket.io/?transport=polling", 5),
        ("GET /socket.io/?EIO=3&transport=polling", 5),
        ("POST /socket.io/?EIO=4&transport=polling", 2),
        ("PUT /socket.io/?EIO=4&transport=polling", 2),
        ("GET /socket.io/?EIO=4&transport=websocket", 3),
        ("GET /socket.io/?EIO=4&transport=polling&sid=unknown", 1),
        ("POST /socket.io/?EIO=4&transport=polling&sid=unknown", 1),
    ];
    for (line, code) in cases {
        let answer = request(server.address, line, "", b"").await;
        assert_eq!((answer.status, answer.code()), (400, code), "{line}");
    }
    assert_eq!(
        request(
            server.address,
            "GET /elsewhere?EIO=4&transport=polling",
            "",
            b""
        )
        .await
        .status,
        404
    );
    assert_eq!(
        request(
            server.address,
            "GET /socket.io?EIO=4&transport=polling",
            "",
            b""
        )
        .await
        .status,
        200
    );
}

#[tokio::test]
async fn each_faulty_websocket_is_refused() {
    let server = TestServer::start().await;
    let cases = [
        ("/socket.io/?EIO=4", 0),
        ("/socket.io/?EIO=4&transport=carrier", 0),
        ("/socket.io/?transport=websocket", 5),
        ("/socket.io/?EIO=3&transport=websocket", 5),
        ("/socket.io/?EIO=4&transport=websocket&sid=unknown", 1),
    ];
    for (target, code) in cases {
        let answer = Ws::handshake(server.address, target, "")
            .await
            .err()
            .unwrap();
        assert_eq!((answer.status, answer.code()), (400, code), "{target}");
    }
}

#[tokio::test]
async fn answers_are_not_stored() {
    let server = TestServer::start().await;
    let answer = request(
        server.address,
        "GET /socket.io/?EIO=4&transport=polling",
        "",
        b"",
    )
    .await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; charset=UTF-8")
    );
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_read_with_its_credentials() {
    let server = TestServer::with(|config| {
        config.origins = Origins::SameHostOr(vec!["https://desk.example".into()]);
    })
    .await;
    let open = "GET /socket.io/?EIO=4&transport=polling";
    for origin in ["https://desk.example", "http://shop.example"] {
        let answer = request(server.address, open, &format!("Origin: {origin}\r\n"), b"").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        assert_eq!(
            answer.header("access-control-allow-credentials"),
            Some("true")
        );
        assert_eq!(answer.header("vary"), Some("Origin"));
    }
    let preflight = request(
        server.address,
        "OPTIONS /socket.io/?EIO=4&transport=polling",
        "Origin: https://desk.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x-a, x-b\r\n",
        b"",
    )
    .await;
    assert_eq!(preflight.status, 204);
    assert_eq!(
        preflight.header("access-control-allow-methods"),
        Some("GET, POST")
    );
    assert_eq!(
        preflight.header("access-control-allow-headers"),
        Some("x-a, x-b")
    );
    assert_eq!(
        preflight.header("access-control-allow-origin"),
        Some("https://desk.example")
    );
}

#[tokio::test]
async fn a_page_of_another_origin_is_refused_before_a_session_exists() {
    let server = TestServer::start().await;
    let evil = "Origin: https://evil.example\r\n";
    for line in [
        "GET /socket.io/?EIO=4&transport=polling",
        "OPTIONS /socket.io/?EIO=4&transport=polling",
    ] {
        let answer = request(server.address, line, evil, b"").await;
        assert_eq!((answer.status, answer.code()), (403, 4));
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    let target = "/socket.io/?EIO=4&transport=websocket";
    assert_eq!(
        Ws::handshake(server.address, target, evil)
            .await
            .err()
            .unwrap()
            .status,
        403
    );
    assert_eq!(server.engine.stats().opened, 0);
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let server = TestServer::start().await;
    let client = Polling::open(server.address).await;
    let mut http = Http::connect(server.address).await;
    for _ in 0..3 {
        let answer = http
            .request(&format!("POST {}", client.target), "", b"40/nowhere,")
            .await;
        assert_eq!(answer.body, "ok");
        let answer = http
            .request(&format!("GET {}", client.target), "", b"")
            .await;
        assert_eq!(answer.body, r#"44/nowhere,{"message":"Invalid namespace"}"#);
    }
}

#[tokio::test]
async fn the_service_stands_behind_a_router() {
    let server = TestServer::start().await;
    let router = axum::Router::new()
        .route("/hello", axum::routing::get(|| async { "hello" }))
        .route_service("/socket.io/", server.engine.service());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(http::serve(
        listener,
        router,
        http::Limits::default(),
        async { stopped.await.unwrap_or_default() },
        std::time::Duration::from_secs(5),
    ));
    assert_eq!(request(address, "GET /hello", "", b"").await.body, "hello");
    let mut ws = Ws::connect(address, serde_json::json!({})).await;
    let client = Polling::connect(address).await;
    let mut get = client.waiting_get().await;
    // Stopping lets the running request finish, and does not touch the WebSocket.
    stop.send(()).unwrap();
    let client = Polling {
        address: server.address,
        ..client
    };
    client.say(r#"42["echo",1]"#).await;
    ws.say(r#"42["echo",2]"#).await;
    assert_eq!(ws.hear().await, r#"42["echo",[2]]"#);
    assert_eq!(get.answer().await.body, r#"42["echo",[1]]"#);
    soon(serving).await.unwrap().unwrap();
}
