//! Keyset pagination: a page ends at a row, and the next one begins after it, whatever was added meanwhile.

use std::{fmt, str::FromStr};

use shopbell_protocol::{ShopId, Timestamp};
use thiserror::Error;

use crate::database::Query;

/// Which part of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The most rows to give.
    pub limit: u32,
    /// Where the page before ended; `None` for the first.
    pub cursor: Option<Cursor>,
}

/// Part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub rows: Vec<T>,
    /// Where the next page begins; `None` after the last row.
    pub next_cursor: Option<Cursor>,
}

/// The last row of a page, as text that callers hand back unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The time that the list is sorted by; lists sorted by name leave it 0 and look the name up by `id`.
    pub(crate) at: i64,
    pub(crate) id: i64,
}

/// The text is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a cursor of this service")]
pub struct ParseCursorError;

impl Cursor {
    pub(crate) fn at(at: Timestamp, id: i64) -> Self {
        Self {
            at: at.as_millis(),
            id,
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at, self.id)
    }
}

impl FromStr for Cursor {
    type Err = ParseCursorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (at, id) = text.split_once('.').ok_or(ParseCursorError)?;
        let number = |digits: &str| digits.parse::<i64>().map_err(|_| ParseCursorError);
        let cursor = Self {
            at: number(at)?,
            id: number(id)?,
        };
        // One spelling each: no plus sign, no leading zeros.
        (cursor.to_string() == text)
            .then_some(cursor)
            .ok_or(ParseCursorError)
    }
}

impl PageRequest {
    /// One row more than asked for tells whether there is another page.
    pub(crate) fn rows_to_read(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Sorts a list by `time` and then `id`, both falling, and begins it after the cursor.
    pub(crate) fn newest_first(&self, query: &mut Query, time: &str, id: &str) {
        if let Some(cursor) = self.cursor {
            query
                .push(format_args!(" and ({time}, {id}) < ("))
                .push_bind(cursor.at)
                .push(", ")
                .push_bind(cursor.id)
                .push(")");
        }
        query
            .push(format_args!(" order by {time} desc, {id} desc limit "))
            .push_bind(self.rows_to_read());
    }

    /// Sorts a list of `table` by name and then `id`, and begins it after the cursor, whose row must be the shop's: where
    /// another shop's names would stand does not show.
    pub(crate) fn by_name(&self, query: &mut Query, shop: ShopId, table: &str) {
        if let Some(cursor) = self.cursor {
            query
                .push(format_args!(
                    " and (name_key, id) > (select name_key, id from {table} where id = "
                ))
                .push_bind(cursor.id)
                .push(" and shop_id = ")
                .push_bind(shop.0)
                .push(")");
        }
        query
            .push(" order by name_key, id limit ")
            .push_bind(self.rows_to_read());
    }

    /// Makes a page of the rows of a list by name.
    pub(crate) fn page_by_name<T>(&self, rows: Vec<T>, id: impl Fn(&T) -> i64) -> Page<T> {
        self.page(rows, |row| Cursor { at: 0, id: id(row) })
    }

    /// Makes a page of the rows that were read; `cursor` says where a row stands in the list.
    pub(crate) fn page<T>(&self, mut rows: Vec<T>, cursor: impl Fn(&T) -> Cursor) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(cursor);
        Page { rows, next_cursor }
    }
}
