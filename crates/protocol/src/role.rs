//! What a member of staff is.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use ts_rs::TS;
use utoipa::ToSchema;

/// The one role of a user.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The owner: everything, users and figures included.
    Admin,
    /// Runs the shop's day: everything but users.
    Manager,
    /// Repairs: own orders and the unassigned pool.
    Technician,
    /// Meets the customers: everything but cost prices.
    FrontDesk,
}

/// The text names no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("must be admin, manager, technician or front_desk")]
pub struct UnknownRole;

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [
        Self::Admin,
        Self::Manager,
        Self::Technician,
        Self::FrontDesk,
    ];

    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Technician => "technician",
            Self::FrontDesk => "front_desk",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(UnknownRole)
    }
}
