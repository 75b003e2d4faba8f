//! The polling transport.

use std::time::Duration;

use serde_json::json;

use crate::app::TestServer;
use crate::client::{Http, Polling, eventually, request, soon};
use shopbell_engine::Reason;

#[tokio::test]
async fn the_handshake_has_its_five_keys() {
    let server = TestServer::start().await;
    let client = Polling::open(server.address).await;
    let mut open = client.open.clone();
    assert_eq!(
        open.as_object_mut()
            .unwrap()
            .remove("sid")
            .unwrap()
            .as_str()
            .unwrap()
            .len(),
        20
    );
    let expected = json!({"upgrades": ["websocket"], "pingInterval": 25_000, "pingTimeout": 20_000, "maxPayload": 65_536});
    assert_eq!(open, expected);
}

#[tokio::test]
async fn one_get_fetches_all_that_is_queued() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    client
        .say("42[\"echo\",1]\x1e42[\"echo\",2]\x1e42[\"echo\",3]")
        .await;
    // Whether the last echo was queued before the first GET is a matter of time; nothing is lost or
    // doubled either way.
    let mut heard = client.hear().await;
    while heard.matches("echo").count() < 3 {
        heard += &format!("\x1e{}", client.hear().await);
    }
    assert_eq!(
        heard,
        "42[\"echo\",[1]]\x1e42[\"echo\",[2]]\x1e42[\"echo\",[3]]"
    );
}

#[tokio::test]
async fn packets_queued_between_two_gets_come_joined() {
    let server = TestServer::start().await;
    let client = Polling::open(server.address).await;
    client.say("40{\"rooms\":[\"r\"]}").await;
    assert!(client.hear().await.starts_with("40"));
    eventually(|| server.engine.members("r").len() == 1).await;
    for number in 1..=3 {
        assert_eq!(server.engine.to("r").emit("n", &number), 1);
    }
    assert_eq!(
        client.hear().await,
        "42[\"n\",1]\x1e42[\"n\",2]\x1e42[\"n\",3]"
    );
}

#[tokio::test]
async fn a_get_waits_for_the_next_packet() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let mut get = client.waiting_get().await;
    client.say(r#"42["echo","later"]"#).await;
    assert_eq!(get.answer().await.body, r#"42["echo",["later"]]"#);
}

#[tokio::test]
async fn a_malformed_body_closes_its_session() {
    let server = TestServer::start().await;
    for body in [
        "abc",
        "",
        "\x1e",
        "40\x1e",
        "4",
        "5",
        "2probe",
        "bAQ==",
        "40\x1eabc",
    ] {
        let client = Polling::open(server.address).await;
        assert_eq!(client.post(body).await.status, 400, "{body:?}");
        let answer = client.get().await;
        assert_eq!((answer.status, answer.code()), (400, 1), "{body:?}");
    }
    let client = Polling::open(server.address).await;
    let answer = request(
        server.address,
        &format!("POST {}", client.target),
        "",
        b"4\xff",
    )
    .await;
    assert_eq!(answer.status, 400);
    assert_eq!(client.get().await.status, 400);
    eventually(|| server.engine.stats().sessions == 0).await;
    assert_eq!(server.engine.stats().parse_errors(), 10);
}

#[tokio::test]
async fn a_second_get_closes_the_session() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let mut first = client.waiting_get().await;
    assert_eq!(client.get().await.status, 400);
    let first = first.answer().await;
    assert_eq!((first.status, first.body.as_str()), (200, "1"));
    assert_eq!(client.get().await.status, 400);
    assert_eq!(server.disconnected().await, Reason::TransportError);
}

#[tokio::test]
async fn an_aborted_get_closes_the_session() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    drop(client.waiting_get().await);
    assert_eq!(server.disconnected().await, Reason::TransportError);
    assert_eq!(client.get().await.status, 400);
}

#[tokio::test]
async fn an_aborted_post_closes_the_session() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let mut http = Http::connect(server.address).await;
    http.send(
        format!(
            "POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n4",
            client.target
        )
        .as_bytes(),
    )
    .await;
    drop(http);
    assert_eq!(server.disconnected().await, Reason::TransportError);
}

#[tokio::test]
async fn overlapping_posts_close_the_session() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let mut http = Http::connect(server.address).await;
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n4",
        client.target
    );
    http.send(head.as_bytes()).await;
    // Until the first has been seen, a second is taken.
    soon(async { while client.post("3").await.status == 200 {} }).await;
    assert_eq!(server.disconnected().await, Reason::TransportError);
}

#[tokio::test]
async fn a_client_that_closes_releases_its_get() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let mut get = client.waiting_get().await;
    client.say("1").await;
    let answer = get.answer().await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "6"));
    assert_eq!(client.get().await.status, 400);
    assert_eq!(server.disconnected().await, Reason::TransportClose);
}

#[tokio::test]
async fn a_get_that_the_close_has_overtaken_is_released_too() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    client.say("1").await;
    assert_eq!(server.disconnected().await, Reason::TransportClose);
    assert_eq!(client.hear().await, "6");
    assert_eq!(client.get().await.status, 400);
    eventually(|| server.engine.stats().sessions == 0).await;
}

#[tokio::test]
async fn a_disconnect_reaches_a_client_between_two_gets() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    client.say(r#"42["disconnect_me"]"#).await;
    assert_eq!(server.disconnected().await, Reason::ServerDisconnect);
    assert_eq!(client.hear().await, "41");
    assert_eq!(client.hear().await, "1");
    assert_eq!(client.get().await.status, 400);
    eventually(|| server.engine.stats().sessions == 0).await;
}

#[tokio::test]
async fn a_post_that_never_ends_ends_with_its_session() {
    let server = TestServer::with(|config| {
        config.ping_interval = Duration::from_millis(50);
        config.ping_timeout = Duration::from_millis(50);
    })
    .await;
    let client = Polling::connect(server.address).await;
    let mut http = Http::connect(server.address).await;
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n4",
        client.target
    );
    http.send(head.as_bytes()).await;
    assert_eq!(http.answer().await.status, 400);
    assert_eq!(server.disconnected().await, Reason::PingTimeout);
}
