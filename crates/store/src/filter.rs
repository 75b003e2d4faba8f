//! Conditions that several lists share.

use shopbell_domain::{View, is_shown};
use shopbell_protocol::Role;

use crate::{database::Query, search};

/// One of these words; an empty list means any.
pub(crate) fn one_of<T: Copy>(
    query: &mut Query,
    column: &str,
    words: &[T],
    word: fn(T) -> &'static str,
) {
    if words.is_empty() {
        return;
    }
    query.push(format_args!(" and {column} in ("));
    for (place, one) in words.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        query.push(comma).push_bind(word(*one));
    }
    query.push(")");
}

/// With this text in `open`, or in `contact` when the reader may see how to reach a customer: what someone may not see, their
/// search does not find either. Blank text means any.
pub(crate) fn contains(
    query: &mut Query,
    reader: Role,
    text: Option<&str>,
    open: &str,
    contact: &str,
) {
    let Some(pattern) = text.and_then(search::pattern) else {
        return;
    };
    query
        .push(format_args!(" and ({open} like "))
        .push_bind(pattern.clone())
        .push(r" escape '\'");
    if is_shown("customer_phone", View::of(reader)) {
        query
            .push(format_args!(" or {contact} like "))
            .push_bind(pattern)
            .push(r" escape '\'");
    }
    query.push(")");
}
