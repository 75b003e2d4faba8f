//! The journal: one sequence per shop, without holes, in commit order.

use shopbell_domain::{Audience, Journal, Object, Sight};
use shopbell_protocol::{DurableEvent, Epoch, Seq, ShopId, UserId};

use crate::{
    Store, StoreError,
    database::{On, Row, query},
    row::{Columns, unreadable},
    writer::{Connection, Written},
};

/// What was read, with the journal's head in the same snapshot: every event up to it is in `value`, none after it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Snapshot<T> {
    pub value: T,
    pub seq: Seq,
    pub epoch: Epoch,
}

/// What was written and flushed to disk.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Committed<T> {
    pub value: T,
    /// The last event about what was written, before the notifications that follow from it; the head when nothing changed.
    pub seq: Seq,
    pub epoch: Epoch,
    /// It was done earlier, under the same key ([`Store::once`]).
    pub replayed: bool,
}

/// A row of the journal, with what its audience needs to know of now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalRow {
    /// What happened.
    pub event: DurableEvent,
    /// Whom it was for.
    pub audience: Audience,
    /// Who sees [`Audience::object`] now, read in the same snapshot; everyone when there is none.
    pub sight_now: Sight,
}

/// Rows written by one statement. Each number of rows is a statement of its own, and a connection keeps only so many ready.
const ROWS: usize = 8;

impl Store {
    /// The head of every shop's journal, and its epoch.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn heads(&self) -> Result<Vec<(ShopId, Seq, Epoch)>, StoreError> {
        let rows = query("select shop_id, head, epoch from journal_head order by shop_id")
            .fetch_all(self.readers())
            .await?;
        let heads = rows.iter().map(|row| {
            Ok((
                ShopId(row.try_get("shop_id")?),
                Seq(row.try_get("head")?),
                Epoch(row.try_get("epoch")?),
            ))
        });
        Ok(heads.collect::<Result<_, sqlx::Error>>()?)
    }

    /// The first `limit` rows after `after`, in order.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn read_journal(
        &self,
        shop: ShopId,
        after: Seq,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError> {
        rows_after(self.readers(), shop, after, limit).await
    }
}

/// The first `limit` rows after `after`, in order.
pub(crate) async fn rows_after(
    database: impl Into<On<'_>>,
    shop: ShopId,
    after: Seq,
    limit: u32,
) -> Result<Vec<JournalRow>, StoreError> {
    let rows = query(READ)
        .bind(shop.0)
        .bind(after.0)
        .bind(i64::from(limit))
        .fetch_all(database)
        .await?;
    Ok(rows.iter().map(journal_row).collect::<Result<_, _>>()?)
}

// An order narrows by its own technician, a ticket by its status and the technician of the order made from it.
const READ: &str = "select j.event, j.payload, j.audience, t.status as ticket_status,
    coalesce(w.technician_id, m.technician_id) as technician_id
from journal j
left join work_orders w on w.id = j.work_order_id
left join tickets t on t.id = j.ticket_id
left join work_orders m on m.ticket_id = j.ticket_id
where j.shop_id = $1 and j.seq > $2 order by j.seq limit $3";

fn journal_row(row: &Row) -> Result<JournalRow, sqlx::Error> {
    let technician: Option<i64> = row.try_get("technician_id")?;
    let technician = technician.map(UserId);
    let audience: Audience = serde_json::from_str(row.try_get("audience")?)
        .map_err(|error| unreadable("audience", error))?;
    let sight_now = match audience.object() {
        Some(Object::WorkOrder(_)) => Sight::of_order(technician),
        Some(Object::Ticket(_)) => Sight::of_ticket(row.word("ticket_status")?, technician),
        None => Sight::All,
    };
    Ok(JournalRow {
        event: event(row)?,
        audience,
        sight_now,
    })
}

/// What a row says, from its columns `event` and `payload`.
pub(crate) fn event(row: &Row) -> Result<DurableEvent, sqlx::Error> {
    DurableEvent::from_row(row.try_get("event")?, row.try_get("payload")?)
        .map_err(|error| unreadable("payload", error))
}

/// Where a shop's journal ends.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) shop: ShopId,
    pub(crate) seq: Seq,
    pub(crate) epoch: Epoch,
}

impl Head {
    /// Locks the head until the transaction ends: the first statement of every write. What is read after it stays so.
    pub(crate) async fn lock(
        connection: &mut Connection,
        shop: ShopId,
    ) -> Result<Self, StoreError> {
        Self::get(
            connection,
            shop,
            "update journal_head set head = head where shop_id = $1 returning head, epoch",
        )
        .await
    }

    /// Reads the head: the first statement of every snapshot that is tied to it.
    pub(crate) async fn read(
        connection: &mut Connection,
        shop: ShopId,
    ) -> Result<Self, StoreError> {
        Self::get(
            connection,
            shop,
            "select head, epoch from journal_head where shop_id = $1",
        )
        .await
    }

    async fn get(
        connection: &mut Connection,
        shop: ShopId,
        sql: &'static str,
    ) -> Result<Self, StoreError> {
        let row = query(sql).bind(shop.0).fetch_one(connection).await?;
        Ok(Self {
            shop,
            seq: Seq(row.try_get("head")?),
            epoch: Epoch(row.try_get("epoch")?),
        })
    }

    pub(crate) fn snapshot<T>(self, value: T) -> Snapshot<T> {
        Snapshot {
            value,
            seq: self.seq,
            epoch: self.epoch,
        }
    }

    /// Nothing was changed.
    pub(crate) fn unchanged<T>(self, value: T) -> Written<Committed<T>> {
        Written::quietly(Committed {
            value,
            seq: self.seq,
            epoch: self.epoch,
            replayed: false,
        })
    }

    /// Writes `journal`, which began at this head, and moves the head to its end. `seq` is what the caller is told. An empty
    /// journal moves nothing.
    pub(crate) async fn append<T>(
        self,
        connection: &mut Connection,
        journal: &Journal,
        value: T,
        seq: Seq,
    ) -> Result<Written<Committed<T>>, StoreError> {
        if journal.entries().is_empty() {
            return Ok(self.unchanged(value));
        }
        for entries in journal.entries().chunks(ROWS) {
            let mut insert = query(
                "insert into journal (shop_id, seq, event, payload, audience, work_order_id, ticket_id, at) values ",
            );
            for (place, entry) in entries.iter().enumerate() {
                let (work_order, ticket) = match entry.audience.object() {
                    Some(Object::WorkOrder(id)) => (Some(id.0), None),
                    Some(Object::Ticket(id)) => (None, Some(id.0)),
                    None => (None, None),
                };
                insert.push(if place == 0 { "(" } else { ", (" });
                insert.push_bind(self.shop.0).push(", ");
                insert.push_bind(entry.event.seq().0).push(", ");
                insert.push_bind(entry.event.name()).push(", ");
                insert
                    .push_bind(serde_json::to_string(&entry.event)?)
                    .push(", ");
                insert
                    .push_bind(serde_json::to_string(&entry.audience)?)
                    .push(", ");
                insert.push_bind(work_order).push(", ");
                insert.push_bind(ticket).push(", ");
                insert.push_bind(journal.at().as_millis()).push(")");
            }
            insert.build().execute(&mut *connection).await?;
        }
        query("update journal_head set head = $2 where shop_id = $1")
            .bind(self.shop.0)
            .bind(journal.head().0)
            .execute(connection)
            .await?;
        Ok(Written {
            value: Committed {
                value,
                seq,
                epoch: self.epoch,
                replayed: false,
            },
            heads: vec![(self.shop, journal.head())],
            rights: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use shopbell_protocol::{Timestamp, WorkOrderId, WorkOrderRemoved};
    use tempfile::TempDir;

    use super::*;
    use crate::{
        Settings,
        explain::{self, assert_no_scan},
    };

    const SHOP: ShopId = ShopId(1);

    /// Adds one entry and then fails or not.
    async fn add(store: &Store, fails: bool) -> Result<Committed<()>, StoreError> {
        let command = store.writer.run(SHOP, move |connection| {
            Box::pin(async move {
                let head = Head::lock(connection, SHOP).await?;
                let mut journal = Journal::after(head.seq, Timestamp::from_millis(0));
                journal.push(Audience::people([]), |seq, timestamp| WorkOrderRemoved {
                    work_order_id: WorkOrderId(1),
                    timestamp,
                    seq,
                });
                let written = head
                    .append(connection, &journal, (), journal.head())
                    .await?;
                if fails {
                    return Err(StoreError::StorageFull);
                }
                Ok(written)
            })
        });
        command.await
    }

    #[tokio::test]
    async fn a_rollback_gives_the_numbers_back() {
        let folder = TempDir::new().unwrap();
        let store = Store::open(Settings::at(folder.path().join("shopbell.db")), |_| {})
            .await
            .unwrap();
        store.migrate().await.unwrap();
        let now = Timestamp::from_millis(1_772_535_600_000);
        store.fill_demo("", now).await.unwrap();
        let (_, before, _) = store.heads().await.unwrap()[0];

        let (first, failed, second) =
            tokio::join!(add(&store, false), add(&store, true), add(&store, false));
        assert_eq!(first.unwrap().seq, before.next());
        assert!(matches!(failed, Err(StoreError::StorageFull)));
        assert_eq!(second.unwrap().seq, before.next().next());
        let rows = store.read_journal(SHOP, before, 10).await.unwrap();
        assert_eq!(rows.len(), 2);
    }

    #[tokio::test]
    async fn reading_it_neither_scans_nor_sorts() {
        let database = &mut explain::database().await;
        assert_no_scan(database, query(READ)).await;
    }
}
