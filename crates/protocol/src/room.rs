//! Room names, made and parsed here alone.

use std::{fmt, str::FromStr};

use thiserror::Error;

use crate::{Role, ShopId, TicketId, UserId, WorkOrderId};

/// A room of one shop, as clients name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Room {
    /// `user_{id}`: every connection of one person; automatic.
    User(UserId),
    /// `role_{role}`: everyone of a role; automatic.
    Role(Role),
    /// `admin_room`: admins and managers; automatic.
    Admin,
    /// `work_order_{id}`: those who have this order open.
    WorkOrder(WorkOrderId),
    /// `ticket_{id}`: those who have this ticket open.
    Ticket(TicketId),
}

/// The text is no room's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a room's name")]
pub struct ParseRoomError;

impl Room {
    /// The name that keeps the rooms of all shops apart inside one server; never sent to a client.
    #[must_use]
    pub fn key(self, shop: ShopId) -> String {
        format!("{shop}:{self}")
    }

    /// The room of a [`Room::key`] of `shop`; `None` for another shop's.
    #[must_use]
    pub fn of_key(key: &str, shop: ShopId) -> Option<Self> {
        let (owner, name) = key.split_once(':')?;
        if owner == shop.to_string() {
            name.parse().ok()
        } else {
            None
        }
    }
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user_{id}"),
            Self::Role(role) => write!(f, "role_{role}"),
            Self::Admin => f.write_str("admin_room"),
            Self::WorkOrder(id) => write!(f, "work_order_{id}"),
            Self::Ticket(id) => write!(f, "ticket_{id}"),
        }
    }
}

impl FromStr for Room {
    type Err = ParseRoomError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if name == "admin_room" {
            return Ok(Self::Admin);
        }
        let id = |digits: &str| {
            // One spelling per room: no sign, no leading zero.
            let canonical = digits.starts_with(|c: char| ('1'..='9').contains(&c))
                && digits.bytes().all(|b| b.is_ascii_digit());
            canonical
                .then(|| digits.parse::<i64>().ok())
                .flatten()
                .ok_or(ParseRoomError)
        };
        if let Some(rest) = name.strip_prefix("work_order_") {
            id(rest).map(|id| Self::WorkOrder(WorkOrderId(id)))
        } else if let Some(rest) = name.strip_prefix("ticket_") {
            id(rest).map(|id| Self::Ticket(TicketId(id)))
        } else if let Some(rest) = name.strip_prefix("user_") {
            id(rest).map(|id| Self::User(UserId(id)))
        } else if let Some(rest) = name.strip_prefix("role_") {
            rest.parse().map(Self::Role).map_err(|_| ParseRoomError)
        } else {
            Err(ParseRoomError)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_room_reads_back() {
        let rooms = [
            Room::User(UserId(7)),
            Room::Role(Role::FrontDesk),
            Room::Admin,
            Room::WorkOrder(WorkOrderId(i64::MAX)),
            Room::Ticket(TicketId(1)),
        ];
        for room in rooms {
            assert_eq!(room.to_string().parse(), Ok(room));
            assert_eq!(Room::of_key(&room.key(ShopId(2)), ShopId(2)), Some(room));
            assert_eq!(Room::of_key(&room.key(ShopId(2)), ShopId(22)), None);
        }
    }

    #[test]
    fn a_room_has_one_spelling() {
        for name in [
            "",
            "work_order_",
            "work_order_0",
            "work_order_01",
            "work_order_+1",
            "work_order_-1",
            "work_order_1 ",
            "Work_order_1",
            "work_order_9223372036854775808",
            "role_owner",
            "ticket_x",
            "1:admin_room",
        ] {
            assert_eq!(name.parse::<Room>(), Err(ParseRoomError), "{name:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_parses_is_written_the_same(name in "(user|role|work_order|ticket|admin)_[a-z0-9_]{0,20}") {
            if let Ok(room) = name.parse::<Room>() {
                proptest::prop_assert_eq!(room.to_string(), name);
            }
        }
    }
}
