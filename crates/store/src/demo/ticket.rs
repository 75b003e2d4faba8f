//! What was brought in and is no work order when the morning begins.

use shopbell_protocol::Priority::{self, Low, Medium};

use super::people::{DANA, JELENA, OLGA, TARIK};

/// A ticket of a demo shop. Hours count back from now.
#[derive(Clone, Copy)]
pub(super) struct Ticket {
    /// The customer's place in the shop's list, from 1.
    pub(super) customer: usize,
    pub(super) device: &'static str,
    pub(super) problem: &'static str,
    pub(super) notes: Option<&'static str>,
    pub(super) priority: Priority,
    /// Who took it in, by e-mail.
    pub(super) by: &'static str,
    pub(super) opened: i64,
    pub(super) cancelled: Option<i64>,
}

/// Of shop 1, after its orders: the morning names them by their place, from 1.
#[rustfmt::skip]
pub(super) const FIRST: [Ticket; 6] = [
    ticket(3, "Kindle Paperwhite (2021)", "Frozen on a page, restarts do nothing.", Low, DANA, 16),
    ticket(5, "Apple Watch SE", "Crown turns but does nothing.", Low, DANA, 15).noted("Sizes of both straps are in the bag."),
    ticket(19, "Motorola Moto G52", "No network since the SIM card was changed.", Medium, DANA, 14).noted("It was the card. He left with it working.").cancelled(13),
    ticket(11, "GoPro HERO9", "Fogs up from the inside after diving.", Medium, TARIK, 14),
    ticket(25, "ASUS VivoBook 15", "Does not find its disk.", Medium, JELENA, 13).noted("Still under the maker's warranty: sent on to them.").cancelled(12),
    ticket(14, "Logitech G29", "Pedals answer only now and then.", Low, DANA, 12),
];

/// Of shop 2.
#[rustfmt::skip]
pub(super) const SECOND: [Ticket; 2] = [
    ticket(3, "Sony Xperia 10 IV", "Charges only when the cable is held.", Medium, OLGA, 9),
    ticket(4, "Sonos Roam", "Lost its network and does not find it again.", Low, OLGA, 8),
];

const fn ticket(
    customer: usize,
    device: &'static str,
    problem: &'static str,
    priority: Priority,
    by: &'static str,
    opened: i64,
) -> Ticket {
    Ticket {
        customer,
        device,
        problem,
        notes: None,
        priority,
        by,
        opened,
        cancelled: None,
    }
}

impl Ticket {
    const fn noted(self, notes: &'static str) -> Self {
        Self {
            notes: Some(notes),
            ..self
        }
    }

    const fn cancelled(self, hours: i64) -> Self {
        Self {
            cancelled: Some(hours),
            ..self
        }
    }
}
