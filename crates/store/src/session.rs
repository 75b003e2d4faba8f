//! Sessions of sockets: who somebody was and what they had open, for when they come back.
//!
//! They change often and are worth little, so they are not flushed one by one: they survive a killed process, not a power
//! failure. After one they are deleted rather than trusted.

use std::sync::atomic::Ordering;

use shopbell_protocol::{Epoch, Role, Room, Seq, ShopId, Timestamp, UserId};

use crate::{
    Store, StoreError,
    database::{Row, query, query_scalar},
    row::{Columns, unreadable},
    writer::{Connection, Lane, Written},
};

/// In the place of a boot id: everything was flushed.
const CLEAN: &str = "clean";

/// A socket that can be recovered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// What the client proves with that it is its own.
    pub pid: String,
    /// The socket's public id.
    pub sid: String,
    /// The tenant.
    pub shop: ShopId,
    /// Who connected.
    pub user: UserId,
    /// As what.
    pub role: Role,
    /// Where it began; no offset of it lies before.
    pub since: Seq,
    /// The journal's epoch then.
    pub epoch: Epoch,
    /// The rooms it is in.
    pub rooms: Vec<Room>,
}

impl Store {
    /// To be called once before the first session is opened or looked for: what an earlier process left open is left `now`.
    /// `boot` names this start of the machine. When the sessions are of another one and the store was not closed since, power
    /// may have failed, and they are deleted.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn resume_sessions(&self, boot: &str, now: Timestamp) -> Result<(), StoreError> {
        let boot = boot.to_owned();
        self.writer
            .run(Lane::Alone(0), move |connection| {
                Box::pin(resume(connection, boot, now))
            })
            .await?;
        self.keeps_sessions.store(true, Ordering::Release);
        Ok(())
    }

    /// Keeps a new session, whose `pid` nobody else has.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn open_session(&self, session: &StoredSession) -> Result<(), StoreError> {
        let session = session.clone();
        self.writer
            .run_lazily(Lane::of(&session.pid), move |connection| {
                Box::pin(insert(connection, session))
            })
            .await
    }

    /// The session of this private id, unless it was left before `reach`.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn session(
        &self,
        pid: &str,
        reach: Timestamp,
    ) -> Result<Option<StoredSession>, StoreError> {
        let row = query(
            "select pid, sid, shop_id, user_id, role, since, epoch, rooms from sessions
            where pid = $1 and (left_at is null or left_at >= $2)",
        )
        .bind(pid)
        .bind(reach.as_millis())
        .fetch_optional(self.readers())
        .await?;
        Ok(row.as_ref().map(session).transpose()?)
    }

    /// Keeps the rooms that a session is in now.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn set_session_rooms(&self, pid: &str, rooms: &[Room]) -> Result<(), StoreError> {
        let (pid, rooms) = (pid.to_owned(), names(rooms)?);
        self.writer
            .run_lazily(Lane::of(&pid), move |connection| {
                Box::pin(async move {
                    query("update sessions set rooms = $2 where pid = $1")
                        .bind(pid)
                        .bind(rooms)
                        .execute(connection)
                        .await?;
                    Ok(Written::quietly(()))
                })
            })
            .await
    }

    /// Its client is told everything after `since` once more, and may carry on from any of that.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn widen_session(&self, pid: &str, since: Seq) -> Result<(), StoreError> {
        let pid = pid.to_owned();
        self.writer
            .run_lazily(Lane::of(&pid), move |connection| {
                Box::pin(async move {
                    query("update sessions set since = $2 where pid = $1 and since > $2")
                        .bind(pid)
                        .bind(since.0)
                        .execute(connection)
                        .await?;
                    Ok(Written::quietly(()))
                })
            })
            .await
    }

    /// Its socket went away; it may come back.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn leave_session(&self, pid: &str, now: Timestamp) -> Result<(), StoreError> {
        self.mark_session(pid, Some(now)).await.map(drop)
    }

    /// It came back: another socket carries it on. False when it has ended.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn resume_session(&self, pid: &str) -> Result<bool, StoreError> {
        self.mark_session(pid, None).await
    }

    /// Gives whether there is such a session.
    async fn mark_session(&self, pid: &str, left: Option<Timestamp>) -> Result<bool, StoreError> {
        let pid = pid.to_owned();
        self.writer
            .run_lazily(Lane::of(&pid), move |connection| {
                Box::pin(async move {
                    let marked = query("update sessions set left_at = $2 where pid = $1")
                        .bind(pid)
                        .bind(left.map(Timestamp::as_millis))
                        .execute(connection)
                        .await?;
                    Ok(Written::quietly(marked > 0))
                })
            })
            .await
    }

    /// It will not come back: the client said goodbye.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn end_session(&self, pid: &str) -> Result<(), StoreError> {
        let pid = pid.to_owned();
        self.writer
            .run_lazily(Lane::of(&pid), move |connection| {
                Box::pin(async move {
                    query("delete from sessions where pid = $1")
                        .bind(pid)
                        .execute(connection)
                        .await?;
                    Ok(Written::quietly(()))
                })
            })
            .await
    }
}

async fn resume(
    connection: &mut Connection,
    boot: String,
    now: Timestamp,
) -> Result<Written<()>, StoreError> {
    let last: Option<String> = query_scalar("select boot_id from boot")
        .fetch_optional(&mut *connection)
        .await?;
    // A server keeps them in a table that it empties by itself after a crash.
    let is_lost = last.is_none_or(|last| last != boot && last != CLEAN);
    if is_lost && !connection.is_postgres() {
        delete_all(connection).await?;
    }
    query(
        "insert into boot (id, boot_id) values (1, $1)
        on conflict (id) do update set boot_id = excluded.boot_id",
    )
    .bind(boot)
    .execute(&mut *connection)
    .await?;
    query("update sessions set left_at = $1 where left_at is null")
        .bind(now.as_millis())
        .execute(connection)
        .await?;
    Ok(Written::quietly(()))
}

/// The last thing that is written: whatever was before it is on the disk with it.
pub(crate) async fn end_cleanly(connection: &mut Connection) -> Result<(), StoreError> {
    query("update boot set boot_id = $1")
        .bind(CLEAN)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn delete_all(connection: &mut Connection) -> Result<(), StoreError> {
    query("delete from sessions").execute(connection).await?;
    Ok(())
}

async fn insert(
    connection: &mut Connection,
    session: StoredSession,
) -> Result<Written<()>, StoreError> {
    query(
        "insert into sessions (pid, sid, shop_id, user_id, role, since, epoch, rooms)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(session.pid)
    .bind(session.sid)
    .bind(session.shop.0)
    .bind(session.user.0)
    .bind(session.role.as_str())
    .bind(session.since.0)
    .bind(session.epoch.0)
    .bind(names(&session.rooms)?)
    .execute(connection)
    .await?;
    Ok(Written::quietly(()))
}

fn names(rooms: &[Room]) -> Result<String, serde_json::Error> {
    let names: Vec<String> = rooms.iter().map(Room::to_string).collect();
    serde_json::to_string(&names)
}

fn session(row: &Row) -> Result<StoredSession, sqlx::Error> {
    let rooms: Vec<String> =
        serde_json::from_str(row.try_get("rooms")?).map_err(|error| unreadable("rooms", error))?;
    let rooms = rooms.iter().map(|name| name.parse());
    Ok(StoredSession {
        pid: row.try_get("pid")?,
        sid: row.try_get("sid")?,
        shop: ShopId(row.try_get("shop_id")?),
        user: UserId(row.try_get("user_id")?),
        role: row.word("role")?,
        since: Seq(row.try_get("since")?),
        epoch: Epoch(row.try_get("epoch")?),
        rooms: rooms
            .collect::<Result<_, _>>()
            .map_err(|error| unreadable("rooms", error))?,
    })
}
