use serde_json::{Value, json};
use shopbell_testkit::{Person, TestServer};

const BULK: &str = "/api/work-orders/bulk";

async fn ids(person: &Person, query: &str) -> Vec<Value> {
    let rows = person
        .get(&format!("/api/work-orders?limit=100&{query}"))
        .await;
    rows.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].clone())
        .collect()
}

#[tokio::test]
async fn a_bulk_change_is_one_notification_per_person() {
    let server = TestServer::start().await;
    let (marko, tarik) = (server.marko().await, server.tarik().await);
    let ids = ids(&marko, "technician_id=none").await;
    assert!(ids.len() > 1);
    let count = |reply: shopbell_testkit::Reply| reply.body["data"]["unread"].as_i64().unwrap();
    let before = count(tarik.get("/api/notifications/count").await);
    let reply = marko
        .patch(
            BULK,
            json!({ "ids": ids, "changes": { "technician_id": 3 } }),
        )
        .await;
    assert_eq!(reply.body["data"].as_array().unwrap().len(), ids.len());
    assert_eq!(
        count(tarik.get("/api/notifications/count").await),
        before + 1
    );
    let newest = tarik.get("/api/notifications?limit=1").await.body["data"][0].clone();
    assert!(
        newest["title"]
            .as_str()
            .unwrap()
            .starts_with(&ids.len().to_string()),
        "{newest}"
    );
}

#[tokio::test]
async fn all_or_nothing_and_the_refusal_names_the_order() {
    let server = TestServer::start().await;
    let marko = server.marko().await;
    let (mut ids, closed) = (
        ids(&marko, "status=intake").await,
        ids(&marko, "status=picked_up").await,
    );
    ids.push(closed[0].clone());
    let reply = marko
        .patch(
            BULK,
            json!({ "ids": ids, "changes": { "status": "diagnosing" } }),
        )
        .await;
    assert_eq!(reply.refusal(), (409, "illegal_transition"));
    let number = marko
        .get(&format!("/api/work-orders/{}", closed[0]))
        .await
        .body["data"]["number"]
        .clone();
    assert!(
        reply.body["message"]
            .as_str()
            .unwrap()
            .starts_with(number.as_str().unwrap()),
        "{}",
        reply.body
    );
    for id in &ids[..ids.len() - 1] {
        assert_eq!(
            marko.get(&format!("/api/work-orders/{id}")).await.body["data"]["status"],
            "intake"
        );
    }
    ids.push(json!(999_999));
    assert_eq!(
        marko
            .patch(
                BULK,
                json!({ "ids": ids, "changes": { "priority": "low" } })
            )
            .await
            .refusal(),
        (404, "not_found")
    );
}

#[tokio::test]
async fn leads_alone_and_at_most_two_hundred() {
    let server = TestServer::start().await;
    let change = json!({ "ids": [1], "changes": { "priority": "low" } });
    for person in [server.tarik().await, server.dana().await] {
        assert_eq!(
            person.patch(BULK, change.clone()).await.refusal(),
            (403, "forbidden")
        );
    }
    let marko = server.marko().await;
    let named = |count: i64| json!({ "ids": (1..=count).collect::<Vec<_>>(), "changes": { "priority": "low" } });
    assert_eq!(
        marko.patch(BULK, named(200)).await.refusal(),
        (404, "not_found"),
        "200 may be named; not all of them are there"
    );
    assert_eq!(
        marko.patch(BULK, named(201)).await.refusal(),
        (400, "validation_failed")
    );
    assert_eq!(
        marko.patch(BULK, named(0)).await.refusal(),
        (400, "validation_failed")
    );
    assert_eq!(
        marko
            .patch(
                BULK,
                json!({ "ids": [1, 1], "changes": { "priority": "low" } })
            )
            .await
            .body["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        marko
            .patch(BULK, json!({ "ids": [1], "changes": { "id": 2 } }))
            .await
            .refusal(),
        (422, "unknown_field")
    );
    assert_eq!(
        marko
            .patch(BULK, json!({ "ids": "1", "changes": {} }))
            .await
            .refusal(),
        (400, "malformed")
    );
}
