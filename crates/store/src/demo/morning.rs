//! What happened this morning before anyone looked: each step goes the way of a real PATCH.

use shopbell_protocol::{
    Field, Money,
    Priority::{self, Urgent},
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
    /// Reads all notifications.
    Read,
}

/// In shop 1.
pub(super) fn first() -> Vec<Step> {
    vec![
        step(206, DANA, Deed::Assign(37, JELENA)),
        step(199, JELENA, moves(37, Diagnosing)),
        step(193, TARIK, Deed::Assign(36, TARIK)),
        step(188, TARIK, moves(25, Testing)),
        step(181, MARKO, Deed::Assign(31, TARIK)),
        step(176, TARIK, moves(31, InProgress)),
        step(169, JELENA, moves(24, Completed)),
        step(161, DANA, moves(24, ReadyForPickup)),
        step(153, JELENA, priced(35, Quoted, 145)),
        step(147, DANA, moves(35, AwaitingApproval)),
        step(140, TARIK, moves(14, InProgress)),
        step(132, MARKO, becomes(34, Urgent)),
        step(126, DANA, moves(18, Pending)),
        step(124, JELENA, Deed::Read),
        step(119, TARIK, moves(18, PartsOrdered)),
        step(110, JELENA, priced(34, Quoted, 320)),
        step(104, DANA, moves(34, AwaitingApproval)),
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
        step(77, MARKO, costs(27, 118)),
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
        step(46, MARKO, Deed::Assign(39, JELENA)),
        step(40, JELENA, moves(39, Diagnosing)),
        step(33, DANA, moves(22, AwaitingApproval)),
        step(31, TARIK, moves(29, InProgress)),
        step(26, TARIK, priced(14, AwaitingApproval, 120)),
        step(23, DANA, moves(10, PickedUp)),
        step(15, DANA, moves(13, ReadyForPickup)),
        step(8, ANA, Deed::Assign(21, TARIK)),
    ]
}

/// In shop 2.
pub(super) fn second() -> Vec<Step> {
    vec![
        step(90, OLGA, Deed::Assign(5, THEO)),
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

/// A patch that hands an order to somebody.
pub(super) fn assigns(technician: UserId) -> WorkOrderPatch {
    WorkOrderPatch {
        technician_id: Field::Set(Some(technician)),
        ..WorkOrderPatch::default()
    }
}
