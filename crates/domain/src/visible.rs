//! Who may see what: the one place that decides it. Every way out (REST, events, search) passes here.

use serde::Serialize;
use shopbell_protocol::{
    Customer, DurableEvent, Role, Ticket, TicketData, UpdateData, User, UserId, WorkOrder,
    WorkOrderOrRef,
};

use crate::Actor;

/// Something whose hidden fields were taken out for its reader. Only [`visible`] and [`revealed`] make one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Visible<E>(E);

impl<E> Visible<E> {
    /// What the reader may see.
    pub const fn get(&self) -> &E {
        &self.0
    }
}

/// The readers that a broadcast tells apart: it is encoded at most once for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// Admins and managers.
    Full,
    /// Front desk: no cost prices.
    FrontDesk,
    /// Technicians: no cost prices and no way to reach the customer.
    Technician,
}

impl View {
    /// Every view.
    pub const ALL: [Self; 3] = [Self::Full, Self::FrontDesk, Self::Technician];

    /// The view of a role.
    #[must_use]
    pub const fn of(role: Role) -> Self {
        match role {
            Role::Admin | Role::Manager => Self::Full,
            Role::FrontDesk => Self::FrontDesk,
            Role::Technician => Self::Technician,
        }
    }
}

/// Something with fields that not everyone may see.
pub trait Entity {
    /// Sets to `null` what a reader of this view may not see. What only some readers of a view may see goes too.
    fn hide(&mut self, view: View);
}

/// `entity` as readers of `view` may see it.
#[must_use]
pub fn visible<E: Entity>(mut entity: E, view: View) -> Visible<E> {
    entity.hide(view);
    Visible(entity)
}

/// A work order as `GET /api/work-orders/:id` shows it: the only place where the passcode is given.
#[must_use]
pub fn revealed(mut order: WorkOrder, reader: &Actor) -> Visible<WorkOrder> {
    let passcode = order
        .device_passcode
        .take()
        .filter(|_| may_see_passcode(reader, order.technician_id));
    let Visible(order) = visible(order, View::of(reader.role));
    Visible(WorkOrder {
        device_passcode: passcode,
        ..order
    })
}

/// Admins, managers and the assigned technician.
#[must_use]
pub fn may_see_passcode(reader: &Actor, technician: Option<UserId>) -> bool {
    match reader.role {
        Role::Admin | Role::Manager => true,
        Role::Technician => technician == Some(reader.id),
        Role::FrontDesk => false,
    }
}

impl Entity for WorkOrder {
    fn hide(&mut self, view: View) {
        self.device_passcode = None;
        if view != View::Full {
            self.cost_total = None;
        }
        if view == View::Technician {
            self.customer_phone = None;
            self.customer_email = None;
        }
    }
}

impl Entity for WorkOrderOrRef {
    fn hide(&mut self, view: View) {
        match self {
            Self::WorkOrder(order) => order.hide(view),
            Self::Ref(_) => {}
        }
    }
}

impl Entity for Ticket {
    fn hide(&mut self, view: View) {
        if view == View::Technician {
            self.customer_phone = None;
        }
    }
}

impl Entity for Customer {
    fn hide(&mut self, view: View) {
        if view == View::Technician {
            (self.phone, self.email, self.address) = (None, None, None);
        }
    }
}

/// Whether readers of `view` see this field of an order, a ticket or a customer.
#[must_use]
pub fn is_shown(field: &str, view: View) -> bool {
    match field {
        "cost_total" | "device_passcode" => view == View::Full,
        "customer_phone" | "customer_email" => view != View::Technician,
        _ => true,
    }
}

impl Entity for UpdateData {
    /// That a hidden field changed is hidden too.
    fn hide(&mut self, view: View) {
        if let Self::Updated { updated_fields, .. } = self {
            updated_fields.retain(|field, _| is_shown(field, view));
        }
    }
}

impl Entity for TicketData {
    fn hide(&mut self, view: View) {
        if let Self::Updated { updated_fields, .. } = self {
            updated_fields.retain(|field, _| is_shown(field, view));
        }
    }
}

impl Entity for DurableEvent {
    fn hide(&mut self, view: View) {
        match self {
            Self::WorkOrderUpdated(event) => {
                event.work_order.hide(view);
                if let Some(data) = &mut event.data {
                    data.hide(view);
                }
            }
            Self::WorkOrderAssignmentUpdate(event) => event.work_order.hide(view),
            Self::RepairTicketUpdated(event) => {
                event.ticket.hide(view);
                if let Some(data) = &mut event.data {
                    data.hide(view);
                }
            }
            // Nothing in these but ids and the reader's own rows.
            Self::WorkOrderRemoved(_)
            | Self::RepairTicketRemoved(_)
            | Self::NotificationReceived(_)
            | Self::NotificationCountUpdated(_)
            | Self::NotificationDeleted(_)
            | Self::NotificationRead(_) => {}
        }
    }
}

/// A member of staff as `reader` may see them: admins see all of it, everyone else who they are and what they do.
#[must_use]
pub fn visible_user(user: User, reader: Role) -> Visible<User> {
    if reader == Role::Admin {
        return Visible(user);
    }
    Visible(User {
        email: None,
        last_seen: None,
        created_at: None,
        updated_at: None,
        version: None,
        ..user
    })
}

#[cfg(test)]
mod tests {
    use shopbell_protocol::{
        Action, CustomerId, Money, Passcode, Priority, Seq, ShopId, Status, Timestamp, Version,
        WorkOrderId, WorkOrderUpdated,
    };

    use super::*;

    fn order() -> WorkOrder {
        let then = Timestamp::from_millis(0);
        WorkOrder {
            id: WorkOrderId(7),
            number: "2026-0007".to_owned(),
            ticket_id: None,
            customer_id: CustomerId(1),
            customer_name: "Iva Marić".to_owned(),
            customer_phone: Some("+385".to_owned()),
            customer_email: Some("iva@".to_owned()),
            device: "iPhone 13".to_owned(),
            device_passcode: Some(Passcode("2580".to_owned())),
            description: String::new(),
            status: Status::Pending,
            priority: Priority::Low,
            technician_id: Some(UserId(3)),
            technician_name: None,
            estimate_total: Money::from_cents(1),
            cost_total: Money::from_cents(2),
            due_at: None,
            started_at: None,
            completed_at: None,
            created_at: then,
            updated_at: then,
            version: Version(1),
        }
    }

    fn shown(order: &WorkOrder) -> [bool; 4] {
        [
            order.customer_phone.is_some(),
            order.customer_email.is_some(),
            order.cost_total.is_some(),
            order.device_passcode.is_some(),
        ]
    }

    #[test]
    fn each_view_hides_what_the_contract_says_in_rows_and_in_events() {
        for (view, expected) in [
            (View::Full, [true, true, true, false]),
            (View::FrontDesk, [true, true, false, false]),
            (View::Technician, [false, false, false, false]),
        ] {
            assert_eq!(shown(visible(order(), view).get()), expected, "{view:?}");
            let updated_fields = ["cost_total", "device_passcode", "priority"]
                .map(|field| (field.to_owned(), true))
                .into();
            let event = DurableEvent::from(WorkOrderUpdated {
                work_order_id: WorkOrderId(7),
                action: Action::Updated,
                work_order: Box::new(order()),
                data: Some(UpdateData::Updated {
                    updated_fields,
                    updated_by: UserId(1),
                }),
                timestamp: Timestamp::from_millis(0),
                seq: Seq(1),
            });
            let event = visible(event, view);
            let DurableEvent::WorkOrderUpdated(event) = event.get() else {
                panic!("the same event")
            };
            assert_eq!(shown(&event.work_order), expected, "{view:?}");
            let Some(UpdateData::Updated { updated_fields, .. }) = &event.data else {
                panic!("the same data")
            };
            assert_eq!(updated_fields.len(), if view == View::Full { 3 } else { 1 });
        }
    }

    #[test]
    fn the_passcode_is_for_leads_and_the_assigned_technician() {
        let reader = |id, role| Actor {
            shop: ShopId(1),
            id: UserId(id),
            role,
            name: String::new(),
        };
        for (id, role, may) in [
            (1, Role::Admin, true),
            (2, Role::Manager, true),
            (3, Role::Technician, true),
            (4, Role::Technician, false),
            (3, Role::FrontDesk, false),
        ] {
            let order = revealed(order(), &reader(id, role));
            assert_eq!(order.get().device_passcode.is_some(), may, "{role} {id}");
        }
    }
}
