//! Events to one socket.

use std::time::Duration;

use serde::Serialize;
use serde_json::Error;
use tokio::sync::oneshot;

use super::app::Reply;
use super::socket::Connected;
use super::{App, Socket};
use crate::Args;
use crate::engine_io::{Lane, Packet};
use crate::socket_io::encode;

/// An acknowledgement did not come.
#[derive(Debug, thiserror::Error)]
pub enum AckError {
    /// Not in time.
    #[error("acknowledgement timed out")]
    Timeout,
    /// The socket is gone.
    #[error("socket is closed")]
    Closed,
    /// The event's data cannot be written as JSON.
    #[error("event cannot be encoded: {0}")]
    Encode(#[from] Error),
}

impl<A: App> Socket<A> {
    /// Sends an event with `data` as its one argument. It arrives or the connection is closed. Data
    /// that cannot be written as JSON is logged and not sent.
    pub fn emit<T: Serialize + ?Sized>(&self, event: &str, data: &T) {
        let packet = encode::event(self.namespace(), None, event, data);
        self.send(event, packet, Lane::Durable);
    }

    /// Sends an event that clients may recover from: see [`Packet::event_at`] for `offset`, and
    /// [`Socket::offset`] for `position`, which is its place in the journal. It arrives or the
    /// connection is closed. Data that cannot be written as JSON is logged and not sent.
    pub fn emit_at<T: Serialize + ?Sized>(
        &self,
        event: &str,
        data: &T,
        offset: &str,
        position: u64,
    ) {
        let packet = encode::event_at(self.namespace(), event, data, offset);
        if self.send(event, packet, Lane::Durable) {
            self.0.handed(position);
        }
    }

    /// Sends an event with any arguments, which may hold bytes. It arrives or the connection is
    /// closed.
    pub fn emit_args(&self, event: &str, args: &Args) {
        let packet = encode::event_args(self.namespace(), None, event, args);
        self.send(event, packet, Lane::Durable);
    }

    /// Sends an event with `data` as its one argument, if the connection can take it at once;
    /// returns whether it could. Data that cannot be written as JSON is logged and not sent.
    pub fn emit_volatile<T: Serialize + ?Sized>(&self, event: &str, data: &T) -> bool {
        let packet = encode::event(self.namespace(), None, event, data);
        self.send(event, packet, Lane::Volatile)
    }

    /// Sends an event and waits for the client's acknowledgement, up to `timeout`; returns its
    /// arguments. Nothing is sent before the future is awaited; dropping it is to wait no longer.
    /// Fails when the client does not answer in time or is gone, and when the data cannot be
    /// written as JSON.
    ///
    /// ```
    /// # use shopbell_engine::{AckError, App, Socket};
    /// use std::time::Duration;
    /// use serde_json::json;
    ///
    /// /// Whether whoever sits there says yes, within half a minute.
    /// async fn confirms<A: App>(socket: &Socket<A>, what: &str) -> Result<bool, AckError> {
    ///     let question = json!({ "what": what });
    ///     let answer = socket.emit_with_ack("confirm", &question, Duration::from_secs(30)).await?;
    ///     Ok(answer.first().is_some_and(|first| *first == json!(true)))
    /// }
    /// ```
    pub fn emit_with_ack<T: Serialize + ?Sized>(
        &self,
        event: &str,
        data: &T,
        timeout: Duration,
    ) -> impl Future<Output = Result<Args, AckError>> + Send {
        self.ask(timeout, |id| {
            encode::event(self.namespace(), Some(id), event, data)
        })
    }

    /// The same with any arguments, which may hold bytes.
    pub fn emit_args_with_ack(
        &self,
        event: &str,
        args: &Args,
        timeout: Duration,
    ) -> impl Future<Output = Result<Args, AckError>> + Send {
        self.ask(timeout, |id| {
            encode::event_args(self.namespace(), Some(id), event, args)
        })
    }

    fn send(&self, event: &str, packet: Result<Packet, Error>, lane: Lane<'_>) -> bool {
        match packet {
            Ok(packet) => self.0.send_one(packet, lane),
            Err(error) => {
                tracing::error!(%error, event, "failed to encode an event");
                false
            }
        }
    }

    /// Sends the event that `encode` makes for an id, and waits for its acknowledgement.
    fn ask(
        &self,
        timeout: Duration,
        encode: impl FnOnce(u64) -> Result<Packet, Error>,
    ) -> impl Future<Output = Result<Args, AckError>> + Send {
        let (id, acknowledged) = self.0.acks.lock().expect();
        let expected = Expected { socket: self, id };
        // Encoded here, so that the data need not outlive the call.
        let packet = encode(id);
        expected.wait(packet, acknowledged, timeout)
    }
}

impl<A: App> Connected<A> {
    /// Sends a packet to this socket alone; returns whether it was taken. Nothing is sent once the
    /// socket is gone, though its connection may go on.
    fn send_one(&self, packet: Packet, lane: Lane<'_>) -> bool {
        let sent = !self.is_gone() && self.send(&packet, lane);
        self.door.server.counters.packets_out.add(sent.into());
        sent
    }
}

impl<A: App> Reply for Connected<A> {
    fn namespace(&self) -> &str {
        &self.space.name
    }

    fn reply(&self, packet: Packet) {
        self.send_one(packet, Lane::Durable);
    }
}

/// An acknowledgement that is waited for: forgotten when nobody waits any more.
struct Expected<'a, A: App> {
    socket: &'a Socket<A>,
    id: u64,
}

impl<A: App> Expected<'_, A> {
    async fn wait(
        self,
        packet: Result<Packet, Error>,
        acknowledged: oneshot::Receiver<Args>,
        timeout: Duration,
    ) -> Result<Args, AckError> {
        if !self.socket.0.send_one(packet?, Lane::Durable) {
            return Err(AckError::Closed);
        }
        match tokio::time::timeout(timeout, acknowledged).await {
            Ok(Ok(args)) => Ok(args),
            Ok(Err(_)) => Err(AckError::Closed),
            Err(_) => Err(AckError::Timeout),
        }
    }
}

impl<A: App> Drop for Expected<'_, A> {
    fn drop(&mut self) {
        self.socket.0.acks.lock().forget(self.id);
    }
}
