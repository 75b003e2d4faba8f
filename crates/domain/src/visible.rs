//! Who may see what: the one place that decides it. Every way out (REST, events, search) passes here.

use serde::Serialize;
use shopbell_protocol::{DurableEvent, Role, UpdateData, User, UserId, WorkOrder, WorkOrderOrRef};

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

/// Whether a work order assigned to `technician` exists for this reader: technicians see their own and the pool.
#[must_use]
pub fn may_see_work_order(reader: UserId, role: Role, technician: Option<UserId>) -> bool {
    role != Role::Technician || technician.is_none_or(|technician| technician == reader)
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

impl Entity for UpdateData {
    /// That a hidden field changed is hidden too.
    fn hide(&mut self, view: View) {
        if let Self::Updated { updated_fields, .. } = self
            && view != View::Full
        {
            updated_fields.retain(|field, _| field != "cost_total" && field != "device_passcode");
        }
    }
}

impl Entity for DurableEvent {
    fn hide(&mut self, view: View) {
        match self {
            Self::WorkOrderUpdated(event) => {
                event.work_order.hide(view);
                event.data.hide(view);
            }
            Self::WorkOrderAssignmentUpdate(event) => event.work_order.hide(view),
            // Nothing in these but ids and the reader's own rows.
            Self::WorkOrderRemoved(_)
            | Self::NotificationReceived(_)
            | Self::NotificationCountUpdated(_)
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
