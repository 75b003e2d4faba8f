//! The words that say where a work order stands and how urgent it is.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use ts_rs::TS;
use utoipa::ToSchema;

// The legal moves are in `domain`.
/// Where a work order stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the words are the contract's own and say what they mean"
)]
pub enum Status {
    Intake,
    Diagnosing,
    Quoted,
    AwaitingApproval,
    Pending,
    PartsOrdered,
    InProgress,
    Testing,
    Completed,
    ReadyForPickup,
    PickedUp,
    Declined,
    Cancelled,
}

/// Where a ticket stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the words are the contract's own and say what they mean"
)]
pub enum TicketStatus {
    Intake,
    Converted,
    Cancelled,
}

/// How urgent a work order is; ordered from low to urgent.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the words are the contract's own and say what they mean"
)]
pub enum Priority {
    Low,
    Medium,
    High,
    Urgent,
}

/// The text is none of the known words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("is not a known word")]
pub struct UnknownWord;

impl Status {
    /// Every status, in the order of a repair's life.
    pub const ALL: [Self; 13] = [
        Self::Intake,
        Self::Diagnosing,
        Self::Quoted,
        Self::AwaitingApproval,
        Self::Pending,
        Self::PartsOrdered,
        Self::InProgress,
        Self::Testing,
        Self::Completed,
        Self::ReadyForPickup,
        Self::PickedUp,
        Self::Declined,
        Self::Cancelled,
    ];

    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Diagnosing => "diagnosing",
            Self::Quoted => "quoted",
            Self::AwaitingApproval => "awaiting_approval",
            Self::Pending => "pending",
            Self::PartsOrdered => "parts_ordered",
            Self::InProgress => "in_progress",
            Self::Testing => "testing",
            Self::Completed => "completed",
            Self::ReadyForPickup => "ready_for_pickup",
            Self::PickedUp => "picked_up",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more is to be done.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::PickedUp | Self::Cancelled)
    }

    /// As a person reads it: `ready for pickup`.
    #[must_use]
    pub fn words(self) -> String {
        self.as_str().replace('_', " ")
    }
}

impl TicketStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Intake, Self::Converted, Self::Cancelled];

    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Converted => "converted",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Priority {
    /// Every priority, lowest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Urgent];

    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
}

macro_rules! word {
    ($($name:ident)+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.into_iter().find(|word| word.as_str() == text).ok_or(UnknownWord)
            }
        }
    )+};
}

word! { Status TicketStatus Priority }
