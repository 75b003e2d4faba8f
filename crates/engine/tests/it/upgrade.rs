//! From polling to WebSocket.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::app::TestServer;
use crate::client::{Heard, Polling, Ws, eventually};
use shopbell_engine::Reason;

fn target(client: &Polling) -> String {
    client.target.replace("polling", "websocket")
}

/// Opens a WebSocket beside the polling and probes it.
async fn probed(client: &Polling) -> Ws {
    let mut ws = Ws::handshake(client.address, &target(client), "")
        .await
        .unwrap();
    ws.say("2probe").await;
    assert_eq!(ws.hear().await, "3probe");
    ws
}

#[tokio::test]
async fn an_upgrade_releases_the_get_and_goes_on_over_the_websocket() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let mut get = client.waiting_get().await;
    let start = Instant::now();
    let mut ws = probed(&client).await;
    assert_eq!(get.answer().await.body, "6");
    // A packet of its own had the time to release it.
    assert!(start.elapsed() >= Duration::from_millis(100));
    ws.say("5").await;
    ws.say(r#"42["echo",1]"#).await;
    assert_eq!(ws.hear().await, r#"42["echo",[1]]"#);
    let answer = client.get().await;
    assert_eq!((answer.status, answer.code()), (400, 3));
    assert_eq!(client.post("3").await.status, 400);
}

#[tokio::test]
async fn a_client_that_goes_on_asking_during_the_upgrade_waits_at_last() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let mut ws = probed(&client).await;
    for _ in 0..4 {
        assert_eq!(client.get().await.body, "6");
    }
    let mut get = client.waiting_get().await;
    ws.say("5").await;
    assert_eq!(get.answer().await.body, "6");
}

#[tokio::test]
async fn a_disconnect_during_the_upgrade_arrives_over_the_websocket() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let mut ws = probed(&client).await;
    client.say(r#"42["disconnect_me"]"#).await;
    assert_eq!(server.disconnected().await, Reason::ServerDisconnect);
    ws.say("5").await;
    assert_eq!(ws.hear().await, "41");
    eventually(|| server.engine.stats().sessions == 0).await;
}

#[tokio::test]
async fn what_follows_the_switch_in_one_segment_is_not_lost() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let mut ws = Ws::handshake(client.address, &target(&client), "")
        .await
        .unwrap();
    let mut bytes = Vec::new();
    for text in ["2probe", "5", r#"42["echo",1]"#, r#"42["echo",2]"#] {
        bytes.extend(crate::client::frame(0x81, text.as_bytes()));
    }
    // The last frame comes in two pieces.
    let (most, rest) = bytes.split_at(bytes.len() - 5);
    ws.send(most).await;
    assert_eq!(ws.hear().await, "3probe");
    assert_eq!(ws.hear().await, r#"42["echo",[1]]"#);
    ws.send(rest).await;
    assert_eq!(ws.hear().await, r#"42["echo",[2]]"#);
}

#[tokio::test]
async fn packets_queued_during_the_upgrade_arrive_once() {
    let server = TestServer::start().await;
    let client = Polling::open(server.address).await;
    client.say(r#"40{"rooms":["r"]}"#).await;
    assert!(client.hear().await.starts_with("40"));
    eventually(|| server.engine.members("r").len() == 1).await;
    let mut ws = probed(&client).await;
    server.engine.to("r").emit("n", &1);
    // A GET in between still fetches; what comes after it goes over the WebSocket.
    assert_eq!(client.hear().await, r#"42["n",1]"#);
    assert_eq!(client.hear().await, "6");
    server.engine.to("r").emit("n", &2);
    ws.say("5").await;
    assert_eq!(ws.hear().await, r#"42["n",2]"#);
    server.engine.to("r").emit("n", &3);
    assert_eq!(ws.hear().await, r#"42["n",3]"#);
}

#[tokio::test]
async fn a_second_websocket_is_closed_and_the_first_works_on() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let mut ws = probed(&client).await;
    for number in 1..=2 {
        let mut second = Ws::handshake(client.address, &target(&client), "")
            .await
            .unwrap();
        assert_eq!(second.next().await, Heard::Close(Some(1000)));
        assert_eq!(second.next().await, Heard::End);
        if number == 1 {
            ws.say("5").await;
        }
        ws.say(&format!(r#"42["echo",{number}]"#)).await;
        assert_eq!(ws.hear().await, format!(r#"42["echo",[{number}]]"#));
    }
}

#[tokio::test]
async fn a_probe_that_fails_leaves_the_polling_as_it_was() {
    let server =
        TestServer::with(|config| config.upgrade_timeout = Duration::from_millis(50)).await;
    let client = Polling::connect(server.address).await;
    for wrong in ["2", "5", "4", "abc", "2probe!"] {
        let mut ws = Ws::handshake(client.address, &target(&client), "")
            .await
            .unwrap();
        ws.say(wrong).await;
        assert_eq!(ws.next().await, Heard::End, "{wrong}");
    }
    // One that says nothing is given up.
    let mut ws = Ws::handshake(client.address, &target(&client), "")
        .await
        .unwrap();
    assert_eq!(ws.next().await, Heard::End);
    // And one that stops half-way.
    let mut ws = probed(&client).await;
    assert_eq!(ws.next().await, Heard::End);
    client.say(r#"42["echo",1]"#).await;
    assert_eq!(client.hear().await, r#"42["echo",[1]]"#);
}

#[tokio::test]
async fn a_session_closed_during_its_upgrade_stays_closed() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let mut ws = probed(&client).await;
    client.say("1").await;
    assert_eq!(server.disconnected().await, Reason::TransportClose);
    ws.say("5").await;
    assert_eq!(ws.next().await, Heard::Close(Some(1000)));
}

#[tokio::test]
async fn a_handler_may_run_through_an_upgrade() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    client.say("42[\"wait\"]\x1e42[\"echo\",1]").await;
    let mut ws = probed(&client).await;
    ws.say("5").await;
    server.open_gate();
    assert_eq!(ws.hear().await, r#"42["echo",[1]]"#);
    ws.say(&format!("42{}", json!(["disconnect_me"]))).await;
    assert_eq!(ws.hear().await, "41");
    assert_eq!(ws.hear_close().await, Some(1000));
}
