//! A chat with rooms, at <http://127.0.0.1:3000>: history on joining, who is there, who is typing. Open it in two tabs.
//!
//! The page uses the stock client, which it is given from an npm package: by default the one that `npm --prefix web ci`
//! installs in this repository, or the file named by the first argument. Ctrl-C stops the server.

mod chat;

use std::io::Write as _;
use std::time::Duration;

use axum::http::header::CONTENT_TYPE;
use axum::response::Html;
use axum::routing::get;
use shopbell_engine::{Engine, http};
use tokio::net::TcpListener;

const CLIENT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../web/node_modules/socket.io-client/dist/socket.io.min.js"
);
/// Time over which the clients are told to go when the server stops.
const DRAIN: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| CLIENT.to_owned());
    let client = std::fs::read_to_string(&path).map_err(|error| {
        format!("failed to read {path}: {error}; `npm --prefix web ci` installs the client")
    })?;
    let script = ([(CONTENT_TYPE, "text/javascript")], client);
    let engine = Engine::new(chat::config(), chat::Chat::default());
    let router = axum::Router::new()
        .route("/", get(Html(include_str!("page.html"))))
        .route("/client.js", get(script))
        .route_service("/socket.io/", engine.service());

    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    let address = listener.local_addr()?;
    writeln!(std::io::stdout(), "the chat is at http://{address}")?;
    let interrupted = async {
        // Who cannot be told of Ctrl-C stops at once.
        tokio::signal::ctrl_c().await.unwrap_or_default();
        engine.drain(DRAIN).await;
    };
    http::serve(
        listener,
        router,
        http::Limits::default(),
        interrupted,
        DRAIN,
    )
    .await?;
    Ok(())
}
