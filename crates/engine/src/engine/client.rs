//! A session's part in Socket.IO: its CONNECT, its socket, and the jobs its packets ask for.

use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value;

use super::app::Reply;
use super::{Ack, App, Connecting, Engine, Event, Refusal, Socket};
use crate::Reason;
use crate::engine_io::{Lane, Malformed, Packet, Protocol, Session, random_id};
use crate::socket_io::{Incoming, Kind, encode};

pub(super) struct Client<A: App> {
    pub(super) engine: Engine<A>,
    phase: Mutex<Phase<A>>,
}

/// How far a session has come in the namespace `/`.
enum Phase<A: App> {
    /// No CONNECT has come, or it was refused, or the client has left again.
    Unconnected,
    /// The application is deciding.
    Connecting,
    Connected(Socket<A>),
}

/// What the application is called for.
pub(super) enum Job<A: App> {
    Connect(Value),
    Event(Socket<A>, Event),
    Left(Socket<A>, Reason),
}

impl<A: App> Client<A> {
    pub(super) fn new(engine: Engine<A>) -> Client<A> {
        Client {
            engine,
            phase: Mutex::new(Phase::Unconnected),
        }
    }

    /// The application has accepted.
    pub(super) fn connected(&self, socket: Socket<A>) {
        *self.phase.lock() = Phase::Connected(socket);
    }

    /// The socket, which is the session's no longer.
    fn take_socket(&self) -> Option<Socket<A>> {
        let mut phase = self.phase.lock();
        if let Phase::Connected(socket) = &*phase {
            let socket = socket.clone();
            *phase = Phase::Unconnected;
            return Some(socket);
        }
        None
    }

    /// The application has refused.
    fn refuse(session: &Arc<Session<Self>>, refusal: &Refusal) {
        let mut phase = session.protocol.phase.lock();
        match &*phase {
            Phase::Connecting => *phase = Phase::Unconnected,
            // Refused after it was accepted: the client has heard otherwise.
            Phase::Connected(_) | Phase::Unconnected => {
                drop(phase);
                return session.close(Reason::ServerClose);
            }
        }
        drop(phase);
        refused(session, "/", refusal);
    }
}

impl<A: App> Protocol for Client<A> {
    type Job = Job<A>;

    fn message(
        &self,
        session: &Arc<Session<Self>>,
        text: &str,
    ) -> Result<Option<Job<A>>, Malformed> {
        let Incoming { namespace, kind } =
            Incoming::read(text, self.engine.config().max_json_depth)?;
        if namespace != "/" {
            let Kind::Connect(_) = kind else {
                return Err(Malformed);
            };
            refused(
                session,
                namespace,
                &Refusal {
                    message: "Invalid namespace".to_owned(),
                    data: Value::Null,
                },
            );
            return Ok(None);
        }
        let mut phase = self.phase.lock();
        match (kind, &*phase) {
            (Kind::Connect(auth), Phase::Unconnected) => {
                *phase = Phase::Connecting;
                Ok(Some(Job::Connect(auth)))
            }
            (Kind::Event { id, name, args }, Phase::Connected(socket)) => {
                let ack = id.map(|id| Ack {
                    id,
                    session: session.clone(),
                });
                Ok(Some(Job::Event(socket.clone(), Event { name, args, ack })))
            }
            (Kind::Ack { id, args }, Phase::Connected(socket)) => {
                socket.acknowledged(id, args);
                Ok(None)
            }
            (Kind::Disconnect, Phase::Connected(socket)) => {
                let socket = socket.clone();
                *phase = Phase::Unconnected;
                drop(phase);
                socket.detach();
                session.await_connect(true);
                Ok(Some(Job::Left(socket, Reason::ClientDisconnect)))
            }
            _ => Err(Malformed),
        }
    }

    async fn run(session: Arc<Session<Self>>, job: Job<A>) {
        let engine = session.protocol.engine.clone();
        match job {
            Job::Connect(auth) => {
                let Ok(id) = random_id() else {
                    return session.close(Reason::ServerClose);
                };
                let connecting = Connecting::new(session.clone(), id, auth);
                if let Err(refusal) = engine.app().connect(connecting).await {
                    Client::refuse(&session, &refusal);
                }
            }
            Job::Event(socket, event) => engine.app().event(&socket, event).await,
            Job::Left(socket, reason) => engine.app().disconnect(&socket, reason).await,
        }
    }

    fn closed(&self) {
        if let Phase::Connected(socket) = &*self.phase.lock() {
            socket.detach();
        }
    }

    fn last_job(&self, reason: Reason) -> Option<Job<A>> {
        self.take_socket().map(|socket| Job::Left(socket, reason))
    }
}

impl<A: App> Reply for Session<Client<A>> {
    fn reply(self: Arc<Self>, packet: Packet) {
        self.server.counters.packets_out.add(1);
        self.send(&[packet], Lane::Durable);
    }
}

fn refused<A: App>(session: &Arc<Session<Client<A>>>, namespace: &str, error: &Refusal) {
    match encode::refused(namespace, error) {
        Ok(packet) => session.clone().reply(packet),
        Err(error) => tracing::error!(%error, "failed to encode a refusal"),
    }
}
