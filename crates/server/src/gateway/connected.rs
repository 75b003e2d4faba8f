//! What is kept with each connected socket.

use parking_lot::Mutex;
use shopbell_domain::Actor;
use shopbell_protocol::Timestamp;
use tokio::sync::{MutexGuard, Semaphore};

use super::connections::Slot;
use crate::{auth::Session, reading::Reading};

/// A person at the other end of a socket.
#[derive(Debug)]
pub(crate) struct Connected {
    /// Who, in the role that they connected with. Another role closes the transport.
    pub(crate) actor: Actor,
    pub(crate) reading: Reading,
    /// What the client recovers its session by, if it does.
    pub(super) pid: Option<Box<str>>,
    pub(super) token: Mutex<Token>,
    pub(super) slot: Slot,
    /// Held by the one who reads the journal for this socket.
    catching_up: tokio::sync::Mutex<()>,
    /// Closed once the socket is gone and everything about it is settled.
    settled: Semaphore,
}

/// The token that a socket lives by; `authenticate` replaces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The login that it came of.
    pub(super) family: Option<String>,
    pub(super) expires: Timestamp,
    /// The client was told that it will expire.
    pub(super) is_expiring: bool,
}

impl Connected {
    pub(super) fn new(session: Session, reading: Reading, pid: Option<String>, slot: Slot) -> Self {
        Self {
            reading,
            pid: pid.map(String::into_boxed_str),
            token: Mutex::new(Token::of(&session)),
            actor: session.actor,
            slot,
            catching_up: tokio::sync::Mutex::default(),
            settled: Semaphore::const_new(0),
        }
    }

    /// Whoever holds this is the one that brings the socket up to the shop's cursor.
    pub(crate) async fn catching_up(&self) -> MutexGuard<'_, ()> {
        self.catching_up.lock().await
    }

    /// The socket is gone, and everything about it is settled.
    pub(super) fn settle(&self) {
        self.settled.close();
    }

    /// Waits for [`Connected::settle`].
    pub(super) async fn settled(&self) {
        // There are no permits: it ends with an error when the semaphore is closed.
        let _closed = self.settled.acquire().await;
    }
}

impl Token {
    pub(super) fn of(session: &Session) -> Self {
        Self {
            family: session.family.clone(),
            expires: session.expires,
            is_expiring: false,
        }
    }
}
