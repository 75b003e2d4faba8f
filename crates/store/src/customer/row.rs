//! A customer as stored.

use shopbell_protocol::{Customer, CustomerId, ShopId, Version};
use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};

use crate::{StoreError, row::Columns, writer::Connection};

/// The customers of a shop; conditions are to follow.
pub(super) fn select(shop: ShopId) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(
        "select id, name, phone, email, address, notes, created_at, updated_at, version
        from customers where shop_id = ",
    );
    query.push_bind(shop.0);
    query
}

pub(super) fn customer(row: &SqliteRow) -> Result<Customer, sqlx::Error> {
    Ok(Customer {
        id: CustomerId(row.try_get("id")?),
        name: row.try_get("name")?,
        phone: row.try_get("phone")?,
        email: row.try_get("email")?,
        address: row.try_get("address")?,
        notes: row.try_get("notes")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        version: Version(row.try_get("version")?),
    })
}

/// One customer of a shop.
pub(crate) async fn get(
    connection: &mut Connection,
    shop: ShopId,
    id: CustomerId,
) -> Result<Option<Customer>, StoreError> {
    let row = select(shop)
        .push(" and id = ")
        .push_bind(id.0)
        .build()
        .fetch_optional(connection)
        .await?;
    Ok(row.as_ref().map(customer).transpose()?)
}
