//! What a client is told to recover by, and how it comes back.

use serde_json::{Value, json};

use crate::app::{Call, TestServer};
use crate::client::{Heard, Polling, Ws, eventually};
use shopbell_engine::{Args, Delivery, Packet, Reason};

/// Opens a session and asks for a socket; returns what is heard up to the answer, and that.
async fn connect(server: &TestServer, auth: &Value) -> (Ws, Vec<String>) {
    let mut ws = Ws::open(server.address).await;
    ws.hear().await;
    ws.say(&format!("40{auth}")).await;
    let mut heard = Vec::new();
    while heard
        .last()
        .is_none_or(|text: &String| text.starts_with("42"))
    {
        heard.push(ws.hear().await);
    }
    (ws, heard)
}

fn answer(heard: &[String]) -> Value {
    serde_json::from_str(heard.last().unwrap().strip_prefix("40").unwrap()).unwrap()
}

#[tokio::test]
async fn a_client_is_told_the_ids_that_the_application_gives_it() {
    let server = TestServer::start().await;
    let (_ws, heard) = connect(&server, &json!({"sid": "s", "pid": "p"})).await;
    assert_eq!(heard, [r#"40{"sid":"s","pid":"p"}"#]);
    eventually(|| server.engine.socket("s").is_some()).await;
    // A pid of the engine's own.
    let (_ws, heard) = connect(&server, &json!({"pid": true})).await;
    let told = answer(&heard);
    assert_eq!(told["pid"].as_str().unwrap().len(), 20);
    assert_ne!(told["pid"], told["sid"]);
    let (_ws, again) = connect(&server, &json!({"pid": true})).await;
    assert_ne!(told["pid"], answer(&again)["pid"]);
    // None at all.
    let (_ws, heard) = connect(&server, &json!({})).await;
    assert_eq!(answer(&heard).as_object().unwrap().len(), 1);
    assert_eq!(answer(&heard)["sid"].as_str().unwrap().len(), 20);
}

#[tokio::test]
async fn what_was_missed_comes_before_the_answer() {
    let server = TestServer::start().await;
    let auth = json!({"sid": "s", "pid": "p", "before": [3, 5]});
    let (_ws, heard) = connect(&server, &auth).await;
    let expected = [
        r#"42["row",{"at":3},"3"]"#,
        r#"42["row",{"at":5},"5"]"#,
        r#"40{"sid":"s","pid":"p"}"#,
    ];
    assert_eq!(heard, expected);
    eventually(|| server.engine.socket("s").is_some()).await;
    let socket = server.engine.socket("s").unwrap();
    assert_eq!((socket.offset(), socket.behind()), (5, None));
}

#[tokio::test]
async fn what_does_not_fit_before_the_answer_leaves_the_socket_behind() {
    let server = TestServer::with(|config| config.queue_packets = 8).await;
    let client = Polling::open(server.address).await;
    let auth = json!({"sid": "s", "pid": "p", "before": [10, 20, 30, 40, 50, 60], "behind": 60});
    client.say(&format!("40{auth}")).await;
    eventually(|| server.engine.socket("s").is_some()).await;
    let body = client.hear().await;
    let heard: Vec<&str> = body.split('\x1e').collect();
    assert_eq!(heard.len(), 5);
    assert_eq!(heard[3], r#"42["row",{"at":40},"40"]"#);
    assert_eq!(heard[4], r#"40{"sid":"s","pid":"p"}"#);
    let socket = server.engine.socket("s").unwrap();
    assert_eq!((socket.offset(), socket.behind()), (40, Some(49)));
}

#[tokio::test]
async fn rooms_joined_before_count_and_given_ones_do_not() {
    let server = TestServer::with(|config| config.rooms_per_socket = 2).await;
    let auth = json!({"rooms": ["given", "both"], "joined": ["a", "both", "b"]});
    let mut ws = Ws::connect(server.address, auth).await;
    ws.say(r#"420["rooms"]"#).await;
    assert_eq!(ws.hear().await, r#"430[["given","both","a","b"]]"#);
    ws.say(r#"420["join","c"]"#).await;
    assert_eq!(ws.hear().await, r#"430[{"Err":"too many rooms"}]"#);
    ws.say(r#"420["leave","a"]"#).await;
    assert_eq!(ws.hear().await, "430[true]");
    ws.say(r#"420["join","c"]"#).await;
    assert_eq!(ws.hear().await, r#"430[{"Ok":null}]"#);
}

#[tokio::test]
async fn a_socket_that_comes_back_replaces_its_past() {
    let server = TestServer::start().await;
    let auth = json!({"sid": "s", "pid": "p", "rooms": ["r"]});
    let (mut old, _) = connect(&server, &auth).await;
    eventually(|| server.engine.members("r").len() == 1).await;
    let past = server.engine.socket("s").unwrap();
    let (mut new, _) = connect(&server, &auth).await;
    assert_eq!(server.call().await, Call::Connect(auth.clone()));
    assert_eq!(server.call().await, Call::Connect(auth));
    let gone = Call::Disconnect("r".into(), Reason::ServerClose);
    assert_eq!(server.call().await, gone);
    assert_eq!(old.next().await, Heard::Close(Some(1000)));
    // The end of the old one has left the new one where it was.
    assert!(!past.is_in("r"));
    assert!(server.engine.socket("s").unwrap().is_in("r"));
    assert_eq!(server.engine.members("r").len(), 1);
    assert_eq!(server.engine.stats().sockets, 1);
    assert_eq!(server.engine.everyone().emit("e", &json!({})), 1);
    assert_eq!(new.hear().await, r#"42["e",{}]"#);
    drop(new);
    assert_eq!(server.disconnected().await, Reason::TransportClose);
    assert!(server.engine.socket("s").is_none());
}

#[tokio::test]
async fn events_carry_an_offset_where_one_is_asked_for() {
    let server = TestServer::start().await;
    let (mut ws, _) = connect(&server, &json!({"sid": "s", "pid": "p", "rooms": ["r"]})).await;
    eventually(|| server.engine.members("r").len() == 1).await;
    let socket = server.engine.socket("s").unwrap();
    socket.emit("e", &json!({}));
    assert_eq!(socket.offset(), 0);
    socket.emit_at("e", &json!({}), "1-7", 7);
    assert_eq!(socket.offset(), 7);
    server.engine.to("r").emit("e", &json!({}));
    let plain = Packet::event("e", &json!({})).unwrap();
    let delivery = Delivery {
        position: 8,
        rooms: vec!["r".into()],
        view: Box::new(|_| Some(plain.clone())),
    };
    server.deliver(vec![delivery]).await;
    assert_eq!(socket.offset(), 8);
    for expected in [
        r#"42["e",{}]"#,
        r#"42["e",{},"1-7"]"#,
        r#"42["e",{}]"#,
        r#"42["e",{}]"#,
    ] {
        assert_eq!(ws.hear().await, expected);
    }
    // The last one counts, as for the client, and only what was sent.
    socket.emit_at("e", &json!({}), "1-3", 3);
    assert_eq!(socket.offset(), 3);
    socket.close(Reason::ServerClose);
    socket.emit_at("e", &json!({}), "1-9", 9);
    assert_eq!(socket.offset(), 3);
}

#[tokio::test]
async fn other_namespaces_have_offsets_too() {
    let server = TestServer::with(|config| config.namespaces = vec!["/x".into()]).await;
    let mut ws = Ws::open(server.address).await;
    ws.hear().await;
    ws.say(r#"40/x,{"sid":"s","pid":"p","rooms":["r"]}"#).await;
    assert_eq!(ws.hear().await, r#"40/x,{"sid":"s","pid":"p"}"#);
    let namespace = server.engine.of("/x").unwrap();
    eventually(|| namespace.socket("s").is_some()).await;
    namespace
        .socket("s")
        .unwrap()
        .emit_at("e", &json!({}), "1-7", 7);
    assert_eq!(ws.hear().await, r#"42/x,["e",{},"1-7"]"#);
    let packet = namespace.packet_at("e", &json!({}), "1-8").unwrap();
    assert_eq!(namespace.socket("s").unwrap().replay(&[(8, packet)]), 1);
    assert_eq!(ws.hear().await, r#"42/x,["e",{},"1-8"]"#);
    let mut args = Args::default();
    args.values = vec![args.attach(&b"abc"[..]), json!("1-9")];
    let packet = namespace.packet_args("e", &args).unwrap();
    assert_eq!(namespace.socket("s").unwrap().replay(&[(9, packet)]), 1);
    let text = r#"451-/x,["e",{"_placeholder":true,"num":0},"1-9"]"#;
    assert_eq!(ws.hear().await, text);
    assert_eq!(ws.next().await, Heard::Binary(b"abc".to_vec()));
}
