//! Who works in the shop.

use shopbell_protocol::{Role, ShopId, User, UserId};

use super::row::{get, select, user};
use crate::{Page, PageRequest, Snapshot, Store, StoreError, database::Query, journal::Head};

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
            .fetch_all(&mut snapshot)
            .await?;
        let users = rows.iter().map(user).collect::<Result<_, _>>()?;
        Ok(head.snapshot(page.page_by_name(users, |user: &User| user.id.0)))
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
        let user = get(&mut snapshot, shop, id).await?;
        Ok(user.map(|user| head.snapshot(user)))
    }
}

fn list(shop: ShopId, role: Option<Role>, page: &PageRequest) -> Query {
    let mut query = select(shop);
    if let Some(role) = role {
        query.push(" and role = ").push_bind(role.as_str());
    }
    page.by_name(&mut query, shop, "users");
    query
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
