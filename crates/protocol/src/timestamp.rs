//! Points in time: milliseconds since 1970 inside, RFC 3339 in UTC with milliseconds and `Z` on the wire.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use thiserror::Error;
use ts_rs::TS;
use utoipa::ToSchema;

/// A point in time: read with any offset, written in UTC with milliseconds and `Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, TS, ToSchema)]
#[ts(type = "string")]
#[schema(value_type = String, format = DateTime, examples("2026-03-02T09:00:00.000Z"))]
pub struct Timestamp(i64);

/// The text is not an RFC 3339 time with an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not an RFC 3339 time")]
pub struct ParseTimestampError;

impl Timestamp {
    /// Year 0000 up to 9999: what RFC 3339 can write.
    const RANGE: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_207_200_000 - 1;

    /// From milliseconds since 1970, held to the years that RFC 3339 can write.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(*Self::RANGE.start(), *Self::RANGE.end()))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down, as JWT claims want them (RFC 7519 NumericDate).
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This time and `later` more.
    #[must_use]
    pub fn after(self, later: Duration) -> Self {
        Self::from_millis(self.0.saturating_add(millis(later)))
    }

    /// This time less `earlier`.
    #[must_use]
    pub fn before(self, earlier: Duration) -> Self {
        Self::from_millis(self.0.saturating_sub(millis(earlier)))
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = jiff::Timestamp::from_millisecond(self.0).map_err(|_| fmt::Error)?;
        write!(f, "{time:.3}")
    }
}

impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // RFC 3339 alone: jiff reads more (weeks, brackets, spaces), which the contract does not promise.
        let shape =
            text.len() >= 20 && text.as_bytes().get(10) == Some(&b'T') && !text.contains('[');
        let time: jiff::Timestamp = text.parse().map_err(|_| ParseTimestampError)?;
        let time = time.as_millisecond();
        if shape && Self::RANGE.contains(&time) {
            Ok(Self(time))
        } else {
            Err(ParseTimestampError)
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_with_milliseconds_and_z() {
        assert_eq!(
            Timestamp::from_millis(1_700_000_000_000).to_string(),
            "2023-11-14T22:13:20.000Z"
        );
        assert_eq!(
            Timestamp::from_millis(1_700_000_000_007).to_string(),
            "2023-11-14T22:13:20.007Z"
        );
    }

    #[test]
    fn reads_any_offset_and_keeps_milliseconds() {
        let parsed: Timestamp = "2023-11-15T00:13:20.0079+02:00".parse().unwrap();
        assert_eq!(parsed, Timestamp::from_millis(1_700_000_000_007));
    }

    #[test]
    fn refuses_what_is_not_rfc_3339() {
        for text in [
            "",
            "yesterday",
            "2023-11-14",
            "2023-11-14T22:13:20",
            "2023-11-14 22:13:20Z",
            "1700000000",
        ] {
            assert_eq!(
                text.parse::<Timestamp>(),
                Err(ParseTimestampError),
                "{text}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn every_time_reads_back(millis in Timestamp::RANGE) {
            let time = Timestamp::from_millis(millis);
            proptest::prop_assert_eq!(time.to_string().parse::<Timestamp>().unwrap(), time);
        }
    }
}
