//! Tokens that expire on open sockets.

use std::{collections::BTreeSet, time::Duration};

use parking_lot::Mutex;
use shopbell_engine::{Engine, Reason, Socket};
use shopbell_protocol::{
    AuthenticateAck, Code, Timestamp, Token as Bearer, TokenExpired, TokenExpiring, name,
};

use super::{Gateway, Refused, connected::Token, logged};

/// How long before its end a client is told that its token expires.
const WARNING: Duration = Duration::from_secs(60);

/// When to look at which socket next, the soonest first.
#[derive(Debug, Default)]
pub(super) struct Deadlines(Mutex<BTreeSet<(Timestamp, Box<str>)>>);

impl Deadlines {
    pub(super) fn add(&self, at: Timestamp, socket: &str) {
        self.0.lock().insert((at, socket.into()));
    }

    pub(super) fn remove(&self, at: Timestamp, socket: &str) {
        self.0.lock().remove(&(at, socket.into()));
    }

    /// Takes one that is due.
    fn take(&self, now: Timestamp) -> Option<Box<str>> {
        let mut deadlines = self.0.lock();
        if deadlines.first()?.0 > now {
            return None;
        }
        deadlines.pop_first().map(|(_, socket)| socket)
    }
}

impl Token {
    /// When something is due about it.
    pub(super) fn deadline(&self) -> Timestamp {
        if self.is_expiring {
            self.expires
        } else {
            self.expires.before(WARNING)
        }
    }
}

impl Gateway {
    /// Warns those whose tokens expire within a minute, and closes the transports of those whose tokens have: stock clients
    /// come back by themselves, with a new one.
    pub(crate) fn expire(&self, engine: &Engine<Self>) {
        let now = self.clock.now();
        while let Some(id) = self.deadlines.take(now) {
            let Some(socket) = engine.socket(&id) else {
                continue;
            };
            let mut token = socket.session().token.lock();
            if token.expires <= now {
                let expired_at = token.expires;
                let timestamp = now;
                socket.emit(
                    name::TOKEN_EXPIRED,
                    &TokenExpired {
                        expired_at,
                        timestamp,
                    },
                );
                socket.close(Reason::ServerClose);
                continue;
            }
            if token.deadline() <= now {
                token.is_expiring = true;
                let expires_at = token.expires;
                let timestamp = now;
                socket.emit(
                    name::TOKEN_EXPIRING,
                    &TokenExpiring {
                        expires_at,
                        timestamp,
                    },
                );
            }
            self.deadlines.add(token.deadline(), &id);
        }
    }

    /// `authenticate`: the socket goes on with another token of the same person.
    pub(super) async fn authenticate(
        &self,
        socket: &Socket<Self>,
        bearer: &Bearer,
    ) -> Result<AuthenticateAck, Refused> {
        let connected = socket.session();
        let session = self.auth.authenticate(&bearer.0).await;
        let session = session.map_err(|error| logged(&error, "authenticate a socket anew"))?;
        let (old, new) = (&connected.actor, &session.actor);
        if (old.shop, old.id) != (new.shop, new.id) {
            return Err(Code::InvalidToken);
        }
        if old.role != new.role {
            socket.close(Reason::ServerClose);
        }
        let token = Token::of(&session);
        let before = std::mem::replace(&mut *connected.token.lock(), token.clone());
        self.deadlines.remove(before.deadline(), socket.id());
        self.deadlines.add(token.deadline(), socket.id());
        // Revoked since it was checked, it was not yet this socket's.
        self.check_rights(socket).await;
        Ok(AuthenticateAck {
            ok: true,
            expires_at: token.expires,
        })
    }

    /// Looks again at what the person at a socket may do: one who is shut out, or whose login was revoked, is sent away for
    /// good; one with another role comes back with its rights.
    pub(crate) async fn check_rights(&self, socket: &Socket<Self>) {
        let connected = socket.session();
        let family = connected.token.lock().family.clone();
        match self
            .auth
            .standing(connected.actor.id, family.as_deref())
            .await
        {
            Ok(None) => socket.disconnect(),
            Ok(Some(role)) if role != connected.actor.role => socket.close(Reason::ServerClose),
            Ok(Some(_)) => {}
            Err(error) => {
                // Whoever comes back is looked at by CONNECT.
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "failed to look at somebody's rights"
                );
                socket.close(Reason::ServerClose);
            }
        }
    }
}
