//! The WebSocket transport.

use serde_json::{Value, json};

use crate::app::TestServer;
use crate::client::{Heard, Ws, eventually, frame};
use shopbell_engine::Reason;

#[tokio::test]
async fn the_handshake_offers_no_upgrade() {
    let server = TestServer::start().await;
    let mut ws = Ws::open(server.address).await;
    let open: Value = serde_json::from_str(ws.hear().await.strip_prefix('0').unwrap()).unwrap();
    assert_eq!(open["upgrades"], json!([]));
    assert_eq!(open.as_object().unwrap().len(), 5);
}

#[tokio::test]
async fn a_message_may_come_in_any_pieces() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    let bytes = frame(0x81, r#"42["echo","in pieces, é"]"#.as_bytes());
    for size in [1, 2, 7, bytes.len()] {
        for piece in bytes.chunks(size) {
            ws.send(piece).await;
            tokio::task::yield_now().await;
        }
        assert_eq!(ws.hear().await, r#"42["echo",["in pieces, é"]]"#);
    }
}

#[tokio::test]
async fn a_message_may_come_in_fragments_with_control_frames_between() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.send(&frame(0x01, br#"42["ec"#)).await;
    ws.send(&frame(0x89, b"are you there")).await;
    assert_eq!(ws.next().await, Heard::Pong(b"are you there".to_vec()));
    ws.send(&frame(0x00, b"")).await;
    ws.send(&frame(0x8A, b"unasked")).await;
    ws.send(&frame(0x80, br#"ho",1]"#)).await;
    assert_eq!(ws.hear().await, r#"42["echo",[1]]"#);
}

#[tokio::test]
async fn what_rfc_6455_forbids_closes_the_connection_with_its_code() {
    let server = TestServer::start().await;
    let cases: [(&str, Vec<u8>, u16); 11] = [
        ("unmasked", vec![0x81, 1, b'4'], 1002),
        ("reserved bit", frame(0xC1, b"6"), 1002),
        ("unknown opcode", frame(0x83, b""), 1002),
        ("unknown control opcode", frame(0x8B, b""), 1002),
        ("fragmented control", frame(0x09, b""), 1002),
        ("long control", frame(0x89, &[b'x'; 126]), 1002),
        ("continuation of nothing", frame(0x80, b"6"), 1002),
        (
            "text within a message",
            [frame(0x01, b"4"), frame(0x81, b"6")].concat(),
            1002,
        ),
        ("not UTF-8", frame(0x81, b"4\xff"), 1007),
        ("close with one byte", frame(0x88, &[3]), 1002),
        (
            "close with a code not meant for the wire",
            frame(0x88, &1005_u16.to_be_bytes()),
            1002,
        ),
    ];
    let count = cases.len();
    for (name, bytes, code) in cases {
        let mut ws = Ws::connect(server.address, json!({})).await;
        ws.send(&bytes).await;
        assert_eq!(ws.next().await, Heard::Close(Some(code)), "{name}");
        assert_eq!(ws.next().await, Heard::End, "{name}");
        assert_eq!(server.disconnected().await, Reason::ParseError, "{name}");
    }
    assert_eq!(server.engine.stats().parse_errors(), count as u64);
}

#[tokio::test]
async fn what_the_protocols_forbid_closes_the_connection() {
    let server = TestServer::start().await;
    for text in ["abc", "", "0", "2", "5", "4", "7", "4abc", "4é"] {
        let mut ws = Ws::connect(server.address, json!({})).await;
        ws.say(text).await;
        assert_eq!(ws.next().await, Heard::Close(Some(1002)), "{text}");
    }
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.send(&frame(0x82, b"4")).await;
    assert_eq!(ws.next().await, Heard::Close(Some(1002)));
}

#[tokio::test]
async fn a_close_is_answered_with_its_code() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.send(&frame(0x88, &1001_u16.to_be_bytes())).await;
    assert_eq!(ws.next().await, Heard::Close(Some(1001)));
    assert_eq!(ws.next().await, Heard::End);
    assert_eq!(server.disconnected().await, Reason::TransportClose);
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.send(&frame(0x88, b"")).await;
    assert_eq!(ws.next().await, Heard::Close(Some(1000)));
}

#[tokio::test]
async fn a_client_that_is_gone_is_noticed() {
    let server = TestServer::start().await;
    let ws = Ws::connect(server.address, json!({})).await;
    drop(ws);
    assert_eq!(server.disconnected().await, Reason::TransportClose);
    eventually(|| server.engine.stats().sessions == 0).await;
}

#[tokio::test]
async fn a_client_may_close_by_packet() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.say("1").await;
    assert_eq!(ws.hear_close().await, Some(1000));
    assert_eq!(server.disconnected().await, Reason::TransportClose);
}
