//! Accounts: who may sign in.

use std::fmt;

use shopbell_protocol::{Role, ShopId, Timestamp, UserId};

use crate::{
    Store, StoreError,
    database::{Row, query},
    row::Columns,
    search::email_key,
    writer::{Lane, Written},
};

/// A member of staff with what signing in needs.
#[derive(Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Account {
    pub shop: ShopId,
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub is_active: bool,
    password_hash: String,
}

impl Account {
    /// The hash in PHC form.
    #[must_use]
    pub fn password_hash(&self) -> &str {
        &self.password_hash
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("shop", &self.shop)
            .field("id", &self.id)
            .field("role", &self.role)
            .field("is_active", &self.is_active)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// The account with this address, whatever its case.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn account_by_email(&self, email: &str) -> Result<Option<Account>, StoreError> {
        let row = query(
            "select id, shop_id, name, email, role, is_active, password_hash from users where email_key = $1",
        )
        .bind(email_key(email))
        .fetch_optional(self.readers())
        .await?;
        Ok(row.as_ref().map(account).transpose()?)
    }

    /// The account with this id, of whatever shop.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn account(&self, id: UserId) -> Result<Option<Account>, StoreError> {
        let row = query(
            "select id, shop_id, name, email, role, is_active, password_hash from users where id = $1",
        )
        .bind(id.0)
        .fetch_optional(self.readers())
        .await?;
        Ok(row.as_ref().map(account).transpose()?)
    }

    /// The same for a person who shows a token: none if its login family was revoked. An unknown one was not: tokens that were
    /// made elsewhere have none of ours.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn account_by_token(
        &self,
        id: UserId,
        family: Option<&str>,
    ) -> Result<Option<Account>, StoreError> {
        let Some(family) = family else {
            return self.account(id).await;
        };
        let row = query(
            "select id, shop_id, name, email, role, is_active, password_hash from users where id = $1
            and not exists (select 1 from token_families f where f.id = $2 and f.revoked_at is not null)",
        )
        .bind(id.0)
        .bind(family)
        .fetch_optional(self.readers())
        .await?;
        Ok(row.as_ref().map(account).transpose()?)
    }

    /// Notes that the person was here, without a flush of its own; nobody is told.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn seen(&self, user: UserId, at: Timestamp) -> Result<(), StoreError> {
        self.writer
            .run_lazily(Lane::Alone(user.0.unsigned_abs()), move |connection| {
                Box::pin(async move {
                    query(
                        "update users set last_seen = $2 where id = $1 and (last_seen is null or last_seen < $2)",
                    )
                    .bind(user.0)
                    .bind(at.as_millis())
                    .execute(connection)
                    .await?;
                    Ok(Written::quietly(()))
                })
            })
            .await
    }
}

pub(crate) fn account(row: &Row) -> Result<Account, sqlx::Error> {
    Ok(Account {
        shop: ShopId(row.try_get("shop_id")?),
        id: UserId(row.try_get("id")?),
        name: row.try_get("name")?,
        email: row.try_get("email")?,
        role: row.word("role")?,
        is_active: row.try_get("is_active")?,
        password_hash: row.try_get("password_hash")?,
    })
}
