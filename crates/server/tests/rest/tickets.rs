use serde_json::{Value, json};
use shopbell_testkit::{Person, TestServer};

const TARIK: i64 = 3;
const JELENA: i64 = 4;

async fn take_in(person: &Person) -> Value {
    let new = json!({ "customer_id": 1, "device": "Pixel 8", "problem_description": "No picture.", "priority": "high" });
    let reply = person.post("/api/tickets", new).await;
    assert_eq!(reply.status, 201, "{:?}", reply.body);
    reply.body["data"].clone()
}

fn path(ticket: &Value) -> String {
    format!("/api/tickets/{}", ticket["id"])
}

#[tokio::test]
async fn everyone_takes_in_tickets_and_the_number_is_the_shops_next() {
    let server = TestServer::start().await;
    let mut last = String::new();
    for person in [
        server.ana().await,
        server.marko().await,
        server.tarik().await,
        server.dana().await,
    ] {
        let ticket = take_in(&person).await;
        assert_eq!(ticket["status"], "intake");
        assert_eq!(ticket["number"], ticket["ticket_number"]);
        assert!(ticket["number"].as_str().unwrap() > last.as_str());
        last = ticket["number"].as_str().unwrap().to_owned();
    }
    let reply = server
        .dana()
        .await
        .post("/api/tickets", json!({ "device": "x" }))
        .await;
    assert_eq!(reply.refusal(), (400, "validation_failed"));
    assert_eq!(reply.body["errors"].as_array().unwrap().len(), 2);
    let nobody = json!({ "customer_id": 999_999, "device": "x", "problem_description": "y" });
    assert_eq!(
        server
            .dana()
            .await
            .post("/api/tickets", nobody)
            .await
            .refusal(),
        (400, "validation_failed")
    );
}

#[tokio::test]
async fn technicians_change_fields_in_intake_but_do_not_cancel() {
    let server = TestServer::start().await;
    let (dana, tarik) = (server.dana().await, server.tarik().await);
    let ticket = take_in(&dana).await;
    let changed = tarik
        .patch(
            &path(&ticket),
            json!({ "device": "Pixel 8a", "notes": "SIM tray missing" }),
        )
        .await;
    assert_eq!(
        (changed.status.as_u16(), &changed.body["data"]["version"]),
        (200, &json!(2))
    );
    assert_eq!(
        tarik
            .patch(&path(&ticket), json!({ "status": "cancelled" }))
            .await
            .refusal(),
        (403, "forbidden")
    );

    assert_eq!(
        dana.patch(&path(&ticket), json!({ "status": "converted" }))
            .await
            .refusal(),
        (409, "illegal_transition")
    );
    assert_eq!(
        dana.patch(&path(&ticket), json!({ "status": "cancelled" }))
            .await
            .status,
        200
    );
    assert_eq!(
        dana.patch(&path(&ticket), json!({ "status": "intake" }))
            .await
            .refusal(),
        (409, "illegal_transition")
    );
    assert_eq!(
        tarik.get(&path(&ticket)).await.refusal(),
        (404, "not_found")
    );
    assert_eq!(
        dana.patch(&path(&ticket), json!({ "number": "1" }))
            .await
            .refusal(),
        (422, "unknown_field")
    );
}

#[tokio::test]
async fn converting_makes_an_order_of_the_same_number_and_happens_once() {
    let server = TestServer::start().await;
    let (dana, tarik, jelena) = (
        server.dana().await,
        server.tarik().await,
        server.jelena().await,
    );
    let ticket = take_in(&dana).await;
    let convert = format!("{}/convert", path(&ticket));
    assert_eq!(
        tarik
            .post(&convert, json!({ "technician_id": JELENA }))
            .await
            .refusal(),
        (403, "forbidden")
    );
    let order = tarik
        .post(&convert, json!({ "description": "Screen" }))
        .await;
    assert_eq!(order.status, 201);
    let order = &order.body["data"];
    assert_eq!(
        (&order["number"], &order["status"], &order["technician_id"]),
        (&ticket["number"], &json!("intake"), &json!(TARIK))
    );
    assert_eq!(
        (&order["ticket_id"], &order["priority"]),
        (&ticket["id"], &json!("high"))
    );
    assert_eq!(
        dana.post(&convert, json!({})).await.refusal(),
        (409, "conflict")
    );

    let seen = dana.get(&path(&ticket)).await;
    assert_eq!(
        (
            &seen.body["data"]["status"],
            &seen.body["data"]["work_order_id"]
        ),
        (&json!("converted"), &order["id"])
    );
    assert_eq!(
        tarik.get(&path(&ticket)).await.status,
        200,
        "the technician of the order sees the ticket behind it"
    );
    assert_eq!(
        jelena.get(&path(&ticket)).await.refusal(),
        (404, "not_found")
    );
    assert_eq!(
        tarik
            .patch(&path(&ticket), json!({ "device": "x" }))
            .await
            .refusal(),
        (403, "forbidden")
    );
}

#[tokio::test]
async fn the_desk_converts_to_anybody_or_nobody() {
    let server = TestServer::start().await;
    let dana = server.dana().await;
    for (body, technician) in [
        (json!({}), Value::Null),
        (json!({ "technician_id": JELENA }), json!(JELENA)),
    ] {
        let ticket = take_in(&dana).await;
        let order = dana.post(&format!("{}/convert", path(&ticket)), body).await;
        assert_eq!(order.body["data"]["technician_id"], technician);
        assert_eq!(
            order.body["data"]["description"],
            ticket["problem_description"]
        );
    }
}

#[tokio::test]
async fn a_new_ticket_is_told_to_desk_and_managers_and_not_to_its_author() {
    let server = TestServer::start().await;
    let people = [
        server.ana().await,
        server.marko().await,
        server.tarik().await,
        server.dana().await,
    ];
    let ticket = take_in(&people[3]).await;
    let mut told = Vec::new();
    for person in &people {
        let rows = person
            .get("/api/notifications?type=repair_ticket&limit=100")
            .await;
        let rows = rows.body["data"].as_array().unwrap().clone();
        told.push(
            rows.iter()
                .any(|row| row["related_entity_id"] == ticket["id"]),
        );
    }
    assert_eq!(told, [false, true, false, false]);
}
