//! A customer as stored.

use shopbell_protocol::{Customer, CustomerId, ShopId, Version};

use crate::{
    StoreError,
    database::{Query, Row, query, query_scalar},
    row::Columns,
    search::{contact_key, fold},
    writer::Connection,
};

/// The customers of a shop; conditions are to follow.
pub(super) fn select(shop: ShopId) -> Query {
    let mut query = query(
        "select id, name, phone, email, address, notes, created_at, updated_at, version
        from customers where shop_id = ",
    );
    query.push_bind(shop.0);
    query
}

pub(super) fn customer(row: &Row) -> Result<Customer, sqlx::Error> {
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

/// Adds one and gives its id.
pub(crate) async fn insert(
    connection: &mut Connection,
    shop: ShopId,
    customer: &Customer,
) -> Result<CustomerId, StoreError> {
    let id = query_scalar(
        "insert into customers (shop_id, name, phone, email, address, notes, name_key, contact_key, created_at,
            updated_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id",
    )
    .bind(shop.0)
    .bind(&customer.name)
    .bind(&customer.phone)
    .bind(&customer.email)
    .bind(&customer.address)
    .bind(&customer.notes)
    .bind(fold(&customer.name))
    .bind(contact_key(&customer.phone, &customer.email))
    .bind(customer.created_at.as_millis())
    .bind(customer.updated_at.as_millis())
    .bind(customer.version.0)
    .fetch_one(connection)
    .await?;
    Ok(CustomerId(id))
}

/// Writes what a PATCH may change.
pub(super) async fn update(
    connection: &mut Connection,
    customer: &Customer,
) -> Result<(), StoreError> {
    query(
        "update customers set name = $2, phone = $3, email = $4, address = $5, notes = $6, name_key = $7,
            contact_key = $8, updated_at = $9, version = $10
        where id = $1",
    )
    .bind(customer.id.0)
    .bind(&customer.name)
    .bind(&customer.phone)
    .bind(&customer.email)
    .bind(&customer.address)
    .bind(&customer.notes)
    .bind(fold(&customer.name))
    .bind(contact_key(&customer.phone, &customer.email))
    .bind(customer.updated_at.as_millis())
    .bind(customer.version.0)
    .execute(connection)
    .await?;
    Ok(())
}
