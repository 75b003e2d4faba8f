//! A database of its own on the server of this process.

use std::sync::{
    Mutex,
    atomic::{AtomicU32, Ordering},
};

use shopbell_store::{Place, Settings, Store};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, raw_sql};
use tokio::sync::OnceCell;

use crate::{server::Server, shop::now};

pub(crate) type Connection = PgConnection;

/// Lets rows name others that are not there.
pub(crate) const UNCHECKED: &str = "set session_replication_role = replica";

/// A filled one, to copy.
const MODEL: &str = "model";

static SERVER: OnceCell<Server> = OnceCell::const_new();

/// Those that are not needed any more.
static LEFT: Mutex<Vec<String>> = Mutex::new(Vec::new());

pub(crate) struct Home {
    url: String,
    /// On the server of this process.
    name: Option<String>,
}

impl Home {
    /// Without tables.
    pub(crate) async fn empty() -> Self {
        Self::copy("template0").await
    }

    /// With the demo shops.
    pub(crate) async fn filled() -> Self {
        Self::copy(MODEL).await
    }

    async fn copy(model: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let url = server().await;
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(url).await.unwrap();
        let left = std::mem::take(&mut *LEFT.lock().unwrap());
        for name in left {
            run(
                &mut connection,
                format!("drop database {name} with (force)"),
            )
            .await;
        }
        run(
            &mut connection,
            format!("create database {name} template {model}"),
        )
        .await;
        Self {
            url: at(url, &name),
            name: Some(name),
        }
    }

    /// The first database of a server that is to be broken.
    pub(crate) fn of(server: &Server) -> Self {
        Self {
            url: server.url().to_owned(),
            name: None,
        }
    }

    pub(crate) fn place(&self) -> Place {
        self.url.parse().unwrap()
    }

    pub(crate) async fn connect(&self) -> Connection {
        PgConnection::connect(&self.url).await.unwrap()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        LEFT.lock().unwrap().extend(self.name.take());
    }
}

/// The URL of a server that has the model.
async fn server() -> &'static str {
    let server = SERVER.get_or_init(async || {
        let server = Server::start_or_skip();
        let mut connection = PgConnection::connect(server.url()).await.unwrap();
        run(&mut connection, format!("create database {MODEL}")).await;
        let place: Place = at(server.url(), MODEL).parse().unwrap();
        let store = Store::open(Settings::of(place), |_| {}).await.unwrap();
        store.migrate().await.unwrap();
        store.fill_demo("$argon2id$demo", now()).await.unwrap();
        store.close().await;
        server
    });
    server.await.url()
}

async fn run(connection: &mut PgConnection, sql: String) {
    raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .unwrap();
}

/// The same server, another database.
fn at(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}
