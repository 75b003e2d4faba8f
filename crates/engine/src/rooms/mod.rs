//! Rooms: interned names, their members, and who is reached by a set of rooms.
//!
//! Knows nothing of what a member is. Joining and leaving take constant time and never copy a room;
//! a walk holds a room's lock for a few members at a time, and meets those who were in the room when
//! it began, each once, unless they have left when it comes by.

mod members;
mod targets;

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard, RwLock};

use members::Members;
pub(crate) use targets::{MAX_EVENTS, Target, Targets};

/// Members that a walk takes under one lock of a room.
const STRIDE: usize = 128;

/// All rooms that have members.
pub(crate) struct Rooms<M> {
    by_name: RwLock<HashMap<Arc<str>, Arc<Room<M>>>>,
}

/// One room: its name and who is in it.
pub(crate) struct Room<M> {
    name: Arc<str>,
    members: Mutex<Members<M>>,
}

/// A member's place in a room; given back to [`Rooms::leave`].
pub(crate) struct Membership<M> {
    room: Arc<Room<M>>,
    place: usize,
}

impl<M> Membership<M> {
    /// The room's name.
    pub(crate) fn name(&self) -> &str {
        &self.room.name
    }
}

impl<M: Clone> Rooms<M> {
    /// Makes `member` a member of the room, which begins to exist if need be; `then` runs under the
    /// lock that makes the membership, before anything can reach the member through the room. It
    /// must not use rooms. The caller sees to it that nobody is in a room twice.
    pub(crate) fn join(&self, name: &str, member: M, then: impl FnOnce()) -> Membership<M> {
        // Only under the map's lock may a room be entered: the empty are removed under its write
        // lock.
        {
            let rooms = self.by_name.read();
            if let Some(room) = rooms.get(name) {
                return Self::enter(room, room.members.lock(), member, then);
            }
        }
        let mut rooms = self.by_name.write();
        let room = rooms.entry(name.into()).or_insert_with_key(|name| {
            Arc::new(Room {
                name: name.clone(),
                members: Mutex::default(),
            })
        });
        Self::enter(room, room.members.lock(), member, then)
    }

    fn enter(
        room: &Arc<Room<M>>,
        mut members: MutexGuard<'_, Members<M>>,
        member: M,
        then: impl FnOnce(),
    ) -> Membership<M> {
        let place = members.insert(member);
        then();
        Membership {
            room: room.clone(),
            place,
        }
    }

    /// Ends a membership; a room without members ceases to exist.
    pub(crate) fn leave(&self, membership: &Membership<M>) {
        let Membership { room, place } = membership;
        let is_empty = {
            let mut members = room.members.lock();
            members.remove(*place);
            members.is_empty()
        };
        if is_empty {
            let mut rooms = self.by_name.write();
            if rooms
                .get(&room.name)
                .is_some_and(|found| Arc::ptr_eq(found, room))
                && room.members.lock().is_empty()
            {
                rooms.remove(&room.name);
                // The memory of many rooms goes with them.
                if rooms.len() < rooms.capacity() / 4 {
                    let left = rooms.len() * 2;
                    rooms.shrink_to(left);
                }
            }
        }
    }

    /// Begins a walk through a room.
    pub(crate) fn walk(&self, name: &str) -> Walk<M> {
        let room = self.by_name.read().get(name).cloned();
        let joins = room.as_ref().map_or(0, |room| room.members.lock().joins());
        Walk {
            room,
            next: 0,
            joins,
        }
    }

    /// Every room and how many members it has, in no order.
    pub(crate) fn sizes(&self) -> Vec<(Arc<str>, usize)> {
        let rooms = self.by_name.read();
        rooms
            .values()
            .map(|room| (room.name.clone(), room.members.lock().len()))
            .collect()
    }

    /// The members of a room.
    pub(crate) fn members(&self, name: &str) -> Vec<M> {
        let mut members = Vec::new();
        self.walk(name).visit(|member| members.push(member));
        members
    }
}

/// A walk through a room. A member who leaves and joins again meanwhile is not met twice.
pub(crate) struct Walk<M> {
    /// `None` at the end.
    room: Option<Arc<Room<M>>>,
    /// The place to go on from.
    next: usize,
    /// How many had ever joined when the walk began.
    joins: u64,
}

impl<M: Clone> Walk<M> {
    /// Appends the next members to `some`, as `make` makes them; none at the end. No lock is held
    /// afterwards, and `make` must not use rooms.
    pub(crate) fn next<T>(&mut self, some: &mut Vec<T>, make: impl Fn(M) -> T) {
        let Some(room) = &self.room else { return };
        let members = room.members.lock();
        let next = members.each_from(self.next, STRIDE, self.joins, |member| {
            some.push(make(member));
        });
        drop(members);
        match next {
            Some(next) => self.next = next,
            None => self.room = None,
        }
    }

    /// Calls `visit` for each member that is still to come. No lock is held meanwhile.
    pub(crate) fn visit(mut self, mut visit: impl FnMut(M)) {
        let mut some = Vec::new();
        loop {
            self.next(&mut some, |member| member);
            if some.is_empty() {
                return;
            }
            some.drain(..).for_each(&mut visit);
        }
    }
}

impl<M> Default for Rooms<M> {
    fn default() -> Rooms<M> {
        Rooms {
            by_name: RwLock::default(),
        }
    }
}

#[cfg(test)]
mod tests;
