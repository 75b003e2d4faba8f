//! Durable events, in batches.

use std::time::{Duration, Instant};

use super::behind::Rows;
use super::namespace::Space;
use super::socket::Member;
use super::{App, Engine, Socket, View};
use crate::engine_io::{Lane, Packet};
use crate::rooms::{MAX_EVENTS, Target, Targets, Walk};

/// Connections written to between two yields at most.
const MAX_STEPS: usize = 256;
/// Time between two yields at most.
const MAX_TIME: Duration = Duration::from_millis(1);
/// Connections written to between two looks at the clock.
const GLANCE: usize = 16;

/// One durable event: its place in the journal, the rooms that it goes to, and what each view of it
/// is.
pub struct Delivery<'a> {
    /// Its place in the application's journal: rises from one event to the next, from 1 on.
    pub position: u64,
    /// Each socket in any of these is sent it once.
    pub rooms: Vec<String>,
    /// What the sockets of a view are sent; `None` for nothing. Called at most once for each view
    /// that occurs among the members of the rooms. The packet must be of the namespace that it is
    /// delivered in.
    pub view: Box<dyn Fn(View) -> Option<Packet> + Send + 'a>,
}

impl<A: App> Engine<A> {
    /// Delivers a batch of durable events. Every connection is sent those meant for it in the order
    /// given, all of a batch (of up to 64) in one write. It is for those who are in the rooms when the
    /// call begins: who joins while it goes on is not sent it, who leaves may not be, even if it
    /// comes back; memberships that must miss nothing are to be changed under the delivery lock.
    ///
    /// Sockets that are [behind](Socket::behind) are passed over. Returns those that fell behind in
    /// this call, as their queues have no room: each is marked with the position before the first
    /// event that it was not sent, and is to be brought up to date with [`Socket::replay`].
    ///
    /// Calls for the same rooms must not overlap, or the order is lost: the application holds a lock
    /// around them, its delivery lock. The call yields every 256 connections or 1 ms.
    ///
    /// ```
    /// # use shopbell_engine::{App, Delivery, Engine, Packet, Reason, View};
    /// use serde_json::json;
    ///
    /// /// View 0 sees the price, view 1 does not, others have no use for the event.
    /// async fn sold<A: App>(engine: &Engine<A>, position: u64, item: &str, cents: u64) {
    ///     let event = Delivery {
    ///         position,
    ///         rooms: vec!["shop".to_owned()],
    ///         view: Box::new(|view| {
    ///             let data = match view {
    ///                 View(0) => json!({ "item": item, "cents": cents }),
    ///                 View(1) => json!({ "item": item }),
    ///                 _ => return None,
    ///             };
    ///             Packet::event_at("sold", &data, &position.to_string()).ok()
    ///         }),
    ///     };
    ///     for socket in engine.deliver(vec![event]).await {
    ///         // With a journal to read from, this is where a task begins that replays it.
    ///         socket.close(Reason::SlowConsumer);
    ///     }
    /// }
    /// ```
    #[must_use = "the sockets that fell behind are sent nothing more by deliveries"]
    pub async fn deliver(&self, events: Vec<Delivery<'_>>) -> Vec<Socket<A>> {
        self.deliver_in(&self.0.root, events).await
    }

    pub(super) async fn deliver_in(
        &self,
        space: &Space<A>,
        events: Vec<Delivery<'_>>,
    ) -> Vec<Socket<A>> {
        let mut batches = Vec::new();
        let mut events = events.into_iter().peekable();
        while events.peek().is_some() {
            let events: Vec<_> = events.by_ref().take(MAX_EVENTS).collect();
            let reach = Reach::of(space, &events);
            batches.push((Batch::new(events), reach));
        }
        let mut behind = Vec::new();
        let mut some = Vec::new();
        let mut pace = Pace::new();
        for (mut batch, mut reach) in batches {
            let mut sent = 0;
            loop {
                reach.next(&mut some);
                if some.is_empty() {
                    break;
                }
                for target in some.drain(..) {
                    sent += batch.send(target, &mut behind);
                    pace.step().await;
                }
            }
            self.0.server.counters.packets_out.add(sent);
        }
        behind
    }
}

/// Who is to be sent which events of a batch.
enum Reach<A: App> {
    /// All are for the same room, whose members are met as the walk goes on: one look at each of
    /// them, for everything.
    Room(Walk<Member<A>>, u64),
    /// Members of several rooms, each once.
    Rooms(std::vec::IntoIter<Target<Member<A>>>),
}

impl<A: App> Reach<A> {
    fn of(space: &Space<A>, batch: &[Delivery<'_>]) -> Reach<A> {
        // Events for the same rooms are looked up together.
        let mut reached: Vec<(&[String], u64)> = Vec::new();
        for (number, event) in batch.iter().enumerate() {
            let bit = 1 << number;
            match reached.iter_mut().find(|(rooms, _)| *rooms == event.rooms) {
                Some((_, events)) => *events |= bit,
                None => reached.push((&event.rooms, bit)),
            }
        }
        if let [([room], events)] = reached.as_slice() {
            return Reach::Room(space.rooms.walk(room), *events);
        }
        let mut targets = Targets::default();
        for (rooms, events) in reached {
            for room in rooms {
                let members = space.rooms.walk(room);
                members.visit(|member| targets.add(member, events));
            }
        }
        Reach::Rooms(targets.into_list().into_iter())
    }

    /// Puts the next targets into `some`, which must be empty; none at the end.
    fn next(&mut self, some: &mut Vec<Target<Member<A>>>) {
        match self {
            Reach::Room(walk, events) => {
                let events = *events;
                walk.next(some, |member| Target { member, events });
            }
            Reach::Rooms(targets) => some.extend(targets.take(MAX_STEPS)),
        }
    }
}

/// Events that are sent together.
struct Batch<'a> {
    events: Vec<Delivery<'a>>,
    /// What each view of them is, once somebody reads it.
    views: [Option<Seen>; View::COUNT],
}

impl<'a> Batch<'a> {
    fn new(events: Vec<Delivery<'a>>) -> Batch<'a> {
        Batch {
            events,
            views: Default::default(),
        }
    }

    /// Sends a target what is meant for it; returns how many packets that was. A target that does
    /// not take them all is behind from here on.
    fn send<A: App>(&mut self, target: Target<Member<A>>, behind: &mut Vec<Socket<A>>) -> usize {
        let Target { member, events } = target;
        if member.progress.behind().is_some() {
            return 0;
        }
        let view = member.view();
        let Some(seen) = self.views.get_mut(usize::from(view.0)) else {
            return 0;
        };
        let seen = seen.get_or_insert_with(|| Seen::encode(&self.events, view));
        let handed = member.hand(seen.rows(events), Lane::Journal);
        if let Some(missed) = handed.missed {
            member.progress.set_behind(Some(missed.saturating_sub(1)));
            behind.push(Socket::from_member(member));
        }
        handed.taken
    }
}

/// What one view of a batch is.
struct Seen {
    /// The events that there is something to see of, as bits.
    events: u64,
    /// All of that.
    all: Rows,
    /// What the last one was sent who was not meant to have it all, and the bits of that.
    part: (u64, Rows),
}

impl Seen {
    fn encode(batch: &[Delivery<'_>], view: View) -> Seen {
        let mut seen = 0;
        let rows = batch.iter().enumerate().filter_map(|(number, event)| {
            let packet = (event.view)(view)?;
            seen |= 1 << number;
            Some((event.position, packet))
        });
        let all = rows.collect();
        Seen {
            events: seen,
            all,
            part: (0, Rows::default()),
        }
    }

    /// What there is to see of these events.
    fn rows(&mut self, events: u64) -> &Rows {
        let wanted = self.events & events;
        if wanted == self.events {
            return &self.all;
        }
        if wanted != self.part.0 {
            let seen = (0..MAX_EVENTS).filter(|number| self.events & (1 << number) != 0);
            let rows = seen.zip(self.all.iter());
            let rows = rows.filter(|(number, _)| wanted & (1 << number) != 0);
            self.part = (wanted, rows.map(|(_, row)| row).collect());
        }
        &self.part.1
    }
}

/// Yields often enough for other tasks of the thread to go on.
struct Pace {
    since: Instant,
    steps: usize,
}

impl Pace {
    fn new() -> Pace {
        Pace {
            since: Instant::now(),
            steps: 0,
        }
    }

    async fn step(&mut self) {
        self.steps += 1;
        if self.steps >= MAX_STEPS
            || (self.steps.is_multiple_of(GLANCE) && self.since.elapsed() >= MAX_TIME)
        {
            tokio::task::yield_now().await;
            *self = Pace::new();
        }
    }
}
