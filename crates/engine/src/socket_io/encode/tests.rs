use bytes::Bytes;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use super::super::{Incoming, Kind, Limits, Partial};
use super::*;

fn text(packet: Result<Packet, Error>) -> String {
    String::from_utf8(packet.unwrap().body().to_vec()).unwrap()
}

fn args(values: impl IntoIterator<Item = Value>) -> Args {
    values.into_iter().collect::<Vec<_>>().into()
}

#[test]
fn packets_read_as_the_protocol_writes_them() {
    assert_eq!(text(connected("/", "abc", None)), r#"40{"sid":"abc"}"#);
    assert_eq!(text(connected("/x", "abc", None)), r#"40/x,{"sid":"abc"}"#);
    assert_eq!(
        text(connected("/", "abc", Some("def"))),
        r#"40{"sid":"abc","pid":"def"}"#
    );
    let no = json!({"message": "no"});
    assert_eq!(text(refused("/", &no)), r#"44{"message":"no"}"#);
    assert_eq!(text(refused("/x", &no)), r#"44/x,{"message":"no"}"#);
    assert_eq!(text(Ok(disconnect("/"))), "41");
    assert_eq!(text(Ok(disconnect("/x"))), "41/x,");
    assert_eq!(
        text(Packet::event("hey", &json!({"a": 1}))),
        r#"42["hey",{"a":1}]"#
    );
    assert_eq!(
        text(Packet::event_at("hey", &json!({"a": 1}), "1-2")),
        r#"42["hey",{"a":1},"1-2"]"#
    );
    assert_eq!(
        text(event_at("/x", "hey", &1, "1-2")),
        r#"42/x,["hey",1,"1-2"]"#
    );
    assert_eq!(text(event("/", Some(7), "hey", &1)), r#"427["hey",1]"#);
    assert_eq!(text(event("/x", Some(7), "hey", &1)), r#"42/x,7["hey",1]"#);
    assert_eq!(text(ack("/", 12, "ok")), r#"4312["ok"]"#);
    assert_eq!(text(ack("/x", 12, "ok")), r#"43/x,12["ok"]"#);
}

#[test]
fn arguments_may_be_many_and_hold_bytes() {
    let plain = args([json!(1), json!("two")]);
    assert_eq!(
        text(event_args("/", None, "hey", &plain)),
        r#"42["hey",1,"two"]"#
    );
    assert_eq!(
        text(event_args("/", None, "hey", &args([]))),
        r#"42["hey"]"#
    );
    assert_eq!(text(ack_args("/", 5, &plain)), r#"435[1,"two"]"#);
    assert_eq!(text(ack_args("/x", 5, &args([]))), "43/x,5[]");
    let mut binary = Args::default();
    let placeholder = binary.attach(vec![1, 2, 3]);
    binary.values.push(placeholder);
    assert_eq!(
        text(event_args("/x", Some(5), "hey", &binary)),
        "451-/x,5[\"hey\",{\"_placeholder\":true,\"num\":0}]\x1ebAQID"
    );
    assert_eq!(
        text(ack_args("/", 5, &binary)),
        "461-5[{\"_placeholder\":true,\"num\":0}]\x1ebAQID"
    );
}

proptest! {
    /// What is written is read again, whatever the bytes and wherever they are.
    #[test]
    fn arguments_with_bytes_are_read_as_they_were_written(
        attachments in vec(vec(any::<u8>(), 0..300), 0..10),
        order in any::<prop::sample::Index>(),
        namespace in prop_oneof![Just("/"), Just("/x")],
        id in prop::option::of(0_u64..1000),
        is_ack in any::<bool>(),
    ) {
        let mut args = Args::default();
        for bytes in attachments {
            let placeholder = args.attach(bytes);
            let at = order.index(args.values.len() + 1);
            args.values.insert(at, json!([{ "deep": placeholder }, "_placeholder"]));
        }
        let id = if is_ack { Some(id.unwrap_or_default()) } else { id };
        let packet = match id {
            Some(id) if is_ack => ack_args(namespace, id, &args).unwrap(),
            id => event_args(namespace, id, "e", &args).unwrap(),
        };
        let body = packet.body();
        let mut parts = body.split(|byte| *byte == 0x1e);
        let text = std::str::from_utf8(&parts.next().unwrap()[1..]).unwrap();
        let limits = Limits { depth: 4, attachments: args.attachments.len() };
        let incoming = Incoming::read(text, &limits).unwrap();
        prop_assert_eq!(incoming.namespace, namespace);
        prop_assert_eq!(incoming.attachments, args.attachments.len());
        let fewer = Limits { attachments: args.attachments.len().wrapping_sub(1), ..limits };
        prop_assert_eq!(Incoming::read(text, &fewer).is_err(), !args.attachments.is_empty());
        let kind = if incoming.attachments == 0 {
            incoming.kind
        } else {
            let bytes: usize = args.attachments.iter().map(Bytes::len).sum();
            let mut partial = Partial::new(incoming, text.len(), text.len() + bytes);
            for (number, bytes) in args.attachments.iter().enumerate() {
                let last = number + 1 == args.attachments.len();
                prop_assert_eq!(partial.add(bytes), Ok(last));
            }
            partial.into_kind()
        };
        let expected = match id {
            Some(id) if is_ack => Kind::Ack { id, args },
            id => Kind::Event { id, name: "e".into(), args },
        };
        prop_assert_eq!(kind, expected);
    }
}
