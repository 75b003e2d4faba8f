//! What nobody can ask for any more goes.

use std::{collections::BTreeSet, time::Duration};

use shopbell_protocol::Timestamp;

use crate::{
    Store, StoreError, Window,
    database::{query, query_scalar},
    idempotency::REMEMBERED,
    writer::{Connection, Lane, Written},
};

/// The most rows that one call looks at: how long writers wait for it.
const AT_ONCE: i64 = 1000;

/// How long a refresh token is kept after it expired.
const EXPIRED: Duration = Duration::from_secs(7 * 24 * 3600);

impl Store {
    /// Deletes a part of what is past: sessions left for longer than `session_age`, keys of [`Store::once`] after their day,
    /// login families whose last refresh token expired a week ago, and of the journal beyond `window` what was for people
    /// alone; an order's or a ticket's own rows stay, as its history. Gives whether there may be more.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn purge(
        &self,
        window: Window,
        session_age: Duration,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        // After a power failure it is done again.
        self.writer
            .run_lazily(Lane::Alone(0), move |connection| {
                Box::pin(async move {
                    let more = purge(connection, window, session_age, now).await?;
                    Ok(Written::quietly(more))
                })
            })
            .await
    }
}

async fn purge(
    connection: &mut Connection,
    window: Window,
    session_age: Duration,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut budget = AT_ONCE;
    for (sql, before) in [
        (SESSIONS, now.before(session_age)),
        (KEYS, now.before(REMEMBERED)),
    ] {
        let deleted = query(sql)
            .bind(before.as_millis())
            .bind(budget)
            .execute(&mut *connection)
            .await?;
        budget -= i64::try_from(deleted).unwrap_or(budget);
    }
    budget -= purge_tokens(connection, now.before(EXPIRED), budget).await?;

    let heads = query("select shop_id, head, pruned_to from journal_head order by shop_id")
        .fetch_all(&mut *connection)
        .await?;
    for row in heads {
        let journal = Pruned {
            shop: row.try_get("shop_id")?,
            head: row.try_get("head")?,
            to: row.try_get("pruned_to")?,
        };
        let further = journal.prune(connection, window, now, budget).await?;
        budget -= further;
    }
    Ok(budget <= 0)
}

const SESSIONS: &str = "delete from sessions where pid in
    (select s.pid from sessions s where s.left_at < $1 limit $2)";

const KEYS: &str = "delete from idempotency where (user_id, route, key) in
    (select i.user_id, i.route, i.key from idempotency i where i.at <= $1 limit $2)";

const TOKENS: &str = "delete from refresh_tokens where hash in
    (select t.hash from refresh_tokens t where t.expires_at < $1 limit $2)
    returning family_id";

/// Gives how many tokens went.
async fn purge_tokens(
    connection: &mut Connection,
    before: Timestamp,
    limit: i64,
) -> Result<i64, StoreError> {
    let families: Vec<String> = query_scalar(TOKENS)
        .bind(before.as_millis())
        .bind(limit)
        .fetch_all(&mut *connection)
        .await?;
    let deleted = i64::try_from(families.len()).unwrap_or(limit);
    for family in families.into_iter().collect::<BTreeSet<_>>() {
        query(
            "delete from token_families where id = $1
                and not exists (select 1 from refresh_tokens t where t.family_id = $1)",
        )
        .bind(family)
        .execute(&mut *connection)
        .await?;
    }
    Ok(deleted)
}

// The first row, as far as one call looks, that may still be asked for.
const FIRST_KEPT: &str = "select seq from journal
    where shop_id = $1 and seq > $2 and seq <= $3 and seq > $4 and at >= $5 order by seq limit 1";

const PERSONAL: &str = "delete from journal
    where shop_id = $1 and seq > $2 and seq <= $3 and work_order_id is null and ticket_id is null";

/// How far a shop's journal was pruned.
struct Pruned {
    shop: i64,
    head: i64,
    to: i64,
}

impl Pruned {
    /// Gives how many rows further it went. It stops at the first row within the window, however old others are: the clock may
    /// have jumped.
    async fn prune(
        self,
        connection: &mut Connection,
        window: Window,
        now: Timestamp,
        limit: i64,
    ) -> Result<i64, StoreError> {
        let farthest = self.head.min(self.to + limit);
        let first_kept: Option<i64> = query_scalar(FIRST_KEPT)
            .bind(self.shop)
            .bind(self.to)
            .bind(farthest)
            .bind(self.head - window.events)
            .bind(now.before(window.age).as_millis())
            .fetch_optional(&mut *connection)
            .await?;
        let to = first_kept.map_or(farthest, |seq| seq - 1);
        if to <= self.to {
            return Ok(0);
        }
        query(PERSONAL)
            .bind(self.shop)
            .bind(self.to)
            .bind(to)
            .execute(&mut *connection)
            .await?;
        // Another process may have been faster; it never goes back.
        query("update journal_head set pruned_to = $2 where shop_id = $1 and pruned_to < $2")
            .bind(self.shop)
            .bind(to)
            .execute(connection)
            .await?;
        Ok(to - self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{self, assert_no_scan};

    #[tokio::test]
    async fn nothing_is_scanned_for() {
        let database = &mut explain::database().await;
        for sql in [SESSIONS, KEYS, TOKENS, FIRST_KEPT, PERSONAL] {
            assert_no_scan(database, query(sql)).await;
        }
    }
}
