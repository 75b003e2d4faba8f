//! Reading JSON bodies: bounded before they are parsed, each field with its own complaint.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, Request},
    http::header,
};
use serde_json::{Map, Value};
use shopbell_protocol::{Code, Field, FieldError};

use super::{App, answer::Failure};

/// The object of a JSON body, taken apart field by field. [`Fields::finish`] tells everything that is wrong at once.
#[derive(Debug, Default)]
pub(super) struct Fields {
    object: Map<String, Value>,
    wrong_type: Option<String>,
    errors: Vec<FieldError>,
}

/// The bytes of a body, of which there are not more than `max`.
///
/// # Errors
///
/// `too_large`, or `malformed` when the caller hangs up.
pub(super) async fn read(body: Body, max: usize) -> Result<Bytes, Failure> {
    to_bytes(body, max).await.map_err(|error| {
        // The limit is the innermost cause of what axum wraps; anything else is the caller hanging up.
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(error) = cause {
            if error.is::<http_body_util::LengthLimitError>() {
                return Failure::from(Code::TooLarge);
            }
            cause = error.source();
        }
        Failure::new(Code::Malformed, "The body ended early.")
    })
}

impl FromRequest<App> for Fields {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| {
                value
                    .split(';')
                    .next()
                    .is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
            });
        if !json {
            return Err(Code::UnsupportedMediaType.into());
        }
        Self::parse(
            request.into_body(),
            app.limits.max_payload,
            app.limits.max_json_depth,
        )
        .await
    }
}

impl Fields {
    async fn parse(body: Body, max_bytes: usize, max_depth: usize) -> Result<Self, Failure> {
        let bytes = read(body, max_bytes).await?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Failure::new(Code::Malformed, "The body is not UTF-8."))?;
        if !shopbell_engine::is_within_depth(text, max_depth) {
            return Err(Failure::new(
                Code::Malformed,
                format!("The body is nested more than {max_depth} levels deep."),
            ));
        }
        match serde_json::from_str(text) {
            Ok(Value::Object(object)) => Ok(Self {
                object,
                ..Self::default()
            }),
            Ok(_) => Err(Failure::new(
                Code::Malformed,
                "The body must be a JSON object.",
            )),
            Err(error) => Err(Failure::new(
                Code::Malformed,
                format!(
                    "The body is not JSON: line {}, column {}.",
                    error.line(),
                    error.column()
                ),
            )),
        }
    }

    /// Takes a field that may be left out or `null`.
    pub(super) fn nullable<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Value) -> Read<T>,
    ) -> Field<T> {
        match self.object.remove(name) {
            None => Field::Keep,
            Some(Value::Null) => Field::Set(None),
            Some(value) => self
                .read(name, &value, read)
                .map_or(Field::Keep, |value| Field::Set(Some(value))),
        }
    }

    /// Takes a field that may be left out but is never `null`.
    pub(super) fn optional<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Value) -> Read<T>,
    ) -> Option<T> {
        match self.object.remove(name) {
            None => None,
            Some(value) => self.read(name, &value, read),
        }
    }

    /// Takes a field that must be there. `None` only when [`Fields::finish`] will refuse.
    pub(super) fn required<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Value) -> Read<T>,
    ) -> Option<T> {
        match self.object.remove(name) {
            None => {
                self.errors.push(FieldError {
                    field: name.to_owned(),
                    message: "is required".to_owned(),
                });
                None
            }
            Some(value) => self.read(name, &value, read),
        }
    }

    /// Takes an object that must be there, to be taken apart in its turn.
    pub(super) fn nested(&mut self, name: &str) -> Option<Self> {
        self.required(name, |value| match value {
            Value::Object(object) => Ok(Self {
                object: object.clone(),
                ..Self::default()
            }),
            _ => Err(Wrong::Type("an object")),
        })
    }

    fn read<T>(
        &mut self,
        name: &str,
        value: &Value,
        read: impl FnOnce(&Value) -> Read<T>,
    ) -> Option<T> {
        match read(value) {
            Ok(value) => Some(value),
            Err(Wrong::Type(expected)) => {
                self.wrong_type
                    .get_or_insert_with(|| format!("{name} must be {expected}."));
                None
            }
            Err(Wrong::Value(message)) => {
                self.errors.push(FieldError {
                    field: name.to_owned(),
                    message,
                });
                None
            }
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    ///
    /// `malformed` for a wrong type, `unknown_field` for what nobody took, `validation_failed` for missing fields and
    /// values out of range.
    pub(super) fn finish(self) -> Result<(), Failure> {
        if let Some(message) = self.wrong_type {
            return Err(Failure::new(Code::Malformed, message));
        }
        if !self.object.is_empty() {
            let unknown = self.object.into_iter().map(|(field, _)| FieldError {
                field,
                message: "is unknown or cannot be written".to_owned(),
            });
            return Err(Failure::fields(Code::UnknownField, unknown.collect()));
        }
        if !self.errors.is_empty() {
            return Err(Failure::fields(Code::ValidationFailed, self.errors));
        }
        Ok(())
    }
}

/// What became of one field's value.
pub(super) type Read<T> = Result<T, Wrong>;

/// What is wrong with a value.
#[derive(Debug)]
pub(super) enum Wrong {
    /// Another JSON type, or shape, was expected.
    Type(&'static str),
    /// The type is right, the value is not.
    Value(String),
}

/// Text of `least..=most` characters, trimmed, without control characters other than line breaks and tabs.
pub(super) fn text(least: usize, most: usize) -> impl FnOnce(&Value) -> Read<String> {
    move |value| {
        let text = value.as_str().ok_or(Wrong::Type("a string"))?.trim();
        if text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        {
            return Err(Wrong::Value(
                "must not contain control characters".to_owned(),
            ));
        }
        let length = text.chars().count();
        if (least..=most).contains(&length) {
            Ok(text.to_owned())
        } else {
            Err(Wrong::Value(format!(
                "must have {least} to {most} characters, not {length}"
            )))
        }
    }
}

/// A secret: any string up to `most` characters, untouched.
pub(super) fn secret(most: usize) -> impl FnOnce(&Value) -> Read<String> {
    move |value| {
        let text = value.as_str().ok_or(Wrong::Type("a string"))?;
        if text.contains('\0') {
            Err(Wrong::Value("must not contain NUL".to_owned()))
        } else if text.chars().count() <= most {
            Ok(text.to_owned())
        } else {
            Err(Wrong::Value(format!("must have at most {most} characters")))
        }
    }
}

/// A word of a fixed list, an amount, a time: whatever reads from text.
pub(super) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(value: &Value) -> Read<T> {
    let text = value.as_str().ok_or(Wrong::Type("a string"))?;
    text.parse()
        .map_err(|error: T::Err| Wrong::Value(error.to_string()))
}

/// An id.
pub(super) fn id<T: From<i64>>(value: &Value) -> Read<T> {
    value
        .as_i64()
        .map(T::from)
        .ok_or(Wrong::Type("a whole number"))
}

/// One to `most` ids; one that is named twice counts once.
pub(super) fn ids<T: From<i64> + PartialEq>(most: usize) -> impl FnOnce(&Value) -> Read<Vec<T>> {
    move |value| {
        let mut ids: Vec<T> = Vec::new();
        for value in value.as_array().ok_or(Wrong::Type("a list"))? {
            let id = id(value)?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if (1..=most).contains(&ids.len()) {
            Ok(ids)
        } else {
            Err(Wrong::Value(format!("must name 1 to {most} things")))
        }
    }
}

/// `true` or `false`.
pub(super) fn flag(value: &Value) -> Read<bool> {
    value.as_bool().ok_or(Wrong::Type("true or false"))
}
