//! Ends: who closes, what the client hears, and what the application is told.

use std::time::Duration;

use serde_json::json;

use crate::app::{Call, TestServer};
use crate::client::{Heard, Polling, Ws, eventually, request, soon};
use shopbell_engine::{AckError, JoinError, Reason};

#[tokio::test]
async fn a_client_may_leave_and_come_back_within_its_session() {
    let server = TestServer::with(|config| config.ping_interval = Duration::from_millis(100)).await;
    let mut ws = Ws::connect(server.address, json!({"rooms": ["r"]})).await;
    ws.say("41").await;
    assert_eq!(server.call().await, Call::Connect(json!({"rooms": ["r"]})));
    assert_eq!(
        server.call().await,
        Call::Disconnect("r".into(), Reason::ClientDisconnect)
    );
    assert_eq!(server.engine.to("r").emit("gone", &()), 0);
    // The session goes on: the next thing heard is a ping.
    assert_eq!(ws.hear().await, "2");
    ws.say("3").await;
    ws.say("40").await;
    assert!(ws.hear().await.starts_with("40{"));
}

#[tokio::test]
async fn a_socket_that_has_left_is_sent_nothing_though_its_session_goes_on() {
    let server = TestServer::with(|config| config.ping_interval = Duration::from_millis(100)).await;
    let mut ws = Ws::connect(server.address, json!({"rooms": ["r"]})).await;
    eventually(|| server.engine.members("r").len() == 1).await;
    let socket = server.engine.members("r").remove(0);
    ws.say("41").await;
    assert_eq!(server.disconnected().await, Reason::ClientDisconnect);
    socket.emit("late", &json!({}));
    assert!(!socket.emit_volatile("late", &json!({})));
    let answer = socket
        .emit_with_ack("late", &json!({}), Duration::from_secs(5))
        .await;
    assert!(matches!(answer, Err(AckError::Closed)));
    assert_eq!(socket.join("r"), Err(JoinError::Closed));
    socket.disconnect();
    assert_eq!(ws.hear().await, "2");
}

#[tokio::test]
async fn disconnect_says_so_and_close_does_not() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.say(r#"42["disconnect_me"]"#).await;
    assert_eq!(ws.hear().await, "41");
    assert_eq!(ws.next().await, Heard::Close(Some(1000)));
    assert_eq!(ws.next().await, Heard::End);
    assert_eq!(server.disconnected().await, Reason::ServerDisconnect);
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.say(r#"42["close_me"]"#).await;
    assert_eq!(ws.next().await, Heard::Close(Some(1000)));
    assert_eq!(server.disconnected().await, Reason::ServerClose);
}

#[tokio::test]
async fn a_waiting_get_hears_of_the_end() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let mut get = client.waiting_get().await;
    client.say(r#"42["close_me"]"#).await;
    assert_eq!(get.answer().await.body, "1");
    assert_eq!(client.get().await.status, 400);
}

#[tokio::test]
async fn the_application_is_told_once_after_the_last_event() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({"rooms": ["r"]})).await;
    ws.say(r#"42["wait"]"#).await;
    ws.say(r#"42["echo","last"]"#).await;
    ws.say("1").await;
    drop(ws);
    server.call().await;
    assert_eq!(server.call().await, Call::Event("wait".into(), vec![]));
    // Its rooms are left at once, though a handler is still running.
    eventually(|| server.engine.members("r").is_empty()).await;
    server.open_gate();
    assert_eq!(
        server.call().await,
        Call::Event("echo".into(), vec![json!("last")])
    );
    assert_eq!(
        server.call().await,
        Call::Disconnect("r".into(), Reason::TransportClose)
    );
    eventually(|| server.engine.stats().sessions == 0).await;
    assert_eq!(server.engine.stats().sockets, 0);
}

#[tokio::test]
async fn a_client_that_goes_while_it_is_being_accepted_is_seen_to_its_end() {
    let server = TestServer::start().await;
    let mut ws = Ws::open(server.address).await;
    ws.hear().await;
    ws.say(r#"40{"wait":true,"rooms":["r"]}"#).await;
    server.call().await;
    drop(ws);
    eventually(|| server.engine.stats().closed_for(Reason::TransportClose) == 1).await;
    server.open_gate();
    assert_eq!(
        server.call().await,
        Call::Disconnect("r".into(), Reason::TransportClose)
    );
    assert!(server.engine.members("r").is_empty());
    eventually(|| server.engine.stats().sockets == 0).await;
}

#[tokio::test]
async fn a_drain_closes_everyone_without_a_disconnect_packet_and_refuses_newcomers() {
    let server = TestServer::start().await;
    let mut sockets = Vec::new();
    for _ in 0..10 {
        sockets.push(Ws::connect(server.address, json!({})).await);
    }
    let client = Polling::connect(server.address).await;
    let mut get = client.waiting_get().await;
    let drained = tokio::spawn({
        let engine = server.engine.clone();
        async move { engine.drain(Duration::from_millis(100)).await }
    });
    for ws in &mut sockets {
        assert_eq!(ws.next().await, Heard::Close(Some(1001)));
    }
    assert_eq!(get.answer().await.body, "1");
    drop(sockets);
    soon(drained).await.unwrap();
    for _ in 0..11 {
        assert_eq!(server.disconnected().await, Reason::ServerShutdown);
    }
    let answer = request(
        server.address,
        "GET /socket.io/?EIO=4&transport=polling",
        "",
        b"",
    )
    .await;
    assert_eq!(answer.status, 503);
    assert!(answer.header("retry-after").is_some());
    let target = "/socket.io/?EIO=4&transport=websocket";
    assert_eq!(
        Ws::handshake(server.address, target, "")
            .await
            .err()
            .unwrap()
            .status,
        503
    );
}

#[tokio::test]
async fn serving_ends_with_a_drain() {
    let server = TestServer::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn({
        let engine = server.engine.clone();
        async move {
            engine
                .serve(listener, async { stopped.await.unwrap_or_default() })
                .await
        }
    });
    let mut ws = Ws::connect(address, json!({})).await;
    drop(stop);
    assert_eq!(ws.next().await, Heard::Close(Some(1001)));
    drop(ws);
    soon(serving).await.unwrap().unwrap();
}

/// A client leaves at the very moment at which its session is closed: whatever comes first, the
/// application is told, and once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_application_is_told_once_of_one_who_leaves_as_the_session_ends() {
    let server = TestServer::start().await;
    for round in 0..200 {
        let by_polling = round % 2 == 0;
        let (mut ws, mut polling) = (None, None);
        if by_polling {
            polling = Some(Polling::connect(server.address).await);
        } else {
            ws = Some(Ws::connect(server.address, json!({})).await);
        }
        server.call().await;
        let socket = server.engine.sockets().remove(0);
        let closing = tokio::task::spawn_blocking(move || match round % 4 {
            0 | 1 => socket.close(Reason::ServerClose),
            _ => socket.disconnect(),
        });
        if let Some(polling) = &polling {
            // Its session may be gone.
            drop(polling.post("41").await);
        } else if let Some(ws) = &mut ws {
            ws.say("41").await;
        }
        closing.await.unwrap();
        server.disconnected().await;
        assert_eq!(server.engine.sockets().len(), 0);
    }
    // A CONNECT comes next, and no second word of anybody.
    let _ws = Ws::connect(server.address, json!({})).await;
    assert_eq!(server.call().await, Call::Connect(json!({})));
}
