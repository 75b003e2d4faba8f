//! One of each kind of command.

use std::fmt::Debug;

use serde::Serialize;
use shopbell_protocol::{
    CustomerId, CustomerPatch, NewCustomer, NewNote, NewTicket, NewWorkOrder, NotificationId, Role,
    TicketConversion, TicketId, TicketPatch, UserPatch, WorkOrderId,
};
use shopbell_store::{Committed, Store};

use crate::{
    people::{ana, dana, marko, tarik},
    shop::{describes, later},
};

/// How many kinds there are.
pub(crate) const KINDS: usize = 12;

pub(crate) const ORDER: WorkOrderId = WorkOrderId(37);

/// An answer, and whether it was given before.
pub(crate) fn text<T: Serialize, E: Debug>(result: Result<Committed<T>, E>) -> (String, bool) {
    let committed = result.unwrap();
    let value = serde_json::to_string(&committed.value).unwrap();
    let (seq, epoch) = (committed.seq, committed.epoch);
    (format!("{value} {seq} {epoch}"), committed.replayed)
}

/// Each kind of command, with something to do; gives what it answered and whether it was done before.
pub(crate) async fn command(store: &Store, kind: usize, ticket: TicketId) -> (String, bool) {
    let (at, customer_id) = (later(1), CustomerId(1));
    match kind {
        0 => {
            let new = NewCustomer {
                name: "Ivo Ban".to_owned(),
                ..NewCustomer::default()
            };
            text(store.add_customer(&dana(), new, at).await)
        }
        1 => {
            let patch = CustomerPatch {
                name: Some("Ivana Babić-Ban".to_owned()),
                ..CustomerPatch::default()
            };
            let patched = store
                .patch_customer(&dana(), customer_id, patch, None, at)
                .await;
            text(patched)
        }
        2 => {
            let role = Role::Technician;
            let added = store
                .add_user(&ana(), "Ivo Ban", "ivo@shopbell.test", role, "$hash", at)
                .await;
            text(added)
        }
        3 => {
            let patch = UserPatch {
                name: Some("Tarik Begić-Ban".to_owned()),
                ..UserPatch::default()
            };
            text(
                store
                    .patch_user(&ana(), tarik().id, patch, None, None, at)
                    .await,
            )
        }
        4 => {
            let new = NewWorkOrder {
                customer_id,
                device: "Fairphone 5".to_owned(),
                description: "Display".to_owned(),
                priority: None,
                technician_id: None,
                estimate_total: None,
                due_at: None,
                device_passcode: None,
            };
            text(store.add_work_order(&dana(), new, at).await)
        }
        5 => {
            let patched = store
                .patch_work_order(&dana(), ORDER, describes("once"), None, at)
                .await;
            text(patched)
        }
        6 => {
            let ids = vec![ORDER, WorkOrderId(38)];
            text(
                store
                    .patch_work_orders(&marko(), ids, describes("both"), at)
                    .await,
            )
        }
        7 => {
            let new = NewNote {
                content: "Called them".to_owned(),
                customer_visible: None,
            };
            text(store.add_note(&dana(), ORDER, new, at).await)
        }
        8 => {
            let new = NewTicket {
                customer_id,
                device: "Fairphone 5".to_owned(),
                problem_description: "Display".to_owned(),
                priority: None,
                notes: None,
            };
            text(store.add_ticket(&dana(), new, at).await)
        }
        9 => {
            let patch = TicketPatch {
                device: Some("Fairphone 6".to_owned()),
                ..TicketPatch::default()
            };
            text(store.patch_ticket(&dana(), ticket, patch, None, at).await)
        }
        10 => {
            let conversion = TicketConversion::default();
            text(store.convert_ticket(&tarik(), ticket, conversion, at).await)
        }
        11 => {
            let newest = NotificationId(i64::MAX);
            text(store.mark_all_read(&marko(), newest, at).await)
        }
        _ => panic!("no such kind"),
    }
}
