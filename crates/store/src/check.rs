//! Whether the database keeps what it promises.

use std::collections::BTreeMap;

use shopbell_domain::Audience;
use shopbell_protocol::{DurableEvent, UserId};
use thiserror::Error;

use crate::{
    Store, StoreError,
    database::{Row, query, query_scalar},
    error::is_damage,
    writer::Connection,
};

/// Something is not as it must be: a sentence for the one who runs the shop.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Fault(String);

/// The most rows that are read at once.
const PAGE: i64 = 1000;

/// Enough to know that it is broken.
const MOST: usize = 100;

impl Store {
    /// Looks through the whole database, in one snapshot: the file is whole and every reference leads somewhere; journals have
    /// no holes but where they were pruned, end at their heads, and can be read; and everyone was told last how much they have
    /// not read. Gives what is wrong, the first 100 or so.
    ///
    /// # Errors
    ///
    /// Fails with the database, also when it is too damaged to be read.
    pub async fn check(&self) -> Result<Vec<Fault>, StoreError> {
        let mut snapshot = self.read().await?;
        let mut faults = damage(&mut snapshot).await?;
        if !faults.is_empty() {
            // What a damaged file says is worth nothing.
            return Ok(faults);
        }
        let shops = query(
            "select s.id, h.head, h.pruned_to from shops s left join journal_head h on h.shop_id = s.id
            order by s.id",
        )
        .fetch_all(&mut snapshot)
        .await?;
        for row in shops {
            let shop = row.try_get("id")?;
            let (Some(head), Some(pruned_to)) = (row.try_get("head")?, row.try_get("pruned_to")?)
            else {
                faults.push(Fault(format!("Shop {shop} has no journal.")));
                continue;
            };
            let mut walk = Walk {
                shop,
                head,
                pruned_to,
                seq: 0,
                counts: BTreeMap::new(),
                faults: &mut faults,
            };
            walk.journal(&mut snapshot).await?;
            walk.counts(&mut snapshot).await?;
            if faults.len() >= MOST {
                break;
            }
        }
        Ok(faults)
    }
}

/// What the database itself finds; a server keeps its files and references without being asked.
async fn damage(connection: &mut Connection) -> Result<Vec<Fault>, StoreError> {
    if connection.is_postgres() {
        return Ok(Vec::new());
    }
    let found: Vec<String> = match query_scalar("pragma integrity_check")
        .fetch_all(&mut *connection)
        .await
    {
        Ok(found) => found,
        Err(error) if is_damage(&error) => vec![error.to_string()],
        Err(error) => return Err(error.into()),
    };
    let mut faults: Vec<Fault> = found
        .into_iter()
        .filter(|found| found != "ok")
        .map(|found| Fault(format!("The database is damaged: {found}.")))
        .collect();
    let dangling = query("pragma foreign_key_check")
        .fetch_all(connection)
        .await?;
    for row in dangling.iter().take(MOST) {
        let (table, row, parent): (&str, Option<i64>, &str) = (
            row.try_get("table")?,
            row.try_get("rowid")?,
            row.try_get("parent")?,
        );
        let row = row.map_or_else(String::new, |row| format!(" {row}"));
        faults.push(Fault(format!(
            "The row{row} of {table} names one of {parent} that is not there."
        )));
    }
    Ok(faults)
}

/// Through one shop's journal.
struct Walk<'a> {
    shop: i64,
    head: i64,
    pruned_to: i64,
    /// The row before.
    seq: i64,
    /// What everyone was told last.
    counts: BTreeMap<UserId, i64>,
    faults: &'a mut Vec<Fault>,
}

impl Walk<'_> {
    async fn journal(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        if self.pruned_to > self.head {
            let (pruned_to, head) = (self.pruned_to, self.head);
            self.add(format!(
                "the journal was pruned up to {pruned_to}, beyond its head, {head}"
            ));
        }
        loop {
            let rows = query(
                "select seq, event, payload, audience from journal
                where shop_id = $1 and seq > $2 order by seq limit $3",
            )
            .bind(self.shop)
            .bind(self.seq)
            .bind(PAGE)
            .fetch_all(&mut *connection)
            .await?;
            if rows.is_empty() {
                self.expect(self.head + 1);
                break;
            }
            for row in &rows {
                self.row(row)?;
            }
            if self.faults.len() >= MOST {
                // What was told last is not known then.
                self.counts.clear();
                break;
            }
        }
        Ok(())
    }

    fn row(&mut self, row: &Row) -> Result<(), sqlx::Error> {
        let seq: i64 = row.try_get("seq")?;
        if seq > self.head {
            let head = self.head;
            self.add(format!(
                "event {seq} lies beyond the head of the journal, {head}"
            ));
        }
        self.expect(seq.min(self.head + 1));
        self.seq = seq;
        if let Err(error) = serde_json::from_str::<Audience>(row.try_get("audience")?) {
            self.add(format!("whom event {seq} is for cannot be read: {error}"));
        }
        match DurableEvent::from_row(row.try_get("event")?, row.try_get("payload")?) {
            Err(error) => self.add(format!("event {seq} cannot be read: {error}")),
            Ok(event) if event.seq().0 != seq => {
                let other = event.seq();
                self.add(format!("event {seq} says that it is event {other}"));
            }
            Ok(DurableEvent::NotificationCountUpdated(count)) => {
                self.counts.insert(count.user_id, count.unread_count);
            }
            Ok(_) => {}
        }
        Ok(())
    }

    /// This is the next row, or the place after the last one.
    fn expect(&mut self, seq: i64) {
        let (first, last) = (self.seq.max(self.pruned_to) + 1, seq - 1);
        if first == last {
            self.add(format!("event {first} is missing in the journal"));
        } else if first < last {
            self.add(format!(
                "the events {first} to {last} are missing in the journal"
            ));
        }
    }

    async fn counts(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let rows = query(
            "select user_id, count(*) as unread from notifications where shop_id = $1 and not is_read group by user_id",
        )
        .bind(self.shop)
        .fetch_all(connection)
        .await?;
        let unread = rows
            .iter()
            .map(|row| Ok((row.try_get("user_id")?, row.try_get("unread")?)))
            .collect::<Result<BTreeMap<i64, i64>, sqlx::Error>>()?;
        for (user, told) in std::mem::take(&mut self.counts) {
            let unread = unread.get(&user.0).copied().unwrap_or(0);
            if told != unread {
                self.add(format!(
                    "user {user} was told of {told} unread notifications last, but has {unread}"
                ));
            }
        }
        Ok(())
    }

    fn add(&mut self, what: String) {
        let shop = self.shop;
        self.faults.push(Fault(format!("In shop {shop} {what}.")));
    }
}
