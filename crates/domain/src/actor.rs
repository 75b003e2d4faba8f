//! Who asks, and whom it concerns.

use shopbell_protocol::{Role, ShopId, UserId};

/// The authenticated person on whose behalf something is done or read. The role is the database's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Actor {
    pub shop: ShopId,
    pub id: UserId,
    pub role: Role,
    pub name: String,
}

/// A member of the shop's staff, as far as the rules need to know them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Staff {
    pub id: UserId,
    pub name: String,
    pub role: Role,
    pub is_active: bool,
}
