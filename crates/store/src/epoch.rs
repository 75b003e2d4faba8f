//! A journal that is begun anew: after an older backup was restored its numbers are given out a second time.

use shopbell_protocol::Timestamp;

use crate::{
    Store, StoreError,
    database::query,
    session::delete_all,
    writer::{Connection, Lane, Written},
};

impl Store {
    /// Gives every shop's journal a new epoch, named after the moment, so that no cursor from before is taken for one of it,
    /// and ends all sessions.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn new_epoch(&self, now: Timestamp) -> Result<(), StoreError> {
        self.writer
            .run(Lane::Alone(0), move |connection| {
                Box::pin(renew(connection, now))
            })
            .await
    }
}

async fn renew(connection: &mut Connection, now: Timestamp) -> Result<Written<()>, StoreError> {
    let now = now.as_millis();
    // A clock that stands still must not give the same one again.
    query("update journal_head set epoch = case when epoch = $1 then $2 else $1 end")
        .bind(format!("{now:x}"))
        .bind(format!("{:x}", now + 1))
        .execute(&mut *connection)
        .await?;
    delete_all(connection).await?;
    Ok(Written::quietly(()))
}
