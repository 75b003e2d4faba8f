//! What REST may ask of the open sockets. It never emits.

use shopbell_domain::Actor;
use shopbell_engine::Engine;
use shopbell_protocol::Room;

use super::Gateway;

/// The open sockets, seen from REST.
#[derive(Clone, Debug)]
pub(crate) struct Sockets(Engine<Gateway>);

impl Sockets {
    pub(crate) const fn new(engine: Engine<Gateway>) -> Self {
        Self(engine)
    }

    /// How many people of all shops are connected.
    pub(crate) fn connected_users(&self) -> usize {
        self.0.app().connections.users()
    }

    /// Ends the sockets of a login family for good: a stock client does not come back by itself.
    pub(crate) fn sign_out(&self, actor: &Actor, family: &str) {
        for socket in self.0.members(&Room::User(actor.id).key(actor.shop)) {
            if socket.session().session.family.as_deref() == Some(family) {
                socket.disconnect();
            }
        }
    }
}
