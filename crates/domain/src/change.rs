//! What commands on different things say in the same way.

use std::collections::BTreeMap;

use shopbell_protocol::FieldError;

/// The `updatedFields` of an event: the fields that differ, or `None` when none does.
pub(crate) fn changed<const N: usize>(fields: [(&str, bool); N]) -> Option<BTreeMap<String, bool>> {
    let changed: BTreeMap<_, _> = fields
        .into_iter()
        .filter(|(_, changed)| *changed)
        .map(|(field, _)| (field.to_owned(), true))
        .collect();
    (!changed.is_empty()).then_some(changed)
}

/// A field that cannot have this value.
pub(crate) fn invalid(field: &str, message: &str) -> FieldError {
    FieldError {
        field: field.to_owned(),
        message: message.to_owned(),
    }
}
