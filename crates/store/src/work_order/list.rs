//! Which work orders someone reads.

use shopbell_domain::Actor;
use shopbell_protocol::{CustomerId, Priority, Role, Status, UserId, WorkOrder, WorkOrderId};

use super::row::{seen, select, work_order};
use crate::{
    Cursor, Page, PageRequest, Snapshot, Store, StoreError,
    database::Query,
    filter::{contains, one_of},
    journal::Head,
};

/// Which work orders are wanted; an empty list or `None` means any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkOrderFilter {
    /// In one of these statuses.
    pub status: Vec<Status>,
    /// Of one of these priorities.
    pub priority: Vec<Priority>,
    /// Whose.
    pub technician: Option<TechnicianFilter>,
    /// For this customer.
    pub customer_id: Option<CustomerId>,
    /// With this text, in any case and without regard to accents, in number, device, description or the customer's name,
    /// and for those who see them the customer's phone and e-mail.
    pub search: Option<String>,
}

/// Whose work orders are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TechnicianFilter {
    /// Nobody's: the pool.
    Unassigned,
    /// This person's.
    User(UserId),
}

impl Store {
    /// The work orders that `actor` may see, the last changed first, with all fields: which of them the actor may see
    /// `domain` decides.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn work_orders(
        &self,
        actor: &Actor,
        filter: &WorkOrderFilter,
        page: &PageRequest,
    ) -> Result<Snapshot<Page<WorkOrder>>, StoreError> {
        let mut snapshot = self.read().await?;
        let head = Head::read(&mut snapshot, actor.shop).await?;
        let rows = list(actor, filter, page)
            .build()
            .fetch_all(&mut snapshot)
            .await?;
        let orders = rows.iter().map(work_order).collect::<Result<_, _>>()?;
        let cursor = |order: &WorkOrder| Cursor::at(order.updated_at, order.id.0);
        Ok(head.snapshot(page.page(orders, cursor)))
    }

    /// One work order, with all fields; `None` when there is none or `actor` may not see it.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn work_order(
        &self,
        actor: &Actor,
        id: WorkOrderId,
    ) -> Result<Option<Snapshot<WorkOrder>>, StoreError> {
        let mut snapshot = self.read().await?;
        let head = Head::read(&mut snapshot, actor.shop).await?;
        let order = seen(&mut snapshot, actor, id).await?;
        Ok(order.map(|order| head.snapshot(order)))
    }
}

fn list(actor: &Actor, filter: &WorkOrderFilter, page: &PageRequest) -> Query {
    let mut query = select(actor.shop);
    // The same rule as `Sight::of_order`; a test holds the two together.
    if actor.role == Role::Technician {
        query
            .push(" and (technician_id is null or technician_id = ")
            .push_bind(actor.id.0)
            .push(")");
    }
    one_of(&mut query, "status", &filter.status, |status| {
        status.as_str()
    });
    one_of(&mut query, "priority", &filter.priority, |priority| {
        priority.as_str()
    });
    match filter.technician {
        Some(TechnicianFilter::Unassigned) => {
            query.push(" and technician_id is null");
        }
        Some(TechnicianFilter::User(user)) => {
            query.push(" and technician_id = ").push_bind(user.0);
        }
        None => {}
    }
    if let Some(customer) = filter.customer_id {
        query.push(" and customer_id = ").push_bind(customer.0);
    }
    let text = filter.search.as_deref();
    contains(&mut query, actor.role, text, "search_key", "contact_key");
    page.newest_first(&mut query, "updated_at", "id");
    query
}

#[cfg(test)]
mod tests {
    use shopbell_protocol::ShopId;

    use super::*;
    use crate::explain::{self, assert_no_scan};

    #[tokio::test]
    async fn no_list_scans_or_sorts() {
        let database = &mut explain::database().await;
        let any = WorkOrderFilter::default;
        let filters = [
            any(),
            WorkOrderFilter {
                status: vec![Status::Pending],
                ..any()
            },
            WorkOrderFilter {
                status: vec![Status::Pending, Status::Testing],
                priority: vec![Priority::High, Priority::Urgent],
                ..any()
            },
            WorkOrderFilter {
                technician: Some(TechnicianFilter::Unassigned),
                ..any()
            },
            WorkOrderFilter {
                technician: Some(TechnicianFilter::User(UserId(3))),
                search: Some("screen".to_owned()),
                ..any()
            },
            WorkOrderFilter {
                customer_id: Some(CustomerId(1)),
                ..any()
            },
            WorkOrderFilter {
                search: Some("kovac".to_owned()),
                ..any()
            },
        ];
        for role in Role::ALL {
            let actor = Actor {
                shop: ShopId(1),
                id: UserId(3),
                role,
                name: String::new(),
            };
            for filter in &filters {
                for page in explain::pages() {
                    assert_no_scan(database, list(&actor, filter, &page)).await;
                }
            }
        }
    }
}
