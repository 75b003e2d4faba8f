//! Events and acknowledgements with bytes in them.

use serde_json::{Value, json};

use crate::app::TestServer;
use crate::client::{Heard, Polling, Ws, eventually, frame};
use shopbell_engine::{Args, Reason};

/// The placeholder of an attachment.
fn placeholder(number: usize) -> String {
    format!(r#"{{"_placeholder":true,"num":{number}}}"#)
}

/// The text of an event with so many attachments, each an argument.
fn event(name: &str, count: usize) -> String {
    let args: String = (0..count)
        .map(|number| format!(",{}", placeholder(number)))
        .collect();
    format!(r#"45{count}-["{name}"{args}]"#)
}

#[tokio::test]
async fn an_event_with_bytes_goes_both_ways_over_a_websocket() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    let long = vec![7; 60_000];
    let attachments = [&[1, 2, 3][..], &[], &long];
    ws.say(&event("echo_args", 3)).await;
    for bytes in attachments {
        ws.say_bytes(bytes).await;
    }
    assert_eq!(ws.hear().await, event("echo_args", 3));
    for bytes in attachments {
        assert_eq!(ws.hear_bytes().await, bytes);
    }
    // Bytes may be anywhere among other arguments; pongs, which are no messages, between them; and
    // a message in fragments.
    let text = format!(
        r#"452-["echo_args",{{"a":[{},true]}},"b",{}]"#,
        placeholder(1),
        placeholder(0)
    );
    ws.say(&text).await;
    ws.say("3").await;
    ws.say_bytes(b"one").await;
    ws.send(&frame(0x02, b"tw")).await;
    ws.send(&frame(0x80, b"o")).await;
    assert_eq!(ws.hear().await, text);
    assert_eq!(ws.hear_bytes().await, b"one");
    assert_eq!(ws.hear_bytes().await, b"two");
}

#[tokio::test]
async fn an_event_with_bytes_goes_both_ways_over_polling() {
    let server = TestServer::start().await;
    let client = Polling::connect(server.address).await;
    let text = event("echo_args", 2);
    client.say(&format!("{text}\x1ebAQID\x1eb")).await;
    assert_eq!(client.hear().await, format!("{text}\x1ebAQID\x1eb"));
    // The parts may come in bodies of their own.
    client.say(&text).await;
    client.say("bBA==").await;
    client.say("bBQY=").await;
    assert_eq!(client.hear().await, format!("{text}\x1ebBA==\x1ebBQY="));
}

#[tokio::test]
async fn an_event_with_bytes_survives_an_upgrade() {
    let server = TestServer::start().await;
    let client = Polling::open(server.address).await;
    client.say(r#"40{"rooms":["r"]}"#).await;
    client.hear().await;
    eventually(|| server.engine.members("r").len() == 1).await;
    client.say(&event("echo_args", 2)).await;
    client.say("bAQ==").await;
    let target = client.target.replace("polling", "websocket");
    let mut ws = Ws::handshake(server.address, &target, "").await.unwrap();
    ws.say("2probe").await;
    assert_eq!(ws.hear().await, "3probe");
    let mut args = Args::default();
    args.values = vec![args.attach(vec![9])];
    server.engine.to("r").emit_args("queued", &args);
    ws.say("5").await;
    ws.say_bytes(&[2]).await;
    assert_eq!(ws.hear().await, event("queued", 1));
    assert_eq!(ws.hear_bytes().await, [9]);
    assert_eq!(ws.hear().await, event("echo_args", 2));
    assert_eq!(ws.hear_bytes().await, [1]);
    assert_eq!(ws.hear_bytes().await, [2]);
}

#[tokio::test]
async fn acknowledgements_may_hold_bytes() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.say(&event("give_back", 1).replace("-[", "-789[")).await;
    ws.say_bytes(b"one").await;
    assert_eq!(ws.hear().await, format!("461-789[{}]", placeholder(0)));
    assert_eq!(ws.hear_bytes().await, b"one");
    ws.say(r#"427["give_back",1,"2"]"#).await;
    assert_eq!(ws.hear().await, r#"437[1,"2"]"#);
    // The other way round.
    ws.say(&event("ask_args", 1)).await;
    ws.say_bytes(b"question").await;
    assert_eq!(ws.hear().await, event("question", 1).replace("-[", "-0["));
    assert_eq!(ws.hear_bytes().await, b"question");
    ws.say(&format!("461-0[{}]", placeholder(0))).await;
    ws.say_bytes(b"answer").await;
    assert_eq!(ws.hear().await, event("answered", 1));
    assert_eq!(ws.hear_bytes().await, b"answer");
}

#[tokio::test]
async fn a_placeholder_stands_for_the_bytes_of_its_number() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    // Out of order, one twice, one not at all, and one that is no placeholder.
    let args = [1, 0, 1].map(placeholder).join(",");
    ws.say(&format!(r#"453-["lengths",{args},{{"num":0}}]"#))
        .await;
    for bytes in [&b"1"[..], b"22", b"333"] {
        ws.say_bytes(bytes).await;
    }
    assert_eq!(ws.hear().await, r#"42["lengths",[2,1,2,null]]"#);
    // JSON that looks like one stays JSON.
    ws.say(&format!(r#"42["lengths",{}]"#, placeholder(0)))
        .await;
    assert_eq!(ws.hear().await, r#"42["lengths",[null]]"#);
    ws.say(&format!(r#"42["echo_args",{}]"#, placeholder(0)))
        .await;
    assert_eq!(
        ws.hear().await,
        format!(r#"42["echo_args",{}]"#, placeholder(0))
    );
    ws.say(r#"450-["lengths",1]"#).await;
    assert_eq!(ws.hear().await, r#"42["lengths",[null]]"#);
}

/// Frames that break the rules, by what is wrong with them.
fn attacks() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let text = |text: &str| frame(0x81, text.as_bytes());
    let bytes = || frame(0x82, b"x");
    let one = || text(&event("echo_args", 1));
    let nested = format!(
        r#"451-["a",{{"_placeholder":true,"num":{}}}]"#,
        placeholder(0)
    );
    let deep = format!(r#"451-["a",[[{{"b":{}}}]]]"#, placeholder(1));
    vec![
        ("bytes out of nowhere", vec![bytes()]),
        ("one attachment too many", vec![one(), bytes(), bytes()]),
        ("text instead of bytes", vec![one(), text(r#"42["echo"]"#)]),
        ("leaving instead of bytes", vec![one(), text("41")]),
        ("a second event instead of bytes", vec![one(), one()]),
        (
            "number without attachment",
            vec![text(&format!(r#"451-["a",{}]"#, placeholder(1)))],
        ),
        ("number without attachment, deep down", vec![text(&deep)]),
        ("placeholder as a number", vec![text(&nested)]),
        (
            "placeholder as the name",
            vec![text(&format!("451-[{}]", placeholder(0)))],
        ),
        (
            "negative number",
            vec![text(r#"451-["a",{"_placeholder":true,"num":-1}]"#)],
        ),
        (
            "number that is text",
            vec![text(r#"451-["a",{"_placeholder":true,"num":"0"}]"#)],
        ),
        (
            "number missing",
            vec![text(r#"451-["a",{"_placeholder":true}]"#)],
        ),
        (
            "placeholder without attachments",
            vec![text(&format!(r#"450-["a",{}]"#, placeholder(0)))],
        ),
        ("reserved name", vec![text(r#"451-["disconnect"]"#)]),
        ("no count", vec![text(r#"45["a"]"#)]),
        ("huge count", vec![text(r#"4518446744073709551616-["a"]"#)]),
        ("acknowledgement without id", vec![text("461-[]")]),
        ("CONNECT with bytes", vec![text(r#"401-{}"#)]),
        ("other namespace", vec![text(r#"451-/other,["a"]"#)]),
        ("bytes cut short", vec![one(), frame(0x02, b"x"), text("3")]),
    ]
}

#[tokio::test]
async fn attacks_with_placeholders_close_only_their_own_connection() {
    let server = TestServer::with(|config| config.namespaces = vec!["/other".to_owned()]).await;
    let mut witness = Ws::connect(server.address, json!({})).await;
    for (name, frames) in attacks() {
        let mut ws = Ws::connect(server.address, json!({})).await;
        for frame in frames {
            ws.send(&frame).await;
        }
        assert_eq!(ws.hear_close().await, Some(1002), "{name}");
        assert_eq!(server.disconnected().await, Reason::ParseError, "{name}");
    }
    witness.say(r#"42["echo"]"#).await;
    assert_eq!(witness.hear().await, r#"42["echo",[]]"#);
}

#[tokio::test]
async fn attacks_over_polling_close_their_session() {
    let server = TestServer::start().await;
    let one = event("echo_args", 1);
    for body in [
        "bAQID".to_owned(),
        format!("{one}\x1ebAQID\x1ebAQID"),
        format!("{one}\x1e42[\"echo\"]"),
        format!("{one}\x1eb!"),
        format!("{one}\x1ebAQ"),
        format!("{one}\x1ebAQID\x1e"),
    ] {
        let client = Polling::connect(server.address).await;
        assert_eq!(client.post(&body).await.status, 400, "{body:?}");
        assert_eq!(client.get().await.status, 400, "{body:?}");
        assert_eq!(server.disconnected().await, Reason::ParseError);
    }
}

#[tokio::test]
async fn nothing_is_kept_for_a_client_that_nobody_has_accepted() {
    let server = TestServer::start().await;
    let mut ws = Ws::open(server.address).await;
    ws.hear().await;
    ws.say(&event("echo_args", 1)).await;
    assert_eq!(ws.hear_close().await, Some(1002));
}

#[tokio::test]
async fn a_packet_may_have_as_many_attachments_as_it_is_allowed() {
    let server = TestServer::with(|config| config.max_attachments = 10).await;
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.say(&event("echo_args", 10)).await;
    for number in 0..10 {
        ws.say_bytes(&[number]).await;
    }
    assert_eq!(ws.hear().await, event("echo_args", 10));
    for number in 0..10 {
        assert_eq!(ws.hear_bytes().await, [number]);
    }
    // One more is refused before any has come.
    ws.say(&event("echo_args", 11)).await;
    assert_eq!(ws.next().await, Heard::Close(Some(1002)));
}

#[tokio::test]
async fn a_packet_and_its_attachments_may_be_as_long_as_max_payload() {
    let server = TestServer::with(|config| config.max_payload = 1000).await;
    let text = event("lengths", 2);
    // Without the Engine.IO packet's type.
    let rest = 1000 - (text.len() - 1);
    let mut ws = Ws::connect(server.address, json!({})).await;
    for _ in 0..2 {
        ws.say(&text).await;
        ws.say_bytes(&vec![1; rest - 10]).await;
        ws.say_bytes(&[2; 10]).await;
        assert_eq!(
            ws.hear().await,
            format!(r#"42["lengths",[{},10]]"#, rest - 10)
        );
    }
    ws.say(&text).await;
    ws.say_bytes(&vec![1; rest - 10]).await;
    ws.say_bytes(&[2; 11]).await;
    assert_eq!(ws.next().await, Heard::Close(Some(1009)));
    assert_eq!(server.disconnected().await, Reason::ParseError);
    // A frame is bounded like any other.
    let mut ws = Ws::connect(server.address, json!({})).await;
    ws.say(&text).await;
    ws.send(&frame(0x82, &[1; 1001])[..8]).await;
    assert_eq!(ws.next().await, Heard::Close(Some(1009)));

    let client = Polling::connect(server.address).await;
    client.say(&text).await;
    client.say(&format!("b{}", "AAAA".repeat(249))).await;
    let answer = client.post(&format!("b{}", "AAAA".repeat(100))).await;
    assert_eq!(answer.status, 413);
    assert_eq!(client.get().await.status, 400);
}

#[tokio::test]
async fn bytes_are_broadcast_over_both_transports() {
    let server = TestServer::start().await;
    let mut ws = Ws::connect(server.address, json!({"rooms": ["r"]})).await;
    let client = Polling::open(server.address).await;
    client.say(r#"40{"rooms":["r"]}"#).await;
    client.hear().await;
    eventually(|| server.engine.members("r").len() == 2).await;
    let mut args = Args::from(vec![json!("é")]);
    let placeholder = args.attach(&b"\x00\xff"[..]);
    args.values.push(placeholder);
    assert_eq!(server.engine.to("r").emit_args("e", &args), 2);
    let text = r#"451-["e","é",{"_placeholder":true,"num":0}]"#;
    assert_eq!(ws.hear().await, text);
    assert_eq!(ws.hear_bytes().await, [0, 255]);
    assert_eq!(client.hear().await, format!("{text}\x1ebAP8="));
}

#[tokio::test]
async fn a_slow_reader_gets_bytes_whole_and_in_order() {
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
    let socket = server.engine.members("r").remove(0);
    let bytes = |number: usize| vec![number as u8; number * 7 % 9000];
    for number in 0..1000 {
        let mut args = Args::from(vec![json!(number)]);
        let placeholder = args.attach(bytes(number));
        args.values.push(placeholder);
        socket.emit_args("e", &args);
        socket.emit("plain", &number);
    }
    for number in 0..1000 {
        let text = ws.hear().await;
        let heard: Value = serde_json::from_str(text.strip_prefix("451-").unwrap()).unwrap();
        assert_eq!(heard[1], number);
        assert_eq!(ws.hear_bytes().await, bytes(number));
        assert_eq!(ws.hear().await, format!(r#"42["plain",{number}]"#));
    }
}
