//! The numbers of tickets and work orders: `2026-0001`, one counter per shop and year.

use shopbell_protocol::{ShopId, Timestamp};

use crate::{
    StoreError,
    database::{query, query_scalar},
    writer::Connection,
};

/// A number that nothing has yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    shop: ShopId,
    year: i64,
    place: i64,
}

impl Number {
    /// The next one of the year of `now`; free as long as the caller holds the shop's lock.
    pub(crate) async fn next(
        connection: &mut Connection,
        shop: ShopId,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let year = year(now);
        let last: Option<i64> =
            query_scalar("select last from number_counters where shop_id = $1 and year = $2")
                .bind(shop.0)
                .bind(year)
                .fetch_optional(connection)
                .await?;
        let place = last.unwrap_or(0) + 1;
        Ok(Self { shop, year, place })
    }

    /// As people read it.
    pub(crate) fn text(self) -> String {
        format!("{:04}-{:04}", self.year, self.place)
    }

    /// Counts it as given out.
    pub(crate) async fn take(self, connection: &mut Connection) -> Result<(), StoreError> {
        query(
            "insert into number_counters (shop_id, year, last) values ($1, $2, $3)
            on conflict (shop_id, year) do update set last = excluded.last",
        )
        .bind(self.shop.0)
        .bind(self.year)
        .bind(self.place)
        .execute(connection)
        .await?;
        Ok(())
    }
}

fn year(time: Timestamp) -> i64 {
    let text = time.to_string();
    let year = text.split('-').next().and_then(|year| year.parse().ok());
    year.unwrap_or_default()
}
