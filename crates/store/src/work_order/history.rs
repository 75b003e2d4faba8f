//! What happened to a work order: its own entries in the journal.

use shopbell_domain::Actor;
use shopbell_protocol::{DurableEvent, ShopId, Timestamp, WorkOrderId};

use super::row::seen;
use crate::{
    Cursor, Page, PageRequest, Snapshot, Store, StoreError,
    database::{Query, query},
    journal::{Head, event},
    row::Columns,
};

/// An entry of an order's history, with all fields: which of them a reader may see `domain` decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// What happened.
    pub event: DurableEvent,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// The `work_order_updated` entries of an order, the newest first; `None` when there is no such order or `actor` may not
    /// see it.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn history(
        &self,
        actor: &Actor,
        id: WorkOrderId,
        page: &PageRequest,
    ) -> Result<Option<Snapshot<Page<HistoryRow>>>, StoreError> {
        let mut snapshot = self.read().await?;
        let head = Head::read(&mut snapshot, actor.shop).await?;
        if seen(&mut snapshot, actor, id).await?.is_none() {
            return Ok(None);
        }
        let rows = list(actor.shop, id, page)
            .build()
            .fetch_all(&mut snapshot)
            .await?;
        let entry = |row| {
            Ok(HistoryRow {
                event: event(row)?,
                at: row.time("at")?,
            })
        };
        let rows = rows.iter().map(entry).collect::<Result<_, sqlx::Error>>()?;
        let cursor = |row: &HistoryRow| Cursor {
            at: 0,
            id: row.event.seq().0,
        };
        Ok(Some(head.snapshot(page.page(rows, cursor))))
    }
}

fn list(shop: ShopId, id: WorkOrderId, page: &PageRequest) -> Query {
    let mut query = query(
        "select event, payload, at from journal where event = 'work_order_updated' and work_order_id = ",
    );
    query
        .push_bind(id.0)
        .push(" and shop_id = ")
        .push_bind(shop.0);
    if let Some(cursor) = page.cursor {
        query.push(" and seq < ").push_bind(cursor.id);
    }
    query
        .push(" order by seq desc limit ")
        .push_bind(page.rows_to_read());
    query
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{self, assert_no_scan};

    #[tokio::test]
    async fn the_list_enters_by_the_orders_own_index() {
        let database = &mut explain::database().await;
        for page in explain::pages() {
            let query = list(ShopId(1), WorkOrderId(1), &page);
            let plan = assert_no_scan(database, query).await;
            assert!(
                plan.iter()
                    .any(|step| step.contains("journal_of_work_order")),
                "{plan:?}"
            );
        }
    }
}
