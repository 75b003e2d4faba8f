//! Notes on work orders: reading them, and writing one.

use shopbell_domain::{Actor, Journal, Refusal, note as rules, work_order::record_note};
use shopbell_protocol::{NewNote, Note, NoteId, ShopId, Timestamp, UserId, WorkOrderId};

use crate::{
    CommandError, Committed, Cursor, Page, PageRequest, Snapshot, Store, StoreError,
    command::Answer,
    database::{Query, Row, query, query_scalar},
    journal::Head,
    row::Columns,
    user::{active, staff},
    work_order,
    writer::Connection,
};

impl Store {
    /// The notes on a work order, the newest first; `None` when there is no such order or `actor` may not see it.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn notes(
        &self,
        actor: &Actor,
        order: WorkOrderId,
        page: &PageRequest,
    ) -> Result<Option<Snapshot<Page<Note>>>, StoreError> {
        let mut snapshot = self.read().await?;
        let head = Head::read(&mut snapshot, actor.shop).await?;
        if work_order::seen(&mut snapshot, actor, order)
            .await?
            .is_none()
        {
            return Ok(None);
        }
        let rows = list(order, page).build().fetch_all(&mut snapshot).await?;
        let notes = rows.iter().map(note).collect::<Result<_, _>>()?;
        let cursor = |note: &Note| Cursor::at(note.created_at, note.id.0);
        Ok(Some(head.snapshot(page.page(notes, cursor))))
    }

    /// Writes a note on a work order that `actor` sees, and tells those mentioned in it and the technician.
    ///
    /// # Errors
    ///
    /// Refused by the rules, or fails with the database.
    pub async fn add_note(
        &self,
        actor: &Actor,
        order: WorkOrderId,
        new: NewNote,
        now: Timestamp,
    ) -> Result<Committed<Note>, CommandError<Note>> {
        let actor = actor.clone();
        self.command(actor.shop, move |connection| {
            Box::pin(async move { add(connection, &actor, order, new, now).await })
        })
        .await
    }
}

fn list(order: WorkOrderId, page: &PageRequest) -> Query {
    let mut query = query(
        "select id, work_order_id, author_id, author_name, content, customer_visible, created_at
        from notes where work_order_id = ",
    );
    query.push_bind(order.0);
    page.newest_first(&mut query, "created_at", "id");
    query
}

fn note(row: &Row) -> Result<Note, sqlx::Error> {
    Ok(Note {
        id: NoteId(row.try_get("id")?),
        work_order_id: WorkOrderId(row.try_get("work_order_id")?),
        author_id: UserId(row.try_get("author_id")?),
        author_name: row.try_get("author_name")?,
        content: row.try_get("content")?,
        customer_visible: row.try_get("customer_visible")?,
        created_at: row.time("created_at")?,
    })
}

/// The same, inside the writer's transaction.
pub(crate) async fn add(
    connection: &mut Connection,
    actor: &Actor,
    order: WorkOrderId,
    new: NewNote,
    now: Timestamp,
) -> Answer<Note> {
    let head = Head::lock(connection, actor.shop).await?;
    let Some(order) = work_order::get(connection, actor.shop, order).await? else {
        return Ok(head.refused(Refusal::NotFound));
    };
    let staff = active(&staff(connection, actor.shop).await?);
    let mut note = match rules::write(actor, &order, new, now) {
        Ok(note) => note,
        Err(refusal) => return Ok(head.refused(refusal)),
    };
    note.id = insert(connection, actor.shop, &note).await?;
    let mut journal = Journal::after(head.seq, now);
    record_note(&mut journal, &order, note.clone());
    let notices = rules::notices(actor, &order, &note, &staff);
    head.conclude(connection, journal, notices, note).await
}

async fn insert(
    connection: &mut Connection,
    shop: ShopId,
    note: &Note,
) -> Result<NoteId, StoreError> {
    let id = query_scalar(
        "insert into notes (shop_id, work_order_id, author_id, author_name, content, customer_visible, created_at)
        values ($1, $2, $3, $4, $5, $6, $7) returning id",
    )
    .bind(shop.0)
    .bind(note.work_order_id.0)
    .bind(note.author_id.0)
    .bind(&note.author_name)
    .bind(&note.content)
    .bind(note.customer_visible)
    .bind(note.created_at.as_millis())
    .fetch_one(connection)
    .await?;
    Ok(NoteId(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{self, assert_no_scan};

    #[tokio::test]
    async fn the_list_neither_scans_nor_sorts() {
        let database = &mut explain::database().await;
        for page in explain::pages() {
            assert_no_scan(database, list(WorkOrderId(1), &page)).await;
        }
    }
}
