//! Whether a value is what a schema of the document says: no key missing, none that is not described.

use std::collections::BTreeSet;

use serde_json::Value;
use shopbell_protocol::Timestamp;

/// Fails with where and how `value` differs from `schema`.
pub(super) fn check(
    document: &Value,
    schema: &Value,
    value: &Value,
    at: &str,
) -> Result<(), String> {
    let known = known(document, schema, value, at)?;
    match keys(value).find(|key| !known.contains(*key)) {
        Some(key) => Err(format!("{at}.{key} is not described")),
        None => Ok(()),
    }
}

/// What a `$ref` stands for.
pub(super) fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(to) => document.pointer(to.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

fn keys(value: &Value) -> impl Iterator<Item = &String> {
    value
        .as_object()
        .into_iter()
        .flat_map(|object| object.keys())
}

/// Checks `value` as far as `schema` goes; gives the keys that it describes.
fn known(
    document: &Value,
    schema: &Value,
    value: &Value,
    at: &str,
) -> Result<BTreeSet<String>, String> {
    let schema = resolved(document, schema);
    let mut described = BTreeSet::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        described.extend(known(document, part, value, at)?);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fitting = choices
            .iter()
            .find_map(|choice| known(document, choice, value, at).ok());
        described.extend(fitting.ok_or_else(|| format!("{at} is none of its choices: {value}"))?);
    }
    let types: Vec<_> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|name| is_of_type(value, name)) {
        return Err(format!("{at} is not of type {types:?}: {value}"));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return Err(format!("{at} is none of {words:?}: {value}"));
    }
    if schema["format"] == "date-time"
        && value
            .as_str()
            .is_none_or(|time| time.parse::<Timestamp>().is_err())
    {
        return Err(format!("{at} is no time: {value}"));
    }
    for required in schema["required"].as_array().into_iter().flatten() {
        let name = required.as_str().unwrap();
        if value.is_object() && value.get(name).is_none() {
            return Err(format!("{at}.{name} is missing"));
        }
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = value.get(name) {
            check(document, property, value, &format!("{at}.{name}"))?;
        }
        described.insert(name.clone());
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        check(document, &schema["items"], item, &format!("{at}[{index}]"))?;
    }
    let says_nothing = ["allOf", "oneOf", "type", "properties"]
        .iter()
        .all(|key| schema.get(key).is_none());
    if says_nothing || schema.get("additionalProperties").is_some() {
        described.extend(keys(value).cloned());
    }
    Ok(described)
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}
