//! The people of the demo shops, as they ask.

use shopbell_domain::Actor;
use shopbell_protocol::UserId;
use shopbell_store::demo::PEOPLE;

fn person(id: i64) -> Actor {
    let person = PEOPLE[usize::try_from(id).unwrap() - 1];
    Actor {
        shop: person.shop,
        id: UserId(id),
        role: person.role,
        name: person.name.to_owned(),
    }
}

/// Admin of shop 1.
pub(crate) fn ana() -> Actor {
    person(1)
}

/// Manager of shop 1.
pub(crate) fn marko() -> Actor {
    person(2)
}

/// Technician of shop 1.
pub(crate) fn tarik() -> Actor {
    person(3)
}

/// Technician of shop 1.
pub(crate) fn jelena() -> Actor {
    person(4)
}

/// Front desk of shop 1.
pub(crate) fn dana() -> Actor {
    person(5)
}

/// Admin of shop 2.
pub(crate) fn olga() -> Actor {
    person(6)
}

/// Technician of shop 2.
pub(crate) fn theo() -> Actor {
    person(7)
}

/// Everyone, in the order of their ids.
pub(crate) fn everyone() -> [Actor; 7] {
    [ana(), marko(), tarik(), jelena(), dana(), olga(), theo()]
}

/// The staff of shop 1.
pub(crate) fn staff() -> [Actor; 5] {
    [ana(), marko(), tarik(), jelena(), dana()]
}
