//! Each limit, at it and one past it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::app::{Call, TestServer};
use crate::client::{Heard, Http, Polling, Ws, eventually, frame};
use shopbell_engine::{Delivery, Packet, Reason};

/// An event whose whole packet has `len` bytes.
fn event_of(len: usize) -> String {
    let frame = r#"42["any",""]"#.len();
    format!(r#"42["any","{}"]"#, "x".repeat(len - frame))
}

#[tokio::test]
async fn a_websocket_message_may_be_as_long_as_max_payload() {
    let server = TestServer::with(|config| config.max_payload = 1000).await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    server.call().await;
    ws.say(&event_of(1000)).await;
    assert!(matches!(server.call().await, Call::Event(..)));
    // In two frames it is as long.
    let event = event_of(1000);
    ws.send(&frame(0x01, &event.as_bytes()[..400])).await;
    ws.send(&frame(0x80, &event.as_bytes()[400..])).await;
    assert!(matches!(server.call().await, Call::Event(..)));
    ws.say(&event_of(1001)).await;
    assert_eq!(ws.next().await, Heard::Close(Some(1009)));
    assert_eq!(server.disconnected().await, Reason::ParseError);

    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.send(&frame(0x01, &event.as_bytes()[..400])).await;
    ws.send(&frame(0x80, &[b'x'; 601])).await;
    assert_eq!(ws.next().await, Heard::Close(Some(1009)));
    // An announced length is refused before any of it has come.
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.send(&frame(0x81, &[b'x'; 0x1_0000])[..14]).await;
    assert_eq!(ws.next().await, Heard::Close(Some(1009)));
}

#[tokio::test]
async fn a_polling_body_may_be_as_long_as_max_payload() {
    let server = TestServer::with(|config| config.max_payload = 1000).await;
    let client = Polling::connect(server.address).await;
    client.say(&event_of(1000)).await;
    let answer = client.post(&event_of(1001)).await;
    assert_eq!((answer.status, answer.code()), (413, 3));
    // Without a length that could be refused at once, it is cut off on the way.
    let mut http = Http::connect(server.address).await;
    let chunk = event_of(600);
    http.send(
        format!(
            "POST {} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n258\r\n{chunk}\r\n258\r\n{chunk}\r\n0\r\n\r\n",
            client.target
        )
        .as_bytes(),
    )
    .await;
    assert_eq!(http.answer().await.status, 413);
    // The session has survived.
    client.say(&event_of(1000)).await;
}

#[tokio::test]
async fn json_may_nest_as_deep_as_max_json_depth() {
    let server = TestServer::with(|config| config.max_json_depth = 32).await;
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let mut ws = Ws::connect(server.address, json!({})).await;
    // The array of the event counts as one.
    ws.say(&format!(r#"420["any",{}]"#, nested(31))).await;
    assert!(ws.hear().await.starts_with("430"));
    ws.say(&format!(r#"420["any",{}]"#, nested(32))).await;
    assert_eq!(ws.next().await, Heard::Close(Some(1002)));
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.say(&format!("42[\"any\",{}", "[".repeat(60_000))).await;
    assert_eq!(ws.next().await, Heard::Close(Some(1002)));
}

#[tokio::test]
async fn a_socket_may_join_as_many_rooms_as_it_is_allowed() {
    let server = TestServer::with(|config| config.rooms_per_socket = 3).await;
    let mut ws = Ws::connect(server.address, json!({"rooms": ["given", "too", "given"]})).await;
    for room in ["a", "b", "c"] {
        ws.say(&format!(r#"420["join","{room}"]"#)).await;
        assert_eq!(ws.hear().await, r#"430[{"Ok":null}]"#);
    }
    for room in ["a", "given"] {
        ws.say(&format!(r#"420["join","{room}"]"#)).await;
        assert_eq!(ws.hear().await, r#"430[{"Ok":null}]"#, "is there already");
    }
    ws.say(r#"420["join","d"]"#).await;
    assert_eq!(ws.hear().await, r#"430[{"Err":"too many rooms"}]"#);
    ws.say(r#"420["join_and_answer","d"]"#).await;
    assert_eq!(ws.hear().await, r#"42["refused","too many rooms"]"#);
    ws.say(r#"420["leave","a"]"#).await;
    ws.hear().await;
    ws.say(r#"420["join","d"]"#).await;
    assert_eq!(ws.hear().await, r#"430[{"Ok":null}]"#);
}

fn durable(data: &Value) -> Vec<Delivery<'static>> {
    let packet = Packet::event("e", data).unwrap();
    vec![Delivery {
        position: 1,
        rooms: vec!["r".into()],
        view: Box::new(move |_| Some(packet.clone())),
    }]
}

/// A polling client in the room `r` that fetches nothing, so that everything is queued.
pub(crate) async fn lazy(server: &TestServer) -> Polling {
    let client = Polling::open(server.address).await;
    client.say(r#"40{"rooms":["r"]}"#).await;
    client.hear().await;
    eventually(|| server.engine.members("r").len() == 1).await;
    client
}

#[tokio::test]
async fn durable_packets_over_the_bound_close_the_connection() {
    let server = TestServer::with(|config| config.queue_packets = 8).await;
    let client = lazy(&server).await;
    let socket = server.engine.members("r").remove(0);
    for _ in 0..8 {
        socket.emit("e", &1);
    }
    assert_eq!(client.hear().await.split('\x1e').count(), 8);
    for _ in 0..9 {
        socket.emit("e", &1);
    }
    assert_eq!(server.disconnected().await, Reason::SlowConsumer);
    assert_eq!(client.get().await.status, 400);
    assert_eq!(server.engine.stats().slow_consumers(), 1);
}

#[tokio::test]
async fn the_bound_counts_bytes_too() {
    let len = 4 + r#"42["e",""]"#.len() + 500;
    let server = TestServer::with(|config| config.queue_bytes = 4 * len).await;
    let client = lazy(&server).await;
    for _ in 0..3 {
        server.deliver(durable(&json!("x".repeat(500)))).await;
    }
    assert_eq!(client.hear().await.split('\x1e').count(), 3);
    for _ in 0..3 {
        server.deliver(durable(&json!("x".repeat(500)))).await;
    }
    let behind = server.engine.deliver(durable(&json!(""))).await;
    assert_eq!(behind.len(), 1);
    behind[0].emit("e", &"x".repeat(500));
    behind[0].emit("e", &"");
    assert_eq!(server.disconnected().await, Reason::SlowConsumer);
}

#[tokio::test]
async fn ephemeral_packets_are_dropped_when_space_is_short() {
    let server = TestServer::with(|config| config.queue_packets = 8).await;
    let client = lazy(&server).await;
    let reached: usize = (0..10)
        .map(|number| server.engine.to("r").emit("n", &number))
        .sum();
    assert_eq!((reached, server.engine.stats().dropped), (4, 6));
    // The rest of the queue is for durable ones.
    for _ in 0..2 {
        server.deliver(durable(&json!(1))).await;
    }
    for _ in 0..2 {
        server.engine.members("r")[0].emit("e", &1);
    }
    assert_eq!(client.hear().await.split('\x1e').count(), 8);
    assert_eq!(server.engine.to("r").emit("n", &1), 1);
}

#[tokio::test]
async fn a_slow_reader_within_the_bound_gets_everything_in_order() {
    let server = TestServer::with(|config| {
        config.queue_packets = 100_000;
        config.queue_bytes = 1 << 30;
    })
    .await;
    let mut ws = Ws::deaf(server.address).await;
    ws.hear().await;
    ws.say(r#"40{"rooms":["r"]}"#).await;
    ws.hear().await;
    eventually(|| server.engine.members("r").len() == 1).await;
    // More than the kernel holds for a client that does not read; packets of changing length, so
    // that they are cut anywhere.
    for number in 0..3000 {
        server
            .deliver(durable(&json!([number, "x".repeat(number * 7 % 3000)])))
            .await;
    }
    for number in 0..3000 {
        let heard: Value =
            serde_json::from_str(ws.hear().await.strip_prefix("42").unwrap()).unwrap();
        assert_eq!(heard[1][0], number);
    }
}

#[tokio::test]
async fn a_websocket_that_takes_nothing_is_closed() {
    let stall = Duration::from_millis(200);
    let server = TestServer::with(|config| {
        config.queue_stall = stall;
        config.queue_bytes = 1 << 30;
        config.queue_packets = 1 << 30;
    })
    .await;
    let mut ws = Ws::deaf(server.address).await;
    ws.hear().await;
    ws.say(r#"40{"rooms":["r"]}"#).await;
    ws.hear().await;
    eventually(|| server.engine.members("r").len() == 1).await;
    let start = Instant::now();
    for _ in 0..200 {
        server.deliver(durable(&json!("x".repeat(60_000)))).await;
    }
    assert_eq!(server.disconnected().await, Reason::SlowConsumer);
    assert!(start.elapsed() >= stall);
    drop(ws);
}

#[tokio::test]
async fn a_client_with_too_many_events_waiting_is_not_read_from() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.say(r#"42["wait"]"#).await;
    for number in 0..200 {
        ws.say(&format!(r#"42["echo",{number}]"#)).await;
    }
    server.call().await;
    server.call().await;
    // 64 wait, the others are left in the socket: as packets are counted when they are read, so the
    // count stands still.
    eventually(|| server.engine.stats().packets_in == 1 + 1 + 64).await;
    ws.say("4").await;
    server.open_gate();
    for number in 0..200 {
        assert_eq!(ws.hear().await, format!(r#"42["echo",[{number}]]"#));
    }
    assert_eq!(ws.hear_close().await, Some(1002));
}

#[tokio::test]
async fn a_post_waits_until_there_is_room_for_its_events() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let mut events = vec![r#"42["wait"]"#.to_owned()];
    events.extend((0..200).map(|number| format!(r#"42["any",{number}]"#)));
    let body = events.join("\x1e");
    let mut http = Http::connect(server.address).await;
    http.send(
        format!(
            "POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{body}",
            client.target,
            body.len()
        )
        .as_bytes(),
    )
    .await;
    eventually(|| server.engine.stats().packets_in == 1 + 1 + 64).await;
    server.open_gate();
    assert_eq!(http.answer().await.body, "ok");
    server.call().await;
    server.call().await;
    for number in 0..200 {
        assert_eq!(
            server.call().await,
            Call::Event("any".into(), vec![json!(number)])
        );
    }
}

#[tokio::test]
async fn a_client_with_too_many_bytes_waiting_is_not_read_from() {
    let server = TestServer::with(|config| config.max_payload = 1000).await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.say(r#"42["wait"]"#).await;
    server.call().await;
    server.call().await;
    for _ in 0..4 {
        ws.say(&event_of(400)).await;
    }
    // Two of them are less than one message may be, so there is room for the third.
    eventually(|| server.engine.stats().packets_in == 1 + 1 + 3).await;
    ws.say("4").await;
    server.open_gate();
    for _ in 0..4 {
        assert!(matches!(server.call().await, Call::Event(..)));
    }
    assert_eq!(ws.hear_close().await, Some(1002));
}
