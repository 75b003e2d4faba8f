//! Who an event is for: a small rule stored with its row, narrowed by the rights of now when it is sent.

use serde::{Deserialize, Serialize};
use shopbell_protocol::{Role, Room, TicketId, UserId, WorkOrderId};

use crate::{Actor, Sight};

/// Everyone of these roles and each of these people. When an order or a ticket is named, technicians among them must also be
/// able to see it at the moment of sending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    roles: Vec<Role>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    users: Vec<UserId>,
    #[serde(default, flatten)]
    object: Option<Object>,
}

/// What must be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants are what they are called")]
pub enum Object {
    WorkOrder(WorkOrderId),
    Ticket(TicketId),
}

impl Audience {
    /// Exactly these people, whatever they may see.
    #[must_use]
    pub fn people(users: impl IntoIterator<Item = UserId>) -> Self {
        Self {
            roles: Vec::new(),
            users: users.into_iter().collect(),
            object: None,
        }
    }

    /// Everyone who may see an object of this sight.
    #[must_use]
    pub fn viewers(object: Object, sight: Sight) -> Self {
        let mut roles = vec![Role::Admin, Role::Manager, Role::FrontDesk];
        let mut users = Vec::new();
        match sight {
            Sight::All => roles.push(Role::Technician),
            Sight::Only(technician) => users.push(technician),
            Sight::Nobody => {}
        }
        Self {
            roles,
            users,
            object: Some(object),
        }
    }

    /// These people, as long as they may see the object.
    #[must_use]
    pub fn some_viewers(object: Object, users: impl IntoIterator<Item = UserId>) -> Self {
        Self {
            roles: Vec::new(),
            users: users.into_iter().collect(),
            object: Some(object),
        }
    }

    /// The people named one by one.
    #[must_use]
    pub fn users(&self) -> &[UserId] {
        &self.users
    }

    /// The object whose sight of now [`Audience::rooms`] must be told.
    #[must_use]
    pub const fn object(&self) -> Option<Object> {
        self.object
    }

    /// Whether one of the [`Audience::rooms`] is `actor`'s own.
    #[must_use]
    pub fn includes(&self, actor: &Actor, now: Sight) -> bool {
        let own = [Room::User(actor.id), Room::Role(actor.role)];
        self.rooms(now).iter().any(|room| own.contains(room))
    }

    /// The rooms to send to, given who sees the object *now*; ignored when none is named. Only the technicians' share is
    /// narrowed.
    #[must_use]
    pub fn rooms(&self, now: Sight) -> Vec<Room> {
        let now = if self.object.is_some() {
            now
        } else {
            Sight::All
        };
        let mut rooms = Vec::with_capacity(self.roles.len() + self.users.len());
        for role in &self.roles {
            match (role, now) {
                (Role::Technician, Sight::Only(technician)) => rooms.push(Room::User(technician)),
                (Role::Technician, Sight::Nobody) => {}
                _ => rooms.push(Room::Role(*role)),
            }
        }
        rooms.extend(
            self.users
                .iter()
                .filter(|user| now.includes(**user))
                .map(|user| Room::User(*user)),
        );
        rooms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: Object = Object::WorkOrder(WorkOrderId(17));
    const TARIK: UserId = UserId(3);
    const JELENA: UserId = UserId(4);

    fn technicians(audience: &Audience, now: Sight) -> Vec<Room> {
        let staff = [Role::Admin, Role::Manager, Role::FrontDesk].map(Room::Role);
        audience
            .rooms(now)
            .into_iter()
            .filter(|room| !staff.contains(room))
            .collect()
    }

    #[test]
    fn an_assigned_order_goes_to_its_technician_while_it_is_theirs() {
        let audience = Audience::viewers(ORDER, Sight::Only(TARIK));
        assert_eq!(
            technicians(&audience, Sight::Only(TARIK)),
            [Room::User(TARIK)]
        );
        assert_eq!(technicians(&audience, Sight::All), [Room::User(TARIK)]);
        assert_eq!(technicians(&audience, Sight::Only(JELENA)), []);
        assert_eq!(audience.rooms(Sight::Only(JELENA)).len(), 3);
    }

    #[test]
    fn a_pool_order_that_was_taken_since_goes_to_who_took_it_alone() {
        let audience = Audience::viewers(ORDER, Sight::All);
        assert_eq!(
            technicians(&audience, Sight::All),
            [Room::Role(Role::Technician)]
        );
        assert_eq!(
            technicians(&audience, Sight::Only(JELENA)),
            [Room::User(JELENA)]
        );
        assert_eq!(technicians(&audience, Sight::Nobody), []);
    }

    #[test]
    fn what_is_addressed_to_people_reaches_them_whatever_they_see() {
        assert_eq!(
            Audience::people([TARIK]).rooms(Sight::Nobody),
            [Room::User(TARIK)]
        );
    }

    #[test]
    fn who_is_included_is_who_is_in_one_of_the_rooms() {
        let actor = |id, role| Actor {
            shop: shopbell_protocol::ShopId(1),
            id,
            role,
            name: "Somebody".to_owned(),
        };
        let tarik = actor(TARIK, Role::Technician);
        let jelena = actor(JELENA, Role::Technician);
        let dana = actor(UserId(5), Role::FrontDesk);
        let of_all = Audience::viewers(ORDER, Sight::All);
        let of_tarik = Audience::viewers(ORDER, Sight::Only(TARIK));
        let watching = Audience::some_viewers(ORDER, [TARIK]);
        let to_tarik = Audience::people([TARIK]);
        for (audience, now, expected) in [
            (&of_all, Sight::All, [true, true, true]),
            (&of_all, Sight::Only(TARIK), [true, false, true]),
            (&of_all, Sight::Nobody, [false, false, true]),
            (&of_tarik, Sight::All, [true, false, true]),
            (&of_tarik, Sight::Only(JELENA), [false, false, true]),
            (&watching, Sight::All, [true, false, false]),
            (&watching, Sight::Only(JELENA), [false, false, false]),
            (&to_tarik, Sight::Nobody, [true, false, false]),
        ] {
            let included = [&tarik, &jelena, &dana].map(|who| audience.includes(who, now));
            assert_eq!(included, expected, "{audience:?} {now:?}");
        }
    }

    #[test]
    fn the_stored_rule_reads_back() {
        for (audience, stored) in [
            (
                Audience::viewers(ORDER, Sight::Only(TARIK)),
                r#"{"roles":["admin","manager","front_desk"],"users":[3],"work_order":17}"#,
            ),
            (
                Audience::some_viewers(Object::Ticket(TicketId(5)), [TARIK]),
                r#"{"users":[3],"ticket":5}"#,
            ),
            (Audience::people([TARIK]), r#"{"users":[3]}"#),
        ] {
            assert_eq!(serde_json::to_string(&audience).unwrap(), stored);
            assert_eq!(serde_json::from_str::<Audience>(stored).unwrap(), audience);
        }
    }
}
