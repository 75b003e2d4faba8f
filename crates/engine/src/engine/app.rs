//! The application's side: three calls, and what they are given.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Error, Value};

use super::{Connecting, Socket};
use crate::engine_io::Packet;
use crate::socket_io::encode;
use crate::{Args, Reason};

/// An application.
///
/// The calls of one session come one after another, in order, whatever their namespaces; those of
/// different sessions at the same time. While a call runs, its session still reads pongs and
/// acknowledgements, so that a call may await [`Socket::emit_with_ack`]; once 64 events wait for
/// their turn, or as many bytes as one may have, the client is not read from until one is done. A call that panics closes its session
/// and nothing else.
///
/// ```
/// use serde_json::json;
/// use shopbell_engine::{Admission, App, Connecting, Event, Reason, Refusal, Socket, View};
///
/// struct Doorbell {
///     secret: String,
/// }
///
/// impl App for Doorbell {
///     /// The visitor's name.
///     type Session = String;
///
///     async fn connect(&self, connecting: Connecting<Self>) -> Result<Socket<Self>, Refusal> {
///         let auth = connecting.auth();
///         if auth["secret"] != *self.secret {
///             return Err(Refusal::new("unauthorized", &json!({ "retry": false })));
///         }
///         let name = auth["name"].as_str().unwrap_or("somebody").to_owned();
///         Ok(connecting.accept(Admission::new(name, View(0), ["hall".to_owned()])))
///     }
///
///     async fn event(&self, socket: &Socket<Self>, event: Event) {
///         if event.name == "ring" {
///             let heard = socket.to("hall").emit("rings", &json!({ "who": socket.session() }));
///             if let Some(ack) = event.ack {
///                 ack.send(&json!({ "heard_by": heard }));
///             }
///         }
///     }
///
///     async fn disconnect(&self, socket: &Socket<Self>, reason: Reason) {
///         println!("{} has gone: {reason}", socket.session());
///     }
/// }
/// ```
pub trait App: Send + Sync + Sized + 'static {
    /// What the application keeps with a connected socket.
    type Session: Send + Sync + 'static;

    /// A client asks for a connection to a [namespace](Connecting::namespace): Socket.IO 5,
    /// "Connection to a namespace". Verify who it is, then [`Connecting::accept`] it or return a [`Refusal`]. Nothing is sent to
    /// the client before.
    fn connect(
        &self,
        connecting: Connecting<Self>,
    ) -> impl Future<Output = Result<Socket<Self>, Refusal>> + Send;

    /// A connected client sent an event. The next one waits until the call returns: what takes long
    /// belongs into a task of its own.
    fn event(&self, socket: &Socket<Self>, event: Event) -> impl Future<Output = ()> + Send;

    /// A socket is gone: called exactly once for each accepted socket, after its last event. It has
    /// left its rooms, which [`Socket::rooms`] still tells.
    fn disconnect(&self, socket: &Socket<Self>, reason: Reason) -> impl Future<Output = ()> + Send;
}

/// An event from a client: Socket.IO 5, "Sending and receiving data".
#[derive(Debug)]
pub struct Event {
    /// Its name; never one that the protocol reserves.
    pub name: String,
    /// Its arguments.
    pub args: Args,
    /// How to acknowledge it, if the client asks for that.
    pub ack: Option<Ack>,
}

/// The client's wish to have an event acknowledged: Socket.IO 5, "Acknowledgement". It can be kept
/// and used later; dropping it leaves the client waiting. Once the socket is gone, nothing is sent.
pub struct Ack {
    pub(super) id: u64,
    pub(super) socket: Arc<dyn Reply>,
}

impl Ack {
    /// Acknowledges the event with `value` as the one argument. A value that cannot be written as
    /// JSON is logged and not sent.
    pub fn send<T: Serialize + ?Sized>(self, value: &T) {
        self.reply(encode::ack(self.socket.namespace(), self.id, value));
    }

    /// Acknowledges the event with any arguments, which may hold bytes.
    pub fn send_args(self, args: &Args) {
        self.reply(encode::ack_args(self.socket.namespace(), self.id, args));
    }

    fn reply(&self, packet: Result<Packet, Error>) {
        match packet {
            Ok(packet) => self.socket.reply(packet),
            Err(error) => tracing::error!(%error, "failed to encode an acknowledgement"),
        }
    }
}

impl std::fmt::Debug for Ack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ack")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A socket, whatever its application is.
pub(super) trait Reply: Send + Sync {
    /// Its namespace.
    fn namespace(&self) -> &str;

    /// Sends a packet that must arrive.
    fn reply(&self, packet: Packet);
}

/// Why a connection is refused: CONNECT_ERROR, which ends a stock client's attempts.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// Becomes the message of the client's `connect_error`.
    pub message: String,
    /// Becomes its `data`; left out when null.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub data: Value,
}

impl Refusal {
    /// With `data` for the client's `connect_error`; data that cannot be written as JSON is left
    /// out.
    pub fn new(message: impl Into<String>, data: &impl Serialize) -> Self {
        Self {
            message: message.into(),
            data: serde_json::to_value(data).unwrap_or_default(),
        }
    }
}

/// Which of the views of a delivery a socket reads; below [`View::COUNT`], and taken modulo that.
///
/// What a number means is up to the application, such as 0 for who may see everything and 1 for who
/// must not see prices. See [`Delivery::view`](crate::Delivery::view).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct View(pub u8);

impl View {
    /// How many there can be.
    pub const COUNT: usize = 8;
}
