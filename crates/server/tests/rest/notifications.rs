use serde_json::{Value, json};
use shopbell_testkit::{Person, TestServer};

async fn unread(person: &Person) -> i64 {
    let count = person.get("/api/notifications/count").await;
    assert_eq!(count.body["data"]["count"], count.body["data"]["unread"]);
    let rows = person.get("/api/notifications?unread=true&limit=100").await;
    let rows = rows.body["data"].as_array().unwrap().len();
    assert_eq!(
        count.body["data"]["unread"],
        json!(rows),
        "the count is the number of unread rows"
    );
    rows.try_into().unwrap()
}

async fn rows(person: &Person) -> Vec<Value> {
    person.get("/api/notifications?limit=100").await.body["data"]
        .as_array()
        .unwrap()
        .clone()
}

#[tokio::test]
async fn marking_one_row_changes_the_count_by_one_and_twice_changes_nothing() {
    let server = TestServer::start().await;
    let tarik = server.tarik().await;
    let before = unread(&tarik).await;
    let row = rows(&tarik)
        .await
        .into_iter()
        .find(|row| row["is_read"] == false)
        .unwrap();
    let path = format!("/api/notifications/{}", row["id"]);

    let marked = tarik.patch(&path, json!({ "is_read": true })).await;
    assert_eq!(marked.body["data"]["is_read"], true);
    assert_eq!(unread(&tarik).await, before - 1);
    let again = tarik.patch(&path, json!({ "is_read": true })).await;
    assert_eq!(
        (again.status.as_u16(), unread(&tarik).await),
        (200, before - 1)
    );
    tarik.patch(&path, json!({ "is_read": false })).await;
    assert_eq!(unread(&tarik).await, before);
}

#[tokio::test]
async fn mark_all_read_leaves_what_is_newer_than_its_bound() {
    let server = TestServer::start().await;
    let tarik = server.tarik().await;
    let unread_ids: Vec<i64> = rows(&tarik)
        .await
        .iter()
        .filter(|row| row["is_read"] == false)
        .map(|row| row["id"].as_i64().unwrap())
        .collect();
    let (oldest, newest) = (
        unread_ids.iter().min().unwrap(),
        unread_ids.iter().max().unwrap(),
    );
    assert!(oldest < newest);

    let some = tarik
        .post(
            "/api/notifications/mark-all-read",
            json!({ "up_to_id": newest - 1 }),
        )
        .await;
    assert_eq!(some.body["data"]["updated"], json!(unread_ids.len() - 1));
    assert_eq!(unread(&tarik).await, 1);
    let none = tarik
        .post(
            "/api/notifications/mark-all-read",
            json!({ "up_to_id": newest - 1 }),
        )
        .await;
    assert_eq!(none.body["data"]["updated"], json!(0));
    tarik
        .post(
            "/api/notifications/mark-all-read",
            json!({ "up_to_id": newest }),
        )
        .await;
    assert_eq!(unread(&tarik).await, 0);
}

#[tokio::test]
async fn another_persons_row_does_not_exist() {
    let server = TestServer::start().await;
    let (tarik, marko, olga) = (
        server.tarik().await,
        server.marko().await,
        server.olga().await,
    );
    let row = rows(&tarik).await.remove(0);
    let path = format!("/api/notifications/{}", row["id"]);
    for other in [marko, olga] {
        assert_eq!(
            other
                .patch(&path, json!({ "is_read": true }))
                .await
                .refusal(),
            (404, "not_found")
        );
    }
    assert_eq!(
        tarik
            .patch("/api/notifications/x", json!({ "is_read": true }))
            .await
            .refusal(),
        (404, "not_found")
    );
    assert_eq!(
        tarik.patch(&path, json!({})).await.refusal(),
        (400, "validation_failed")
    );
    assert_eq!(
        tarik.patch(&path, json!({ "is_read": 1 })).await.refusal(),
        (400, "malformed")
    );
    assert_eq!(
        tarik
            .patch(&path, json!({ "is_read": true, "title": "x" }))
            .await
            .refusal(),
        (422, "unknown_field")
    );
}

#[tokio::test]
async fn a_deleted_row_is_gone_and_counts_no_longer() {
    let server = TestServer::start().await;
    let (tarik, marko) = (server.tarik().await, server.marko().await);
    let before = unread(&tarik).await;
    let row = rows(&tarik)
        .await
        .into_iter()
        .find(|row| row["is_read"] == false)
        .unwrap();
    let path = format!("/api/notifications/{}", row["id"]);
    let delete = |person: &Person| {
        let (person, path) = (person.clone(), path.clone());
        async move { person.send(reqwest::Method::DELETE, &path, None, &[]).await }
    };
    assert_eq!(delete(&marko).await.refusal(), (404, "not_found"));
    assert_eq!(delete(&tarik).await.status, 200);
    assert_eq!(unread(&tarik).await, before - 1);
    assert_eq!(delete(&tarik).await.refusal(), (404, "not_found"));
}

#[tokio::test]
async fn events_on_one_order_fold_into_one_unread_row() {
    let server = TestServer::start().await;
    let (ana, tarik) = (server.ana().await, server.tarik().await);
    let order = ana
        .get("/api/work-orders?limit=1&technician_id=none")
        .await
        .body["data"][0]["id"]
        .clone();
    let path = format!("/api/work-orders/{order}");
    ana.patch(&path, json!({ "technician_id": 3 })).await;
    let about = |rows: Vec<Value>| {
        rows.into_iter()
            .filter(|row| row["related_entity_id"] == order)
            .collect::<Vec<_>>()
    };
    let first = about(rows(&tarik).await);
    let count = unread(&tarik).await;
    ana.patch(&path, json!({ "priority": "urgent" })).await;
    let second = about(rows(&tarik).await);
    assert_eq!(
        (second.len(), &second[0]["id"]),
        (first.len(), &first[0]["id"])
    );
    assert_eq!(
        second[0]["event_count"].as_i64().unwrap(),
        first[0]["event_count"].as_i64().unwrap() + 1
    );
    assert_eq!(unread(&tarik).await, count);
    tarik
        .patch(
            &format!("/api/notifications/{}", second[0]["id"]),
            json!({ "is_read": true }),
        )
        .await;
    ana.patch(&path, json!({ "priority": "high", "description": "again" }))
        .await;
    assert_eq!(
        about(rows(&tarik).await).len(),
        first.len() + 1,
        "a read row is not folded into"
    );
}
