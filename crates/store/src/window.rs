//! What somebody missed, as far back as the journal is kept for it.

use std::time::Duration;

use shopbell_protocol::{Epoch, Seq, ShopId, Timestamp};

use crate::{
    JournalRow, Snapshot, Store, StoreError,
    database::query_scalar,
    journal::{Head, rows_after},
    writer::Connection,
};

/// How far back one may have been away; both must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The most rows that may have been missed.
    pub events: i64,
    /// How old the first of them may be.
    pub age: Duration,
}

/// Why it cannot be told what was missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The journal was begun anew.
    Epoch,
    /// The place is none of this journal.
    Ahead,
    /// It lies beyond the [`Window`].
    TooOld,
}

impl Store {
    /// The first `limit` rows after `after`, in order, or why what was missed cannot be told. `epoch` is that of `after`, when
    /// it is known.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn events(
        &self,
        shop: ShopId,
        after: Seq,
        epoch: Option<&Epoch>,
        limit: u32,
        window: Window,
        now: Timestamp,
    ) -> Result<Snapshot<Result<Vec<JournalRow>, Gap>>, StoreError> {
        let mut snapshot = self.read().await?;
        let head = Head::read(&mut snapshot, shop).await?;
        let gap = if epoch.is_some_and(|epoch| *epoch != head.epoch) {
            Some(Gap::Epoch)
        } else if after > head.seq || after.0 < 0 {
            Some(Gap::Ahead)
        } else if is_too_old(&mut snapshot, &head, after, window, now).await? {
            Some(Gap::TooOld)
        } else {
            None
        };
        let rows = match gap {
            Some(gap) => Err(gap),
            None => Ok(rows_after(&mut snapshot, shop, after, limit).await?),
        };
        Ok(head.snapshot(rows))
    }
}

/// `after` lies in the journal.
async fn is_too_old(
    connection: &mut Connection,
    head: &Head,
    after: Seq,
    window: Window,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if after == head.seq {
        return Ok(false);
    }
    if head.seq.0 - after.0 > window.events {
        return Ok(true);
    }
    let first: Option<i64> = query_scalar(
        "select j.at from journal j join journal_head h on h.shop_id = j.shop_id
        where j.shop_id = $1 and j.seq = $2 and h.pruned_to <= $3",
    )
    .bind(head.shop.0)
    .bind(after.next().0)
    .bind(after.0)
    .fetch_optional(connection)
    .await?;
    // Without a first row it was pruned, by a smaller window than this one.
    Ok(first.is_none_or(|at| at < now.before(window.age).as_millis()))
}
