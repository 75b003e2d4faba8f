//! Who works in the demo shops.

use shopbell_protocol::{Role, ShopId};

/// The password of everyone.
pub const PASSWORD: &str = "shopbell-demo";

/// Someone who can sign in to a demo shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Person {
    pub shop: ShopId,
    pub email: &'static str,
    pub name: &'static str,
    pub role: Role,
}

pub(super) const ANA: &str = "admin@shopbell.test";
pub(super) const MARKO: &str = "manager@shopbell.test";
pub(super) const TARIK: &str = "tech1@shopbell.test";
pub(super) const JELENA: &str = "tech2@shopbell.test";
pub(super) const DANA: &str = "desk@shopbell.test";
pub(super) const OLGA: &str = "admin@other.test";
pub(super) const THEO: &str = "tech@other.test";

/// Everyone, in the order of their ids.
pub const PEOPLE: [Person; 7] = [
    person(1, ANA, "Ana Novak", Role::Admin),
    person(1, MARKO, "Marko Kovač", Role::Manager),
    person(1, TARIK, "Tarik Šehić", Role::Technician),
    person(1, JELENA, "Jelena Đurić", Role::Technician),
    person(1, DANA, "Dana Horvat", Role::FrontDesk),
    person(2, OLGA, "Olga Other", Role::Admin),
    person(2, THEO, "Theo Other", Role::Technician),
];

const fn person(shop: i64, email: &'static str, name: &'static str, role: Role) -> Person {
    Person {
        shop: ShopId(shop),
        email,
        name,
        role,
    }
}
