//! The rules of tickets, told by the shop's people.

use shopbell_protocol::{
    Customer, CustomerId, Field, NewTicket, Priority, Role, Room, Seq, ShopId, Ticket,
    TicketConversion, TicketId, TicketPatch, TicketStatus, Timestamp, UserId, Version, WorkOrder,
    WorkOrderId,
};

use super::*;
use crate::{Actor, Journal, Refusal, Sight, Staff};

fn actor(id: i64, role: Role) -> Actor {
    Actor {
        shop: ShopId(1),
        id: UserId(id),
        role,
        name: format!("Person {id}"),
    }
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
    [actor(1, Role::Admin), marko(), tarik(), jelena(), dana()]
        .into_iter()
        .map(|actor| Staff {
            id: actor.id,
            name: actor.name,
            role: actor.role,
            is_active: true,
        })
        .collect()
}

fn now() -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000)
}

fn customer() -> Customer {
    Customer {
        id: CustomerId(1),
        name: "Iva Marić".to_owned(),
        phone: Some("+385".to_owned()),
        email: None,
        address: None,
        notes: None,
        created_at: now(),
        updated_at: now(),
        version: Version(1),
    }
}

fn ticket(submitter: &Actor) -> Ticket {
    let new = NewTicket {
        customer_id: CustomerId(1),
        device: "iPhone 13".to_owned(),
        problem_description: "Cracked screen".to_owned(),
        priority: None,
        notes: None,
    };
    let ticket = open(
        submitter,
        new,
        "2026-0007".to_owned(),
        Some(&customer()),
        now(),
    )
    .unwrap();
    Ticket {
        id: TicketId(7),
        ..ticket
    }
}

fn to_order(
    actor: &Actor,
    ticket: &Ticket,
    technician: Field<UserId>,
) -> Result<WorkOrder, Refusal> {
    let staff = staff();
    let named = match technician {
        Field::Set(Some(id)) => staff.iter().find(|who| who.id == id),
        _ => staff.iter().find(|who| who.id == actor.id),
    };
    let conversion = TicketConversion {
        technician_id: technician,
        ..TicketConversion::default()
    };
    let order = convert(
        actor,
        ticket,
        Sight::All,
        conversion,
        named,
        &customer(),
        now(),
    )?;
    Ok(WorkOrder {
        id: WorkOrderId(9),
        ..order
    })
}

fn cancel() -> TicketPatch {
    TicketPatch {
        status: Some(TicketStatus::Cancelled),
        ..TicketPatch::default()
    }
}

fn change(
    actor: &Actor,
    before: &Ticket,
    sight: Sight,
    change: TicketPatch,
) -> Result<Option<Patched>, Refusal> {
    patch(actor, before, sight, change, None, None, now())
}

fn told(entries: &Journal) -> Vec<(&'static str, Vec<Room>)> {
    entries
        .entries()
        .iter()
        .map(|entry| (entry.event.name(), entry.audience.rooms(Sight::All)))
        .collect()
}

#[test]
fn every_status_a_ticket_could_be_patched_to_is_refused_but_cancelling_one_in_intake() {
    let intake = ticket(&dana());
    for from in TicketStatus::ALL {
        for to in TicketStatus::ALL {
            let before = Ticket {
                status: from,
                ..intake.clone()
            };
            let asked = TicketPatch {
                status: Some(to),
                ..TicketPatch::default()
            };
            let decided = change(&dana(), &before, Sight::All, asked);
            match (from, to) {
                (TicketStatus::Intake, TicketStatus::Cancelled) => {
                    assert!(decided.unwrap().unwrap().cancelled)
                }
                (from, to) if from == to => assert_eq!(decided, Ok(None)),
                (from, to) => {
                    let refused = Refusal::IllegalTransition {
                        from: from.as_str(),
                        to: to.as_str(),
                    };
                    assert_eq!(decided, Err(refused));
                }
            }
        }
    }
}

#[test]
fn technicians_write_in_intake_alone_and_never_cancel() {
    let text = TicketPatch {
        device: Some("iPhone 14".to_owned()),
        ..TicketPatch::default()
    };
    let intake = ticket(&dana());
    assert!(
        change(&tarik(), &intake, Sight::All, text.clone())
            .unwrap()
            .is_some()
    );
    assert_eq!(
        change(&tarik(), &intake, Sight::All, cancel()),
        Err(Refusal::ForbiddenFields(vec!["status".into()]))
    );
    let converted = Ticket {
        status: TicketStatus::Converted,
        ..intake
    };
    let his = Sight::Only(tarik().id);
    assert_eq!(
        change(&tarik(), &converted, his, text.clone()),
        Err(Refusal::Forbidden)
    );
    assert_eq!(
        change(&jelena(), &converted, his, text.clone()),
        Err(Refusal::NotFound)
    );
    assert!(change(&dana(), &converted, his, text).unwrap().is_some());
}

#[test]
fn a_cancelled_ticket_goes_from_the_technicians_sight() {
    let patched = change(&dana(), &ticket(&tarik()), Sight::All, cancel())
        .unwrap()
        .unwrap();
    let mut journal = Journal::after(Seq(0), now());
    record_patched(&mut journal, &patched, Sight::All, &staff());
    let [(cancelled, to), (removed, from)] = &told(&journal)[..] else {
        panic!("two entries")
    };
    assert_eq!(
        (*cancelled, *removed),
        ("repair_ticket_updated", "repair_ticket_removed")
    );
    assert!(!to.contains(&Room::Role(Role::Technician)));
    assert_eq!(from[..], [Room::User(tarik().id), Room::User(jelena().id)]);
}

#[test]
fn a_technician_converts_to_themselves_and_the_desk_to_anyone_or_nobody() {
    let intake = ticket(&dana());
    assert_eq!(
        to_order(&tarik(), &intake, Field::Keep)
            .unwrap()
            .technician_id,
        Some(tarik().id)
    );
    for other in [None, Some(jelena().id)] {
        let refused = Err(Refusal::ForbiddenFields(vec!["technician_id".into()]));
        assert_eq!(to_order(&tarik(), &intake, Field::Set(other)), refused);
        assert_eq!(
            to_order(&dana(), &intake, Field::Set(other))
                .unwrap()
                .technician_id,
            other
        );
    }
    let order = to_order(&dana(), &intake, Field::Keep).unwrap();
    assert_eq!(
        (order.technician_id, order.number, order.ticket_id),
        (None, intake.number.clone(), Some(intake.id))
    );
    assert_eq!(
        (order.description, order.priority),
        (intake.problem_description.clone(), Priority::Medium)
    );
    let again = Ticket {
        status: TicketStatus::Converted,
        ..intake
    };
    assert!(matches!(
        to_order(&dana(), &again, Field::Keep),
        Err(Refusal::Conflict(_))
    ));
}

#[test]
fn those_who_do_not_see_the_order_lose_the_ticket() {
    let intake = ticket(&dana());
    let order = to_order(&tarik(), &intake, Field::Keep).unwrap();
    let mut journal = Journal::after(Seq(0), now());
    record_converted(
        &mut journal,
        &converted(&intake, order.id, now()),
        &order,
        &staff(),
    );
    let told = told(&journal);
    assert!(
        told[0].1.contains(&Room::User(tarik().id))
            && !told[0].1.contains(&Room::Role(Role::Technician))
    );
    assert_eq!(
        told[1],
        ("repair_ticket_removed", vec![Room::User(jelena().id)])
    );
}

#[test]
fn a_ticket_follows_its_order_to_another_bench() {
    let converted = Ticket {
        status: TicketStatus::Converted,
        ..ticket(&dana())
    };
    let (his, hers) = (Sight::Only(tarik().id), Sight::Only(jelena().id));
    let mut journal = Journal::after(Seq(0), now());
    record_sight(
        &mut journal,
        &converted,
        WorkOrderId(9),
        &staff(),
        his,
        hers,
    );
    assert_eq!(
        told(&journal),
        [
            ("repair_ticket_updated", vec![Room::User(jelena().id)]),
            ("repair_ticket_removed", vec![Room::User(tarik().id)]),
        ]
    );
}

#[test]
fn desk_and_managers_hear_of_a_new_ticket_and_its_submitter_of_what_becomes_of_it() {
    let who = |notices: Vec<Notice>| {
        notices
            .iter()
            .map(|notice| notice.user_id.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        who(opened_notices(&dana(), &ticket(&dana()), &staff())),
        [2]
    );
    assert_eq!(
        who(opened_notices(&tarik(), &ticket(&tarik()), &staff())),
        [2, 5]
    );

    let his = ticket(&tarik());
    let cancelled = change(&dana(), &his, Sight::All, cancel())
        .unwrap()
        .unwrap();
    assert_eq!(
        who(patched_notices(&dana(), &cancelled, Sight::All, &staff())),
        [3]
    );
    let hers = to_order(&dana(), &his, Field::Set(Some(jelena().id))).unwrap();
    assert_eq!(
        who(converted_notices(&dana(), &his, &hers, &staff())),
        [0_i64; 0],
        "he does not see the order"
    );
    let pool = to_order(&dana(), &his, Field::Keep).unwrap();
    assert_eq!(who(converted_notices(&dana(), &his, &pool, &staff())), [3]);
    assert_eq!(
        who(converted_notices(&tarik(), &his, &pool, &staff())),
        [0_i64; 0],
        "he did it himself"
    );
}
