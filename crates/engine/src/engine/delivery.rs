//! Durable events, in batches.

use std::time::{Duration, Instant};

use super::namespace::Space;
use super::socket::Member;
use super::{App, Engine, Socket, View};
use crate::engine_io::{Lane, Packet};
use crate::rooms::{MAX_EVENTS, Target, Targets};

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
    /// given, all of a batch (of up to 64) in one vectored write. Who is in which room, and reads
    /// which view, is looked at when the call begins.
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
        let batches: Vec<_> = events
            .chunks(MAX_EVENTS)
            .flat_map(|batch| plan(space, batch))
            .collect();
        drop(events);
        let mut behind = Vec::new();
        let mut pace = Pace::new();
        for Run { packets, targets } in batches {
            let mut sent = 0;
            for target in targets {
                sent += packets.send(target, &mut behind);
                pace.step().await;
            }
            self.0.server.counters.packets_out.add(sent);
        }
        behind
    }
}

/// Who is to be sent what: the targets of a batch by view.
fn plan<A: App>(space: &Space<A>, batch: &[Delivery<'_>]) -> Vec<Run<A>> {
    let is_plain = matches!(batch, [event] if event.rooms.len() == 1);
    let mut targets = Targets::new(is_plain);
    for (number, event) in batch.iter().enumerate() {
        for room in &event.rooms {
            space
                .rooms
                .walk(room, |member| targets.add(member, 1 << number));
        }
    }
    let mut by_view: [Vec<Target<Member<A>>>; View::COUNT] = Default::default();
    for target in targets.into_list() {
        if let Some(list) = by_view.get_mut(usize::from(target.member.view().0)) {
            list.push(target);
        }
    }
    let runs = (0..)
        .map(View)
        .zip(by_view)
        .filter(|(_, targets)| !targets.is_empty());
    runs.map(|(view, targets)| Run {
        packets: Packets::encode(batch, view),
        targets,
    })
    .collect()
}

/// What is sent to the targets of one view.
struct Run<A: App> {
    packets: Packets,
    targets: Vec<Target<Member<A>>>,
}

/// The packets of a batch as one view has them.
struct Packets {
    /// In order; without the events that the view does not have.
    packets: Vec<Packet>,
    /// Their places in the journal.
    positions: Vec<u64>,
    /// The events that these are of, as bits.
    events: u64,
}

impl Packets {
    fn encode(batch: &[Delivery<'_>], view: View) -> Packets {
        let mut packets = Packets {
            packets: Vec::with_capacity(batch.len()),
            positions: Vec::with_capacity(batch.len()),
            events: 0,
        };
        for (number, event) in batch.iter().enumerate() {
            if let Some(packet) = (event.view)(view) {
                packets.packets.push(packet);
                packets.positions.push(event.position);
                packets.events |= 1 << number;
            }
        }
        packets
    }

    /// Sends a target what is meant for it; returns how many packets that was. A target that does
    /// not take them all is behind from here on.
    fn send<A: App>(&self, target: Target<Member<A>>, behind: &mut Vec<Socket<A>>) -> usize {
        let Target { member, events } = target;
        let wanted = self.events & events;
        if wanted == 0 || member.progress.behind().is_some() {
            return 0;
        }
        let handed = if wanted == self.events {
            member.hand(&self.packets, &self.positions, Lane::Journal)
        } else {
            let (packets, positions): (Vec<_>, Vec<_>) = (0..MAX_EVENTS)
                .filter(|number| self.events & (1 << number) != 0)
                .zip(self.packets.iter().zip(&self.positions))
                .filter(|(number, _)| wanted & (1 << number) != 0)
                .map(|(_, (packet, position))| (packet.clone(), *position))
                .unzip();
            member.hand(&packets, &positions, Lane::Journal)
        };
        if let Some(missed) = handed.missed {
            member.progress.set_behind(Some(missed.saturating_sub(1)));
            behind.push(Socket::from_member(member));
        }
        handed.taken
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
