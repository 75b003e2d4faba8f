//! Which technicians see something. Everyone else in the shop sees everything.

use shopbell_protocol::{Role, TicketStatus, UserId};

use crate::Staff;

/// The technicians who see an order or a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All of them: the unassigned pool, and tickets still in intake.
    All,
    /// Whose order it is.
    Only(UserId),
    /// None: a cancelled ticket.
    Nobody,
}

impl Sight {
    /// Of an order that is `technician`'s, or in the pool.
    #[must_use]
    pub fn of_order(technician: Option<UserId>) -> Self {
        technician.map_or(Self::All, Self::Only)
    }

    /// Of a ticket; `technician` is that of the order made from it.
    #[must_use]
    pub fn of_ticket(status: TicketStatus, technician: Option<UserId>) -> Self {
        match status {
            TicketStatus::Intake => Self::All,
            TicketStatus::Converted => Self::of_order(technician),
            TicketStatus::Cancelled => Self::Nobody,
        }
    }

    /// Whether this technician is among them.
    #[must_use]
    pub fn includes(self, technician: UserId) -> bool {
        match self {
            Self::All => true,
            Self::Only(one) => one == technician,
            Self::Nobody => false,
        }
    }

    /// Whether what has this sight exists for a reader.
    #[must_use]
    pub fn is_seen_by(self, reader: UserId, role: Role) -> bool {
        role != Role::Technician || self.includes(reader)
    }
}

/// The technicians among `staff` who saw it before and do not now.
pub(crate) fn lost(staff: &[Staff], before: Sight, now: Sight) -> Vec<UserId> {
    staff
        .iter()
        .filter(|who| {
            who.role == Role::Technician && before.includes(who.id) && !now.includes(who.id)
        })
        .map(|who| who.id)
        .collect()
}
