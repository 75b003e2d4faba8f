//! What happened this morning before anyone looked: each step goes the way of a real PATCH.

use shopbell_protocol::{
    Field, Money, NewNote,
    Priority::{self, *},
    Status::{self, *},
    UserId, WorkOrderPatch,
};

use super::people::{ANA, DANA, JELENA, MARKO, OLGA, TARIK, THEO};

/// Someone does something.
pub(super) struct Step {
    /// Minutes before now.
    pub(super) minutes: u64,
    /// Who, by e-mail.
    pub(super) who: &'static str,
    pub(super) deed: Deed,
}

pub(super) enum Deed {
    /// Changes the order at this place of the shop's list, from 1.
    Patch(usize, WorkOrderPatch),
    /// Hands the order at this place to someone, by e-mail.
    Assign(usize, &'static str),
    /// Writes a note on the order at this place.
    Note(usize, NewNote),
    /// Takes in a ticket for the customer at this place of the shop's list.
    TakeIn(usize, Brought),
    /// Cancels the ticket at this place of the shop's list, from 1; what is taken in today follows those of before.
    Cancel(usize),
    /// Makes an order from the ticket at this place, the next of the shop's list.
    Convert(usize),
    /// Reads all notifications.
    Read,
}

/// What a customer brings in.
#[derive(Clone, Copy)]
pub(super) struct Brought {
    pub(super) device: &'static str,
    pub(super) problem: &'static str,
    pub(super) priority: Priority,
}

/// In shop 1.
pub(super) fn first() -> Vec<Step> {
    vec![
        step(206, DANA, Deed::Assign(37, JELENA)),
        step(
            203,
            DANA,
            takes_in(
                9,
                "HP Envy 13",
                "Battery empties within an hour and gets hot while charging.",
                Medium,
            ),
        ),
        step(199, JELENA, moves(37, Diagnosing)),
        step(
            196,
            JELENA,
            notes(
                37,
                "Cracked right up to the flash. @Dana Horvat could you ask him for the receipt? It may still be insured.",
            ),
        ),
        step(193, TARIK, Deed::Assign(36, TARIK)),
        step(188, TARIK, moves(25, Testing)),
        step(181, MARKO, Deed::Assign(31, TARIK)),
        step(176, TARIK, moves(31, InProgress)),
        step(
            172,
            TARIK,
            notes(
                31,
                "The touch cable had come loose, the glass itself is fine. @Marko Kovač we can save them the part.",
            ),
        ),
        step(169, JELENA, moves(24, Completed)),
        step(
            164,
            DANA,
            takes_in(
                27,
                "Samsung Galaxy Watch 4",
                "Does not wake up after a night on the charger.",
                Low,
            ),
        ),
        step(161, DANA, moves(24, ReadyForPickup)),
        step(
            158,
            DANA,
            notes(
                25,
                "@Tarik Šehić he asks whether the fingerprint reader works under the new screen.",
            ),
        ),
        step(153, JELENA, priced(35, Quoted, 145)),
        step(
            151,
            DANA,
            notes(
                35,
                "Told her 145 and that the shutter comes with a year of guarantee. She writes back today.",
            ),
        ),
        step(147, DANA, moves(35, AwaitingApproval)),
        step(
            141,
            TARIK,
            tells(14, "The socket has arrived and goes in this morning."),
        ),
        step(140, TARIK, moves(14, InProgress)),
        step(
            137,
            TARIK,
            takes_in(
                16,
                "Epson TM-T20III",
                "Receipt printer prints pale and stops in the middle of a bill.",
                High,
            ),
        ),
        step(132, MARKO, becomes(34, Urgent)),
        step(129, DANA, Deed::Convert(1)),
        step(126, DANA, moves(18, Pending)),
        step(124, JELENA, Deed::Read),
        step(119, TARIK, moves(18, PartsOrdered)),
        step(
            116,
            DANA,
            takes_in(
                2,
                "iPad mini (6th generation)",
                "Volume buttons stuck.",
                Low,
            ),
        ),
        step(110, JELENA, priced(34, Quoted, 320)),
        step(104, DANA, moves(34, AwaitingApproval)),
        step(
            102,
            JELENA,
            notes(
                26,
                "Battery is out and lies in the sand box. Please leave the box where it is.",
            ),
        ),
        step(97, TARIK, moves(25, Completed)),
        step(96, DANA, Deed::Read),
        step(
            91,
            DANA,
            describes(
                29,
                "Trackpad clicks only in the upper half. He comes by on Thursday, wants the old part back.",
            ),
        ),
        step(84, JELENA, moves(26, PartsOrdered)),
        step(81, DANA, Deed::Cancel(10)),
        step(77, MARKO, costs(27, 118)),
        step(
            74,
            JELENA,
            takes_in(
                7,
                "Canon PIXMA TS5350",
                "Says that the ink pad is full and prints nothing.",
                Low,
            ),
        ),
        step(
            70,
            ANA,
            overrides(
                19,
                InProgress,
                "He said yes on the phone just now and needs it tonight.",
            ),
        ),
        step(65, JELENA, moves(28, Testing)),
        step(62, TARIK, moves(23, Completed)),
        step(58, MARKO, Deed::Assign(22, ANA)),
        step(53, DANA, becomes(39, Urgent)),
        step(
            49,
            DANA,
            takes_in(
                28,
                "Dell Latitude 5420",
                "Second one of the same kind: types letters twice.",
                Medium,
            ),
        ),
        step(46, MARKO, Deed::Assign(39, JELENA)),
        step(
            44,
            MARKO,
            notes(
                39,
                "I promised her a call before noon. @Jelena Đurić can you look at it first?",
            ),
        ),
        step(40, JELENA, moves(39, Diagnosing)),
        step(
            37,
            JELENA,
            notes(
                39,
                "Inner display has to be replaced, the hinge is fine. Price follows.",
            ),
        ),
        step(33, DANA, moves(22, AwaitingApproval)),
        step(31, TARIK, moves(29, InProgress)),
        step(26, TARIK, priced(14, AwaitingApproval, 120)),
        step(23, DANA, moves(10, PickedUp)),
        step(21, DANA, tells(13, "Their driver comes for it after five.")),
        step(
            18,
            TARIK,
            notes(23, "New fan and paste: twenty degrees cooler under load."),
        ),
        step(15, DANA, moves(13, ReadyForPickup)),
        step(8, ANA, Deed::Assign(21, TARIK)),
    ]
}

/// In shop 2.
pub(super) fn second() -> Vec<Step> {
    vec![
        step(90, OLGA, Deed::Assign(5, THEO)),
        step(
            61,
            OLGA,
            notes(
                3,
                "@Theo Other they would like to have it back before the weekend.",
            ),
        ),
        step(45, THEO, moves(3, Testing)),
        step(20, OLGA, moves(2, PickedUp)),
    ]
}

const fn step(minutes: u64, who: &'static str, deed: Deed) -> Step {
    Step { minutes, who, deed }
}

fn changes(order: usize, with: impl FnOnce(&mut WorkOrderPatch)) -> Deed {
    let mut patch = WorkOrderPatch::default();
    with(&mut patch);
    Deed::Patch(order, patch)
}

fn moves(order: usize, to: Status) -> Deed {
    changes(order, |patch| patch.status = Some(to))
}

fn overrides(order: usize, to: Status, reason: &str) -> Deed {
    changes(order, |patch| {
        patch.status = Some(to);
        patch.override_reason = Some(reason.to_owned());
    })
}

fn priced(order: usize, to: Status, euros: i64) -> Deed {
    changes(order, |patch| {
        patch.status = Some(to);
        patch.estimate_total = Field::Set(Money::from_cents(euros * 100));
    })
}

fn costs(order: usize, euros: i64) -> Deed {
    changes(order, |patch| {
        patch.cost_total = Field::Set(Money::from_cents(euros * 100));
    })
}

fn becomes(order: usize, priority: Priority) -> Deed {
    changes(order, |patch| patch.priority = Some(priority))
}

fn describes(order: usize, description: &str) -> Deed {
    changes(order, |patch| {
        patch.description = Some(description.to_owned());
    })
}

fn notes(order: usize, content: &str) -> Deed {
    let content = content.to_owned();
    let customer_visible = None;
    Deed::Note(
        order,
        NewNote {
            content,
            customer_visible,
        },
    )
}

/// A note that the customer may read too.
fn tells(order: usize, content: &str) -> Deed {
    let content = content.to_owned();
    let customer_visible = Some(true);
    Deed::Note(
        order,
        NewNote {
            content,
            customer_visible,
        },
    )
}

const fn takes_in(
    customer: usize,
    device: &'static str,
    problem: &'static str,
    priority: Priority,
) -> Deed {
    Deed::TakeIn(
        customer,
        Brought {
            device,
            problem,
            priority,
        },
    )
}

/// A patch that hands an order to somebody.
pub(super) fn assigns(technician: UserId) -> WorkOrderPatch {
    WorkOrderPatch {
        technician_id: Field::Set(Some(technician)),
        ..WorkOrderPatch::default()
    }
}
