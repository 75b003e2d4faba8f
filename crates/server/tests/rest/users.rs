use serde_json::json;
use shopbell_testkit::TestServer;

#[tokio::test]
async fn everyone_reads_who_works_in_their_shop_and_admins_read_the_rest() {
    let server = TestServer::start().await;
    let all = server.ana().await.get("/api/users").await;
    let all = all.body["data"].as_array().unwrap();
    assert_eq!(all.len(), 5);
    assert!(
        all.iter()
            .all(|user| user["email"].is_string() && user["version"].is_number())
    );

    for person in [
        server.marko().await,
        server.tarik().await,
        server.dana().await,
    ] {
        let reply = person.get("/api/users").await;
        for user in reply.body["data"].as_array().unwrap() {
            for hidden in ["email", "last_seen", "created_at", "updated_at", "version"] {
                assert!(user[hidden].is_null() && user.as_object().unwrap().contains_key(hidden));
            }
            assert!(user["name"].is_string() && user["is_active"].is_boolean());
        }
    }
}

#[tokio::test]
async fn a_role_filters_and_pages_follow_one_another() {
    let server = TestServer::start().await;
    let marko = server.marko().await;
    let technicians = marko.get("/api/users?role=technician").await;
    let names: Vec<_> = technicians.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Jelena Đurić", "Tarik Šehić"]);

    let (mut seen, mut path) = (Vec::new(), "/api/users?limit=2".to_owned());
    loop {
        let page = marko.get(&path).await;
        seen.extend(
            page.body["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|user| user["id"].as_i64().unwrap()),
        );
        let Some(cursor) = page.body["pagination"]["next_cursor"].as_str() else {
            break;
        };
        path = format!("/api/users?limit=2&cursor={cursor}");
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 5);
}

#[tokio::test]
async fn admins_alone_add_and_change_people() {
    let server = TestServer::start().await;
    let new = json!({ "name": "Ines Babić", "email": "ines@shopbell.test", "role": "technician", "password": "correct horse" });
    for person in [
        server.marko().await,
        server.tarik().await,
        server.dana().await,
    ] {
        assert_eq!(
            person.post("/api/users", new.clone()).await.refusal(),
            (403, "forbidden")
        );
        assert_eq!(
            person
                .patch("/api/users/3", json!({ "name": "x" }))
                .await
                .refusal(),
            (403, "forbidden")
        );
    }
    let ana = server.ana().await;
    let added = ana.post("/api/users", new.clone()).await;
    assert_eq!(added.status, 201);
    assert_eq!(
        ana.post("/api/users", new).await.refusal(),
        (409, "conflict")
    );
    let credentials = json!({ "email": "ines@shopbell.test", "password": "correct horse" });
    assert_eq!(
        server
            .nobody()
            .post("/api/auth/login", credentials)
            .await
            .status,
        200
    );
    for (field, wrong) in [
        ("email", "nobody"),
        ("password", "short"),
        ("role", "owner"),
        ("name", ""),
    ] {
        let mut body =
            json!({ "name": "N", "email": "n@x.test", "role": "admin", "password": "long enough" });
        body[field] = json!(wrong);
        assert_eq!(
            ana.post("/api/users", body).await.refusal(),
            (400, "validation_failed"),
            "{field}"
        );
    }
    assert_eq!(
        ana.patch("/api/users/6", json!({ "name": "x" }))
            .await
            .refusal(),
        (404, "not_found"),
        "another shop's"
    );
}

#[tokio::test]
async fn one_who_is_disabled_is_out_at_once() {
    let server = TestServer::start().await;
    let (ana, (tarik, data)) = (
        server.ana().await,
        server.login("tech1@shopbell.test").await,
    );
    assert_eq!(
        ana.patch("/api/users/3", json!({ "is_active": false }))
            .await
            .body["data"]["is_active"],
        false
    );
    assert_eq!(
        tarik.get("/api/auth/me").await.refusal(),
        (401, "invalid_token")
    );
    let refresh = json!({ "refresh_token": data["refresh_token"] });
    assert_eq!(
        server
            .nobody()
            .post("/api/auth/refresh", refresh)
            .await
            .refusal(),
        (401, "invalid_token")
    );
    let order = ana
        .get("/api/work-orders?limit=1&technician_id=none")
        .await
        .body["data"][0]["id"]
        .clone();
    let assign = ana
        .patch(
            &format!("/api/work-orders/{order}"),
            json!({ "technician_id": 3 }),
        )
        .await;
    assert_eq!(
        assign.refusal(),
        (400, "validation_failed"),
        "nobody works who is disabled"
    );
}

#[tokio::test]
async fn the_role_that_counts_is_the_databases() {
    let server = TestServer::start().await;
    let (ana, dana) = (server.ana().await, server.dana().await);
    assert_eq!(
        dana.patch("/api/work-orders/1", json!({ "cost_total": "1.00" }))
            .await
            .refusal(),
        (403, "forbidden")
    );
    ana.patch("/api/users/5", json!({ "role": "manager" }))
        .await;
    assert_eq!(
        dana.patch("/api/work-orders/1", json!({ "cost_total": "1.00" }))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn the_last_admin_stays() {
    let server = TestServer::start().await;
    let ana = server.ana().await;
    for change in [json!({ "is_active": false }), json!({ "role": "manager" })] {
        assert_eq!(
            ana.patch("/api/users/1", change).await.refusal(),
            (409, "conflict")
        );
    }
    assert_eq!(
        ana.patch("/api/users/2", json!({ "role": "admin" }))
            .await
            .status,
        200
    );
    assert_eq!(
        ana.patch("/api/users/1", json!({ "role": "manager" }))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_new_password_ends_every_login() {
    let server = TestServer::start().await;
    let (ana, tarik) = (server.ana().await, server.tarik().await);
    assert_eq!(
        ana.patch("/api/users/3", json!({ "password": "a new password" }))
            .await
            .status,
        200
    );
    assert_eq!(
        tarik.get("/api/auth/me").await.refusal(),
        (401, "invalid_token")
    );
}
