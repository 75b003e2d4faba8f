//! Changing a member of staff, and what shows them.

use shopbell_domain::{Actor, Journal, Refusal, user as rules};
use shopbell_protocol::{Timestamp, User, UserId, UserPatch, Version};

use super::row::{get, staff, update};
use crate::{
    CommandError, Committed, Store, command::Answer, journal::Head, reflect::reflect_user,
    token::revoke_all, writer::Connection,
};

impl Store {
    /// Changes a member of staff as far as the rules allow. `password_hash` stands for the password in `patch`, which is not
    /// looked at; it, or being disabled, ends every login family of theirs. These and another role are told as
    /// [`News::Rights`](crate::News::Rights). Open orders and tickets in intake that show their
    /// name follow it, each with its event, all or nothing.
    ///
    /// # Errors
    ///
    /// Refused by the rules, or fails with the database.
    pub async fn patch_user(
        &self,
        actor: &Actor,
        id: UserId,
        patch: UserPatch,
        password_hash: Option<String>,
        if_match: Option<Version>,
        now: Timestamp,
    ) -> Result<Committed<User>, CommandError<User>> {
        let actor = actor.clone();
        let patch = UserPatch {
            password: password_hash,
            ..patch
        };
        self.command(actor.shop, move |connection| {
            Box::pin(async move { self::patch(connection, &actor, id, patch, if_match, now).await })
        })
        .await
    }
}

/// The `password` of `patch` is its hash here.
async fn patch(
    connection: &mut Connection,
    actor: &Actor,
    id: UserId,
    patch: UserPatch,
    if_match: Option<Version>,
    now: Timestamp,
) -> Answer<User> {
    let head = Head::lock(connection, actor.shop).await?;
    if let Err(refusal) = rules::may_manage(actor) {
        return Ok(head.refused(refusal));
    }
    let Some(before) = get(connection, actor.shop, id).await? else {
        return Ok(head.refused(Refusal::NotFound));
    };
    let staff = staff(connection, actor.shop).await?;
    let user = match rules::patch(actor, &before, &patch, if_match, &staff, now) {
        Ok(Some(user)) => user,
        Ok(None) => return Ok(head.unchanged(before).map(Ok)),
        Err(refusal) => return Ok(head.refused_for(refusal, before)),
    };
    update(connection, &user, patch.password.as_deref()).await?;
    if patch.password.is_some() || !user.is_active {
        revoke_all(connection, id, now).await?;
    }
    let mut journal = Journal::after(head.seq, now);
    if user.name != before.name {
        reflect_user(connection, actor, &user, &mut journal).await?;
    }
    let rights =
        (user.role, user.is_active) != (before.role, before.is_active) || patch.password.is_some();
    let mut written = head.conclude(connection, journal, Vec::new(), user).await?;
    if rights {
        written.rights.push((actor.shop, id));
    }
    Ok(written)
}
