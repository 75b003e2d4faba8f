//! Ids are newtypes over `i64` and JSON numbers on the wire: a shop's id cannot be passed where a user's is meant.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

macro_rules! number {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema)]
        #[serde(transparent)]
        #[ts(type = "number")]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

number! {
    /// The tenant.
    ShopId
    /// A member of staff; unique over all shops.
    UserId
    /// A customer of a shop.
    CustomerId
    /// A repair ticket: what the customer brought in.
    TicketId
    /// A work order: the job made from a ticket, or opened directly.
    WorkOrderId
    /// A note on a work order.
    NoteId
    /// A notification row of one person.
    NotificationId
    /// A place in a shop's journal: 1, 2, 3… without holes; 0 is before the first.
    Seq
    /// How often an entity was changed, starting at 1; what `If-Match` compares.
    Version
}

impl Seq {
    /// The place after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// The name of the journal's life; a new one begins when an older backup was restored.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
pub struct Epoch(pub String);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
