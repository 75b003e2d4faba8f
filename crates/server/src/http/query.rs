//! Reading query strings.

use std::{collections::HashMap, str::FromStr};

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use shopbell_protocol::Code;
use shopbell_store::PageRequest;

use super::answer::Failure;

const DEFAULT_LIMIT: u32 = 20;
const MAX_LIMIT: u32 = 100;
const LONGEST_SEARCH: usize = 100;

/// The parameters of a query string. Unknown ones are ignored, as HTTP caches and trackers add their own.
#[derive(Debug)]
pub(super) struct Parameters(HashMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(parameters)) => Ok(Self(parameters)),
            Err(_) => Err(Failure::new(
                Code::Malformed,
                "The query string cannot be read.",
            )),
        }
    }
}

impl Parameters {
    /// One value; absent and empty are the same.
    ///
    /// # Errors
    ///
    /// `malformed` when it does not read.
    pub(super) fn one<T: FromStr>(&self, name: &str) -> Result<Option<T>, Failure> {
        self.text(name)
            .map(|text| text.parse().map_err(|_| bad_value(name)))
            .transpose()
    }

    /// Several values with commas between them.
    ///
    /// # Errors
    ///
    /// `malformed` when one does not read.
    pub(super) fn list<T: FromStr>(&self, name: &str) -> Result<Vec<T>, Failure> {
        let Some(text) = self.text(name) else {
            return Ok(Vec::new());
        };
        text.split(',')
            .map(|word| word.trim().parse().map_err(|_| bad_value(name)))
            .collect()
    }

    /// The text of a parameter.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }

    /// `search`, as much of it as is looked for.
    pub(super) fn search(&self) -> Option<String> {
        let search = self.text("search")?.chars();
        // No text has one, and PostgreSQL takes none.
        Some(search.filter(|c| *c != '\0').take(LONGEST_SEARCH).collect())
    }

    /// `limit` and `cursor`.
    ///
    /// # Errors
    ///
    /// `malformed` when the limit is not 1 to 100 or the cursor is none of ours.
    pub(super) fn page(&self) -> Result<PageRequest, Failure> {
        let limit = self.one("limit")?.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(bad_value("limit"));
        }
        Ok(PageRequest {
            limit,
            cursor: self.one("cursor")?,
        })
    }
}

pub(super) fn bad_value(name: &str) -> Failure {
    Failure::new(
        Code::Malformed,
        format!("The query parameter {name} has a value that cannot be read."),
    )
}
