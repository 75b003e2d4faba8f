//! Random things that people try to do. Few rows are meant, so that people meet.

use std::fmt::Debug;

use proptest::{collection::SizeRange, option::weighted, prelude::*, sample::select};
use shopbell_domain::{Actor, Refusal};
use shopbell_protocol::{
    CustomerId, CustomerPatch, Field, Money, NewCustomer, NewNote, NewTicket, NewWorkOrder,
    NotificationId, Passcode, Priority, Role, Status, TicketConversion, TicketId, TicketPatch,
    TicketStatus, UserId, UserPatch, Version, WorkOrderId, WorkOrderPatch,
};
use shopbell_store::CommandError;

use crate::{
    people::staff,
    shop::{Shop, later},
};

#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Patch(WorkOrderId, Box<WorkOrderPatch>, Option<Version>),
    PatchMany(Vec<WorkOrderId>, Box<WorkOrderPatch>),
    Open(NewWorkOrder),
    Note(WorkOrderId, NewNote),
    TakeIn(NewTicket),
    PatchTicket(TicketId, TicketPatch),
    Convert(TicketId, TicketConversion),
    AddCustomer(NewCustomer),
    PatchCustomer(CustomerId, CustomerPatch),
    Rename(UserId, &'static str),
    Mark(usize, bool),
    Delete(usize),
    ReadAll,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    Refused(Refusal),
}

fn field<T: Clone + Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Field<T>> {
    prop_oneof![
        6 => Just(Field::Keep),
        1 => Just(Field::Set(None)),
        2 => value.prop_map(|value| Field::Set(Some(value))),
    ]
}

/// Staff of both shops, and nobody.
fn person() -> impl Strategy<Value = UserId> {
    (1..=8_i64).prop_map(UserId)
}

/// Customers of both shops, and nobody; most often the one whose orders and tickets are meant.
fn customer() -> impl Strategy<Value = CustomerId> {
    prop_oneof![4 => Just(16), 1 => select(vec![2, 3, 9, 15]), 1 => 30..=36_i64]
        .prop_map(CustomerId)
}

/// The ones of before, and those that are opened meanwhile.
fn order() -> impl Strategy<Value = WorkOrderId> {
    prop_oneof![5 => 25..=31_i64, 1 => 37..=52_i64].prop_map(WorkOrderId)
}

fn ticket() -> impl Strategy<Value = TicketId> {
    prop_oneof![1 => 1..=8_i64, 4 => 15..=30_i64].prop_map(TicketId)
}

fn word() -> impl Strategy<Value = String> {
    "[a-z]{1,3}"
}

fn money() -> impl Strategy<Value = Money> {
    (0..100_000_i64).prop_map(|cents| Money::from_cents(cents).unwrap())
}

fn priority() -> impl Strategy<Value = Priority> {
    select(Priority::ALL.to_vec())
}

fn order_patch() -> impl Strategy<Value = WorkOrderPatch> {
    let status = weighted(0.5, select(Status::ALL.to_vec()));
    let reason = weighted(0.3, Just("because".to_owned()));
    let passcode = field("[0-9]{4}".prop_map(Passcode));
    (
        (status, reason, field(person()), weighted(0.1, customer())),
        (weighted(0.3, word()), weighted(0.2, priority())),
        (field(money()), field(money()), passcode),
    )
        .prop_map(
            |(
                (status, reason, technician, customer),
                (description, priority),
                (estimate, cost, code),
            )| {
                WorkOrderPatch {
                    status,
                    override_reason: reason,
                    technician_id: technician,
                    customer_id: customer,
                    description,
                    priority,
                    estimate_total: estimate,
                    cost_total: cost,
                    device_passcode: code,
                    ..WorkOrderPatch::default()
                }
            },
        )
}

fn new_order() -> impl Strategy<Value = NewWorkOrder> {
    (customer(), weighted(0.5, person()), word()).prop_map(
        |(customer_id, technician_id, device)| NewWorkOrder {
            customer_id,
            device,
            description: "does not work".to_owned(),
            priority: None,
            technician_id,
            estimate_total: None,
            due_at: None,
            device_passcode: Some(Passcode("2468".to_owned())),
        },
    )
}

fn note() -> impl Strategy<Value = NewNote> {
    let names = staff().map(|who| who.name);
    (
        select(names.to_vec()),
        any::<bool>(),
        weighted(0.5, any::<bool>()),
    )
        .prop_map(|(name, mentions, customer_visible)| NewNote {
            content: format!("{}{name}, please look", if mentions { "@" } else { "" }),
            customer_visible,
        })
}

fn new_ticket() -> impl Strategy<Value = NewTicket> {
    (customer(), word(), weighted(0.3, priority())).prop_map(|(customer_id, device, priority)| {
        NewTicket {
            customer_id,
            device,
            problem_description: "makes a noise".to_owned(),
            priority,
            notes: None,
        }
    })
}

fn ticket_patch() -> impl Strategy<Value = TicketPatch> {
    let statuses = [
        TicketStatus::Cancelled,
        TicketStatus::Converted,
        TicketStatus::Intake,
    ];
    (
        weighted(0.2, select(statuses.to_vec())),
        weighted(0.2, customer()),
        weighted(0.5, word()),
        field(word()),
    )
        .prop_map(|(status, customer_id, device, notes)| TicketPatch {
            status,
            customer_id,
            device,
            notes,
            ..TicketPatch::default()
        })
}

fn conversion() -> impl Strategy<Value = TicketConversion> {
    (weighted(0.3, word()), field(person())).prop_map(|(description, technician_id)| {
        TicketConversion {
            description,
            priority: None,
            technician_id,
        }
    })
}

fn customer_patch() -> impl Strategy<Value = CustomerPatch> {
    (
        weighted(0.5, word()),
        field(word()),
        field(word()),
        field(word()),
    )
        .prop_map(|(name, phone, email, address)| CustomerPatch {
            name,
            phone,
            email,
            address,
            notes: Field::Keep,
        })
}

fn orders(count: impl Into<SizeRange>) -> impl Strategy<Value = Vec<WorkOrderId>> {
    prop::collection::vec(order(), count)
}

pub(crate) fn deed() -> impl Strategy<Value = Deed> {
    let version = weighted(0.1, (1..9_i64).prop_map(Version));
    let names = ["Tarik Šehić", "Tarik Šehić Babić", "T. Šehić"];
    let patch = (order(), order_patch(), version);
    prop_oneof![
        12 => patch.prop_map(|(id, patch, version)| Deed::Patch(id, Box::new(patch), version)),
        2 => (orders(0..6), order_patch()).prop_map(|(ids, patch)| Deed::PatchMany(ids, Box::new(patch))),
        2 => new_order().prop_map(Deed::Open),
        3 => (order(), note()).prop_map(|(id, note)| Deed::Note(id, note)),
        3 => new_ticket().prop_map(Deed::TakeIn),
        4 => (ticket(), ticket_patch()).prop_map(|(id, patch)| Deed::PatchTicket(id, patch)),
        4 => (ticket(), conversion()).prop_map(|(id, conversion)| Deed::Convert(id, conversion)),
        1 => word().prop_map(|name| Deed::AddCustomer(NewCustomer { name, ..NewCustomer::default() })),
        2 => (customer(), customer_patch()).prop_map(|(id, patch)| Deed::PatchCustomer(id, patch)),
        1 => (select(vec![3, 4]), select(names.to_vec())).prop_map(|(id, name)| Deed::Rename(UserId(id), name)),
        2 => (0..10_usize, any::<bool>()).prop_map(|(row, is_read)| Deed::Mark(row, is_read)),
        1 => (0..10_usize).prop_map(Deed::Delete),
        1 => Just(Deed::ReadAll),
    ]
}

/// People and what they try, one after the other.
pub(crate) fn deeds(count: impl Into<SizeRange>) -> impl Strategy<Value = Vec<(Actor, Deed)>> {
    prop::collection::vec((select(staff().to_vec()), deed()), count)
}

fn outcome<T, U>(result: Result<T, CommandError<U>>) -> Outcome {
    match result {
        Ok(_) => Outcome::Done,
        Err(CommandError::Refused { refusal, .. }) => Outcome::Refused(refusal),
        Err(CommandError::KeyReused) => panic!("there was no key"),
        Err(CommandError::Store(error)) => panic!("{error:?}"),
    }
}

/// Tries it.
pub(crate) async fn act(shop: &Shop, who: &Actor, deed: Deed, at: i64) -> Outcome {
    let (store, now) = (&shop.store, later(at));
    // As they are called now.
    let name = store
        .user(who.shop, who.id)
        .await
        .unwrap()
        .unwrap()
        .value
        .name;
    let who = &Actor {
        name,
        ..who.clone()
    };
    match deed {
        Deed::Patch(id, patch, version) => {
            outcome(store.patch_work_order(who, id, *patch, version, now).await)
        }
        Deed::PatchMany(ids, patch) => {
            outcome(store.patch_work_orders(who, ids, *patch, now).await)
        }
        Deed::Open(new) => outcome(store.add_work_order(who, new, now).await),
        Deed::Note(id, new) => outcome(store.add_note(who, id, new, now).await),
        Deed::TakeIn(new) => outcome(store.add_ticket(who, new, now).await),
        Deed::PatchTicket(id, patch) => {
            outcome(store.patch_ticket(who, id, patch, None, now).await)
        }
        Deed::Convert(id, conversion) => {
            outcome(store.convert_ticket(who, id, conversion, now).await)
        }
        Deed::AddCustomer(new) => outcome(store.add_customer(who, new, now).await),
        Deed::PatchCustomer(id, patch) => {
            outcome(store.patch_customer(who, id, patch, None, now).await)
        }
        Deed::Rename(id, name) => {
            let patch = UserPatch {
                name: Some(name.to_owned()),
                ..UserPatch::default()
            };
            let renamed = outcome(store.patch_user(who, id, patch, None, None, now).await);
            assert_eq!(renamed == Outcome::Done, who.role == Role::Admin);
            renamed
        }
        Deed::Mark(row, is_read) => {
            if let Some(row) = shop.inbox(who).await.get(row) {
                let marked = store.mark_notification(who, row.id, is_read, now).await;
                assert_eq!(marked.unwrap().value.is_read, is_read);
            }
            Outcome::Done
        }
        Deed::Delete(row) => {
            if let Some(row) = shop.inbox(who).await.get(row) {
                let deleted = store.delete_notification(who, row.id, now).await;
                deleted.unwrap().unwrap();
            }
            Outcome::Done
        }
        Deed::ReadAll => {
            let all = NotificationId(i64::MAX);
            store.mark_all_read(who, all, now).await.unwrap();
            assert_eq!(store.notification_count(who).await.unwrap().value, 0);
            Outcome::Done
        }
    }
}
