//! A member of staff as stored.

use shopbell_domain::Staff;
use shopbell_protocol::{ShopId, User, UserId, Version};

use crate::{
    StoreError,
    database::{Query, Row, query, query_scalar},
    row::Columns,
    search::{email_key, fold},
    writer::Connection,
};

/// The staff of a shop; conditions are to follow.
pub(super) fn select(shop: ShopId) -> Query {
    let mut query = query(
        "select id, name, email, role, is_active, last_seen, created_at, updated_at, version
        from users where shop_id = ",
    );
    query.push_bind(shop.0);
    query
}

pub(super) fn user(row: &Row) -> Result<User, sqlx::Error> {
    Ok(User {
        id: UserId(row.try_get("id")?),
        name: row.try_get("name")?,
        email: row.try_get("email")?,
        role: row.word("role")?,
        is_active: row.try_get("is_active")?,
        last_seen: row.maybe_time("last_seen")?,
        created_at: Some(row.time("created_at")?),
        updated_at: Some(row.time("updated_at")?),
        version: Some(Version(row.try_get("version")?)),
    })
}

/// One member of a shop's staff.
pub(super) async fn get(
    connection: &mut Connection,
    shop: ShopId,
    id: UserId,
) -> Result<Option<User>, StoreError> {
    let row = select(shop)
        .push(" and id = ")
        .push_bind(id.0)
        .build()
        .fetch_optional(connection)
        .await?;
    Ok(row.as_ref().map(user).transpose()?)
}

/// All people of a shop, disabled ones too, as far as the rules need to know them.
pub(crate) async fn staff(
    connection: &mut Connection,
    shop: ShopId,
) -> Result<Vec<Staff>, StoreError> {
    let rows = query("select id, name, role, is_active from users where shop_id = $1 order by id")
        .bind(shop.0)
        .fetch_all(connection)
        .await?;
    let staff = rows.iter().map(|row| {
        Ok(Staff {
            id: UserId(row.try_get("id")?),
            name: row.try_get("name")?,
            role: row.word("role")?,
            is_active: row.try_get("is_active")?,
        })
    });
    Ok(staff.collect::<Result<_, sqlx::Error>>()?)
}

/// Those who work there now.
pub(crate) fn active(staff: &[Staff]) -> Vec<Staff> {
    staff.iter().filter(|who| who.is_active).cloned().collect()
}

/// Adds one and gives their id.
pub(crate) async fn insert(
    connection: &mut Connection,
    shop: ShopId,
    user: &User,
    password_hash: &str,
) -> Result<UserId, StoreError> {
    let email = user.email.as_deref().unwrap_or_default();
    let id = query_scalar(
        "insert into users (shop_id, name, name_key, email, email_key, role, password_hash, is_active, created_at,
            updated_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id",
    )
    .bind(shop.0)
    .bind(&user.name)
    .bind(fold(&user.name))
    .bind(email)
    .bind(email_key(email))
    .bind(user.role.as_str())
    .bind(password_hash)
    .bind(user.is_active)
    .bind(user.created_at.map(|time| time.as_millis()))
    .bind(user.updated_at.map(|time| time.as_millis()))
    .bind(user.version.map(|version| version.0))
    .fetch_one(connection)
    .await?;
    Ok(UserId(id))
}

/// Writes what a PATCH may change; the password only when there is a new one.
pub(super) async fn update(
    connection: &mut Connection,
    user: &User,
    password_hash: Option<&str>,
) -> Result<(), StoreError> {
    query(
        "update users set name = $2, name_key = $3, role = $4, is_active = $5, updated_at = $6, version = $7,
            password_hash = coalesce($8, password_hash)
        where id = $1",
    )
    .bind(user.id.0)
    .bind(&user.name)
    .bind(fold(&user.name))
    .bind(user.role.as_str())
    .bind(user.is_active)
    .bind(user.updated_at.map(|time| time.as_millis()))
    .bind(user.version.map(|version| version.0))
    .bind(password_hash)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether an address is somebody's, in whatever shop.
pub(super) async fn is_taken(connection: &mut Connection, email: &str) -> Result<bool, StoreError> {
    let taken: i64 = query_scalar("select count(*) from users where email_key = $1")
        .bind(email_key(email))
        .fetch_one(connection)
        .await?;
    Ok(taken > 0)
}
