//! Why the rules say no.

use std::borrow::Cow;

use shopbell_protocol::{Code, FieldError};
use thiserror::Error;

/// A command that the rules refuse. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// It does not exist, or the actor may not see it: the two must not be told apart.
    #[error("There is no such thing here.")]
    NotFound,
    /// The actor may see it, but not write these fields.
    #[error("You may not change {}.", .0.join(", "))]
    ForbiddenFields(Vec<Cow<'static, str>>),
    /// The actor may not do this at all.
    #[error("You may not do that.")]
    Forbidden,
    /// It would clash with what is there; the sentence says with what.
    #[error("{0}")]
    Conflict(&'static str),
    /// The status table has no such move.
    #[error("It cannot move from {} to {}.", .from.replace('_', " "), .to.replace('_', " "))]
    #[expect(missing_docs, reason = "the fields are what they are called")]
    IllegalTransition {
        from: &'static str,
        to: &'static str,
    },
    /// Work starts only when somebody is to do it.
    #[error("A technician must be assigned before work can start.")]
    TechnicianRequired,
    /// `If-Match` names another version than the current one.
    #[error("Someone else changed it first; the current row is under data.")]
    VersionMismatch,
    /// A value that cannot be, seen against the shop's data.
    #[error("A field is missing or out of its range.")]
    Invalid(Vec<FieldError>),
}

impl Refusal {
    /// The code of the contract.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Forbidden | Self::ForbiddenFields(_) => Code::Forbidden,
            Self::Conflict(_) => Code::Conflict,
            Self::IllegalTransition { .. } => Code::IllegalTransition,
            Self::TechnicianRequired => Code::TechnicianRequired,
            Self::VersionMismatch => Code::VersionMismatch,
            Self::Invalid(_) => Code::ValidationFailed,
        }
    }
}
