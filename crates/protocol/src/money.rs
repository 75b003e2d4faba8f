//! Money is whole cents inside and a decimal string (`"50.00"`) on the wire: no float ever holds a price.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use thiserror::Error;
use ts_rs::TS;
use utoipa::ToSchema;

/// An amount in the shop's currency, from 0.00 to 9999999.99.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, TS, ToSchema)]
#[ts(type = "string")]
#[schema(value_type = String, pattern = r"^\d{1,7}(\.\d{1,2})?$", examples("50.00"))]
pub struct Money(i64);

/// The text is not an amount from `0.00` to `9999999.99`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not an amount like \"50.00\", from 0.00 to 9999999.99")]
pub struct ParseMoneyError;

impl Money {
    const MAX_CENTS: i64 = 999_999_999;

    /// From whole cents; `None` when negative or over 9999999.99.
    #[must_use]
    pub fn from_cents(cents: i64) -> Option<Self> {
        (0..=Self::MAX_CENTS)
            .contains(&cents)
            .then_some(Self(cents))
    }

    /// Whole cents.
    #[must_use]
    pub const fn as_cents(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl FromStr for Money {
    type Err = ParseMoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        };
        if !digits(whole, 7) || !digits(fraction, 2) {
            return Err(ParseMoneyError);
        }
        let number = |part: &str| part.parse::<i64>().map_err(|_| ParseMoneyError);
        let tenths = if fraction.len() == 1 { 10 } else { 1 };
        Self::from_cents(number(whole)? * 100 + number(fraction)? * tenths).ok_or(ParseMoneyError)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_decimal_strings() {
        for (text, cents, written) in [
            ("50.00", 5000, "50.00"),
            ("0", 0, "0.00"),
            ("7.5", 750, "7.50"),
            ("9999999.99", 999_999_999, "9999999.99"),
        ] {
            let money: Money = text.parse().unwrap();
            assert_eq!(
                (money.as_cents(), money.to_string().as_str()),
                (cents, written)
            );
        }
    }

    #[test]
    fn refuses_signs_exponents_and_one_past_the_limit() {
        for text in [
            "",
            ".",
            "-1",
            "+1",
            "1e3",
            "1.",
            ".5",
            "1.234",
            "10000000",
            "10000000.00",
            " 1",
            "1,00",
            "٣",
        ] {
            assert_eq!(text.parse::<Money>(), Err(ParseMoneyError), "{text:?}");
        }
    }
}
