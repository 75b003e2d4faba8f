//! Refresh tokens: families, rotation, revocation.
//!
//! A family is one login on one device. Every refresh spends a token for a new one; a spent one that comes back late was
//! stolen, or its successor was, and ends the whole family.

use std::{
    fmt::{self, Write as _},
    time::Duration,
};

use shopbell_protocol::{ShopId, Timestamp, UserId};

use crate::{
    Account, Store, StoreError,
    account::account,
    database::query,
    row::Columns,
    writer::{Connection, Lane, Written},
};

/// The SHA-256 of a refresh token: all that is kept of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    fn hex(self) -> String {
        hex(self.0)
    }
}

/// A hash as it is stored.
pub(crate) fn hex(hash: [u8; 32]) -> String {
    hash.iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string cannot fail.
            write!(hex, "{byte:02x}").ok();
            hex
        })
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// A refresh token is to be spent for a new one.
#[derive(Clone, Copy, Debug)]
pub struct Rotation {
    /// The one that was presented.
    pub old: TokenHash,
    /// Its successor.
    pub new: TokenHash,
    /// When the successor expires.
    pub expires: Timestamp,
    /// How long after its first use a spent token still works: an answer was lost, or two tabs asked at once.
    pub grace: Duration,
    /// The time of asking.
    pub now: Timestamp,
}

/// A refresh token was spent; its successor works.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Rotated {
    pub account: Account,
    pub family: String,
}

/// Why a refresh token does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RotateRefusal {
    /// Nobody was given it.
    Unknown,
    /// Its time is over.
    Expired,
    /// Its family was revoked, or its user disabled.
    Revoked,
    /// It was spent too long ago. Its family is now revoked.
    #[expect(missing_docs, reason = "the fields are what they are called")]
    Reused { account: Account, family: String },
}

impl Store {
    /// Starts a login family with its first refresh token. `family` must be new.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn start_family(
        &self,
        family: &str,
        user: UserId,
        refresh: &TokenHash,
        expires: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (family, refresh) = (family.to_owned(), *refresh);
        self.writer
            .run(Lane::of(&family), move |connection| {
                Box::pin(async move {
                    query(
                        "insert into token_families (id, user_id, created_at) values ($1, $2, $3)",
                    )
                    .bind(&family)
                    .bind(user.0)
                    .bind(now.as_millis())
                    .execute(&mut *connection)
                    .await?;
                    insert(connection, refresh, &family, expires).await?;
                    Ok(Written::quietly(()))
                })
            })
            .await
    }

    /// Spends a refresh token and stores its successor in the same family. One that is reused is told as
    /// [`News::Rights`](crate::News::Rights).
    ///
    /// # Errors
    ///
    /// Fails with the database. A token that does not work is a [`RotateRefusal`] inside.
    pub async fn rotate(
        &self,
        rotation: Rotation,
    ) -> Result<Result<Rotated, RotateRefusal>, StoreError> {
        self.writer
            .run(Lane::of(&rotation.old.hex()), move |connection| {
                Box::pin(async move {
                    let value = rotate(connection, rotation).await?;
                    let mut written = Written::quietly(value);
                    if let Err(RotateRefusal::Reused { account, .. }) = &written.value {
                        written.rights.push((account.shop, account.id));
                    }
                    Ok(written)
                })
            })
            .await
    }

    /// Revokes a family: none of its tokens works any more. Once revoked it stays so; an unknown one is left alone.
    /// Told as [`News::Rights`](crate::News::Rights).
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn revoke_family(&self, family: &str, now: Timestamp) -> Result<(), StoreError> {
        let family = family.to_owned();
        self.writer
            .run(Lane::of(&family), move |connection| {
                Box::pin(async move {
                    let mut written = Written::quietly(());
                    written
                        .rights
                        .extend(revoke(connection, &family, now).await?);
                    Ok(written)
                })
            })
            .await
    }
}

async fn rotate(
    connection: &mut Connection,
    rotation: Rotation,
) -> Result<Result<Rotated, RotateRefusal>, StoreError> {
    let Rotation {
        old,
        new,
        expires,
        grace,
        now,
    } = rotation;
    let row = query(
        "select u.id, u.shop_id, u.name, u.email, u.role, u.is_active, u.password_hash,
            f.id as family, f.revoked_at, t.expires_at, t.spent_at
        from refresh_tokens t
        join token_families f on f.id = t.family_id
        join users u on u.id = f.user_id
        where t.hash = $1",
    )
    .bind(old.hex())
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else {
        return Ok(Err(RotateRefusal::Unknown));
    };
    let account = account(&row)?;
    let family: String = row.try_get("family")?;
    if row.maybe_time("revoked_at")?.is_some() || !account.is_active {
        return Ok(Err(RotateRefusal::Revoked));
    }
    match row.maybe_time("spent_at")? {
        Some(spent) if now > spent.after(grace) => {
            revoke(connection, &family, now).await?;
            return Ok(Err(RotateRefusal::Reused { account, family }));
        }
        Some(_) => {}
        None if now >= row.time("expires_at")? => return Ok(Err(RotateRefusal::Expired)),
        None => {
            query("update refresh_tokens set spent_at = $2 where hash = $1")
                .bind(old.hex())
                .bind(now.as_millis())
                .execute(&mut *connection)
                .await?;
        }
    }
    insert(connection, new, &family, expires).await?;
    Ok(Ok(Rotated { account, family }))
}

async fn insert(
    connection: &mut Connection,
    token: TokenHash,
    family: &str,
    expires: Timestamp,
) -> Result<(), StoreError> {
    query("insert into refresh_tokens (hash, family_id, expires_at) values ($1, $2, $3)")
        .bind(token.hex())
        .bind(family)
        .bind(expires.as_millis())
        .execute(connection)
        .await?;
    Ok(())
}

/// Gives whose family it was, unless it was revoked before.
async fn revoke(
    connection: &mut Connection,
    family: &str,
    now: Timestamp,
) -> Result<Option<(ShopId, UserId)>, StoreError> {
    let whose = query(
        "update token_families set revoked_at = $2 where id = $1 and revoked_at is null
        returning (select u.shop_id from users u where u.id = token_families.user_id) as shop_id, user_id",
    )
    .bind(family)
    .bind(now.as_millis())
    .fetch_optional(connection)
    .await?;
    let Some(row) = whose else {
        return Ok(None);
    };
    let (shop, user) = (row.try_get("shop_id")?, row.try_get("user_id")?);
    Ok(Some((ShopId(shop), UserId(user))))
}

/// Revokes every family of a person.
pub(crate) async fn revoke_all(
    connection: &mut Connection,
    user: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    query("update token_families set revoked_at = $2 where user_id = $1 and revoked_at is null")
        .bind(user.0)
        .bind(now.as_millis())
        .execute(connection)
        .await?;
    Ok(())
}
