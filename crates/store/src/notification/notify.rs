//! Telling people.

use shopbell_domain::{
    Journal,
    notification::{Notice, fold, record_received},
};
use shopbell_protocol::{Notification, NotificationId, ShopId};

use super::row::{insert, notification, select, unread_count, update};
use crate::{StoreError, writer::Connection};

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
