//! A session's part in Socket.IO: its CONNECTs, its sockets, and the jobs its packets ask for.

use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value;

use super::namespace::Space;
use super::places::{Phase, Places};
use super::{Ack, App, Connecting, Engine, Event, Refusal, Socket};
use crate::Reason;
use crate::engine_io::{Id, Lane, Message, Packet, Protocol, Session, Violation};
use crate::socket_io::{Incoming, Kind, Limits, Partial, encode};

pub(super) struct Client<A: App> {
    pub(super) engine: Engine<A>,
    state: Mutex<State<A>>,
}

struct State<A: App> {
    places: Places<A>,
    /// A packet whose attachments are still to come.
    partial: Option<Box<Partial>>,
    /// Sockets that have left their namespaces, of which the application is yet to be told.
    leaving: Vec<(Socket<A>, Reason)>,
}

/// What the application is called for.
pub(super) enum Job<A: App> {
    Connect(Arc<Space<A>>, Value),
    Event(Socket<A>, Event),
    Left(Socket<A>, Reason),
}

impl<A: App> Client<A> {
    pub(super) fn new(engine: Engine<A>) -> Client<A> {
        Client {
            engine,
            state: Mutex::new(State {
                places: Places::new(),
                partial: None,
                leaving: Vec::new(),
            }),
        }
    }

    /// The application has accepted.
    pub(super) fn connected(&self, session: &Arc<Session<Self>>, socket: &Socket<A>) {
        let mut state = self.state.lock();
        state
            .places
            .set(socket.space(), Phase::Connected(socket.clone()));
        session.await_connect(false);
    }

    /// Answers CONNECT, unless the socket is gone again, of which the client has heard then.
    pub(super) fn answer(&self, session: &Arc<Session<Self>>, socket: &Socket<A>, packet: Packet) {
        let state = self.state.lock();
        if matches!(state.places.get(socket.space()), Phase::Connected(found) if found.is(socket)) {
            reply(session, packet);
        }
    }

    /// The application dismisses a socket: from its namespace, or with the whole session when it
    /// has no other.
    pub(super) fn disconnect(&self, session: &Arc<Session<Self>>, socket: &Socket<A>) {
        let mut state = self.state.lock();
        match state.places.get(socket.space()) {
            Phase::Connected(found) if found.is(socket) => {}
            // It is gone as it is.
            _ => return,
        }
        let packet = encode::disconnect(socket.namespace());
        if state.places.is_empty_but(socket.space()) {
            drop(state);
            reply(session, packet);
            session.close(Reason::ServerDisconnect);
        } else {
            session.add_job(state.leave(
                session,
                socket,
                Phase::Dismissed,
                Reason::ServerDisconnect,
            ));
            reply(session, packet);
        }
    }

    /// The application has refused.
    fn refuse(&self, session: &Arc<Session<Self>>, space: &Arc<Space<A>>, refusal: &Refusal) {
        let mut state = self.state.lock();
        if !matches!(state.places.get(space), Phase::Connecting) {
            drop(state);
            // Refused after it was accepted: the client has heard otherwise.
            return session.close(Reason::ServerClose);
        }
        state.places.set(space, Phase::Unconnected);
        drop(state);
        refused(session, &space.name, refusal);
    }

    /// Takes the text of a packet.
    fn text(
        &self,
        session: &Arc<Session<Self>>,
        text: &str,
    ) -> Result<Option<(Job<A>, usize)>, Violation> {
        let config = self.engine.config();
        let limits = Limits {
            depth: config.max_json_depth,
            attachments: config.max_attachments,
        };
        let incoming = Incoming::read(text, &limits)?;
        let mut state = self.state.lock();
        if state.partial.is_some() {
            return Err(Violation::Malformed);
        }
        if incoming.attachments == 0 {
            let job = self.take(session, &mut state, incoming.namespace, incoming.kind)?;
            return Ok(job.map(|job| (job, text.len())));
        }
        // Nothing is kept for a client that nobody has accepted.
        let space = self.engine.space(incoming.namespace);
        let phase = space.map(|space| state.places.get(space));
        let Some(Phase::Connected(_) | Phase::Dismissed) = phase else {
            return Err(Violation::Malformed);
        };
        let partial = Partial::new(incoming, text.len(), config.max_payload);
        state.partial = Some(Box::new(partial));
        Ok(None)
    }

    /// Takes an attachment.
    fn attachment(
        &self,
        session: &Arc<Session<Self>>,
        bytes: &[u8],
    ) -> Result<Option<(Job<A>, usize)>, Violation> {
        let mut state = self.state.lock();
        let partial = state.partial.as_mut().ok_or(Violation::Malformed)?;
        if !partial.add(bytes)? {
            return Ok(None);
        }
        let partial = state.partial.take().ok_or(Violation::Malformed)?;
        let namespace = partial.namespace.clone();
        let len = partial.len(self.engine.config().max_payload);
        let job = self.take(session, &mut state, &namespace, partial.into_kind())?;
        Ok(job.map(|job| (job, len)))
    }

    /// Takes a complete packet.
    fn take(
        &self,
        session: &Arc<Session<Self>>,
        state: &mut State<A>,
        namespace: &str,
        kind: Kind,
    ) -> Result<Option<Job<A>>, Violation> {
        let Some(space) = self.engine.space(namespace) else {
            let Kind::Connect(_) = kind else {
                return Err(Violation::Malformed);
            };
            let refusal = Refusal {
                message: "Invalid namespace".to_owned(),
                data: Value::Null,
            };
            refused(session, namespace, &refusal);
            return Ok(None);
        };
        match (kind, state.places.get(space)) {
            (Kind::Connect(auth), Phase::Unconnected | Phase::Dismissed) => {
                state.places.set(space, Phase::Connecting);
                Ok(Some(Job::Connect(space.clone(), auth)))
            }
            (Kind::Event { id, name, args }, Phase::Connected(socket)) => {
                let ack = id.map(|id| Ack {
                    id,
                    socket: socket.member().clone(),
                });
                Ok(Some(Job::Event(socket.clone(), Event { name, args, ack })))
            }
            (Kind::Ack { id, args }, Phase::Connected(socket)) => {
                socket.acknowledged(id, args);
                Ok(None)
            }
            (Kind::Disconnect, Phase::Connected(socket)) => {
                let socket = socket.clone();
                let reason = Reason::ClientDisconnect;
                Ok(Some(state.leave(
                    session,
                    &socket,
                    Phase::Unconnected,
                    reason,
                )))
            }
            (Kind::Event { .. } | Kind::Ack { .. } | Kind::Disconnect, Phase::Dismissed) => {
                Ok(None)
            }
            _ => Err(Violation::Malformed),
        }
    }
}

impl<A: App> State<A> {
    /// A connected socket leaves its namespace; returns the job by which the application is told.
    fn leave(
        &mut self,
        session: &Arc<Session<Client<A>>>,
        socket: &Socket<A>,
        phase: Phase<A>,
        reason: Reason,
    ) -> Job<A> {
        self.places.set(socket.space(), phase);
        socket.detach();
        if self.places.sockets().next().is_none() {
            session.await_connect(true);
        }
        self.tell(socket.clone(), reason)
    }

    /// Notes that the application is to be told of a socket that is gone. A session that closes just
    /// then drops the job, and is asked for it again when it is over.
    fn tell(&mut self, socket: Socket<A>, reason: Reason) -> Job<A> {
        self.leaving.push((socket.clone(), reason));
        Job::Left(socket, reason)
    }

    /// Whether the application is yet to be told that the socket is gone; from here on it has been.
    fn told(&mut self, socket: &Socket<A>) -> bool {
        let Some(place) = self.leaving.iter().position(|(each, _)| each.is(socket)) else {
            return false;
        };
        self.leaving.swap_remove(place);
        if self.leaving.is_empty() {
            self.leaving = Vec::new();
        }
        true
    }
}

impl<A: App> Protocol for Client<A> {
    const CONNECTS: bool = true;

    type Job = Job<A>;

    fn message(
        &self,
        session: &Arc<Session<Self>>,
        message: Message<'_>,
    ) -> Result<Option<(Job<A>, usize)>, Violation> {
        match message {
            Message::Text(text) => self.text(session, text),
            Message::Binary(bytes) => self.attachment(session, bytes),
        }
    }

    async fn run(session: Arc<Session<Self>>, job: Job<A>) {
        let client = &session.protocol;
        let engine = &client.engine;
        match job {
            Job::Connect(space, auth) => {
                let (Ok(id), Ok(pid)) = (Id::random(), Id::random()) else {
                    return session.close(Reason::ServerClose);
                };
                let connecting = Connecting::new(session.clone(), space.clone(), [id, pid], auth);
                if let Err(refusal) = engine.app().connect(connecting).await {
                    client.refuse(&session, &space, &refusal);
                }
            }
            Job::Event(socket, event) => engine.app().event(&socket, event).await,
            Job::Left(socket, reason) => {
                if client.state.lock().told(&socket) {
                    engine.app().disconnect(&socket, reason).await;
                }
            }
        }
    }

    fn closed(&self) {
        let mut state = self.state.lock();
        state.partial = None;
        state.places.sockets().for_each(Socket::detach);
    }

    fn last_job(&self, reason: Reason) -> Option<Job<A>> {
        let mut state = self.state.lock();
        if let Some((socket, reason)) = state.leaving.first() {
            return Some(Job::Left(socket.clone(), *reason));
        }
        let socket = state.places.take_socket()?;
        Some(state.tell(socket, reason))
    }
}

/// Sends a packet that must arrive.
pub(super) fn reply<A: App>(session: &Arc<Session<Client<A>>>, packet: Packet) {
    session.server.counters.packets_out.add(1);
    session.send(&packet, Lane::Durable);
}

fn refused<A: App>(session: &Arc<Session<Client<A>>>, namespace: &str, error: &Refusal) {
    match encode::refused(namespace, error) {
        Ok(packet) => reply(session, packet),
        Err(error) => tracing::error!(%error, "failed to encode a refusal"),
    }
}
