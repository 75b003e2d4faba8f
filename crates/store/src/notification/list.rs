//! What someone reads of what they were told.

use shopbell_domain::Actor;
use shopbell_protocol::{Notification, NotificationType, UserId};

use super::row::{notification, select, unread_count};
use crate::{
    Cursor, Page, PageRequest, Snapshot, Store, StoreError, database::Query, journal::Head,
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
            .fetch_all(&mut snapshot)
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
}

fn list(user: UserId, filter: &NotificationFilter, page: &PageRequest) -> Query {
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
