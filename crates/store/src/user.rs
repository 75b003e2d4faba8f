//! The shop's staff.

use shopbell_domain::Staff;
use shopbell_protocol::{Role, ShopId, User, UserId, Version};
use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};

use crate::{
    Cursor, Page, PageRequest, Snapshot, Store, StoreError, journal::Head, row::Columns,
    writer::Connection,
};

impl Store {
    /// The staff of a shop, by name, with all fields: what a reader may see of them `domain` decides.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn users(
        &self,
        shop: ShopId,
        role: Option<Role>,
        page: &PageRequest,
    ) -> Result<Snapshot<Page<User>>, StoreError> {
        let mut snapshot = self.read().await?;
        let head = Head::read(&mut snapshot, shop).await?;
        let rows = list(shop, role, page)
            .build()
            .fetch_all(&mut *snapshot)
            .await?;
        let users = rows.iter().map(user).collect::<Result<_, _>>()?;
        let cursor = |user: &User| Cursor {
            at: 0,
            id: user.id.0,
        };
        Ok(head.snapshot(page.page(users, cursor)))
    }

    /// One member of staff, with all fields.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn user(
        &self,
        shop: ShopId,
        id: UserId,
    ) -> Result<Option<Snapshot<User>>, StoreError> {
        let mut snapshot = self.read().await?;
        let head = Head::read(&mut snapshot, shop).await?;
        let row = select(shop)
            .push(" and id = ")
            .push_bind(id.0)
            .build()
            .fetch_optional(&mut *snapshot)
            .await?;
        let user = row.as_ref().map(user).transpose()?;
        Ok(user.map(|user| head.snapshot(user)))
    }
}

fn select(shop: ShopId) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(
        "select id, name, email, role, is_active, last_seen, created_at, updated_at, version
        from users where shop_id = ",
    );
    query.push_bind(shop.0);
    query
}

fn list(shop: ShopId, role: Option<Role>, page: &PageRequest) -> QueryBuilder<Sqlite> {
    let mut query = select(shop);
    if let Some(role) = role {
        query.push(" and role = ").push_bind(role.as_str());
    }
    if let Some(cursor) = page.cursor {
        query
            .push(" and (name_key, id) > (select name_key, id from users where id = ")
            .push_bind(cursor.id)
            .push(")");
    }
    query
        .push(" order by name_key, id limit ")
        .push_bind(page.rows_to_read());
    query
}

fn user(row: &SqliteRow) -> Result<User, sqlx::Error> {
    Ok(User {
        id: UserId(row.try_get("id")?),
        name: row.try_get("name")?,
        email: row.try_get("email")?,
        role: row.word("role")?,
        is_active: row.try_get("is_active")?,
        last_seen: row.maybe_time("last_seen")?,
        created_at: Some(row.time("created_at")?),
        updated_at: Some(row.time("updated_at")?),
        version: Some(Version(row.try_get("version")?)),
    })
}

/// All people of a shop, disabled ones too, as far as the rules need to know them.
pub(crate) async fn staff(
    connection: &mut Connection,
    shop: ShopId,
) -> Result<Vec<Staff>, StoreError> {
    let rows =
        sqlx::query("select id, name, role, is_active from users where shop_id = $1 order by id")
            .bind(shop.0)
            .fetch_all(connection)
            .await?;
    let staff = rows.iter().map(|row| {
        Ok(Staff {
            id: UserId(row.try_get("id")?),
            name: row.try_get("name")?,
            role: row.word("role")?,
            is_active: row.try_get("is_active")?,
        })
    });
    Ok(staff.collect::<Result<_, sqlx::Error>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{self, assert_no_scan};

    #[tokio::test]
    async fn no_list_scans_or_sorts() {
        let database = &mut explain::database().await;
        for role in [None, Some(Role::Technician)] {
            for page in explain::pages() {
                assert_no_scan(database, list(ShopId(1), role, &page)).await;
            }
        }
    }
}
