//! CONNECT, events and acknowledgements.

use serde_json::{Value, json};

use crate::app::{Call, TestServer};
use crate::client::{Heard, Ws, eventually};
use shopbell_engine::Reason;

async fn opened(server: &TestServer) -> Ws {
    let mut ws = Ws::open(server.address).await;
    assert!(ws.hear().await.starts_with("0{"));
    ws
}

#[tokio::test]
async fn connect_is_answered_with_nothing_but_an_id() {
    let server = TestServer::start().await;
    let mut ws = opened(&server).await;
    ws.say("40").await;
    let answer: Value = serde_json::from_str(ws.hear().await.strip_prefix("40").unwrap()).unwrap();
    let socket = server
        .engine
        .socket(answer["sid"].as_str().unwrap())
        .unwrap();
    assert_eq!(answer.as_object().unwrap().len(), 1);
    assert_eq!(server.call().await, Call::Connect(json!({})));
    assert_eq!(socket.session()["auth"], json!({}));
}

#[tokio::test]
async fn the_application_sees_auth_headers_and_peer() {
    let server = TestServer::start().await;
    let target = "/socket.io/?EIO=4&transport=websocket";
    let mut ws = Ws::handshake(server.address, target, "X-Name: Dana\r\n")
        .await
        .unwrap();
    ws.hear().await;
    ws.say(r#"40{"token":"t"}"#).await;
    ws.hear().await;
    ws.say(r#"42["session"]"#).await;
    assert_eq!(
        ws.hear().await,
        r#"42["session",{"auth":{"token":"t"},"name":"Dana"}]"#
    );
}

#[tokio::test]
async fn nothing_is_sent_before_the_application_has_decided() {
    let server = TestServer::start().await;
    let mut ws = opened(&server).await;
    ws.say(r#"40{"wait":true}"#).await;
    server.call().await;
    ws.say("40/elsewhere,").await;
    // The refusal of the other namespace is the first thing heard, not an answer to the first
    // CONNECT.
    assert!(ws.hear().await.starts_with("44/elsewhere,"));
    server.open_gate();
    assert!(ws.hear().await.starts_with("40{"));
}

#[tokio::test]
async fn a_refusal_carries_message_and_data_and_may_be_tried_again() {
    let server = TestServer::start().await;
    let mut ws = opened(&server).await;
    ws.say(r#"40{"refuse":"Invalid authentication token","data":{"code":"invalid_token"}}"#)
        .await;
    assert_eq!(
        ws.hear().await,
        r#"44{"message":"Invalid authentication token","data":{"code":"invalid_token"}}"#
    );
    ws.say(r#"40{"refuse":"no"}"#).await;
    assert_eq!(ws.hear().await, r#"44{"message":"no"}"#);
    ws.say("40").await;
    assert!(ws.hear().await.starts_with("40{"));
}

#[tokio::test]
async fn other_namespaces_are_refused_and_the_session_stays() {
    let server = TestServer::start().await;
    let mut ws = opened(&server).await;
    for connect in ["40/random", "40/random,", r#"40/random,{"token":1}"#] {
        ws.say(connect).await;
        assert_eq!(
            ws.hear().await,
            r#"44/random,{"message":"Invalid namespace"}"#
        );
    }
    ws.say("40").await;
    assert!(ws.hear().await.starts_with("40{"));
}

#[tokio::test]
async fn events_are_handled_in_order_and_acknowledged() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.say(r#"42["echo"]"#).await;
    ws.say(r#"420["any",1,"two",{"three":[3]}]"#).await;
    ws.say(r#"429007199254740991["any"]"#).await;
    assert_eq!(ws.hear().await, r#"42["echo",[]]"#);
    assert_eq!(ws.hear().await, r#"430[[1,"two",{"three":[3]}]]"#);
    assert_eq!(ws.hear().await, "439007199254740991[[]]");
    assert_eq!(server.call().await, Call::Connect(json!({})));
    assert_eq!(server.call().await, Call::Event("echo".into(), vec![]));
}

#[tokio::test]
async fn malformed_packets_close_only_their_own_connection() {
    let server = TestServer::start().await;
    let mut witness = Ws::connect(server.address, json!({})).await;
    let cases = [
        "4",
        "4abc",
        "42",
        "42{}",
        "42[]",
        "42[1]",
        "42[null]",
        "42abc[]",
        r#"42["a""#,
        r#"42["a"]x"#,
        "42-1[\"a\"]",
        "429007199254740992[\"a\"]",
        "4299999999999999999999[\"a\"]",
        "43[]",
        "431{}",
        "431",
        "41x",
        "411",
        "411[]",
        "40",
        "44{}",
        "45-[\"a\"]",
        "451-[\"a\",{\"_placeholder\":true,\"num\":1}]",
        "46",
        "47",
        "42/other,[\"a\"]",
        "41/other,",
        r#"42["connect"]"#,
        r#"42["connect_error"]"#,
        r#"42["disconnect"]"#,
        r#"42["disconnecting"]"#,
        r#"42["newListener"]"#,
        r#"42["removeListener"]"#,
        r#"42["a",NaN]"#,
        r#"42["a",1e999]"#,
    ];
    for text in cases {
        let mut ws = Ws::connect(server.address, json!({})).await;
        ws.say(text).await;
        assert_eq!(ws.next().await, Heard::Close(Some(1002)), "{text}");
        assert_eq!(server.disconnected().await, Reason::ParseError, "{text}");
    }
    witness.say(r#"42["echo","still here"]"#).await;
    assert_eq!(witness.hear().await, r#"42["echo",["still here"]]"#);
}

#[tokio::test]
async fn connect_and_its_payload_must_be_well_formed() {
    let server = TestServer::start().await;
    for text in [
        "40[]",
        "40null",
        "401{}",
        "40{",
        r#"40"x""#,
        "41",
        r#"42["a"]"#,
        "430[]",
    ] {
        let mut ws = opened(&server).await;
        ws.say(text).await;
        assert_eq!(ws.next().await, Heard::Close(Some(1002)), "{text}");
    }
}

#[tokio::test]
async fn a_handler_may_wait_for_an_acknowledgement() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.say(r#"42["ask",1]"#).await;
    assert_eq!(ws.hear().await, r#"420["question",[1]]"#);
    // The next event must wait for the handler, and the acknowledgement behind it must not.
    ws.say(r#"42["echo",2]"#).await;
    ws.say("437[\"nobody asked\"]").await;
    ws.say(r#"430["yes",true]"#).await;
    assert_eq!(ws.hear().await, r#"42["answered",{"Ok":["yes",true]}]"#);
    assert_eq!(ws.hear().await, r#"42["echo",[2]]"#);
    ws.say(r#"42["ask",3]"#).await;
    assert_eq!(ws.hear().await, r#"421["question",[3]]"#);
}

#[tokio::test]
async fn whoever_waits_for_an_acknowledgement_hears_of_the_end() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.say(r#"42["ask",1]"#).await;
    ws.hear().await;
    let socket = {
        server.call().await;
        let Call::Event(..) = server.call().await else {
            panic!()
        };
        drop(ws);
        server.disconnected().await
    };
    assert_eq!(socket, Reason::TransportClose);
}

#[tokio::test]
async fn an_acknowledgement_that_does_not_come_times_out() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({"rooms": ["r"]})).await;
    eventually(|| server.engine.members("r").len() == 1).await;
    let socket = server.engine.members("r").remove(0);
    let answer = socket
        .emit_with_ack("question", &json!({}), std::time::Duration::from_millis(20))
        .await;
    assert!(matches!(answer, Err(shopbell_engine::AckError::Timeout)));
    // An answer that comes late means nothing.
    ws.say("430[]").await;
    ws.say(r#"42["echo",1]"#).await;
    assert_eq!(ws.hear().await, r#"420["question",{}]"#);
    assert_eq!(ws.hear().await, r#"42["echo",[1]]"#);
}

#[tokio::test]
async fn a_panic_in_a_handler_closes_its_connection_and_nothing_else() {
    let server = TestServer::start().await;
    let mut witness = Ws::connect(server.address, json!({})).await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.say(r#"42["panic"]"#).await;
    ws.hear_close().await;
    assert_eq!(server.disconnected().await, Reason::ServerClose);
    let mut ws = opened(&server).await;
    ws.say(r#"40{"panic":true}"#).await;
    ws.hear_close().await;
    assert_eq!(server.engine.stats().panics, 2);
    witness.say(r#"42["echo",1]"#).await;
    assert_eq!(witness.hear().await, r#"42["echo",[1]]"#);
}
