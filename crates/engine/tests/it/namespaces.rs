//! Several namespaces on one connection.

use std::time::Duration;

use serde_json::{Value, json};

use crate::app::{Call, TestServer};
use crate::client::{Polling, Ws, eventually};
use shopbell_engine::{Config, Delivery, Reason};

fn with_other(config: &mut Config) {
    config.namespaces = vec!["/other".to_owned(), "/third".to_owned()];
}

/// A session that is connected nowhere.
async fn opened(server: &TestServer) -> Ws {
    let mut ws = Ws::open(server.address).await;
    assert!(ws.hear().await.starts_with("0{"));
    ws
}

/// Connects to a namespace; returns the socket's id.
async fn connect(ws: &mut Ws, namespace: &str, auth: Value) -> String {
    let head = match namespace {
        "/" => "40".to_owned(),
        _ => format!("40{namespace},"),
    };
    ws.say(&format!("{head}{auth}")).await;
    let answer = ws.hear().await;
    let answer: Value = serde_json::from_str(answer.strip_prefix(&head).unwrap()).unwrap();
    assert_eq!(answer.as_object().unwrap().len(), 1);
    answer["sid"].as_str().unwrap().to_owned()
}

/// Connects to `/` and to `/other`, being in the room `r` of both, and in one of its own name in
/// each.
async fn in_both(server: &TestServer) -> Ws {
    let mut ws = opened(server).await;
    connect(&mut ws, "/", json!({"rooms": ["r", "root"]})).await;
    connect(&mut ws, "/other", json!({"rooms": ["r", "other"]})).await;
    let other = server.engine.of("/other").unwrap();
    eventually(|| server.engine.members("root").len() == 1 && other.members("other").len() == 1)
        .await;
    for _ in 0..2 {
        assert!(matches!(server.call().await, Call::Connect(_)));
    }
    ws
}

#[tokio::test]
async fn each_namespace_has_its_own_socket_and_auth() {
    let server = TestServer::with(with_other).await;
    let mut ws = opened(&server).await;
    let root = connect(&mut ws, "/", json!({"token": 1})).await;
    let other = connect(&mut ws, "/other", json!({"token": 2})).await;
    ws.say("40/third").await;
    assert!(ws.hear().await.starts_with(r#"40/third,{"sid":"#));
    assert_eq!(server.engine.stats().sockets, 3);
    let namespace = server.engine.of("/other").unwrap();
    assert_eq!(namespace.name(), "/other");
    for (socket, name, token) in [
        (server.engine.socket(&root), "/", 1),
        (namespace.socket(&other), "/other", 2),
    ] {
        let socket = socket.unwrap();
        assert_eq!(socket.namespace(), name);
        assert_eq!(socket.session()["auth"]["token"], token);
    }
    assert!(server.engine.socket(&other).is_none());
    assert!(namespace.socket(&root).is_none());
    assert!(server.engine.of("/unknown").is_none());
    ws.say("40/unknown,").await;
    assert_eq!(
        ws.hear().await,
        r#"44/unknown,{"message":"Invalid namespace"}"#
    );
    ws.say(r#"42/other,["echo",1]"#).await;
    assert_eq!(ws.hear().await, r#"42/other,["echo",[1]]"#);
}

#[tokio::test]
async fn a_namespace_needs_no_other() {
    let server = TestServer::with(|config| {
        with_other(config);
        config.connect_timeout = Duration::from_millis(50);
        config.ping_interval = Duration::from_millis(200);
    })
    .await;
    let mut ws = opened(&server).await;
    connect(&mut ws, "/other", json!({})).await;
    // The time for a CONNECT to come has passed without harm.
    assert_eq!(ws.hear().await, "2");
    ws.say("3").await;
    ws.say(r#"42/other,["echo"]"#).await;
    assert_eq!(ws.hear().await, r#"42/other,["echo",[]]"#);
}

#[tokio::test]
async fn an_unknown_namespace_does_not_count_as_connected() {
    let timeout = Duration::from_millis(50);
    let server = TestServer::with(|config| config.connect_timeout = timeout).await;
    let mut ws = opened(&server).await;
    ws.say("40/unknown,").await;
    ws.hear_close().await;
    eventually(|| server.engine.stats().closed_for(Reason::ConnectTimeout) == 1).await;
}

#[tokio::test]
async fn rooms_are_a_namespaces_own() {
    let server = TestServer::with(with_other).await;
    let mut ws = in_both(&server).await;
    let other = server.engine.of("/other").unwrap();
    assert_eq!(server.engine.to("r").emit("x", &1), 1);
    assert_eq!(ws.hear().await, r#"42["x",1]"#);
    assert_eq!(other.to("r").emit("x", &2), 1);
    assert_eq!(ws.hear().await, r#"42/other,["x",2]"#);
    assert_eq!(other.to("root").emit("x", &3), 0);
    assert_eq!(server.engine.to("other").emit("x", &3), 0);
    assert_eq!(other.everyone().emit("x", &4), 1);
    assert_eq!(ws.hear().await, r#"42/other,["x",4]"#);
    assert_eq!(other.everyone().except("other").emit("x", &5), 0);
    let packet = other.packet("x", &6).unwrap();
    let behind = other
        .deliver(vec![Delivery {
            position: 1,
            rooms: vec!["r".into(), "other".into()],
            view: Box::new(move |_| Some(packet.clone())),
        }])
        .await;
    assert!(behind.is_empty());
    assert_eq!(ws.hear().await, r#"42/other,["x",6]"#);
    let mut rooms: Vec<_> = other.rooms().into_iter().map(|(name, _)| name).collect();
    rooms.sort();
    assert_eq!(rooms.concat(), "otherr");
    // What a socket says to a room stays in its namespace.
    let mut second = opened(&server).await;
    connect(&mut second, "/other", json!({})).await;
    second.say(r#"42/other,["say","r"]"#).await;
    assert!(ws.hear().await.starts_with(r#"42/other,["said""#));
    second.say(r#"42/other,["tell_others"]"#).await;
    assert_eq!(ws.hear().await, r#"42/other,["told",{}]"#);
    second.say(r#"42/other,["echo"]"#).await;
    assert_eq!(second.hear().await, r#"42/other,["echo",[]]"#);
}

#[tokio::test]
async fn acknowledgements_are_a_namespaces_own() {
    let server = TestServer::with(with_other).await;
    let mut ws = in_both(&server).await;
    ws.say(r#"42/other,5["any",1]"#).await;
    assert_eq!(ws.hear().await, "43/other,5[[1]]");
    ws.say(r#"42/other,6["join_and_answer","s"]"#).await;
    assert_eq!(ws.hear().await, r#"43/other,6[{"joined":"s"}]"#);
    // Both count from 0. An answer in the wrong namespace means nothing.
    ws.say(r#"42/other,["ask",1]"#).await;
    assert_eq!(ws.hear().await, r#"42/other,0["question",[1]]"#);
    ws.say(r#"430["wrong"]"#).await;
    ws.say(r#"43/other,0["right"]"#).await;
    assert_eq!(ws.hear().await, r#"42/other,["answered",{"Ok":["right"]}]"#);
    ws.say(r#"42["ask",1]"#).await;
    assert_eq!(ws.hear().await, r#"420["question",[1]]"#);
}

#[tokio::test]
async fn bytes_go_to_their_namespace() {
    let server = TestServer::with(with_other).await;
    let mut ws = in_both(&server).await;
    let event = r#"451-/other,["echo_args",{"_placeholder":true,"num":0}]"#;
    ws.say(event).await;
    ws.say_bytes(b"x").await;
    assert_eq!(ws.hear().await, event);
    assert_eq!(ws.hear_bytes().await, b"x");
    ws.say(&event.replace(r#",["echo_args""#, r#",7["give_back""#))
        .await;
    ws.say_bytes(b"y").await;
    assert_eq!(
        ws.hear().await,
        r#"461-/other,7[{"_placeholder":true,"num":0}]"#
    );
    assert_eq!(ws.hear_bytes().await, b"y");
}

#[tokio::test]
async fn a_client_may_leave_one_namespace_and_stay_in_the_other() {
    let server = TestServer::with(with_other).await;
    for (leave, stay, room) in [
        ("41/other,", "42", "r,other"),
        ("41", "42/other,", "r,root"),
    ] {
        let mut ws = in_both(&server).await;
        ws.say(leave).await;
        assert_eq!(
            server.call().await,
            Call::Disconnect(room.into(), Reason::ClientDisconnect)
        );
        ws.say(&format!(r#"{stay}["echo",1]"#)).await;
        assert_eq!(ws.hear().await, format!(r#"{stay}["echo",[1]]"#));
        // It may come back.
        let back = leave.replace("41", "40");
        ws.say(&back).await;
        assert!(ws.hear().await.starts_with(&back));
        drop(ws);
        server.disconnected().await;
        server.disconnected().await;
    }
}

#[tokio::test]
async fn time_to_connect_starts_again_when_the_last_namespace_is_left() {
    let server = TestServer::with(|config| {
        with_other(config);
        config.connect_timeout = Duration::from_millis(100);
        config.ping_interval = Duration::from_millis(200);
    })
    .await;
    let mut ws = in_both(&server).await;
    ws.say("41").await;
    assert_eq!(ws.hear().await, "2");
    ws.say("3").await;
    ws.say("41/other").await;
    ws.hear_close().await;
    eventually(|| server.engine.stats().closed_for(Reason::ConnectTimeout) == 1).await;
}

#[tokio::test]
async fn the_server_may_end_one_namespace_and_then_the_last() {
    let server = TestServer::with(with_other).await;
    let mut ws = in_both(&server).await;
    ws.say(r#"42/other,["disconnect_me"]"#).await;
    // Sent before the client could know.
    ws.say(r#"42/other,["echo"]"#).await;
    ws.say("43/other,0[]").await;
    ws.say("41/other,").await;
    assert_eq!(ws.hear().await, "41/other,");
    assert!(matches!(server.call().await, Call::Event(..)));
    let reason = loop {
        // The echo may have been read before the end of its socket.
        if let Call::Disconnect(rooms, reason) = server.call().await {
            assert_eq!(rooms, "r,other");
            break reason;
        }
    };
    assert_eq!(reason, Reason::ServerDisconnect);
    assert!(server.engine.of("/other").unwrap().members("r").is_empty());
    ws.say(r#"42["echo"]"#).await;
    assert_eq!(ws.hear().await, r#"42["echo",[]]"#);
    connect(&mut ws, "/other", json!({})).await;
    ws.say(r#"42["disconnect_me"]"#).await;
    assert_eq!(ws.hear().await, "41");
    ws.say(r#"42/other,["disconnect_me"]"#).await;
    assert_eq!(ws.hear().await, "41/other,");
    assert_eq!(ws.hear_close().await, Some(1000));
    drop(ws);
    assert_eq!(server.disconnected().await, Reason::ServerDisconnect);
    assert_eq!(server.disconnected().await, Reason::ServerDisconnect);
    eventually(|| server.engine.stats().sessions == 0).await;
}

#[tokio::test]
async fn a_session_that_is_left_with_a_refusal_must_connect_in_time() {
    let server = TestServer::with(|config| {
        with_other(config);
        config.connect_timeout = Duration::from_millis(500);
    })
    .await;
    let mut ws = opened(&server).await;
    let root = connect(&mut ws, "/", json!({"rooms": ["r"]})).await;
    ws.say(r#"40/other,{"wait":true,"refuse":"no"}"#).await;
    server.call().await;
    server.call().await;
    server.engine.socket(&root).unwrap().disconnect();
    assert_eq!(ws.hear().await, "41");
    server.open_gate();
    assert_eq!(ws.hear().await, r#"44/other,{"message":"no"}"#);
    ws.hear_close().await;
    eventually(|| server.engine.stats().closed_for(Reason::ConnectTimeout) == 1).await;
}

#[tokio::test]
async fn a_refusal_concerns_its_namespace_alone() {
    let server = TestServer::with(with_other).await;
    let mut ws = opened(&server).await;
    connect(&mut ws, "/", json!({})).await;
    ws.say(r#"40/other,{"refuse":"no","data":{"code":1}}"#)
        .await;
    assert_eq!(
        ws.hear().await,
        r#"44/other,{"message":"no","data":{"code":1}}"#
    );
    ws.say(r#"42["echo"]"#).await;
    assert_eq!(ws.hear().await, r#"42["echo",[]]"#);
    connect(&mut ws, "/other", json!({})).await;
}

#[tokio::test]
async fn all_sockets_of_a_connection_end_with_it() {
    let server = TestServer::with(with_other).await;
    let ws = in_both(&server).await;
    drop(ws);
    let mut ends = Vec::new();
    for _ in 0..2 {
        ends.push(server.call().await);
    }
    for rooms in ["r,root", "r,other"] {
        let end = Call::Disconnect(rooms.into(), Reason::TransportClose);
        assert!(ends.contains(&end), "{ends:?}");
    }
    eventually(|| server.engine.stats().sessions == 0).await;
    assert_eq!(server.engine.stats().sockets, 0);
}

#[tokio::test]
async fn packets_for_a_namespace_that_was_not_entered_close_the_connection() {
    let server = TestServer::with(with_other).await;
    for text in [
        r#"42/third,["echo"]"#,
        "43/third,0[]",
        "41/third,",
        "40/other,",
        "40",
        "42/unknown,[\"echo\"]",
    ] {
        let mut ws = in_both(&server).await;
        ws.say(text).await;
        assert_eq!(ws.hear_close().await, Some(1002), "{text}");
        for _ in 0..2 {
            assert_eq!(server.disconnected().await, Reason::ParseError, "{text}");
        }
    }
}

#[tokio::test]
async fn namespaces_share_a_polling_session_too() {
    let server = TestServer::with(with_other).await;
    let client = Polling::connect(server.address).await;
    client.say("40/other,").await;
    assert!(client.hear().await.starts_with(r#"40/other,{"sid":"#));
    client.say("41\x1e42/other,[\"echo\",1]").await;
    assert_eq!(client.hear().await, r#"42/other,["echo",[1]]"#);
}
