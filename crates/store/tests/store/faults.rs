//! What is wrong with a database is found.

use sqlx::{AssertSqlSafe, raw_sql};

use crate::{home::UNCHECKED, shop::Shop};

async fn faults(shop: &Shop) -> Vec<String> {
    let faults = shop.store.check().await.unwrap();
    faults.iter().map(ToString::to_string).collect()
}

/// What is found after this was done to the demo shops, where `{head}` stands for the last event of shop 1.
pub(crate) async fn after(sql: &str) -> Vec<String> {
    let shop = Shop::open().await;
    assert_eq!(faults(&shop).await, [""; 0]);
    let last = shop.head().await;
    raw_sql(AssertSqlSafe(format!("{UNCHECKED}; {sql}")))
        .execute(&mut shop.connect().await)
        .await
        .unwrap();
    let faults = faults(&shop).await;
    let head = last.to_string();
    faults
        .iter()
        .map(|fault| fault.replace(&head, "{head}"))
        .collect()
}

#[tokio::test]
async fn holes_in_a_journal() {
    assert_eq!(
        after("delete from journal where shop_id = 1 and seq in (5, 8, 9)").await,
        [
            "In shop 1 event 5 is missing in the journal.",
            "In shop 1 the events 8 to 9 are missing in the journal.",
        ]
    );
    let found = after("update journal_head set head = head + 1 where shop_id = 1").await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with(" is missing in the journal."));
    assert_eq!(
        after(
            "update journal_head set pruned_to = 8 where shop_id = 1;
            delete from journal where shop_id = 1 and seq in (5, 8, 9)"
        )
        .await,
        ["In shop 1 event 9 is missing in the journal."]
    );
}

#[tokio::test]
async fn heads_that_are_not_where_the_journal_ends() {
    let found = after("update journal_head set head = head - 1 where shop_id = 1").await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("In shop 1 event {head} lies beyond the head of the journal, "));
    assert_eq!(
        after("update journal_head set pruned_to = 100000 where shop_id = 1").await,
        ["In shop 1 the journal was pruned up to 100000, beyond its head, {head}."]
    );
    assert_eq!(
        after("delete from journal_head where shop_id = 2").await,
        ["Shop 2 has no journal."]
    );
}

#[tokio::test]
async fn events_that_cannot_be_read_or_are_not_their_own() {
    let found = after(
        "update journal set payload = '{}' where shop_id = 1 and seq = 5;
        update journal set audience = 'everyone' where shop_id = 1 and seq = 6;
        update journal set event = 'of_tomorrow' where shop_id = 1 and seq = 7",
    )
    .await;
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].starts_with("In shop 1 event 5 cannot be read: "));
    assert!(found[1].starts_with("In shop 1 whom event 6 is for cannot be read: "));
    assert!(found[2].starts_with("In shop 1 event 7 cannot be read: "));
    assert_eq!(
        after(
            "update journal set
                event = (select o.event from journal o where o.shop_id = 1 and o.seq = 2),
                payload = (select o.payload from journal o where o.shop_id = 1 and o.seq = 2)
            where shop_id = 1 and seq = 1"
        )
        .await,
        ["In shop 1 event 1 says that it is event 2."]
    );
}

#[tokio::test]
async fn a_count_that_is_not_what_was_told() {
    let found = after(
        "update notifications set is_read = not is_read
        where id = (select max(id) from notifications where user_id = 3)",
    )
    .await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("In shop 1 user 3 was told of "));
}
