//! Events that are dropped when they cannot be sent at once.

use serde_json::json;

use crate::app::TestServer;
use crate::client::{Polling, Ws, eventually};

#[tokio::test]
async fn a_volatile_event_reaches_a_client_that_reads() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({"rooms": ["r"]})).await;
    eventually(|| server.engine.members("r").len() == 1).await;
    let socket = server.engine.members("r").remove(0);
    for _ in 0..3 {
        assert!(socket.emit_volatile("v", &1));
        assert_eq!(server.engine.to("r").volatile().emit("v", &2), 1);
    }
    for _ in 0..3 {
        assert_eq!(ws.hear().await, r#"42["v",1]"#);
        assert_eq!(ws.hear().await, r#"42["v",2]"#);
    }
}

#[tokio::test]
async fn a_volatile_event_does_not_wait_for_a_socket_that_takes_nothing() {
    let server = TestServer::with(|config| config.queue_bytes = 1 << 30).await;
    let mut ws = Ws::deaf(server.address).await;
    ws.hear().await;
    ws.say(r#"40{"rooms":["r"]}"#).await;
    ws.hear().await;
    eventually(|| server.engine.members("r").len() == 1).await;
    let socket = server.engine.members("r").remove(0);
    let long = "x".repeat(1 << 20);
    // One is cut where the kernel takes no more; its rest must follow.
    let mut sent = 0;
    while socket.emit_volatile("long", &long) {
        sent += 1;
    }
    assert!(!socket.emit_volatile("v", &1));
    assert_eq!(server.engine.to("r").volatile().emit("v", &1), 0);
    assert_eq!(server.engine.stats().dropped, 3);
    // What must arrive still waits.
    socket.emit("durable", &1);
    for _ in 0..sent {
        assert!(ws.hear().await.starts_with(r#"42["long","#));
    }
    assert_eq!(ws.hear().await, r#"42["durable",1]"#);
    assert!(socket.emit_volatile("v", &2));
    assert_eq!(ws.hear().await, r#"42["v",2]"#);
}

#[tokio::test]
async fn a_volatile_event_does_not_wait_for_a_client_to_poll() {
    let server = TestServer::start().await;
    let client = Polling::open(server.address).await;
    client.say(r#"40{"rooms":["r"]}"#).await;
    client.hear().await;
    eventually(|| server.engine.members("r").len() == 1).await;
    let socket = server.engine.members("r").remove(0);
    assert!(!socket.emit_volatile("v", &1));
    let mut get = client.waiting_get().await;
    assert!(socket.emit_volatile("v", &2));
    // The GET has its answer.
    assert!(!socket.emit_volatile("v", &3));
    assert_eq!(get.answer().await.body, r#"42["v",2]"#);
    assert!(!socket.emit_volatile("v", &4));
    socket.emit("e", &5);
    assert_eq!(client.hear().await, r#"42["e",5]"#);
    assert_eq!(server.engine.stats().dropped, 3);
}
