//! Starts a real server inside a test and signs people in.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed step of a test's own machinery fails the test"
)]

pub mod history;

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use shopbell::{
    Clock, Server,
    config::{Config, Overrides},
};
use shopbell_protocol::Timestamp;
use tempfile::TempDir;

/// 2026-03-02, a Monday, 09:00 UTC: where the clock of a test server starts.
const START: i64 = 1_772_442_000_000;

/// A running server with the demo shops, on a port and in a folder of its own.
#[derive(Debug)]
pub struct TestServer {
    server: Server,
    folder: TempDir,
    config: Config,
    time: Arc<AtomicI64>,
    http: reqwest::Client,
}

/// Someone who is signed in, or nobody.
#[derive(Clone, Debug)]
pub struct Person {
    base: String,
    token: Option<String>,
    http: reqwest::Client,
}

/// An answer, read whole.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl TestServer {
    /// With the default settings.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// With settings of its own.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = TempDir::new().unwrap();
        let overrides = Overrides {
            demo: true,
            listen: Some("127.0.0.1:0".parse().unwrap()),
            data: Some(folder.path().to_owned()),
            ..Overrides::default()
        };
        let mut config = Config::load(&overrides).unwrap();
        config.server.drain_s = 0;
        change(&mut config);
        let time = Arc::new(AtomicI64::new(START));
        let server = Server::start(&config, clock(&time)).await.unwrap();
        Self {
            server,
            folder,
            config,
            time,
            http: reqwest::Client::new(),
        }
    }

    /// Stops it and starts it again on the same folder.
    #[must_use]
    pub async fn restart(self) -> Self {
        self.server.stop().await.unwrap();
        let server = Server::start(&self.config, clock(&self.time))
            .await
            .unwrap();
        Self { server, ..self }
    }

    /// Moves its clock.
    pub fn advance(&self, seconds: i64) {
        self.time.fetch_add(seconds * 1000, Ordering::AcqRel);
    }

    /// Where its data is.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// `http://127.0.0.1:…`
    #[must_use]
    pub fn base(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// One who has no token.
    #[must_use]
    pub fn nobody(&self) -> Person {
        Person {
            base: self.base(),
            token: None,
            http: self.http.clone(),
        }
    }

    /// One who sends this token.
    #[must_use]
    pub fn bearer(&self, token: &str) -> Person {
        Person {
            token: Some(token.to_owned()),
            ..self.nobody()
        }
    }

    /// Signs in by password; gives the answer's `data` too.
    pub async fn login(&self, email: &str) -> (Person, Value) {
        let credentials = json!({ "email": email, "password": "shopbell-demo" });
        let reply = self.nobody().post("/api/auth/login", credentials).await;
        assert_eq!(reply.status, StatusCode::OK, "{:?}", reply.body);
        let data = reply.body["data"].clone();
        (self.bearer(data["access_token"].as_str().unwrap()), data)
    }

    async fn person(&self, email: &str) -> Person {
        self.login(email).await.0
    }

    /// Ana Novak, admin.
    pub async fn ana(&self) -> Person {
        self.person("admin@shopbell.test").await
    }

    /// Marko Kovač, manager.
    pub async fn marko(&self) -> Person {
        self.person("manager@shopbell.test").await
    }

    /// Tarik Šehić, technician.
    pub async fn tarik(&self) -> Person {
        self.person("tech1@shopbell.test").await
    }

    /// Jelena Đurić, technician.
    pub async fn jelena(&self) -> Person {
        self.person("tech2@shopbell.test").await
    }

    /// Dana Horvat, front desk.
    pub async fn dana(&self) -> Person {
        self.person("desk@shopbell.test").await
    }

    /// Olga Other, admin of the second shop.
    pub async fn olga(&self) -> Person {
        self.person("admin@other.test").await
    }
}

fn clock(time: &Arc<AtomicI64>) -> Clock {
    let time = Arc::clone(time);
    Clock::new(move || Timestamp::from_millis(time.load(Ordering::Acquire)))
}

impl Person {
    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, &[]).await
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, Some(body.to_string()), &[])
            .await
    }

    /// PATCH with a JSON body.
    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(Method::PATCH, path, Some(body.to_string()), &[])
            .await
    }

    /// Any method, raw body and headers; `Content-Type` is JSON unless `headers` say otherwise.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            if !headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
            {
                request = request.header("content-type", "application/json");
            }
            request = request.body(body);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        Reply {
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
        }
    }
}

impl Reply {
    /// The status and the code of a refusal: `(404, "not_found")`.
    #[must_use]
    pub fn refusal(&self) -> (u16, &str) {
        (
            self.status.as_u16(),
            self.body["code"].as_str().unwrap_or("no code"),
        )
    }
}
