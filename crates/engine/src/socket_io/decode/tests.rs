use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(text: &str) -> Result<Incoming<'_>, Malformed> {
    Incoming::read(text, 32)
}

fn in_root(kind: Kind) -> Result<Incoming<'static>, Malformed> {
    Ok(Incoming {
        namespace: "/",
        kind,
    })
}

#[test]
fn each_kind_is_read() {
    assert_eq!(read("0"), in_root(Kind::Connect(json!({}))));
    assert_eq!(
        read(r#"0{"token":"t"}"#),
        in_root(Kind::Connect(json!({"token": "t"})))
    );
    assert_eq!(read("1"), in_root(Kind::Disconnect));
    let event = Kind::Event {
        id: None,
        name: "e".into(),
        args: vec![json!(1), json!({})],
    };
    assert_eq!(read(r#"2["e",1,{}]"#), in_root(event));
    assert_eq!(
        read(r#"27["e"]"#),
        in_root(Kind::Event {
            id: Some(7),
            name: "e".into(),
            args: vec![]
        })
    );
    assert_eq!(
        read("312[]"),
        in_root(Kind::Ack {
            id: 12,
            args: vec![]
        })
    );
}

#[test]
fn a_namespace_ends_at_its_comma_or_at_the_end() {
    for (text, namespace) in [
        ("0/a", "/a"),
        ("0/a,", "/a"),
        (r#"0/a,{"b":"c,d"}"#, "/a"),
        ("0/,{}", "/"),
        ("0/a?b=1,{}", "/a?b=1"),
    ] {
        assert_eq!(read(text).unwrap().namespace, namespace, "{text}");
    }
    let event = Kind::Event {
        id: Some(3),
        name: "e".into(),
        args: vec![],
    };
    assert_eq!(
        read(r#"2/a,3["e"]"#),
        Ok(Incoming {
            namespace: "/a",
            kind: event
        })
    );
}

/// JSON values that nest up to about `depth` deep.
fn value(depth: u32) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        r#"[\[\]{}"\\,:]{0,12}"#.prop_map(Value::from),
    ];
    leaf.prop_recursive(depth, 40, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec(("[a-z\\[{\"]{0,4}", inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// Arrays and objects on the way to the deepest one.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

proptest! {
    #[test]
    fn an_event_is_read_as_it_was_written(
        name in "\\PC{0,20}",
        args in vec(value(4), 0..4),
        id in prop::option::of(0..=MAX_ID),
    ) {
        let mut json = vec![Value::from(name.clone())];
        json.extend(args.iter().cloned());
        let json = Value::from(json);
        let text = format!("2{}{json}", id.map(|id| id.to_string()).unwrap_or_default());
        let read = Incoming::read(&text, 32);
        if RESERVED.contains(&name.as_str()) {
            prop_assert_eq!(read, Err(Malformed));
        } else {
            prop_assert_eq!(read, in_root(Kind::Event { id, name, args }));
        }
        // The bound is exact.
        prop_assert!(Incoming::read(&text, depth(&json)).is_ok() || RESERVED.contains(&json[0].as_str().unwrap()));
        prop_assert_eq!(Incoming::read(&text, depth(&json) - 1), Err(Malformed));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}") {
        let _ = read(&text);
    }

    #[test]
    fn nothing_nearly_right_makes_it_panic(text in r#"[0-6]?(/[a-z]{0,2},?)?[0-9]{0,20}[\[\]{}"a,:0-9-]{0,12}"#) {
        let _ = read(&text);
    }
}
