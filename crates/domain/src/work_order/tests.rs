//! The rules of a PATCH, told by the shop's people. One idea: each rule once, with the same few people and one order.

use std::collections::BTreeSet;

use shopbell_protocol::{
    CustomerId, DurableEvent, Field, Money, Passcode, Priority, Reason, Role, Room, Seq, ShopId,
    Status, Timestamp, UpdateData, Urgency, UserId, Version, WorkOrder, WorkOrderId,
    WorkOrderPatch,
};

use super::{Patch, Patched, notices, patch, record};
use crate::{Actor, Journal, Refusal, Sight, Staff, notification::Notice};

const NOW: i64 = 1_800_000_000_000;

fn actor(id: i64, role: Role) -> Actor {
    Actor {
        shop: ShopId(1),
        id: UserId(id),
        role,
        name: format!("Person {id}"),
    }
}

fn ana() -> Actor {
    actor(1, Role::Admin)
}
fn marko() -> Actor {
    actor(2, Role::Manager)
}
fn tarik() -> Actor {
    actor(3, Role::Technician)
}
fn jelena() -> Actor {
    actor(4, Role::Technician)
}
fn dana() -> Actor {
    actor(5, Role::FrontDesk)
}

fn staff() -> Vec<Staff> {
    [
        ana(),
        marko(),
        tarik(),
        jelena(),
        dana(),
        actor(6, Role::Manager),
    ]
    .into_iter()
    .map(|actor| Staff {
        id: actor.id,
        name: actor.name,
        role: actor.role,
        is_active: true,
    })
    .collect()
}

fn order(status: Status, technician: Option<&Actor>) -> WorkOrder {
    let then = Timestamp::from_millis(NOW - 1000);
    WorkOrder {
        id: WorkOrderId(7),
        number: "2026-0007".to_owned(),
        ticket_id: None,
        customer_id: CustomerId(1),
        customer_name: "Iva Marić".to_owned(),
        customer_phone: Some("+385 91 555 0100".to_owned()),
        customer_email: None,
        device: "iPhone 13".to_owned(),
        device_passcode: Some(Passcode("2580".to_owned())),
        description: "Cracked screen".to_owned(),
        status,
        priority: Priority::Medium,
        technician_id: technician.map(|actor| actor.id),
        technician_name: technician.map(|actor| actor.name.clone()),
        estimate_total: None,
        cost_total: Money::from_cents(4000),
        due_at: None,
        started_at: None,
        completed_at: None,
        created_at: then,
        updated_at: then,
        version: Version(3),
    }
}

fn apply(
    actor: &Actor,
    order: &WorkOrder,
    patched: WorkOrderPatch,
) -> Result<Option<Patched>, Refusal> {
    let staff = staff();
    let named = match patched.technician_id {
        Field::Set(Some(id)) => staff.iter().find(|staff| staff.id == id),
        _ => None,
    };
    let now = Timestamp::from_millis(NOW);
    patch(Patch {
        actor,
        order,
        patch: patched,
        if_match: None,
        technician: named,
        customer: None,
        now,
    })
}

fn done(actor: &Actor, order: &WorkOrder, patch: WorkOrderPatch) -> Patched {
    apply(actor, order, patch).unwrap().unwrap()
}

fn assign(to: Option<&Actor>) -> WorkOrderPatch {
    WorkOrderPatch {
        technician_id: Field::Set(to.map(|actor| actor.id)),
        ..WorkOrderPatch::default()
    }
}

fn status(status: Status) -> WorkOrderPatch {
    WorkOrderPatch {
        status: Some(status),
        ..WorkOrderPatch::default()
    }
}

fn told(actor: &Actor, before: &WorkOrder, patch: WorkOrderPatch) -> Vec<Notice> {
    notices(actor, before, &done(actor, before, patch), &staff(), None)
}

fn who(notices: &[Notice]) -> Vec<i64> {
    notices.iter().map(|notice| notice.user_id.0).collect()
}

#[test]
fn several_changes_are_told_in_the_contracts_order_with_one_version() {
    let before = order(Status::Pending, Some(&tarik()));
    let all = WorkOrderPatch {
        priority: Some(Priority::Urgent),
        ..assign(Some(&jelena()))
    };
    let patched = done(
        &marko(),
        &before,
        WorkOrderPatch {
            status: Some(Status::InProgress),
            ..all
        },
    );
    assert!(matches!(
        patched.changes[..],
        [
            UpdateData::StatusChanged { .. },
            UpdateData::Assigned { .. },
            UpdateData::Updated { .. }
        ]
    ));
    assert_eq!(patched.order.version, Version(4));
    assert_eq!(patched.order.started_at, Some(Timestamp::from_millis(NOW)));

    let mut journal = Journal::after(Seq(10), Timestamp::from_millis(NOW));
    record(&mut journal, &before, &patched, &staff(), None);
    let entries: Vec<_> = journal
        .entries()
        .iter()
        .map(|entry| (entry.event.seq().0, entry.event.name()))
        .collect();
    assert_eq!(
        entries,
        [
            (11, "work_order_updated"),
            (12, "work_order_updated"),
            (13, "work_order_updated"),
            (14, "work_order_removed"),
            (15, "work_order_assignment_update"),
            (16, "work_order_assignment_update"),
        ]
    );
}

#[test]
fn no_entry_carries_the_passcode() {
    let before = order(Status::Pending, None);
    let passcode = WorkOrderPatch {
        device_passcode: Field::Set(Some(Passcode("1379".to_owned()))),
        ..assign(Some(&tarik()))
    };
    let patched = done(&ana(), &before, passcode);
    assert_eq!(
        patched.order.device_passcode,
        Some(Passcode("1379".to_owned()))
    );
    let mut journal = Journal::after(Seq(0), Timestamp::from_millis(NOW));
    record(&mut journal, &before, &patched, &staff(), None);
    for entry in journal.entries() {
        let json = serde_json::to_string(&entry.event).unwrap();
        assert!(!json.contains("1379") && !json.contains("2580"), "{json}");
    }
}

#[test]
fn those_who_lose_sight_are_told_and_nobody_else() {
    let removed = |before: &WorkOrder, patch| {
        let mut journal = Journal::after(Seq(0), Timestamp::from_millis(NOW));
        record(
            &mut journal,
            before,
            &done(&ana(), before, patch),
            &staff(),
            None,
        );
        let entry = journal
            .entries()
            .iter()
            .find(|entry| matches!(entry.event, DurableEvent::WorkOrderRemoved(_)));
        entry
            .map(|entry| entry.audience.rooms(Sight::All))
            .unwrap_or_default()
    };
    let room = |actor: Actor| Room::User(actor.id);
    assert_eq!(
        removed(&order(Status::Pending, None), assign(Some(&tarik()))),
        [room(jelena())]
    );
    assert_eq!(
        removed(
            &order(Status::Pending, Some(&tarik())),
            assign(Some(&jelena()))
        ),
        [room(tarik())]
    );
    assert_eq!(
        removed(&order(Status::Pending, Some(&tarik())), assign(None)),
        []
    );
    assert_eq!(
        removed(&order(Status::Pending, None), assign(Some(&ana()))),
        [room(tarik()), room(jelena())]
    );
    assert_eq!(
        removed(&order(Status::Pending, None), status(Status::PartsOrdered)),
        []
    );
}

#[test]
fn nothing_changed_is_nothing_done() {
    let before = order(Status::Pending, Some(&tarik()));
    let same = WorkOrderPatch {
        device: Some(before.device.clone()),
        ..assign(Some(&tarik()))
    };
    assert_eq!(
        apply(
            &marko(),
            &before,
            WorkOrderPatch {
                status: Some(Status::Pending),
                ..same
            }
        ),
        Ok(None)
    );
}

#[test]
fn a_field_that_is_not_ones_own_is_refused_even_when_it_would_change_nothing() {
    let before = order(Status::Pending, Some(&tarik()));
    let cost = WorkOrderPatch {
        cost_total: Field::Set(before.cost_total),
        ..WorkOrderPatch::default()
    };
    for person in [tarik(), dana()] {
        assert_eq!(
            apply(&person, &before, cost.clone()),
            Err(Refusal::ForbiddenFields(vec!["cost_total".into()]))
        );
    }
    assert_eq!(apply(&marko(), &before, cost), Ok(None));
}

#[test]
fn an_order_that_is_not_seen_does_not_exist_whatever_is_asked() {
    let before = order(Status::Pending, Some(&tarik()));
    let cost = WorkOrderPatch {
        cost_total: Field::Set(None),
        ..WorkOrderPatch::default()
    };
    assert_eq!(apply(&jelena(), &before, cost), Err(Refusal::NotFound));
}

#[test]
fn an_order_starts_once_and_is_completed_as_often_as_it_is() {
    let mut before = order(Status::Testing, Some(&tarik()));
    let earlier = Timestamp::from_millis(NOW - 500);
    (before.started_at, before.completed_at) = (Some(earlier), Some(earlier));
    assert_eq!(
        done(&tarik(), &before, status(Status::InProgress))
            .order
            .started_at,
        Some(earlier)
    );
    let completed = done(&tarik(), &before, status(Status::Completed))
        .order
        .completed_at;
    assert_eq!(completed, Some(Timestamp::from_millis(NOW)));
}

#[test]
fn a_reason_overrides_the_table_and_is_kept_only_then() {
    let before = order(Status::Intake, Some(&tarik()));
    let reasoned = |to| WorkOrderPatch {
        override_reason: Some("on the phone".to_owned()),
        ..status(to)
    };
    let reason = |patched: Patched| match &patched.changes[..] {
        [
            UpdateData::StatusChanged {
                override_reason, ..
            },
        ] => override_reason.clone(),
        _ => panic!("one change expected"),
    };
    assert_eq!(
        reason(done(&marko(), &before, reasoned(Status::Testing))).as_deref(),
        Some("on the phone")
    );
    assert_eq!(
        reason(done(&marko(), &before, reasoned(Status::Pending))),
        None
    );
    let refused = apply(&marko(), &before, status(Status::Testing));
    assert_eq!(
        refused,
        Err(Refusal::IllegalTransition {
            from: "intake",
            to: "testing"
        })
    );
}

#[test]
fn the_new_technician_is_interrupted_and_the_previous_one_told_without_the_device() {
    let before = order(Status::Pending, Some(&tarik()));
    let notices = told(&marko(), &before, assign(Some(&jelena())));
    assert_eq!(who(&notices), [3, 4]);
    let (previous, new) = (&notices[0], &notices[1]);
    assert_eq!(
        (new.reason, new.urgency),
        (Reason::Assigned, Urgency::Interrupt)
    );
    assert_eq!(
        (previous.reason, previous.urgency),
        (Reason::Assigned, Urgency::Normal)
    );
    let text = format!("{:?}", previous.text);
    assert!(
        !text.contains("iPhone") && text.contains("2026-0007"),
        "{text}"
    );
}

#[test]
fn one_who_did_it_is_never_told() {
    let before = order(Status::InProgress, Some(&tarik()));
    assert_eq!(
        who(&told(&tarik(), &before, status(Status::Testing))),
        [0_i64; 0]
    );
    assert_eq!(who(&told(&dana(), &before, status(Status::Completed))), [3]);
}

#[test]
fn the_desk_hears_when_the_customer_must() {
    for to in Status::ALL {
        let from = match to {
            Status::ReadyForPickup => Status::Completed,
            Status::AwaitingApproval => Status::Quoted,
            _ => Status::InProgress,
        };
        if !crate::is_legal_move(from, to) {
            continue;
        }
        let notices = told(&tarik(), &order(from, Some(&tarik())), status(to));
        let desk = matches!(
            to,
            Status::Completed | Status::ReadyForPickup | Status::AwaitingApproval
        );
        assert_eq!(who(&notices), if desk { vec![5] } else { vec![] }, "{to}");
    }
}

#[test]
fn managers_hear_of_overrides_and_of_what_has_become_urgent() {
    let before = order(Status::Intake, None);
    let forced = WorkOrderPatch {
        override_reason: Some("he waits".to_owned()),
        ..status(Status::Testing)
    };
    assert_eq!(who(&told(&marko(), &before, forced)), [6]);
    for (priority, expected) in [
        (Priority::Low, vec![]),
        (Priority::High, vec![2, 6]),
        (Priority::Urgent, vec![2, 6]),
    ] {
        let raised = WorkOrderPatch {
            priority: Some(priority),
            ..WorkOrderPatch::default()
        };
        assert_eq!(who(&told(&dana(), &before, raised)), expected, "{priority}");
    }
}

#[test]
fn a_technician_who_does_not_see_the_order_is_not_told() {
    let before = order(Status::Pending, Some(&tarik()));
    let raised = WorkOrderPatch {
        priority: Some(Priority::Urgent),
        ..status(Status::InProgress)
    };
    let told: BTreeSet<_> = who(&told(&ana(), &before, raised)).into_iter().collect();
    assert!(told.contains(&3) && !told.contains(&4));
}

#[test]
fn a_new_cost_price_is_no_news_for_a_technician() {
    let before = order(Status::Pending, Some(&tarik()));
    let cost = WorkOrderPatch {
        cost_total: Field::Set(None),
        ..WorkOrderPatch::default()
    };
    assert_eq!(who(&told(&ana(), &before, cost)), [0_i64; 0]);
    let text = WorkOrderPatch {
        description: Some("And the camera".to_owned()),
        ..WorkOrderPatch::default()
    };
    let notices = told(&ana(), &before, text);
    assert_eq!(
        (who(&notices), notices[0].urgency),
        (vec![3], Urgency::Quiet)
    );
}
