use serde_json::json;
use shopbell_testkit::TestServer;

const REFRESH: &str = "/api/auth/refresh";

#[tokio::test]
async fn a_login_gives_a_pair_that_opens_rest() {
    let server = TestServer::start().await;
    let (marko, data) = server.login("manager@shopbell.test").await;
    assert_eq!(
        (data["user"]["role"].as_str(), data["expires_in"].as_i64()),
        (Some("manager"), Some(900))
    );
    let me = marko.get("/api/auth/me").await;
    assert_eq!(me.body["data"]["email"], "manager@shopbell.test");
    assert!(me.headers.contains_key("shop-seq") && me.headers.contains_key("shop-epoch"));
}

#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_read_the_same() {
    let server = TestServer::start().await;
    let mut bodies = Vec::new();
    for email in ["manager@shopbell.test", "nobody@shopbell.test"] {
        let reply = server
            .nobody()
            .post(
                "/api/auth/login",
                json!({ "email": email, "password": "wrong" }),
            )
            .await;
        assert_eq!(reply.refusal(), (401, "invalid_credentials"));
        let mut body = reply.body.as_object().unwrap().clone();
        body.remove("request_id");
        bodies.push(body);
    }
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn an_email_address_is_found_in_any_case() {
    let server = TestServer::start().await;
    server.login("Manager@ShopBell.test").await;
}

#[tokio::test]
async fn an_access_token_expires_to_the_second() {
    let server = TestServer::start().await;
    let marko = server.marko().await;
    server.advance(899);
    assert_eq!(marko.get("/api/auth/me").await.status, 200);
    server.advance(1);
    assert_eq!(
        marko.get("/api/auth/me").await.refusal(),
        (401, "token_expired")
    );
}

#[tokio::test]
async fn a_refresh_token_is_no_access_token() {
    let server = TestServer::start().await;
    let (_, data) = server.login("manager@shopbell.test").await;
    let marko = server.bearer(data["refresh_token"].as_str().unwrap());
    assert_eq!(
        marko.get("/api/auth/me").await.refusal(),
        (401, "invalid_token")
    );
}

#[tokio::test]
async fn a_spent_refresh_token_works_within_the_grace_and_revokes_the_family_after_it() {
    let server = TestServer::start().await;
    let (_, data) = server.login("manager@shopbell.test").await;
    let first = json!({ "refresh_token": data["refresh_token"] });
    let second = server.nobody().post(REFRESH, first.clone()).await;
    assert_eq!(second.status, 200);
    server.advance(10);
    let again = server.nobody().post(REFRESH, first.clone()).await;
    assert_eq!(again.status, 200, "a lost answer, two tabs");
    let marko = server.bearer(again.body["data"]["access_token"].as_str().unwrap());
    assert_eq!(marko.get("/api/auth/me").await.status, 200);

    server.advance(1);
    assert_eq!(
        server.nobody().post(REFRESH, first).await.refusal(),
        (401, "invalid_token")
    );
    assert_eq!(
        marko.get("/api/auth/me").await.refusal(),
        (401, "invalid_token"),
        "the whole family is revoked"
    );
    let newest = json!({ "refresh_token": again.body["data"]["refresh_token"] });
    assert_eq!(
        server.nobody().post(REFRESH, newest).await.refusal(),
        (401, "invalid_token")
    );
}

#[tokio::test]
async fn a_refresh_token_lives_seven_days() {
    let server = TestServer::start().await;
    let (_, data) = server.login("manager@shopbell.test").await;
    server.advance(604_800);
    let late = server
        .nobody()
        .post(REFRESH, json!({ "refresh_token": data["refresh_token"] }))
        .await;
    assert_eq!(late.refusal(), (401, "token_expired"));
}

#[tokio::test]
async fn a_logout_revokes_the_family_and_no_other() {
    let server = TestServer::start().await;
    let (phone, data) = server.login("manager@shopbell.test").await;
    let laptop = server.marko().await;
    assert_eq!(phone.post("/api/auth/logout", json!({})).await.status, 200);
    assert_eq!(
        phone.get("/api/auth/me").await.refusal(),
        (401, "invalid_token")
    );
    let refresh = server
        .nobody()
        .post(REFRESH, json!({ "refresh_token": data["refresh_token"] }))
        .await;
    assert_eq!(refresh.refusal(), (401, "invalid_token"));
    assert_eq!(laptop.get("/api/auth/me").await.status, 200);
}

#[tokio::test]
async fn a_login_outlives_a_restart() {
    let server = TestServer::start().await;
    let (_, data) = server.login("manager@shopbell.test").await;
    let server = server.restart().await;
    let marko = server.bearer(data["access_token"].as_str().unwrap());
    assert_eq!(marko.get("/api/auth/me").await.status, 200);
}

#[tokio::test]
async fn demo_people_are_listed_only_when_demo_is_on() {
    let server = TestServer::start().await;
    let people = server.nobody().get("/api/auth/demo").await;
    assert_eq!(people.body["data"].as_array().unwrap().len(), 7);
    let plain = TestServer::with(|config| config.demo = false).await;
    assert_eq!(
        plain.nobody().get("/api/auth/demo").await.refusal(),
        (404, "not_found")
    );
}
