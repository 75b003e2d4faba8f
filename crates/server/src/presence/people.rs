//! Who is there, as a table that knows nothing of sockets or timers: what happens goes in with its time, edges come out.
//!
//! A person is online while they have a tab. A tab that is gone lingers for the grace, so that a reload or a short tunnel is
//! no news; what it had open lingers with it.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::{Duration, Instant},
};

use shopbell_domain::Actor;
use shopbell_protocol::{
    Activity, PresentUser, Role, Room, ShopId, UserId, Viewer, ViewerStatus, WorkOrderId,
};

/// Someone who has done nothing for this long is idle.
const IDLE_AFTER: Duration = Duration::from_secs(5 * 60);

/// Everyone who is there.
#[derive(Debug, Default)]
pub(super) struct People {
    people: HashMap<(ShopId, UserId), Person>,
}

#[derive(Debug)]
struct Person {
    actor: Actor,
    tabs: HashMap<String, Tab>,
}

#[derive(Debug)]
struct Tab {
    last_active: Instant,
    /// When it went, until it comes back.
    gone: Option<Instant>,
    /// The rooms that this tab is in.
    rooms: HashSet<Room>,
    /// What this tab does with the orders that it has open.
    viewing: BTreeMap<WorkOrderId, ViewerStatus>,
}

/// Something that others are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Online(Actor),
    Offline(Actor),
    /// What a person does with an order, over all of their tabs.
    Viewer(Actor, WorkOrderId, ViewerStatus),
}

impl People {
    /// A tab has connected.
    pub(super) fn connected(&mut self, actor: &Actor, tab: &str, now: Instant) -> Vec<Edge> {
        let mut edges = Vec::new();
        let person = self
            .people
            .entry((actor.shop, actor.id))
            .or_insert_with(|| {
                edges.push(Edge::Online(actor.clone()));
                Person {
                    actor: actor.clone(),
                    tabs: HashMap::new(),
                }
            });
        // The newest connection has the newest name and role; another role has another audience.
        let before = std::mem::replace(&mut person.actor, actor.clone());
        if before.role != actor.role {
            edges.extend([Edge::Offline(before), Edge::Online(actor.clone())]);
        }
        person.tabs.insert(
            tab.to_owned(),
            Tab {
                last_active: now,
                gone: None,
                rooms: HashSet::new(),
                viewing: BTreeMap::new(),
            },
        );
        edges
    }

    /// A tab has come back as itself, and is in these rooms. Within the grace it still does what it did in them.
    pub(super) fn resumed(
        &mut self,
        actor: &Actor,
        tab: &str,
        rooms: &[Room],
        now: Instant,
    ) -> Vec<Edge> {
        let lingered = self
            .tab(actor, tab)
            .map(|tab| std::mem::take(&mut tab.viewing));
        let mut edges = self.connected(actor, tab, now);
        let Some(person) = self.people.get_mut(&(actor.shop, actor.id)) else {
            return edges;
        };
        let was = lingered.unwrap_or_default();
        let (stays, lost): (BTreeMap<_, _>, BTreeMap<_, _>) = was
            .into_iter()
            .partition(|(order, _)| rooms.contains(&Room::WorkOrder(*order)));
        if let Some(tab) = person.tabs.get_mut(tab) {
            tab.rooms.extend(rooms);
            tab.viewing = stays;
        }
        edges.extend(
            lost.into_iter()
                .filter_map(|(order, was)| person.edge(order, was)),
        );
        edges
    }

    /// A tab is gone; [`People::forget`] it when the grace is over.
    pub(super) fn disconnected(&mut self, actor: &Actor, tab: &str, now: Instant) {
        if let Some(tab) = self.tab(actor, tab) {
            tab.gone = Some(now);
        }
    }

    /// The grace of a tab that went at `gone` is over. One that has come back meanwhile stays.
    pub(super) fn forget(&mut self, actor: &Actor, tab: &str, gone: Instant) -> Vec<Edge> {
        let key = (actor.shop, actor.id);
        let Some(person) = self.people.get_mut(&key) else {
            return Vec::new();
        };
        if person
            .tabs
            .get(tab)
            .is_none_or(|tab| tab.gone != Some(gone))
        {
            return Vec::new();
        }
        let Some(gone) = person.tabs.remove(tab) else {
            return Vec::new();
        };
        let mut edges: Vec<_> = gone
            .viewing
            .iter()
            .filter_map(|(order, was)| person.edge(*order, *was))
            .collect();
        if person.tabs.is_empty() {
            edges.push(Edge::Offline(person.actor.clone()));
            self.people.remove(&key);
        }
        edges
    }

    /// A tab has done something.
    pub(super) fn active(&mut self, actor: &Actor, tab: &str, now: Instant) {
        if let Some(tab) = self.tab(actor, tab) {
            tab.last_active = now;
        }
    }

    /// A tab is in a room.
    pub(super) fn joined(&mut self, actor: &Actor, tab: &str, room: Room) {
        if let Some(tab) = self.tab(actor, tab) {
            tab.rooms.insert(room);
        }
    }

    /// A tab says what it does with an order. What it says is told even when it is nothing new: others may have missed it.
    pub(super) fn views(
        &mut self,
        actor: &Actor,
        tab: &str,
        order: WorkOrderId,
        status: ViewerStatus,
    ) -> Option<Edge> {
        let person = self.people.get_mut(&(actor.shop, actor.id))?;
        person.tabs.get_mut(tab)?.viewing.insert(order, status);
        Some(Edge::Viewer(
            person.actor.clone(),
            order,
            person.status(order)?,
        ))
    }

    /// A tab has left a room.
    pub(super) fn left(&mut self, actor: &Actor, tab: &str, room: Room) -> Option<Edge> {
        let person = self.people.get_mut(&(actor.shop, actor.id))?;
        let tab = person.tabs.get_mut(tab)?;
        tab.rooms.remove(&room);
        let Room::WorkOrder(order) = room else {
            return None;
        };
        let was = tab.viewing.remove(&order)?;
        person.edge(order, was)
    }

    /// Whether a person is online, the grace included.
    pub(super) fn is_online(&self, shop: ShopId, user: UserId) -> bool {
        self.people.contains_key(&(shop, user))
    }

    /// How many people of all shops are online.
    pub(super) fn count(&self) -> usize {
        self.people.len()
    }

    /// Everyone online in a shop, with how many connections they have open, by name.
    pub(super) fn online(&self, shop: ShopId) -> Vec<(Actor, usize)> {
        let mut online: Vec<_> = self
            .of_shop(shop)
            .map(|person| {
                (
                    person.actor.clone(),
                    person
                        .tabs
                        .values()
                        .filter(|tab| tab.gone.is_none())
                        .count(),
                )
            })
            .collect();
        online.sort_by(|(one, _), (other, _)| (&one.name, one.id).cmp(&(&other.name, other.id)));
        online
    }

    /// The others whom `reader` hears of: those of their own role, everyone for admins and managers.
    pub(super) fn snapshot(&self, reader: &Actor, now: Instant) -> Vec<PresentUser> {
        let mut users: Vec<_> = self
            .of_shop(reader.shop)
            .filter(|person| person.actor.id != reader.id && hears_of(reader, person.actor.role))
            .map(|person| PresentUser {
                user_id: person.actor.id,
                user_name: person.actor.name.clone(),
                role: person.actor.role,
                status: person.activity(now),
            })
            .collect();
        users.sort_by_key(|user| user.user_id);
        users
    }

    /// What the others in a room do there, in the order of their ids; who is in it and says nothing is viewing.
    pub(super) fn viewers(&self, reader: &Actor, room: Room) -> Vec<Viewer> {
        let mut viewers: Vec<_> = self
            .of_shop(reader.shop)
            .filter(|person| person.actor.id != reader.id)
            .filter_map(|person| {
                Some(Viewer {
                    user_id: person.actor.id,
                    user_name: person.actor.name.clone(),
                    status: person.status_in(room)?,
                })
            })
            .collect();
        viewers.sort_by_key(|viewer| viewer.user_id);
        viewers
    }

    fn of_shop(&self, shop: ShopId) -> impl Iterator<Item = &Person> {
        self.people
            .iter()
            .filter(move |((of, _), _)| *of == shop)
            .map(|(_, person)| person)
    }

    fn tab(&mut self, actor: &Actor, tab: &str) -> Option<&mut Tab> {
        self.people
            .get_mut(&(actor.shop, actor.id))?
            .tabs
            .get_mut(tab)
    }
}

/// Whether `reader` is told of people of this role.
fn hears_of(reader: &Actor, role: Role) -> bool {
    matches!(reader.role, Role::Admin | Role::Manager) || reader.role == role
}

impl Person {
    /// Of several tabs the most active counts.
    fn status(&self, order: WorkOrderId) -> Option<ViewerStatus> {
        self.tabs
            .values()
            .filter_map(|tab| tab.viewing.get(&order))
            .max()
            .copied()
    }

    /// The same of a room; `None` when no tab is in it.
    fn status_in(&self, room: Room) -> Option<ViewerStatus> {
        let is_in = self.tabs.values().any(|tab| tab.rooms.contains(&room));
        let says = match room {
            Room::WorkOrder(order) => self.status(order),
            _ => None,
        };
        is_in.then(|| says.unwrap_or(ViewerStatus::Viewing))
    }

    /// What others are told once a tab no longer does `was` with an order: nothing when another tab does as much.
    fn edge(&self, order: WorkOrderId, was: ViewerStatus) -> Option<Edge> {
        let now = self.status(order).unwrap_or(ViewerStatus::Left);
        (now < was).then(|| Edge::Viewer(self.actor.clone(), order, now))
    }

    fn activity(&self, now: Instant) -> Activity {
        let is_active = |tab: &Tab| now.saturating_duration_since(tab.last_active) < IDLE_AFTER;
        if self.tabs.values().any(is_active) {
            Activity::Active
        } else {
            Activity::Idle
        }
    }
}

#[cfg(test)]
mod tests;
