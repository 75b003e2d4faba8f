//! A notification as stored.

use shopbell_protocol::{Notification, NotificationId, ShopId, UserId};

use crate::{
    StoreError,
    database::{Query, Row, query, query_scalar},
    row::{Columns, unreadable},
    writer::Connection,
};

/// A person's notifications; conditions are to follow.
pub(super) fn select(user: UserId) -> Query {
    let mut query = query(
        "select id, user_id, type, title, message, title_key, message_key, message_params, reason, urgency, is_read,
            related_entity_type, related_entity_id, event_count, created_at, updated_at
        from notifications where user_id = ",
    );
    query.push_bind(user.0);
    query
}

pub(super) fn notification(row: &Row) -> Result<Notification, sqlx::Error> {
    let entity_type: Option<&str> = row.try_get("related_entity_type")?;
    let related_entity_type = entity_type
        .map(str::parse)
        .transpose()
        .map_err(|error| unreadable("related_entity_type", error))?;
    Ok(Notification {
        id: NotificationId(row.try_get("id")?),
        user_id: UserId(row.try_get("user_id")?),
        r#type: row.word("type")?,
        title: row.try_get("title")?,
        message: row.try_get("message")?,
        title_key: row.try_get("title_key")?,
        message_key: row.try_get("message_key")?,
        message_params: serde_json::from_str(row.try_get("message_params")?)
            .map_err(|error| unreadable("message_params", error))?,
        reason: row.word("reason")?,
        urgency: row.word("urgency")?,
        is_read: row.try_get("is_read")?,
        related_entity_type,
        related_entity_id: row.try_get("related_entity_id")?,
        event_count: row.try_get("event_count")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

/// One of a person's.
pub(super) async fn get(
    connection: &mut Connection,
    user: UserId,
    id: NotificationId,
) -> Result<Option<Notification>, StoreError> {
    let row = select(user)
        .push(" and id = ")
        .push_bind(id.0)
        .build()
        .fetch_optional(connection)
        .await?;
    Ok(row.as_ref().map(notification).transpose()?)
}

pub(super) async fn unread_count(
    connection: &mut Connection,
    user: UserId,
) -> Result<i64, StoreError> {
    Ok(
        query_scalar("select count(*) from notifications where user_id = $1 and not is_read")
            .bind(user.0)
            .fetch_one(connection)
            .await?,
    )
}

/// Adds one and gives its id.
pub(super) async fn insert(
    connection: &mut Connection,
    shop: ShopId,
    row: &Notification,
) -> Result<NotificationId, StoreError> {
    let id = query_scalar(
        "insert into notifications (shop_id, user_id, type, title, message, title_key, message_key, message_params,
            reason, urgency, is_read, related_entity_type, related_entity_id, event_count, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) returning id",
    )
    .bind(shop.0)
    .bind(row.user_id.0)
    .bind(row.r#type.as_str())
    .bind(&row.title)
    .bind(&row.message)
    .bind(&row.title_key)
    .bind(&row.message_key)
    .bind(serde_json::to_string(&row.message_params)?)
    .bind(row.reason.as_str())
    .bind(row.urgency.as_str())
    .bind(row.is_read)
    .bind(row.related_entity_type.map(|entity| entity.as_str()))
    .bind(row.related_entity_id)
    .bind(row.event_count)
    .bind(row.created_at.as_millis())
    .bind(row.updated_at.as_millis())
    .fetch_one(connection)
    .await?;
    Ok(NotificationId(id))
}

/// Writes what folding changes.
pub(super) async fn update(
    connection: &mut Connection,
    row: &Notification,
) -> Result<(), StoreError> {
    query(
        "update notifications set type = $2, title = $3, message = $4, title_key = $5, message_key = $6,
            message_params = $7, reason = $8, urgency = $9, event_count = $10, updated_at = $11
        where id = $1",
    )
    .bind(row.id.0)
    .bind(row.r#type.as_str())
    .bind(&row.title)
    .bind(&row.message)
    .bind(&row.title_key)
    .bind(&row.message_key)
    .bind(serde_json::to_string(&row.message_params)?)
    .bind(row.reason.as_str())
    .bind(row.urgency.as_str())
    .bind(row.event_count)
    .bind(row.updated_at.as_millis())
    .execute(connection)
    .await?;
    Ok(())
}
