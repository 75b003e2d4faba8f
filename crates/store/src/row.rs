//! Reading columns as the words, times and amounts of `protocol`.

use std::{error::Error, str::FromStr};

use shopbell_protocol::{Money, Timestamp};

use crate::database::Row;

pub(crate) trait Columns {
    /// A word that is stored as its text.
    fn word<T: FromStr<Err: Error + Send + Sync + 'static>>(
        &self,
        column: &str,
    ) -> Result<T, sqlx::Error>;
    /// Milliseconds since 1970.
    fn time(&self, column: &str) -> Result<Timestamp, sqlx::Error>;
    /// Milliseconds since 1970, or null.
    fn maybe_time(&self, column: &str) -> Result<Option<Timestamp>, sqlx::Error>;
    /// Cents, or null.
    fn maybe_money(&self, column: &str) -> Result<Option<Money>, sqlx::Error>;
}

impl Columns for Row {
    fn word<T: FromStr<Err: Error + Send + Sync + 'static>>(
        &self,
        column: &str,
    ) -> Result<T, sqlx::Error> {
        let text: &str = self.try_get(column)?;
        text.parse().map_err(|error| unreadable(column, error))
    }

    fn time(&self, column: &str) -> Result<Timestamp, sqlx::Error> {
        self.try_get(column).map(Timestamp::from_millis)
    }

    fn maybe_time(&self, column: &str) -> Result<Option<Timestamp>, sqlx::Error> {
        let millis: Option<i64> = self.try_get(column)?;
        Ok(millis.map(Timestamp::from_millis))
    }

    fn maybe_money(&self, column: &str) -> Result<Option<Money>, sqlx::Error> {
        let cents: Option<i64> = self.try_get(column)?;
        Ok(cents.and_then(Money::from_cents))
    }
}

/// A column holds what this version cannot read.
pub(crate) fn unreadable(column: &str, source: impl Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: Box::new(source),
    }
}
