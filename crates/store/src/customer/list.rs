//! Which customers someone reads: everyone in a shop reads all of them.

use shopbell_domain::Actor;
use shopbell_protocol::{Customer, CustomerId, ShopId};

use super::row::{customer, get, select};
use crate::{
    Page, PageRequest, Snapshot, Store, StoreError, database::Query, filter::contains,
    journal::Head,
};

/// Which customers are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// With this text, in any case and without regard to accents, in the name, and for those who see them in phone and
    /// e-mail.
    pub search: Option<String>,
}

impl Store {
    /// The customers of the shop, by name, with all fields: which of them `actor` may see `domain` decides.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn customers(
        &self,
        shop: ShopId,
        filter: &CustomerFilter,
        actor: &Actor,
        page: &PageRequest,
    ) -> Result<Snapshot<Page<Customer>>, StoreError> {
        let mut snapshot = self.read().await?;
        let head = Head::read(&mut snapshot, shop).await?;
        let rows = list(shop, filter, actor, page)
            .build()
            .fetch_all(&mut snapshot)
            .await?;
        let customers = rows.iter().map(customer).collect::<Result<_, _>>()?;
        Ok(head.snapshot(page.page_by_name(customers, |customer: &Customer| customer.id.0)))
    }

    /// One customer, with all fields.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn customer(
        &self,
        shop: ShopId,
        id: CustomerId,
    ) -> Result<Option<Snapshot<Customer>>, StoreError> {
        let mut snapshot = self.read().await?;
        let head = Head::read(&mut snapshot, shop).await?;
        let customer = get(&mut snapshot, shop, id).await?;
        Ok(customer.map(|customer| head.snapshot(customer)))
    }
}

fn list(shop: ShopId, filter: &CustomerFilter, actor: &Actor, page: &PageRequest) -> Query {
    let mut query = select(shop);
    let text = filter.search.as_deref();
    contains(&mut query, actor.role, text, "name_key", "contact_key");
    page.by_name(&mut query, shop, "customers");
    query
}

#[cfg(test)]
mod tests {
    use shopbell_protocol::{Role, UserId};

    use super::*;
    use crate::explain::{self, assert_no_scan};

    #[tokio::test]
    async fn no_list_scans_or_sorts() {
        let database = &mut explain::database().await;
        for role in Role::ALL {
            let actor = Actor {
                shop: ShopId(1),
                id: UserId(3),
                role,
                name: String::new(),
            };
            for search in [None, Some("babic".to_owned())] {
                for page in explain::pages() {
                    let filter = CustomerFilter {
                        search: search.clone(),
                    };
                    assert_no_scan(database, list(ShopId(1), &filter, &actor, &page)).await;
                }
            }
        }
    }
}
