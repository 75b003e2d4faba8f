//! What each person is told, kept until read.

use shopbell_domain::{
    Actor, Journal,
    notification::{Notice, fold, record_read, record_received},
};
use shopbell_protocol::{
    Notification, NotificationId, NotificationType, ReadMark, ShopId, Timestamp, UserId,
};
use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};

use crate::{
    Committed, Cursor, Page, PageRequest, Snapshot, Store, StoreError,
    journal::Head,
    row::{Columns, unreadable},
    writer::{Connection, Written},
};

/// Which notifications are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotificationFilter {
    /// Only those that are not read.
    pub unread: bool,
    /// Only those about this.
    pub r#type: Option<NotificationType>,
}

impl Store {
    /// A person's own notifications, the one with the newest event first.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn notifications(
        &self,
        actor: &Actor,
        filter: &NotificationFilter,
        page: &PageRequest,
    ) -> Result<Snapshot<Page<Notification>>, StoreError> {
        let mut snapshot = self.read().await?;
        let head = Head::read(&mut snapshot, actor.shop).await?;
        let rows = list(actor.id, filter, page)
            .build()
            .fetch_all(&mut *snapshot)
            .await?;
        let rows = rows.iter().map(notification).collect::<Result<_, _>>()?;
        let cursor = |row: &Notification| Cursor::at(row.updated_at, row.id.0);
        Ok(head.snapshot(page.page(rows, cursor)))
    }

    /// How many notifications a person has not read.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn notification_count(&self, actor: &Actor) -> Result<Snapshot<i64>, StoreError> {
        let mut snapshot = self.read().await?;
        let head = Head::read(&mut snapshot, actor.shop).await?;
        let unread = unread_count(&mut snapshot, actor.id).await?;
        Ok(head.snapshot(unread))
    }

    /// Marks one of a person's notifications as read or unread; `None` when it is not theirs.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn mark_notification(
        &self,
        actor: &Actor,
        id: NotificationId,
        is_read: bool,
        now: Timestamp,
    ) -> Result<Option<Committed<Notification>>, StoreError> {
        let (shop, user) = (actor.shop, actor.id);
        self.writer
            .run(move |connection| Box::pin(mark(connection, shop, user, id, is_read, now)))
            .await
    }

    /// Marks a person's notifications up to `up_to` as read, so that what arrived since stays unread. Gives how many
    /// became read.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn mark_all_read(
        &self,
        actor: &Actor,
        up_to: NotificationId,
        now: Timestamp,
    ) -> Result<Committed<i64>, StoreError> {
        let (shop, user) = (actor.shop, actor.id);
        self.writer
            .run(move |connection| Box::pin(mark_all(connection, shop, user, up_to, now)))
            .await
    }
}

fn select(user: UserId) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(
        "select id, user_id, type, title, message, title_key, message_key, message_params, reason, urgency, is_read,
            related_entity_type, related_entity_id, event_count, created_at, updated_at
        from notifications where user_id = ",
    );
    query.push_bind(user.0);
    query
}

fn list(user: UserId, filter: &NotificationFilter, page: &PageRequest) -> QueryBuilder<Sqlite> {
    let mut query = select(user);
    if filter.unread {
        query.push(" and not is_read");
    }
    if let Some(r#type) = filter.r#type {
        query.push(" and type = ").push_bind(r#type.as_str());
    }
    page.newest_first(&mut query, "updated_at", "id");
    query
}

fn notification(row: &SqliteRow) -> Result<Notification, sqlx::Error> {
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

async fn unread_count(connection: &mut Connection, user: UserId) -> Result<i64, StoreError> {
    Ok(
        sqlx::query_scalar("select count(*) from notifications where user_id = $1 and not is_read")
            .bind(user.0)
            .fetch_one(connection)
            .await?,
    )
}

/// Tells one person: folds the notice into their unread row about the same thing, or adds a row.
pub(crate) async fn notify(
    connection: &mut Connection,
    shop: ShopId,
    notice: Notice,
    journal: &mut Journal,
) -> Result<(), StoreError> {
    let row = match unread_about(connection, &notice).await? {
        Some(unread) => {
            let row = fold(notice, Some(&unread), unread.id, journal.at());
            update(connection, &row).await?;
            row
        }
        None => {
            // The database gives the id.
            let mut row = fold(notice, None, NotificationId(0), journal.at());
            row.id = insert(connection, shop, &row).await?;
            row
        }
    };
    let count = unread_count(connection, row.user_id).await?;
    record_received(journal, row, count);
    Ok(())
}

/// The row that the notice is folded into.
async fn unread_about(
    connection: &mut Connection,
    notice: &Notice,
) -> Result<Option<Notification>, StoreError> {
    let Some((entity_type, entity_id)) = notice.entity else {
        return Ok(None);
    };
    let row = select(notice.user_id)
        .push(" and not is_read and related_entity_type = ")
        .push_bind(entity_type.as_str())
        .push(" and related_entity_id = ")
        .push_bind(entity_id)
        .push(" order by id desc limit 1")
        .build()
        .fetch_optional(connection)
        .await?;
    Ok(row.as_ref().map(notification).transpose()?)
}

async fn insert(
    connection: &mut Connection,
    shop: ShopId,
    row: &Notification,
) -> Result<NotificationId, StoreError> {
    let id = sqlx::query_scalar(
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
async fn update(connection: &mut Connection, row: &Notification) -> Result<(), StoreError> {
    sqlx::query(
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

/// Marking changes `is_read` alone: the row keeps its place among the newest.
async fn mark(
    connection: &mut Connection,
    shop: ShopId,
    user: UserId,
    id: NotificationId,
    is_read: bool,
    now: Timestamp,
) -> Result<Written<Option<Committed<Notification>>>, StoreError> {
    let head = Head::lock(connection, shop).await?;
    let row = select(user)
        .push(" and id = ")
        .push_bind(id.0)
        .build()
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else {
        return Ok(Written::quietly(None));
    };
    let row = notification(&row)?;
    if row.is_read == is_read {
        return Ok(head.unchanged(row).map(Some));
    }
    sqlx::query("update notifications set is_read = $2 where id = $1")
        .bind(id.0)
        .bind(is_read)
        .execute(&mut *connection)
        .await?;
    let row = Notification { is_read, ..row };
    let mark = ReadMark::Ids { ids: vec![id] };
    let journal = marked(connection, &head, user, mark, is_read, now).await?;
    let written = head
        .append(connection, &journal, row, journal.head())
        .await?;
    Ok(written.map(Some))
}

pub(crate) async fn mark_all(
    connection: &mut Connection,
    shop: ShopId,
    user: UserId,
    up_to: NotificationId,
    now: Timestamp,
) -> Result<Written<Committed<i64>>, StoreError> {
    let head = Head::lock(connection, shop).await?;
    let changed = sqlx::query(
        "update notifications set is_read = $3 where user_id = $1 and not is_read and id <= $2",
    )
    .bind(user.0)
    .bind(up_to.0)
    .bind(true)
    .execute(&mut *connection)
    .await?
    .rows_affected();
    let changed = i64::try_from(changed).unwrap_or(i64::MAX);
    if changed == 0 {
        return Ok(head.unchanged(0));
    }
    let mark = ReadMark::UpTo { up_to_id: up_to };
    let journal = marked(connection, &head, user, mark, true, now).await?;
    head.append(connection, &journal, changed, journal.head())
        .await
}

/// The entries that tell a person's other tabs and devices.
async fn marked(
    connection: &mut Connection,
    head: &Head,
    user: UserId,
    mark: ReadMark,
    is_read: bool,
    now: Timestamp,
) -> Result<Journal, StoreError> {
    let mut journal = Journal::after(head.seq, now);
    let count = unread_count(connection, user).await?;
    record_read(&mut journal, user, mark, is_read, count);
    Ok(journal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{self, assert_no_scan};

    #[tokio::test]
    async fn no_list_scans_or_sorts() {
        let database = &mut explain::database().await;
        for unread in [false, true] {
            for r#type in [None, Some(NotificationType::WorkOrder)] {
                for page in explain::pages() {
                    let filter = NotificationFilter { unread, r#type };
                    assert_no_scan(database, list(UserId(1), &filter, &page)).await;
                }
            }
        }
    }
}
