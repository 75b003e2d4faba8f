//! Who an event is for: a small rule stored with its row, narrowed by the rights of now when it is sent.

use serde::{Deserialize, Serialize};
use shopbell_protocol::{Role, Room, UserId, WorkOrderId};

/// Everyone of these roles and each of these people. When an order is named, technicians among them must also be able to
/// see it at the moment of sending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    roles: Vec<Role>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    users: Vec<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    work_order: Option<WorkOrderId>,
}

impl Audience {
    /// Exactly these people, whatever they may see.
    #[must_use]
    pub fn people(users: impl IntoIterator<Item = UserId>) -> Self {
        Self {
            roles: Vec::new(),
            users: users.into_iter().collect(),
            work_order: None,
        }
    }

    /// Everyone who may see an order that is `technician`'s, or in the pool.
    #[must_use]
    pub fn viewers(order: WorkOrderId, technician: Option<UserId>) -> Self {
        let mut roles = vec![Role::Admin, Role::Manager, Role::FrontDesk];
        if technician.is_none() {
            roles.push(Role::Technician);
        }
        Self {
            roles,
            users: technician.into_iter().collect(),
            work_order: Some(order),
        }
    }

    /// One person, as long as they may see the order.
    #[must_use]
    pub fn viewer(order: WorkOrderId, user: UserId) -> Self {
        Self {
            roles: Vec::new(),
            users: vec![user],
            work_order: Some(order),
        }
    }

    /// The people named one by one.
    #[must_use]
    pub fn users(&self) -> &[UserId] {
        &self.users
    }

    /// The order whose current technician [`Audience::rooms`] must be told.
    #[must_use]
    pub const fn work_order(&self) -> Option<WorkOrderId> {
        self.work_order
    }

    /// The rooms to send to, given whose the order is *now* (ignored when no order is named). A person who is assigned
    /// an order sees it whatever their role, so only the technicians' share is narrowed.
    #[must_use]
    pub fn rooms(&self, technician_now: Option<UserId>) -> Vec<Room> {
        let still = |user: &UserId| technician_now.is_none_or(|now| now == *user);
        let mut rooms = Vec::with_capacity(self.roles.len() + self.users.len());
        for role in &self.roles {
            match (role, self.work_order, technician_now) {
                (Role::Technician, Some(_), Some(now)) => rooms.push(Room::User(now)),
                _ => rooms.push(Room::Role(*role)),
            }
        }
        let users = self
            .users
            .iter()
            .filter(|user| self.work_order.is_none() || still(user));
        rooms.extend(users.map(|user| Room::User(*user)));
        rooms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: WorkOrderId = WorkOrderId(17);
    const TARIK: UserId = UserId(3);
    const JELENA: UserId = UserId(4);

    fn technicians(audience: &Audience, now: Option<UserId>) -> Vec<Room> {
        let staff = [Role::Admin, Role::Manager, Role::FrontDesk].map(Room::Role);
        audience
            .rooms(now)
            .into_iter()
            .filter(|room| !staff.contains(room))
            .collect()
    }

    #[test]
    fn an_assigned_order_goes_to_its_technician_while_it_is_theirs() {
        let audience = Audience::viewers(ORDER, Some(TARIK));
        assert_eq!(technicians(&audience, Some(TARIK)), [Room::User(TARIK)]);
        assert_eq!(technicians(&audience, None), [Room::User(TARIK)]);
        assert_eq!(technicians(&audience, Some(JELENA)), []);
        assert_eq!(audience.rooms(Some(JELENA)).len(), 3);
    }

    #[test]
    fn a_pool_order_that_was_taken_since_goes_to_who_took_it_alone() {
        let audience = Audience::viewers(ORDER, None);
        assert_eq!(technicians(&audience, None), [Room::Role(Role::Technician)]);
        assert_eq!(technicians(&audience, Some(JELENA)), [Room::User(JELENA)]);
    }

    #[test]
    fn what_is_addressed_to_people_reaches_them_whatever_they_see() {
        assert_eq!(
            Audience::people([TARIK]).rooms(Some(JELENA)),
            [Room::User(TARIK)]
        );
    }

    #[test]
    fn the_stored_rule_reads_back() {
        let audience = Audience::viewers(ORDER, Some(TARIK));
        let stored = serde_json::to_string(&audience).unwrap();
        assert_eq!(
            stored,
            r#"{"roles":["admin","manager","front_desk"],"users":[3],"work_order":17}"#
        );
        assert_eq!(serde_json::from_str::<Audience>(&stored).unwrap(), audience);
    }
}
