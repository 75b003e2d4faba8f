//! Rooms, broadcasts and deliveries.

use serde_json::{Value, json};

use crate::app::TestServer;
use crate::client::{Polling, Ws, eventually, soon};
use shopbell_engine::{Delivery, Packet, View};

/// A connected client in some rooms.
async fn member(server: &TestServer, rooms: &[&str], view: u8) -> Ws {
    let before = server.engine.stats().sockets;
    let ws = Ws::connect(server.address, json!({"rooms": rooms, "view": view})).await;
    eventually(|| {
        server.engine.stats().sockets > before
            && server.engine.members(rooms.last().unwrap_or(&"")).len()
                + usize::from(rooms.is_empty())
                > 0
    })
    .await;
    ws
}

fn event(rooms: &[&str], name: &'static str, data: Value) -> Delivery<'static> {
    Delivery {
        position: 1,
        rooms: rooms.iter().map(|room| (*room).to_owned()).collect(),
        view: Box::new(move |_| Packet::event(name, &data).ok()),
    }
}

#[tokio::test]
async fn a_broadcast_reaches_each_member_once_save_those_left_out() {
    let server = TestServer::start().await;
    let mut both = member(&server, &["a", "b"], 0).await;
    let mut one = member(&server, &["b"], 0).await;
    let mut none = member(&server, &[], 0).await;
    let mut muted = member(&server, &["a", "b", "quiet"], 0).await;
    eventually(|| server.engine.members("b").len() == 3).await;
    assert_eq!(
        server.engine.to("a").to("b").except("quiet").emit("x", &1),
        2
    );
    assert_eq!(server.engine.to("quiet").emit("x", &2), 1);
    assert_eq!(server.engine.to("nobody").emit("x", &3), 0);
    for ws in [&mut both, &mut one] {
        assert_eq!(ws.hear().await, r#"42["x",1]"#);
    }
    assert_eq!(muted.hear().await, r#"42["x",2]"#);
    for ws in [&mut both, &mut one, &mut none, &mut muted] {
        ws.say(r#"42["echo"]"#).await;
        assert_eq!(ws.hear().await, r#"42["echo",[]]"#);
    }
}

#[tokio::test]
async fn who_says_something_does_not_hear_it() {
    let server = TestServer::start().await;
    let mut ana = member(&server, &["r"], 0).await;
    let mut ben = member(&server, &["r"], 0).await;
    eventually(|| server.engine.members("r").len() == 2).await;
    ana.say(r#"42["say","r"]"#).await;
    assert!(ben.hear().await.starts_with(r#"42["said""#));
    ana.say(r#"42["echo"]"#).await;
    assert_eq!(ana.hear().await, r#"42["echo",[]]"#);
}

#[tokio::test]
async fn everyone_is_reached_save_those_left_out() {
    let server = TestServer::start().await;
    let mut ana = member(&server, &[], 0).await;
    let mut ben = member(&server, &["r"], 0).await;
    let mut muted = member(&server, &["r", "quiet"], 0).await;
    assert_eq!(server.engine.everyone().emit("x", &1), 3);
    assert_eq!(server.engine.everyone().except("quiet").emit("x", &2), 2);
    let everyone = server.engine.everyone();
    assert_eq!(everyone.except("r").except("nobody").emit("x", &3), 1);
    for (ws, heard) in [(&mut ana, 1..=3), (&mut ben, 1..=2), (&mut muted, 1..=1)] {
        for number in heard {
            assert_eq!(ws.hear().await, format!(r#"42["x",{number}]"#));
        }
    }
    ana.say(r#"42["tell_others"]"#).await;
    for ws in [&mut ben, &mut muted] {
        assert_eq!(ws.hear().await, r#"42["told",{}]"#);
    }
    ana.say(r#"42["echo"]"#).await;
    assert_eq!(ana.hear().await, r#"42["echo",[]]"#);
}

#[tokio::test]
async fn joining_and_leaving_take_effect_with_their_acknowledgement() {
    let server = TestServer::start().await;
    let mut ws = member(&server, &["given"], 0).await;
    ws.say(r#"420["join","r"]"#).await;
    assert_eq!(ws.hear().await, r#"430[{"Ok":null}]"#);
    assert_eq!(server.engine.to("r").emit("x", &1), 1);
    assert_eq!(ws.hear().await, r#"42["x",1]"#);
    // Once more is as good as once.
    ws.say(r#"421["join","r"]"#).await;
    assert_eq!(ws.hear().await, r#"431[{"Ok":null}]"#);
    ws.say(r#"422["rooms"]"#).await;
    assert_eq!(ws.hear().await, r#"432[["given","r"]]"#);
    ws.say(r#"423["leave","r"]"#).await;
    assert_eq!(ws.hear().await, "433[true]");
    ws.say(r#"424["leave","r"]"#).await;
    assert_eq!(ws.hear().await, "434[false]");
    assert_eq!(server.engine.to("r").emit("x", &2), 0);
}

#[tokio::test]
async fn the_acknowledgement_of_a_join_comes_before_all_that_the_room_is_sent() {
    let server = TestServer::start().await;
    let mut ws = member(&server, &[], 0).await;
    let talking = tokio::spawn({
        let engine = server.engine.clone();
        async move {
            for number in 0.. {
                if engine.to("r").emit("n", &number) > 0 {
                    return number;
                }
                tokio::task::yield_now().await;
            }
            unreachable!()
        }
    });
    ws.say(r#"429["join_and_answer","r"]"#).await;
    assert_eq!(ws.hear().await, r#"439[{"joined":"r"}]"#);
    let first = soon(talking).await.unwrap();
    assert_eq!(ws.hear().await, format!(r#"42["n",{first}]"#));
}

#[tokio::test]
async fn a_batch_arrives_in_order_each_event_once() {
    let server = TestServer::start().await;
    let mut both = member(&server, &["a", "b"], 0).await;
    let mut one = member(&server, &["b"], 0).await;
    eventually(|| server.engine.members("b").len() == 2).await;
    let batch = vec![
        event(&["a"], "e", json!(1)),
        event(&["a", "b"], "e", json!(2)),
        event(&["b", "a"], "e", json!(3)),
        event(&["b"], "e", json!(4)),
    ];
    server.deliver(batch).await;
    for number in 1..=4 {
        assert_eq!(both.hear().await, format!(r#"42["e",{number}]"#));
    }
    for number in 2..=4 {
        assert_eq!(one.hear().await, format!(r#"42["e",{number}]"#));
    }
    assert_eq!(server.engine.stats().packets_out, 2 + 4 + 3);
}

#[tokio::test]
async fn a_batch_may_be_longer_than_one_write() {
    let server = TestServer::start().await;
    let mut ws = member(&server, &["a"], 0).await;
    server
        .deliver(
            (0..200)
                .map(|number| event(&["a"], "e", json!(number)))
                .collect(),
        )
        .await;
    for number in 0..200 {
        assert_eq!(ws.hear().await, format!(r#"42["e",{number}]"#));
    }
}

#[tokio::test]
async fn each_view_is_made_once_and_read_by_its_own() {
    let server = TestServer::start().await;
    let mut full = member(&server, &["a"], 0).await;
    let mut desk = member(&server, &["a"], 3).await;
    let mut blind = member(&server, &["a"], 7).await;
    let _other = member(&server, &["a"], 3).await;
    eventually(|| server.engine.members("a").len() == 4).await;
    let made = std::sync::Mutex::new(Vec::new());
    let view = |view: View| {
        made.lock().unwrap().push(view.0);
        (view.0 != 7).then(|| Packet::event("e", &view.0).unwrap())
    };
    server
        .deliver(vec![Delivery {
            position: 1,
            rooms: vec!["a".into()],
            view: Box::new(view),
        }])
        .await;
    assert_eq!(*made.lock().unwrap(), [0, 3, 7]);
    assert_eq!(full.hear().await, r#"42["e",0]"#);
    assert_eq!(desk.hear().await, r#"42["e",3]"#);
    blind.say(r#"42["echo"]"#).await;
    assert_eq!(blind.hear().await, r#"42["echo",[]]"#);
}

#[tokio::test]
async fn polling_and_websocket_read_the_same() {
    let server = TestServer::start().await;
    let mut ws = member(&server, &["a"], 0).await;
    let client = Polling::open(server.address).await;
    client.say(r#"40{"rooms":["a"]}"#).await;
    client.hear().await;
    eventually(|| server.engine.members("a").len() == 2).await;
    // Long enough for a frame's header of each form.
    for len in [10, 1000, 70_000] {
        let text = "é".repeat(len / 2);
        server.deliver(vec![event(&["a"], "e", json!(text))]).await;
        let expected = format!(r#"42["e","{text}"]"#);
        assert_eq!(ws.hear().await, expected);
        assert_eq!(client.hear().await, expected);
    }
}

#[tokio::test]
async fn many_members_are_all_reached_though_some_come_and_go() {
    let server = TestServer::start().await;
    let mut staying = Vec::new();
    for index in 0..300 {
        let ws = Ws::connect(server.address, json!({"rooms": ["a"]})).await;
        if index % 3 != 0 {
            staying.push(ws);
        }
    }
    eventually(|| server.engine.members("a").len() == 200).await;
    server.deliver(vec![event(&["a"], "e", json!(1))]).await;
    for ws in &mut staying {
        assert_eq!(ws.hear().await, r#"42["e",1]"#);
    }
}
