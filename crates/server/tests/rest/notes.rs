use serde_json::{Value, json};
use shopbell_testkit::{Person, TestServer};

async fn order_of(person: &Person, query: &str) -> Value {
    person
        .get(&format!("/api/work-orders?limit=1&{query}"))
        .await
        .body["data"][0]
        .clone()
}

async fn about(person: &Person, order: &Value) -> Option<Value> {
    let rows = person.get("/api/notifications?unread=true&limit=100").await;
    let mut rows = rows.body["data"].as_array().unwrap().iter();
    rows.find(|row| {
        row["related_entity_type"] == "work_order" && row["related_entity_id"] == order["id"]
    })
    .cloned()
}

#[tokio::test]
async fn a_mention_interrupts_one_who_sees_the_order_and_tells_nobody_else() {
    let server = TestServer::start().await;
    let (ana, tarik, jelena) = (
        server.ana().await,
        server.tarik().await,
        server.jelena().await,
    );
    let pool = order_of(&ana, "technician_id=none").await;
    let path = format!("/api/work-orders/{}/notes", pool["id"]);
    let note = ana
        .post(
            &path,
            json!({ "content": "@TARIK ŠEHIĆ can you?", "customer_visible": true }),
        )
        .await;
    assert_eq!(note.status, 201);
    assert_eq!(
        (
            &note.body["data"]["author_name"],
            &note.body["data"]["customer_visible"]
        ),
        (&json!("Ana Novak"), &json!(true))
    );
    let told = about(&tarik, &pool).await.unwrap();
    assert_eq!(
        (&told["reason"], &told["urgency"]),
        (&json!("mentioned"), &json!("interrupt"))
    );
    assert!(
        about(&jelena, &pool)
            .await
            .is_none_or(|row| row["reason"] != "mentioned")
    );
    assert_eq!(
        jelena.get(&path).await.body["data"][0]["content"],
        "@TARIK ŠEHIĆ can you?"
    );
}

#[tokio::test]
async fn one_who_may_not_see_the_order_is_told_nothing_and_reads_nothing() {
    let server = TestServer::start().await;
    let (ana, jelena) = (server.ana().await, server.jelena().await);
    let his = order_of(&ana, "technician_id=3").await;
    let path = format!("/api/work-orders/{}/notes", his["id"]);
    let before = about(&jelena, &his).await;
    assert_eq!(
        ana.post(&path, json!({ "content": "@Jelena Đurić look" }))
            .await
            .status,
        201
    );
    assert_eq!(about(&jelena, &his).await, before);
    assert_eq!(jelena.get(&path).await.refusal(), (404, "not_found"));
    assert_eq!(
        jelena
            .post(&path, json!({ "content": "x" }))
            .await
            .refusal(),
        (404, "not_found")
    );
    let history = format!("/api/work-orders/{}/history", his["id"]);
    assert_eq!(jelena.get(&history).await.refusal(), (404, "not_found"));
}

#[tokio::test]
async fn history_is_the_orders_events_newest_first_as_the_caller_may_see_them() {
    let server = TestServer::start().await;
    let (ana, tarik) = (server.ana().await, server.tarik().await);
    let his = order_of(&ana, "technician_id=3").await;
    let order = format!("/api/work-orders/{}", his["id"]);
    ana.patch(
        &order,
        json!({ "cost_total": "10.00", "device_passcode": "2468", "priority": "low" }),
    )
    .await;
    ana.post(&format!("{order}/notes"), json!({ "content": "done" }))
        .await;
    for (person, is_technician) in [(&ana, false), (&tarik, true)] {
        let rows = person.get(&format!("{order}/history?limit=2")).await.body["data"]
            .as_array()
            .unwrap()
            .clone();
        assert_eq!(rows[0]["payload"]["action"], "note_added");
        assert_eq!(rows[1]["payload"]["action"], "updated");
        assert!(rows[0]["seq"].as_i64() > rows[1]["seq"].as_i64());
        assert!(
            !rows[1].to_string().contains("2468"),
            "no passcode in history"
        );
        let row = &rows[1]["payload"]["workOrder"];
        assert_eq!(
            (row["cost_total"].is_null(), row["customer_phone"].is_null()),
            (is_technician, is_technician)
        );
        let fields = rows[1]["payload"]["data"]["updatedFields"]
            .as_object()
            .unwrap();
        assert_eq!(fields.contains_key("cost_total"), !is_technician);
    }
}
