//! Which tickets someone reads.

use shopbell_domain::{Actor, Sight};
use shopbell_protocol::{CustomerId, Priority, Role, Ticket, TicketId, TicketStatus};

use super::row::{get, select, ticket};
use crate::{
    Cursor, Page, PageRequest, Snapshot, Store, StoreError,
    database::Query,
    filter::{contains, one_of},
    journal::Head,
};

/// Which tickets are wanted; an empty list or `None` means any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketFilter {
    /// In one of these statuses.
    pub status: Vec<TicketStatus>,
    /// Of one of these priorities.
    pub priority: Vec<Priority>,
    /// For this customer.
    pub customer_id: Option<CustomerId>,
    /// With this text, in any case and without regard to accents, in number, device, problem, notes or the customer's name,
    /// and for those who see it the customer's phone.
    pub search: Option<String>,
}

impl Store {
    /// The tickets that `actor` may see, the last changed first, with all fields: which of them the actor may see `domain`
    /// decides.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn tickets(
        &self,
        actor: &Actor,
        filter: &TicketFilter,
        page: &PageRequest,
    ) -> Result<Snapshot<Page<Ticket>>, StoreError> {
        let mut snapshot = self.read().await?;
        let head = Head::read(&mut snapshot, actor.shop).await?;
        let rows = list(actor, filter, page)
            .build()
            .fetch_all(&mut snapshot)
            .await?;
        let tickets = rows
            .iter()
            .map(|row| ticket(row).map(|(ticket, _)| ticket))
            .collect::<Result<_, _>>()?;
        let cursor = |ticket: &Ticket| Cursor::at(ticket.updated_at, ticket.id.0);
        Ok(head.snapshot(page.page(tickets, cursor)))
    }

    /// One ticket, with all fields; `None` when there is none or `actor` may not see it.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn ticket(
        &self,
        actor: &Actor,
        id: TicketId,
    ) -> Result<Option<Snapshot<Ticket>>, StoreError> {
        let mut snapshot = self.read().await?;
        let head = Head::read(&mut snapshot, actor.shop).await?;
        let found = get(&mut snapshot, actor.shop, id).await?;
        let is_seen = |sight: Sight| sight.is_seen_by(actor.id, actor.role);
        Ok(found
            .filter(|(_, sight)| is_seen(*sight))
            .map(|(ticket, _)| head.snapshot(ticket)))
    }
}

fn list(actor: &Actor, filter: &TicketFilter, page: &PageRequest) -> Query {
    let mut query = select(actor.shop);
    // The same rule as `Sight::of_ticket`; a test holds the two together.
    if actor.role == Role::Technician {
        query
            .push(
                " and (t.status = 'intake'
                    or t.status = 'converted' and (w.technician_id is null or w.technician_id = ",
            )
            .push_bind(actor.id.0)
            .push("))");
    }
    one_of(&mut query, "t.status", &filter.status, |status| {
        status.as_str()
    });
    one_of(&mut query, "t.priority", &filter.priority, |priority| {
        priority.as_str()
    });
    if let Some(customer) = filter.customer_id {
        query.push(" and t.customer_id = ").push_bind(customer.0);
    }
    let text = filter.search.as_deref();
    contains(
        &mut query,
        actor.role,
        text,
        "t.search_key",
        "t.contact_key",
    );
    page.newest_first(&mut query, "t.updated_at", "t.id");
    query
}

#[cfg(test)]
mod tests {
    use shopbell_protocol::{ShopId, UserId};

    use super::*;
    use crate::explain::{self, assert_no_scan};

    #[tokio::test]
    async fn no_list_scans_or_sorts() {
        let database = &mut explain::database().await;
        let any = TicketFilter::default;
        let filters = [
            any(),
            TicketFilter {
                status: vec![TicketStatus::Intake],
                ..any()
            },
            TicketFilter {
                status: vec![TicketStatus::Intake, TicketStatus::Cancelled],
                priority: vec![Priority::High, Priority::Urgent],
                ..any()
            },
            TicketFilter {
                customer_id: Some(CustomerId(1)),
                ..any()
            },
            TicketFilter {
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
