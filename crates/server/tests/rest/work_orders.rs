use reqwest::Method;
use serde_json::{Value, json};
use shopbell_testkit::{Person, TestServer};

const TARIK: i64 = 3;
const JELENA: i64 = 4;

/// An order in `status`, assigned or not, as Ana sees it.
async fn order(ana: &Person, query: &str) -> Value {
    let reply = ana.get(&format!("/api/work-orders?limit=1&{query}")).await;
    reply.body["data"][0].clone()
}

fn path(order: &Value) -> String {
    format!("/api/work-orders/{}", order["id"])
}

#[tokio::test]
async fn a_patch_moves_the_version_by_one_and_tells_its_place_in_the_journal() {
    let server = TestServer::start().await;
    let ana = server.ana().await;
    let row = order(&ana, "status=pending").await;
    let before = ana
        .patch(
            &path(&row),
            json!({ "technician_id": TARIK, "priority": "high" }),
        )
        .await
        .body["data"]
        .clone();
    let reply = ana
        .patch(
            &path(&before),
            json!({ "status": "in_progress", "priority": "low", "technician_id": JELENA }),
        )
        .await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    let after = &reply.body["data"];
    assert_eq!(
        after["version"].as_i64().unwrap(),
        before["version"].as_i64().unwrap() + 1
    );
    assert!(after["started_at"].is_string());

    let head = ana.get(&path(&before)).await.headers["shop-seq"]
        .to_str()
        .unwrap()
        .parse::<i64>()
        .unwrap();
    let seq = reply.headers["shop-seq"]
        .to_str()
        .unwrap()
        .parse::<i64>()
        .unwrap();
    assert!(
        seq < head,
        "notification events come after the events about the order"
    );
}

#[tokio::test]
async fn setting_what_is_already_there_is_no_event() {
    let server = TestServer::start().await;
    let ana = server.ana().await;
    let row = order(&ana, "status=picked_up").await;
    let head =
        |reply: &shopbell_testkit::Reply| reply.headers["shop-seq"].to_str().unwrap().to_owned();
    let before = head(&ana.get(&path(&row)).await);
    let same = json!({ "status": "picked_up", "device": row["device"], "technician_id": row["technician_id"], "due_at": row["due_at"] });
    let reply = ana.patch(&path(&row), same).await;
    assert_eq!(
        (reply.status.as_u16(), &reply.body["data"]["version"]),
        (200, &row["version"])
    );
    assert_eq!(head(&ana.get(&path(&row)).await), before);
}

#[tokio::test]
async fn a_stale_if_match_gets_the_current_row_and_without_it_the_last_writer_wins() {
    let server = TestServer::start().await;
    let (ana, dana) = (server.ana().await, server.dana().await);
    let row = order(&ana, "status=pending").await;
    let version = format!("\"{}\"", row["version"]);
    let with = |value: &str| vec![("if-match".to_owned(), value.to_owned())];
    let send = |body: Value, headers: Vec<(String, String)>| {
        let (ana, path) = (ana.clone(), path(&row));
        async move {
            let headers: Vec<_> = headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            ana.send(Method::PATCH, &path, Some(body.to_string()), &headers)
                .await
        }
    };
    assert_eq!(
        send(json!({ "priority": "urgent" }), with(&version))
            .await
            .status,
        200
    );
    let stale = send(json!({ "priority": "low" }), with(&version)).await;
    assert_eq!(stale.refusal(), (412, "version_mismatch"));
    assert_eq!(stale.body["data"]["priority"], "urgent");
    assert_eq!(
        dana.patch(
            &path(&row),
            json!({ "description": "Speaks to it, it answers." })
        )
        .await
        .status,
        200
    );
    assert_eq!(
        send(json!({ "priority": "low" }), with("*")).await.status,
        200
    );
    for wrong in ["1", "\"x\"", "\"1", "W/\"1\""] {
        assert_eq!(
            send(json!({}), with(wrong)).await.refusal(),
            (400, "malformed"),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn an_illegal_move_needs_a_leads_reason_and_work_needs_a_technician() {
    let server = TestServer::start().await;
    let (ana, marko, dana) = (
        server.ana().await,
        server.marko().await,
        server.dana().await,
    );
    let row = order(&ana, "status=intake").await;
    assert_eq!(
        dana.patch(&path(&row), json!({ "status": "testing" }))
            .await
            .refusal(),
        (409, "illegal_transition")
    );
    let forced = json!({ "status": "testing", "override_reason": "found it on the bench" });
    assert_eq!(
        dana.patch(&path(&row), forced.clone()).await.refusal(),
        (403, "forbidden")
    );
    assert_eq!(
        marko.patch(&path(&row), forced).await.body["data"]["status"],
        "testing"
    );

    let pool = order(&ana, "technician_id=none&status=pending").await;
    let start = json!({ "status": "in_progress" });
    assert_eq!(
        marko.patch(&path(&pool), start).await.refusal(),
        (409, "technician_required")
    );
    let both = json!({ "status": "in_progress", "technician_id": TARIK });
    assert_eq!(marko.patch(&path(&pool), both).await.status, 200);
}

#[tokio::test]
async fn technicians_take_from_the_pool_give_back_and_touch_only_their_own() {
    let server = TestServer::start().await;
    let (ana, tarik, jelena) = (
        server.ana().await,
        server.tarik().await,
        server.jelena().await,
    );
    let pool = order(&ana, "technician_id=none").await;
    let at = path(&pool);
    assert_eq!(
        tarik
            .patch(&at, json!({ "description": "mine soon" }))
            .await
            .refusal(),
        (403, "forbidden")
    );
    assert_eq!(
        tarik
            .patch(&at, json!({ "technician_id": JELENA }))
            .await
            .refusal(),
        (403, "forbidden")
    );
    assert_eq!(
        tarik
            .patch(&at, json!({ "technician_id": TARIK }))
            .await
            .status,
        200
    );
    assert_eq!(jelena.get(&at).await.refusal(), (404, "not_found"));
    assert_eq!(
        jelena
            .patch(&at, json!({ "technician_id": JELENA }))
            .await
            .refusal(),
        (404, "not_found")
    );
    assert_eq!(
        tarik
            .patch(&at, json!({ "description": "mine now" }))
            .await
            .status,
        200
    );
    for field in [
        "priority",
        "device",
        "cost_total",
        "customer_id",
        "device_passcode",
    ] {
        let value = if field == "customer_id" {
            json!(1)
        } else if field == "priority" {
            json!("low")
        } else {
            json!("1")
        };
        let reply = tarik.patch(&at, json!({ field: value })).await;
        assert_eq!(reply.refusal(), (403, "forbidden"), "{field}");
        assert_eq!(reply.body["errors"][0]["field"], field);
    }
    assert_eq!(
        tarik
            .patch(&at, json!({ "technician_id": null }))
            .await
            .status,
        200
    );
    assert_eq!(jelena.get(&at).await.status, 200);
}

#[tokio::test]
async fn each_field_complains_for_itself() {
    let server = TestServer::start().await;
    let ana = server.ana().await;
    let row = order(&ana, "status=pending").await;
    for (body, refusal) in [
        (json!({ "status": "lost" }), (400, "validation_failed")),
        (json!({ "status": 7 }), (400, "malformed")),
        (json!({ "status": null }), (400, "malformed")),
        (json!({ "estimate_total": 50 }), (400, "malformed")),
        (
            json!({ "estimate_total": "-1" }),
            (400, "validation_failed"),
        ),
        (json!({ "estimate_total": "9999999.99" }), (200, "no code")),
        (
            json!({ "estimate_total": "10000000" }),
            (400, "validation_failed"),
        ),
        (json!({ "due_at": "tomorrow" }), (400, "validation_failed")),
        (
            json!({ "due_at": "2026-03-03T10:00:00+01:00" }),
            (200, "no code"),
        ),
        (json!({ "technician_id": "3" }), (400, "malformed")),
        (json!({ "technician_id": 5 }), (400, "validation_failed")),
        (json!({ "technician_id": 999 }), (400, "validation_failed")),
        (
            json!({ "customer_id": 999_999 }),
            (400, "validation_failed"),
        ),
        (json!({ "device": "" }), (400, "validation_failed")),
        (json!({ "device": "d".repeat(200) }), (200, "no code")),
        (
            json!({ "device": "d".repeat(201) }),
            (400, "validation_failed"),
        ),
        (json!({ "description": "d".repeat(4000) }), (200, "no code")),
        (
            json!({ "description": "d".repeat(4001) }),
            (400, "validation_failed"),
        ),
        (json!({ "id": 1 }), (422, "unknown_field")),
        (json!({ "version": 1 }), (422, "unknown_field")),
        (json!({ "colour": "red" }), (422, "unknown_field")),
    ] {
        assert_eq!(
            ana.patch(&path(&row), body.clone()).await.refusal(),
            refusal,
            "{body}"
        );
    }
    let two = ana
        .patch(&path(&row), json!({ "device": "", "status": "lost" }))
        .await;
    assert_eq!(two.body["errors"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn search_finds_by_number_device_and_customer_in_any_case() {
    let server = TestServer::start().await;
    let ana = server.ana().await;
    let row = order(&ana, "status=in_progress").await;
    for field in ["number", "device", "customer_name"] {
        let text = row[field].as_str().unwrap().to_uppercase();
        let query: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let found = ana
            .get(&format!("/api/work-orders?limit=100&search={query}"))
            .await;
        let ids: Vec<_> = found.body["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|found| found["id"].clone())
            .collect();
        assert!(ids.contains(&row["id"]), "{field}: {text}");
    }
    let wild = ana.get("/api/work-orders?search=%5F%25%5F").await;
    assert!(
        wild.body["data"].as_array().unwrap().is_empty(),
        "signs that SQL would expand are only signs"
    );
}
