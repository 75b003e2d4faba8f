//! Hidden fields are `null` on every way out of REST.

use serde_json::{Value, json};
use shopbell_testkit::{Person, TestServer};

async fn orders(person: &Person) -> Vec<Value> {
    let (mut rows, mut path) = (Vec::new(), "/api/work-orders?limit=100".to_owned());
    loop {
        let page = person.get(&path).await;
        rows.extend(page.body["data"].as_array().unwrap().iter().cloned());
        let Some(cursor) = page.body["pagination"]["next_cursor"].as_str() else {
            return rows;
        };
        path = format!("/api/work-orders?limit=100&cursor={cursor}");
    }
}

#[tokio::test]
async fn a_hidden_field_is_null_in_lists_single_rows_answers_to_writes_and_conflicts() {
    let server = TestServer::start().await;
    let (ana, tarik, dana) = (
        server.ana().await,
        server.tarik().await,
        server.dana().await,
    );
    let mine = orders(&tarik)
        .await
        .into_iter()
        .find(|row| row["technician_id"] == 3)
        .unwrap();
    let path = format!("/api/work-orders/{}", mine["id"]);
    let secrets = json!({ "device_passcode": "0000", "cost_total": "12.34" });
    assert_eq!(ana.patch(&path, secrets).await.status, 200);

    let stale = [("if-match", "\"0\"")];
    for (person, is_technician) in [(&tarik, true), (&dana, false)] {
        let conflict = person
            .send(
                reqwest::Method::PATCH,
                &path,
                Some("{\"estimate_total\":\"9.00\"}".to_owned()),
                &stale,
            )
            .await;
        assert_eq!(conflict.refusal(), (412, "version_mismatch"));
        let written = person
            .patch(&path, json!({ "estimate_total": "77.00" }))
            .await;
        let listed = orders(person)
            .await
            .into_iter()
            .find(|row| row["id"] == mine["id"])
            .unwrap();
        for row in [
            &conflict.body["data"],
            &written.body["data"],
            &listed,
            &person.get(&path).await.body["data"],
        ] {
            assert!(
                row["cost_total"].is_null() && row.as_object().unwrap().contains_key("cost_total")
            );
            assert_eq!(row["customer_phone"].is_null(), is_technician);
            assert_eq!(row["customer_email"].is_null(), is_technician);
        }
        assert!(
            conflict.body["data"]["device_passcode"].is_null()
                && written.body["data"]["device_passcode"].is_null()
        );
        assert!(listed["device_passcode"].is_null());
    }
    assert_eq!(
        tarik.get(&path).await.body["data"]["device_passcode"],
        "0000",
        "the assigned technician needs it"
    );
    assert!(dana.get(&path).await.body["data"]["device_passcode"].is_null());
    assert_eq!(ana.get(&path).await.body["data"]["cost_total"], "12.34");
}

#[tokio::test]
async fn a_technician_sees_own_orders_and_the_pool_and_finds_nobody_by_phone() {
    let server = TestServer::start().await;
    let (ana, tarik) = (server.ana().await, server.tarik().await);
    let all = orders(&ana).await;
    assert_eq!(all.len(), 40);
    let seen = orders(&tarik).await;
    let may = |row: &Value| row["technician_id"].is_null() || row["technician_id"] == 3;
    assert_eq!(seen.len(), all.iter().filter(|row| may(row)).count());
    assert!(seen.iter().all(may));

    for row in &all {
        let reply = tarik.get(&format!("/api/work-orders/{}", row["id"])).await;
        assert_eq!(reply.status.as_u16(), if may(row) { 200 } else { 404 });
    }
    let phone = all
        .iter()
        .find(|row| may(row) && row["customer_phone"].is_string())
        .unwrap()["customer_phone"]
        .clone();
    let search = format!(
        "/api/work-orders?search={}",
        phone
            .as_str()
            .unwrap()
            .replace('+', "%2B")
            .replace(' ', "%20")
    );
    assert!(
        !ana.get(&search).await.body["data"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert!(
        tarik.get(&search).await.body["data"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn another_shop_does_not_exist() {
    let server = TestServer::start().await;
    let (ana, olga) = (server.ana().await, server.olga().await);
    let (ours, theirs) = (orders(&ana).await, orders(&olga).await);
    assert!(!theirs.is_empty());
    assert!(
        theirs
            .iter()
            .all(|row| !ours.iter().any(|other| other["id"] == row["id"])),
        "ids are unique over all shops"
    );
    for row in &theirs {
        let path = format!("/api/work-orders/{}", row["id"]);
        assert_eq!(ana.get(&path).await.refusal(), (404, "not_found"));
        assert_eq!(
            ana.patch(&path, json!({ "priority": "low" }))
                .await
                .refusal(),
            (404, "not_found")
        );
    }
    let theo = olga.get("/api/users?role=technician").await.body["data"][0]["id"].clone();
    let reply = ana
        .patch(
            &format!("/api/work-orders/{}", ours[0]["id"]),
            json!({ "technician_id": theo }),
        )
        .await;
    assert_eq!(reply.refusal(), (400, "validation_failed"));
}
