//! Taking on a member of staff.

use shopbell_domain::{Actor, user as rules};
use shopbell_protocol::{Role, Timestamp, User};

use super::row::{insert, is_taken};
use crate::{CommandError, Committed, Store, command::Answer, journal::Head, writer::Connection};

impl Store {
    /// Adds a member of staff, as far as the rules allow. `email` must be nobody's, whatever its case and in whatever shop.
    ///
    /// # Errors
    ///
    /// Refused by the rules, or fails with the database.
    pub async fn add_user(
        &self,
        actor: &Actor,
        name: &str,
        email: &str,
        role: Role,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<Committed<User>, CommandError<User>> {
        let actor = actor.clone();
        let (name, email) = (name.to_owned(), email.to_owned());
        let password_hash = password_hash.to_owned();
        self.command(actor.shop, move |connection| {
            Box::pin(async move {
                add(connection, &actor, name, email, role, &password_hash, now).await
            })
        })
        .await
    }
}

async fn add(
    connection: &mut Connection,
    actor: &Actor,
    name: String,
    email: String,
    role: Role,
    password_hash: &str,
    now: Timestamp,
) -> Answer<User> {
    let head = Head::lock(connection, actor.shop).await?;
    let is_taken = is_taken(connection, &email).await?;
    let mut user = match rules::add(actor, name, email, role, is_taken, now) {
        Ok(user) => user,
        Err(refusal) => return Ok(head.refused(refusal)),
    };
    user.id = insert(connection, actor.shop, &user, password_hash).await?;
    Ok(head.unchanged(user).map(Ok))
}
