use serde_json::{Value, json};
use shopbell_testkit::TestServer;

#[tokio::test]
async fn technicians_read_without_contact_and_do_not_write() {
    let server = TestServer::start().await;
    let (dana, tarik) = (server.dana().await, server.tarik().await);
    let new = json!({ "name": "Vera Horvat", "phone": "+385 91 555 0199", "email": "vera@posta.example", "address": "Ilica 1" });
    let added = dana.post("/api/customers", new.clone()).await;
    assert_eq!(
        (added.status.as_u16(), &added.body["data"]["version"]),
        (201, &json!(1))
    );
    let path = format!("/api/customers/{}", added.body["data"]["id"]);

    let seen = tarik.get(&path).await.body["data"].clone();
    for hidden in ["phone", "email", "address"] {
        assert!(seen[hidden].is_null() && dana.get(&path).await.body["data"][hidden].is_string());
    }
    assert_eq!(seen["name"], "Vera Horvat");
    assert_eq!(
        tarik.post("/api/customers", new).await.refusal(),
        (403, "forbidden")
    );
    assert_eq!(
        tarik.patch(&path, json!({ "name": "x" })).await.refusal(),
        (403, "forbidden")
    );
    for (person, found) in [(&dana, 1), (&tarik, 0)] {
        let rows = person.get("/api/customers?search=555%200199").await;
        assert_eq!(rows.body["data"].as_array().unwrap().len(), found);
    }
    assert_eq!(
        server.olga().await.get(&path).await.refusal(),
        (404, "not_found")
    );
    assert_eq!(
        dana.post("/api/customers", json!({})).await.refusal(),
        (400, "validation_failed")
    );
}

#[tokio::test]
async fn a_new_name_shows_in_open_orders_with_a_new_version_and_not_in_closed_ones() {
    let server = TestServer::start().await;
    let dana = server.dana().await;
    let orders = dana.get("/api/work-orders?limit=100").await.body["data"]
        .as_array()
        .unwrap()
        .clone();
    let is_closed =
        |order: &Value| order["status"] == "picked_up" || order["status"] == "cancelled";
    for closed in [false, true] {
        let order = orders
            .iter()
            .find(|order| is_closed(order) == closed)
            .unwrap();
        let name = format!("Renamed {closed}");
        let customer = format!("/api/customers/{}", order["customer_id"]);
        assert_eq!(
            dana.patch(&customer, json!({ "name": name })).await.status,
            200
        );
        let after = dana
            .get(&format!("/api/work-orders/{}", order["id"]))
            .await
            .body["data"]
            .clone();
        assert_eq!(after["customer_name"] == json!(name), !closed);
        let versions = after["version"].as_i64().unwrap() - order["version"].as_i64().unwrap();
        assert_eq!(versions, i64::from(!closed));
    }
}

#[tokio::test]
async fn a_stale_if_match_gets_the_current_customer() {
    let server = TestServer::start().await;
    let dana = server.dana().await;
    let stale = [("if-match", "\"0\"")];
    let reply = dana
        .send(
            reqwest::Method::PATCH,
            "/api/customers/1",
            Some("{\"notes\":\"x\"}".to_owned()),
            &stale,
        )
        .await;
    assert_eq!(reply.refusal(), (412, "version_mismatch"));
    assert!(reply.body["data"]["name"].is_string());
}
