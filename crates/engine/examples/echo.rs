//! The smallest useful server: an event that asks for an acknowledgement gets its own arguments as the answer, and any
//! other comes back as it was sent. Listens on `127.0.0.1:3000`; Ctrl-C stops it.

use shopbell_engine::{
    Admission, App, Config, Connecting, Engine, Event, Reason, Refusal, Socket, View,
};
use tokio::net::TcpListener;

struct Echo;

impl App for Echo {
    type Session = ();

    async fn connect(&self, connecting: Connecting<Self>) -> Result<Socket<Self>, Refusal> {
        Ok(connecting.accept(Admission::new((), View(0), [])))
    }

    async fn event(&self, socket: &Socket<Self>, event: Event) {
        match event.ack {
            Some(ack) => ack.send_args(&event.args),
            None => socket.emit_args(&event.name, &event.args),
        }
    }

    async fn disconnect(&self, _: &Socket<Self>, _: Reason) {}
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    let interrupted = async {
        // Who cannot be told of Ctrl-C stops at once.
        tokio::signal::ctrl_c().await.unwrap_or_default();
    };
    Engine::new(Config::default(), Echo)
        .serve(listener, interrupted)
        .await
}
