//! Events of which only the newest of each key is worth sending.

use serde_json::{Value, json};

use crate::app::TestServer;
use crate::bounds::lazy;
use crate::client::{Ws, eventually};

#[tokio::test]
async fn a_newer_state_takes_the_place_of_one_that_still_waits() {
    let server = TestServer::start().await;
    let client = lazy(&server).await;
    let tell = |key: &str, state: &Value| server.engine.to("r").newest(key).emit("state", state);
    assert_eq!(tell("a", &json!(["a", 1])), 1);
    assert_eq!(tell("b", &json!(["b", 1])), 1);
    server.engine.members("r")[0].emit("between", &1);
    assert_eq!(tell("a", &json!(["a", 2])), 1);
    assert_eq!(tell("a", &json!(["a", 3])), 1);
    // The newest comes after all that was sent before it.
    assert_eq!(
        client.hear().await,
        "42[\"state\",[\"b\",1]]\x1e42[\"between\",1]\x1e42[\"state\",[\"a\",3]]"
    );
    assert_eq!(server.engine.stats().replaced, 2);
    // What was fetched is not replaced any more.
    assert_eq!(tell("a", &json!(["a", 4])), 1);
    assert_eq!(client.hear().await, r#"42["state",["a",4]]"#);
    assert_eq!(server.engine.stats().replaced, 2);
}

#[tokio::test]
async fn a_newer_state_has_the_room_of_the_older_one_when_space_is_short() {
    let server = TestServer::with(|config| config.queue_packets = 8).await;
    let client = lazy(&server).await;
    let tell = |key: &str, state: u32| server.engine.to("r").newest(key).emit("state", &state);
    // Half of the queue.
    for (key, state) in [("a", 1), ("b", 2), ("c", 3), ("d", 4)] {
        assert_eq!(tell(key, state), 1);
    }
    assert_eq!(tell("e", 5), 0);
    assert_eq!(server.engine.to("r").emit("plain", &6), 0);
    assert_eq!(server.engine.stats().dropped, 2);
    // All of it.
    let socket = server.engine.members("r").remove(0);
    for _ in 0..4 {
        socket.emit("durable", &7);
    }
    assert_eq!(tell("a", 8), 1);
    assert_eq!(tell("e", 9), 0);
    let stats = server.engine.stats();
    assert_eq!((stats.dropped, stats.replaced), (3, 1));
    let heard = client.hear().await;
    let states: Vec<_> = heard
        .split('\x1e')
        .filter_map(|packet| packet.strip_prefix(r#"42["state","#))
        .collect();
    assert_eq!(states, ["2]", "3]", "4]", "8]"]);
}

#[tokio::test]
async fn a_newer_state_may_be_longer_up_to_the_whole_bound() {
    let len = |data: usize| 4 + r#"42["state",""]"#.len() + data;
    let server = TestServer::with(|config| config.queue_bytes = 2 * len(500)).await;
    let client = lazy(&server).await;
    let tell = |data: usize| {
        let state = "x".repeat(data);
        server.engine.to("r").newest("a").emit("state", &state)
    };
    assert_eq!((tell(501), tell(500)), (0, 1));
    // One byte beyond all that may wait: neither the old state nor the new one is sent.
    let most = 2 * len(500) - len(0);
    assert_eq!(tell(most), 1);
    assert_eq!(tell(most + 1), 0);
    server.engine.members("r")[0].emit("durable", &1);
    assert_eq!(client.hear().await, r#"42["durable",1]"#);
    let stats = server.engine.stats();
    assert_eq!((stats.dropped, stats.replaced), (2, 2));
}

#[tokio::test]
async fn a_websocket_that_takes_nothing_keeps_only_the_newest_behind_what_was_begun() {
    let server = TestServer::with(|config| config.queue_bytes = 1 << 30).await;
    let mut ws = Ws::deaf(server.address).await;
    ws.hear().await;
    ws.say(r#"40{"rooms":["r"]}"#).await;
    ws.hear().await;
    eventually(|| server.engine.members("r").len() == 1).await;
    let long = "x".repeat(1 << 20);
    let mut last = 0;
    // The kernel takes some, cuts one, whose rest must follow, and each later one replaces the one
    // before.
    while server.engine.stats().replaced < 100 {
        last += 1;
        let sent = server.engine.to("r").newest("k").emit("k", &(last, &long));
        assert_eq!(sent, 1);
    }
    let mut heard = Vec::new();
    while heard.last() != Some(&last) {
        let text = ws.hear().await;
        let event: Value = serde_json::from_str(text.strip_prefix("42").unwrap()).unwrap();
        assert_eq!(event[1][1].as_str().map(str::len), Some(long.len()));
        heard.push(event[1][0].as_u64().unwrap());
    }
    // Those that left before the kernel took no more, and the last.
    let left = last - 101;
    assert_eq!(heard, (1..=left).chain([last]).collect::<Vec<_>>());
    assert_eq!(server.engine.to("r").newest("k").emit("k", &"after"), 1);
    assert_eq!(ws.hear().await, r#"42["k","after"]"#);
}
