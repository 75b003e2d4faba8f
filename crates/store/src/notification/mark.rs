//! What someone does with what they were told: their other tabs and devices hear of it.

use shopbell_domain::{
    Actor, Journal, Refusal,
    notification::{record_deleted, record_read},
};
use shopbell_protocol::{Notification, NotificationId, ReadMark, ShopId, Timestamp, UserId};

use super::row::{get, unread_count};
use crate::{
    CommandError, Committed, Store, StoreError,
    command::Answer,
    database::query,
    journal::Head,
    writer::{Connection, Written},
};

impl Store {
    /// Marks one of a person's notifications as read or unread.
    ///
    /// # Errors
    ///
    /// Refused when it is not theirs, or fails with the database.
    pub async fn mark_notification(
        &self,
        actor: &Actor,
        id: NotificationId,
        is_read: bool,
        now: Timestamp,
    ) -> Result<Committed<Notification>, CommandError<Notification>> {
        let (shop, user) = (actor.shop, actor.id);
        self.command(shop, move |connection| {
            Box::pin(mark(connection, shop, user, id, is_read, now))
        })
        .await
    }

    /// Marks a person's notifications up to `up_to` as read, so that what arrived since stays unread. Gives how many
    /// became read.
    ///
    /// # Errors
    ///
    /// Fails with the database; refused never.
    pub async fn mark_all_read(
        &self,
        actor: &Actor,
        up_to: NotificationId,
        now: Timestamp,
    ) -> Result<Committed<i64>, CommandError<i64>> {
        let (shop, user) = (actor.shop, actor.id);
        self.command(shop, move |connection| {
            Box::pin(async move {
                let written = mark_all(connection, shop, user, up_to, now).await?;
                Ok(written.map(Ok))
            })
        })
        .await
    }

    /// Deletes one of a person's notifications; `None` when it is not theirs.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn delete_notification(
        &self,
        actor: &Actor,
        id: NotificationId,
        now: Timestamp,
    ) -> Result<Option<Committed<()>>, StoreError> {
        let (shop, user) = (actor.shop, actor.id);
        self.writer
            .run(shop, move |connection| {
                Box::pin(delete(connection, shop, user, id, now))
            })
            .await
    }
}

/// Marking changes `is_read` alone: the row keeps its place among the newest.
async fn mark(
    connection: &mut Connection,
    shop: ShopId,
    user: UserId,
    id: NotificationId,
    is_read: bool,
    now: Timestamp,
) -> Answer<Notification> {
    let head = Head::lock(connection, shop).await?;
    let Some(row) = get(connection, user, id).await? else {
        return Ok(head.refused(Refusal::NotFound));
    };
    if row.is_read == is_read {
        return Ok(head.unchanged(row).map(Ok));
    }
    query("update notifications set is_read = $2 where id = $1")
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
    Ok(written.map(Ok))
}

pub(crate) async fn mark_all(
    connection: &mut Connection,
    shop: ShopId,
    user: UserId,
    up_to: NotificationId,
    now: Timestamp,
) -> Result<Written<Committed<i64>>, StoreError> {
    let head = Head::lock(connection, shop).await?;
    let changed = query(
        "update notifications set is_read = $3 where user_id = $1 and not is_read and id <= $2",
    )
    .bind(user.0)
    .bind(up_to.0)
    .bind(true)
    .execute(&mut *connection)
    .await?;
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

async fn delete(
    connection: &mut Connection,
    shop: ShopId,
    user: UserId,
    id: NotificationId,
    now: Timestamp,
) -> Result<Written<Option<Committed<()>>>, StoreError> {
    let head = Head::lock(connection, shop).await?;
    let Some(row) = get(connection, user, id).await? else {
        return Ok(Written::quietly(None));
    };
    query("delete from notifications where id = $1")
        .bind(id.0)
        .execute(&mut *connection)
        .await?;
    let mut journal = Journal::after(head.seq, now);
    let count = unread_count(connection, user).await?;
    record_deleted(&mut journal, user, vec![id], !row.is_read, count);
    let written = head
        .append(connection, &journal, (), journal.head())
        .await?;
    Ok(written.map(Some))
}
