//! Where a session stands in each namespace.

use std::sync::Arc;

use super::namespace::Space;
use super::{App, Socket};

/// A session's phase in each namespace. Nearly all sessions know no other than `/`, which
/// therefore needs no memory of its own.
pub(super) struct Places<A: App> {
    root: Phase<A>,
    /// The others that the client has asked for: as many as the engine has at most.
    others: Vec<(Arc<Space<A>>, Phase<A>)>,
}

/// How far a session has come in a namespace.
pub(super) enum Phase<A: App> {
    /// No CONNECT has come, or it was refused, or the client has left again.
    Unconnected,
    /// The application is deciding.
    Connecting,
    Connected(Socket<A>),
    /// The server has sent DISCONNECT. What the client sent before it heard of that is ignored.
    Dismissed,
}

impl<A: App> Places<A> {
    pub(super) fn new() -> Places<A> {
        Places {
            root: Phase::Unconnected,
            others: Vec::new(),
        }
    }

    /// The phase in a namespace.
    pub(super) fn get(&self, space: &Space<A>) -> &Phase<A> {
        if is_root(space) {
            return &self.root;
        }
        self.others
            .iter()
            .find(|(each, _)| each.name == space.name)
            .map_or(&Phase::Unconnected, |(_, phase)| phase)
    }

    pub(super) fn set(&mut self, space: &Arc<Space<A>>, phase: Phase<A>) {
        if is_root(space) {
            self.root = phase;
        } else if let Some((_, found)) = self
            .others
            .iter_mut()
            .find(|(each, _)| each.name == space.name)
        {
            *found = phase;
        } else {
            self.others.push((space.clone(), phase));
        }
    }

    /// The connected sockets.
    pub(super) fn sockets(&self) -> impl Iterator<Item = &Socket<A>> {
        self.phases().filter_map(|phase| match phase {
            Phase::Connected(socket) => Some(socket),
            _ => None,
        })
    }

    /// Whether there is a socket in no namespace, or on its way into one, but `except`.
    pub(super) fn is_empty_but(&self, except: &Space<A>) -> bool {
        let stays = |phase: &Phase<A>| matches!(phase, Phase::Connecting | Phase::Connected(_));
        let root = !is_root(except) && stays(&self.root);
        let mut others = self.others.iter();
        !root && !others.any(|(space, phase)| space.name != except.name && stays(phase))
    }

    /// Takes out a connected socket.
    pub(super) fn take_socket(&mut self) -> Option<Socket<A>> {
        let others = self.others.iter_mut().map(|(_, phase)| phase);
        std::iter::once(&mut self.root)
            .chain(others)
            .find_map(|phase| match phase {
                Phase::Connected(socket) => {
                    let socket = socket.clone();
                    *phase = Phase::Unconnected;
                    Some(socket)
                }
                _ => None,
            })
    }

    fn phases(&self) -> impl Iterator<Item = &Phase<A>> {
        std::iter::once(&self.root).chain(self.others.iter().map(|(_, phase)| phase))
    }
}

fn is_root<A: App>(space: &Space<A>) -> bool {
    &*space.name == "/"
}
