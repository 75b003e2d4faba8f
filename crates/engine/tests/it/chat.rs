//! The chat of the examples, as its clients see it.

#[path = "../../examples/chat/chat.rs"]
mod app;

use std::net::SocketAddr;

use serde_json::{Value, json};
use shopbell_engine::Engine;
use tokio::net::TcpListener;

use crate::client::Ws;

async fn start() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let engine = Engine::new(app::config(), app::Chat::default());
    tokio::spawn(async move { engine.serve(listener, std::future::pending()).await });
    address
}

/// Hears the next event.
async fn event(ws: &mut Ws) -> Value {
    let text = ws.hear().await;
    serde_json::from_str(text.strip_prefix("42").expect(&text)).unwrap()
}

/// Sends an event; returns what it is answered with, and the events heard before that.
async fn ask(ws: &mut Ws, event: Value) -> (Value, Vec<Value>) {
    ws.say(&format!("427{event}")).await;
    let mut before = Vec::new();
    loop {
        let text = ws.hear().await;
        if let Some(answer) = text.strip_prefix("437") {
            let answer: Value = serde_json::from_str(answer).unwrap();
            return (answer[0].clone(), before);
        }
        before.push(serde_json::from_str(text.strip_prefix("42").expect(&text)).unwrap());
    }
}

fn people(people: &[&str]) -> Value {
    json!(["people", { "room": "lobby", "people": people }])
}

fn said(by: &str, text: &str) -> Value {
    json!({ "room": "lobby", "by": by, "text": text })
}

#[tokio::test]
async fn who_comes_later_reads_what_was_said_and_both_see_who_is_there() {
    let address = start().await;
    let mut ana = Ws::connect(address, json!({ "name": " Ana " })).await;
    let joined = ask(&mut ana, json!(["join", "lobby"])).await;
    assert_eq!(joined, (json!({ "history": [] }), vec![people(&["Ana"])]));
    let told = ask(&mut ana, json!(["say", "lobby", "hello"])).await;
    assert_eq!(
        told,
        (json!({}), vec![json!(["said", said("Ana", "hello")])])
    );

    let mut ben = Ws::connect(address, json!({ "name": "Ben" })).await;
    let (joined, _) = ask(&mut ben, json!(["join", "lobby"])).await;
    assert_eq!(joined, json!({ "history": [said("Ana", "hello")] }));
    assert_eq!(event(&mut ana).await, people(&["Ana", "Ben"]));

    let typed = ask(&mut ben, json!(["typing", "lobby"])).await;
    assert_eq!(typed, (json!({}), vec![]), "Ben is not told that he types");
    let typing = json!(["typing", { "room": "lobby", "by": "Ben" }]);
    assert_eq!(event(&mut ana).await, typing);

    ask(&mut ben, json!(["say", "lobby", "hi"])).await;
    assert_eq!(event(&mut ana).await, json!(["said", said("Ben", "hi")]));
    drop(ben);
    assert_eq!(event(&mut ana).await, people(&["Ana"]));
}

#[tokio::test]
async fn a_room_remembers_the_last_of_what_was_said_until_all_have_left() {
    let address = start().await;
    let mut ana = Ws::connect(address, json!({ "name": "Ana" })).await;
    ask(&mut ana, json!(["join", "lobby"])).await;
    for number in 0..=50 {
        ask(&mut ana, json!(["say", "lobby", number.to_string()])).await;
    }
    let (joined, _) = ask(&mut ana, json!(["join", "lobby"])).await;
    let expected: Vec<_> = (1..=50).map(|n| said("Ana", &n.to_string())).collect();
    assert_eq!(joined, json!({ "history": expected }));

    let left = ask(&mut ana, json!(["leave", "lobby"])).await;
    assert_eq!(left, (json!({}), vec![]));
    let (joined, _) = ask(&mut ana, json!(["join", "lobby"])).await;
    assert_eq!(joined, json!({ "history": [] }));
}

#[tokio::test]
async fn what_cannot_be_done_is_answered_with_a_code() {
    let address = start().await;
    let mut ana = Ws::connect(address, json!({ "name": "Ana" })).await;
    for number in 0..10 {
        let (joined, _) = ask(&mut ana, json!(["join", format!("room {number}")])).await;
        assert_eq!(joined, json!({ "history": [] }));
    }
    for (asked, code) in [
        (json!(["join", "lobby"]), "too_many_rooms"),
        (json!(["join"]), "bad_room"),
        (json!(["join", "x".repeat(33)]), "bad_room"),
        (json!(["say", "lobby", "hello"]), "not_in_room"),
        (json!(["say", "room 0", " "]), "bad_text"),
        (json!(["say", "room 0", "x".repeat(2_001)]), "bad_text"),
        (json!(["sing", "room 0"]), "unknown_event"),
    ] {
        let answer = ask(&mut ana, asked.clone()).await;
        assert_eq!(answer, (json!({ "error": code }), vec![]), "{asked}");
    }
}

#[tokio::test]
async fn nobody_gets_in_without_a_name() {
    let address = start().await;
    for auth in [
        json!({}),
        json!({ "name": 7 }),
        json!({ "name": " " }),
        json!({ "name": "A\nB" }),
        json!({ "name": "x".repeat(33) }),
    ] {
        let mut ws = Ws::open(address).await;
        ws.hear().await;
        ws.say(&format!("40{auth}")).await;
        let refusal = r#"44{"message":"bad_name","data":{"max_characters":32}}"#;
        assert_eq!(ws.hear().await, refusal, "{auth}");
    }
}
