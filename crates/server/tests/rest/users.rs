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
