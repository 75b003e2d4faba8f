//! A field of a PATCH body: left out, cleared with `null`, or set.

use serde::{Deserialize, Deserializer};

/// What a PATCH says of one field. Use with `#[serde(default)]`: a missing key is [`Field::Keep`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// The key is absent: the field stays as it is.
    #[default]
    Keep,
    /// The key is there; `null` is `None`.
    Set(Option<T>),
}

impl<T> Field<T> {
    /// Whether the body names this field.
    #[must_use]
    pub const fn is_named(&self) -> bool {
        matches!(self, Self::Set(_))
    }

    /// The new value given the old one.
    #[must_use]
    pub fn or(self, old: Option<T>) -> Option<T> {
        match self {
            Self::Keep => old,
            Self::Set(new) => new,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::Set)
    }
}
