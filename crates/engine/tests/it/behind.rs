//! Sockets that a delivery finds without room, and how they catch up.

use std::time::Duration;

use serde_json::json;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::Instant;

use crate::app::{TestApp, TestServer, at};
use crate::bounds::lazy;
use crate::client::{Ws, eventually, soon};
use shopbell_engine::{Delivery, Packet, Reason, Socket};

/// What the room `r` is sent at these positions of the journal.
fn rows(
    positions: impl IntoIterator<Item = u64>,
    row: fn(u64) -> Packet,
) -> Vec<Delivery<'static>> {
    let rows = positions.into_iter().map(|position| Delivery {
        position,
        rooms: vec!["r".into()],
        view: Box::new(move |_| Some(row(position))),
    });
    rows.collect()
}

/// A row of changing length, so that rows are cut anywhere by a kernel that takes no more.
fn long(position: u64) -> Packet {
    let text = "x".repeat(position as usize * 997 % 30_000);
    Packet::event_at("row", &json!({ "text": text }), &position.to_string()).unwrap()
}

/// The position of a row that a client heard.
fn position(heard: &str) -> u64 {
    let row: (String, serde_json::Value, String) =
        serde_json::from_str(heard.strip_prefix("42").unwrap()).unwrap();
    row.2.parse().unwrap()
}

/// A client that does not read yet, in the room `r`.
async fn deaf(server: &TestServer) -> (Ws, Socket<TestApp>) {
    let mut ws = Ws::deaf(server.address).await;
    ws.hear().await;
    ws.say(r#"40{"rooms":["r"]}"#).await;
    ws.hear().await;
    eventually(|| server.engine.members("r").len() == 1).await;
    (ws, server.engine.members("r").remove(0))
}

/// Delivers long rows until the socket is behind; returns the first position not delivered.
async fn fall_behind(server: &TestServer, socket: &Socket<TestApp>) -> u64 {
    let mut next = 1;
    loop {
        assert_eq!(socket.offset(), next - 1);
        let behind = server.engine.deliver(rows([next], long)).await;
        if let [behind] = behind.as_slice() {
            assert_eq!(behind.id(), socket.id());
            assert_eq!(socket.behind(), Some(next - 1));
            return next;
        }
        assert_eq!((behind.len(), socket.behind()), (0, None));
        next += 1;
    }
}

/// Replays long rows up to `last` and turns the socket live.
async fn catch_up(socket: &Socket<TestApp>, last: u64) {
    let mut after = socket.behind().unwrap();
    while after < last {
        assert!(socket.drained().await);
        let some: Vec<_> = (after + 1..=last.min(after + 50))
            .map(|position| (position, long(position)))
            .collect();
        let taken = socket.replay(&some);
        assert!(taken > 0, "a drained socket takes one at least");
        after += taken as u64;
        assert_eq!(socket.offset(), after);
    }
    socket.set_behind(None);
}

/// Waits in a task of its own, which nothing but its waker brings back.
async fn waiting(socket: &Socket<TestApp>) -> JoinHandle<bool> {
    let socket = socket.clone();
    let waiting = tokio::spawn(async move { socket.drained().await });
    yield_now().await;
    assert!(!waiting.is_finished());
    waiting
}

#[tokio::test]
async fn a_reader_that_falls_behind_misses_nothing_and_hears_nothing_twice() {
    let server = TestServer::with(|config| config.queue_packets = 20).await;
    let (mut ws, socket) = deaf(&server).await;
    let missed = fall_behind(&server, &socket).await;
    // What is delivered meanwhile is passed over, in whatever batches.
    server.deliver(rows(missed + 1..missed + 300, long)).await;
    assert_eq!(
        (socket.behind(), socket.offset()),
        (Some(missed - 1), missed - 1)
    );
    let last = missed + 299;
    let catching_up = tokio::spawn({
        let socket = socket.clone();
        async move { catch_up(&socket, last).await }
    });
    for expected in 1..=last {
        assert_eq!(position(&ws.hear().await), expected);
    }
    soon(catching_up).await.unwrap();
    server.deliver(rows([last + 1], long)).await;
    assert_eq!(position(&ws.hear().await), last + 1);
    assert_eq!(server.engine.stats().slow_consumers(), 0);
}

#[tokio::test]
async fn a_call_returns_each_socket_once_at_the_position_before_what_it_missed() {
    let server = TestServer::with(|config| config.queue_packets = 8).await;
    let client = lazy(&server).await;
    // More than one batch, with gaps between the positions.
    let positions = (1..=200).map(|number| number * 10);
    let behind = server.engine.deliver(rows(positions, at)).await;
    assert_eq!(behind.len(), 1);
    assert_eq!((behind[0].behind(), behind[0].offset()), (Some(69), 60));
    // A quarter of the queue was left to what cannot be had again.
    behind[0].emit("e", &json!({}));
    behind[0].emit("e", &json!({}));
    let body = client.hear().await;
    let heard: Vec<&str> = body.split('\x1e').collect();
    assert_eq!(heard.len(), 8);
    let heard: Vec<u64> = heard.into_iter().take(6).map(position).collect();
    assert_eq!(heard, (1..=6).map(|number| number * 10).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_socket_is_behind_where_its_own_rows_go_on() {
    let server = TestServer::with(|config| config.queue_packets = 2).await;
    let _client = lazy(&server).await;
    let mut batch = rows(1..=9, at);
    for (number, row) in batch.iter_mut().enumerate() {
        if number % 3 != 0 {
            row.rooms = vec!["elsewhere".into()];
        }
    }
    // It is meant to have 1, 4 and 7.
    let behind = server.engine.deliver(batch).await;
    assert_eq!((behind[0].behind(), behind[0].offset()), (Some(6), 4));
}

#[tokio::test]
async fn one_who_is_behind_is_passed_over_by_deliveries_alone() {
    let server = TestServer::start().await;
    let mut live = Ws::connect(server.address, json!({"rooms": ["r"]})).await;
    let auth = json!({"rooms": ["r"], "pid": "p", "sid": "s", "behind": 7});
    let mut behind = Ws::connect(server.address, auth).await;
    eventually(|| server.engine.members("r").len() == 2).await;
    let socket = server.engine.socket("s").unwrap();
    assert_eq!((socket.behind(), socket.offset()), (Some(7), 0));
    server.deliver(rows(8..=9, at)).await;
    assert_eq!(position(&live.hear().await), 8);
    assert_eq!(position(&live.hear().await), 9);
    assert_eq!(server.engine.to("r").emit("typing", &json!({})), 2);
    assert_eq!(behind.hear().await, r#"42["typing",{}]"#);
    assert_eq!(socket.replay(&[(8, at(8)), (9, at(9))]), 2);
    socket.set_behind(None);
    server.deliver(rows([10], at)).await;
    for expected in 8..=10 {
        assert_eq!(position(&behind.hear().await), expected);
    }
    assert_eq!(socket.offset(), 10);
}

#[tokio::test]
async fn a_replay_fills_half_of_the_queue_and_goes_on_once_that_is_drained() {
    let server = TestServer::with(|config| config.queue_packets = 8).await;
    let client = lazy(&server).await;
    let socket = server.engine.members("r").remove(0);
    socket.set_behind(Some(0));
    let some: Vec<_> = (1..=10).map(|position| (position, at(position))).collect();
    assert_eq!(socket.replay(&some), 4);
    assert_eq!(socket.replay(&some[4..]), 0);
    assert_eq!(socket.offset(), 4);
    // Two at once may wait for it.
    let (one, other) = (waiting(&socket).await, waiting(&socket).await);
    assert_eq!(client.hear().await.split('\x1e').count(), 4);
    assert!(soon(one).await.unwrap());
    assert!(soon(other).await.unwrap());
    assert_eq!(socket.replay(&some[4..]), 4);
    // The other half was left to what cannot be had again.
    for _ in 0..4 {
        socket.emit("e", &json!({}));
    }
    assert_eq!(client.hear().await.split('\x1e').count(), 8);
    assert!(socket.drained().await);
}

#[tokio::test]
async fn a_packet_longer_than_the_queue_may_be_is_replayed_all_the_same() {
    let server = TestServer::with(|config| config.queue_bytes = 1000).await;
    let client = lazy(&server).await;
    let longest = || Packet::event("e", &json!("x".repeat(2000))).unwrap();
    let delivery = Delivery {
        position: 5,
        rooms: vec!["r".into()],
        view: Box::new(|_| Some(longest())),
    };
    let behind = server.engine.deliver(vec![delivery]).await;
    assert_eq!(behind[0].behind(), Some(4));
    behind[0].emit("before", &json!({}));
    let socket = &behind[0];
    assert!(socket.drained().await);
    assert_eq!(socket.replay(&[(5, longest()), (6, longest())]), 1);
    assert_eq!(client.hear().await.split('\x1e').count(), 2);
    assert_eq!(socket.replay(&[(6, longest())]), 1);
}

#[tokio::test]
async fn draining_is_noticed_as_a_websocket_takes_what_waits() {
    let server = TestServer::with(|config| config.queue_packets = 60).await;
    let (mut ws, socket) = deaf(&server).await;
    let missed = fall_behind(&server, &socket).await;
    let drained = waiting(&socket).await;
    for _ in 1..missed {
        ws.hear().await;
    }
    assert!(soon(drained).await.unwrap());
}

#[tokio::test]
async fn nobody_waits_for_a_socket_that_is_gone() {
    let server = TestServer::with(|config| config.queue_packets = 8).await;
    let some: Vec<_> = (1..=10).map(|position| (position, at(position))).collect();
    // With its session.
    let _client = lazy(&server).await;
    let socket = server.engine.members("r").remove(0);
    assert_eq!(socket.replay(&some), 4);
    let drained = waiting(&socket).await;
    socket.close(Reason::ServerClose);
    assert!(!soon(drained).await.unwrap());
    assert!(!socket.drained().await);
    assert_eq!(socket.replay(&some), 0);
    server.disconnected().await;
    // Alone.
    let client = lazy(&server).await;
    let socket = server.engine.members("r").remove(0);
    assert_eq!(socket.replay(&some), 4);
    let drained = waiting(&socket).await;
    client.say("41").await;
    assert!(!soon(drained).await.unwrap());
    assert!(!socket.drained().await);
    assert_eq!(socket.replay(&some), 0);
    assert_eq!(client.get().await.status, 200, "the session goes on");
}

#[tokio::test]
async fn one_who_is_behind_and_takes_nothing_is_closed_in_time() {
    let stall = Duration::from_millis(200);
    let server = TestServer::with(|config| config.queue_stall = stall).await;
    let (ws, socket) = deaf(&server).await;
    let start = Instant::now();
    fall_behind(&server, &socket).await;
    assert!(!soon(socket.drained()).await);
    assert_eq!(server.disconnected().await, Reason::SlowConsumer);
    assert!(start.elapsed() >= stall);
    drop(ws);
}
