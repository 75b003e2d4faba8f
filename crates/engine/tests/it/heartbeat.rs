//! Pings, and clients that do not answer them.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::app::TestServer;
use crate::client::{Heard, Polling, Ws, soon};
use shopbell_engine::{Config, Reason};

const INTERVAL: Duration = Duration::from_millis(150);
const TIMEOUT: Duration = Duration::from_millis(100);

fn quick(config: &mut Config) {
    config.ping_interval = INTERVAL;
    config.ping_timeout = TIMEOUT;
}

#[tokio::test]
async fn the_first_ping_comes_after_the_interval_and_a_pong_brings_the_next() {
    let server = TestServer::with(quick).await;
    let start = Instant::now();
    let mut ws = Ws::open(server.address).await;
    ws.hear().await;
    for count in 1..=3 {
        assert_eq!(ws.hear().await, "2");
        assert!(start.elapsed() >= INTERVAL * count);
        ws.say("3").await;
    }
}

#[tokio::test]
async fn a_waiting_get_is_answered_with_the_ping() {
    let server = TestServer::with(quick).await;
    let start = Instant::now();
    let client = Polling::open(server.address).await;
    for count in 1..=3 {
        assert_eq!(client.hear().await, "2");
        assert!(start.elapsed() >= INTERVAL * count);
        client.say("3").await;
    }
}

#[tokio::test]
async fn silence_closes_a_websocket() {
    let server = TestServer::with(quick).await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    assert_eq!(ws.hear().await, "2");
    assert_eq!(ws.next().await, Heard::End);
    assert_eq!(server.disconnected().await, Reason::PingTimeout);
}

#[tokio::test]
async fn a_session_on_polling_is_gone_once_interval_and_timeout_have_passed() {
    let server = TestServer::with(quick).await;
    let client = Polling::connect(server.address).await;
    let opened = Instant::now();
    // The very moment counts, not when the wheel comes round.
    tokio::time::sleep_until((opened + INTERVAL + TIMEOUT).into()).await;
    let answer = client.get().await;
    assert_eq!((answer.status, answer.code()), (400, 1));
    assert_eq!(server.disconnected().await, Reason::PingTimeout);
}

#[tokio::test]
async fn a_pong_that_nobody_asked_for_changes_nothing() {
    let server = TestServer::with(quick).await;
    let start = Instant::now();
    let mut ws = Ws::open(server.address).await;
    ws.hear().await;
    ws.say("3").await;
    ws.say("3").await;
    assert_eq!(ws.hear().await, "2");
    assert!(start.elapsed() >= INTERVAL);
}

#[tokio::test]
async fn a_session_without_connect_is_closed() {
    let server =
        TestServer::with(|config| config.connect_timeout = Duration::from_millis(50)).await;
    let mut ws = Ws::open(server.address).await;
    ws.hear().await;
    assert_eq!(ws.hear_close().await, Some(1000));
    let client = Polling::open(server.address).await;
    soon(async { while client.post("6").await.status == 200 {} }).await;
    assert_eq!(server.engine.stats().closed_for(Reason::ConnectTimeout), 2);
}

#[tokio::test]
async fn a_refused_client_has_no_more_time_and_one_that_left_has_it_again() {
    let server =
        TestServer::with(|config| config.connect_timeout = Duration::from_millis(80)).await;
    let mut ws = Ws::open(server.address).await;
    ws.hear().await;
    ws.say(r#"40{"refuse":"no"}"#).await;
    ws.hear().await;
    assert_eq!(ws.hear_close().await, Some(1000));
    // One that is connected stays as long as it likes.
    let mut ws = Ws::connect(server.address, json!({})).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    ws.say("41").await;
    assert_eq!(server.disconnected().await, Reason::ClientDisconnect);
    ws.say("40").await;
    assert!(ws.hear().await.starts_with("40{"));
    ws.say("41").await;
    assert_eq!(ws.hear_close().await, Some(1000));
}
