use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(text: &str) -> Result<Incoming<'_>, Malformed> {
    Incoming::read(text, &deep(32))
}

fn deep(depth: usize) -> Limits {
    Limits {
        depth,
        attachments: 10,
    }
}

fn in_root(kind: Kind) -> Result<Incoming<'static>, Malformed> {
    Ok(Incoming {
        namespace: "/",
        kind,
        attachments: 0,
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
        args: vec![json!(1), json!({})].into(),
    };
    assert_eq!(read(r#"2["e",1,{}]"#), in_root(event));
    assert_eq!(
        read(r#"27["e"]"#),
        in_root(Kind::Event {
            id: Some(7),
            name: "e".into(),
            args: Args::default()
        })
    );
    assert_eq!(
        read("312[]"),
        in_root(Kind::Ack {
            id: 12,
            args: Args::default()
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
        args: Args::default(),
    };
    assert_eq!(
        read(r#"2/a,3["e"]"#),
        Ok(Incoming {
            namespace: "/a",
            kind: event,
            attachments: 0,
        })
    );
}

#[test]
fn a_binary_packet_tells_how_many_attachments_follow() {
    let read =
        |text| read(text).map(|incoming: Incoming<'_>| (incoming.attachments, incoming.namespace));
    assert_eq!(read(r#"50-["a"]"#), Ok((0, "/")));
    assert_eq!(read(r#"52-["a"]"#), Ok((2, "/")));
    assert_eq!(read(r#"510-/x,7["a"]"#), Ok((10, "/x")));
    assert_eq!(read("61-/x,7[]"), Ok((1, "/x")));
    let wrong = [
        r#"5["a"]"#,
        r#"5-["a"]"#,
        r#"5+1-["a"]"#,
        r#"51["a-"]"#,
        r#"5-1-["a"]"#,
        r#"51.0-["a"]"#,
        r#"5/x,1-["a"]"#,
        r#"511-["a"]"#,
        r#"5999999999999999999999-["a"]"#,
        "51-[]",
        "51-{}",
        "51-",
        "61-[]",
        "61-1{}",
        r#"51-["connect"]"#,
        r#"51-[{"_placeholder":true,"num":0}]"#,
    ];
    for text in wrong {
        assert_eq!(read(text), Err(Malformed), "{text}");
    }
}

#[test]
fn each_placeholder_has_its_attachment() {
    let with = |placeholder: &str| {
        let text = format!(r#"52-["a",[{{"b":{placeholder}}}]]"#);
        read(&text).map(drop)
    };
    let right = [
        r#"{"_placeholder":true,"num":0}"#,
        r#"{"num":1,"_placeholder":true}"#,
        r#"{"_placeholder":false,"num":9}"#,
        r#"{"_placeholder":1,"num":9}"#,
        r#"{"num":9}"#,
    ];
    for placeholder in right {
        assert_eq!(with(placeholder), Ok(()), "{placeholder}");
    }
    let wrong = [
        r#"{"_placeholder":true,"num":2}"#,
        r#"{"_placeholder":true,"num":-1}"#,
        r#"{"_placeholder":true,"num":0.5}"#,
        r#"{"_placeholder":true,"num":"0"}"#,
        r#"{"_placeholder":true,"num":null}"#,
        r#"{"_placeholder":true,"num":18446744073709551616}"#,
        r#"{"_placeholder":true}"#,
        r#"{"_placeholder":true,"num":{"_placeholder":true,"num":0}}"#,
    ];
    for placeholder in wrong {
        assert_eq!(with(placeholder), Err(Malformed), "{placeholder}");
    }
    // Without attachments none is left, and in a packet of JSON alone it is an object like others.
    let placeholder = r#"["a",{"_placeholder":true,"num":0}]"#;
    assert!(read(&format!("50-{placeholder}")).is_err());
    assert!(read(&format!("2{placeholder}")).is_ok());
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
        let read = Incoming::read(&text, &deep(32));
        if RESERVED.contains(&name.as_str()) {
            prop_assert_eq!(read, Err(Malformed));
        } else {
            prop_assert_eq!(read, in_root(Kind::Event { id, name, args: args.into() }));
        }
        // The bound is exact.
        prop_assert!(Incoming::read(&text, &deep(depth(&json))).is_ok() || RESERVED.contains(&json[0].as_str().unwrap()));
        prop_assert_eq!(Incoming::read(&text, &deep(depth(&json) - 1)), Err(Malformed));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}") {
        let _ = read(&text);
    }

    #[test]
    fn nothing_nearly_right_makes_it_panic(text in r#"[0-6]?([0-9]{0,3}-)?(/[a-z]{0,2},?)?[0-9]{0,20}[\[\]{}"a,:0-9-]{0,12}"#) {
        let _ = read(&text);
    }
}
