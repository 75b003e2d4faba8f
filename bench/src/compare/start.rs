//! A server that runs, and what is measured of it.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::peers::Peer;
use super::scenarios::{ALL, FEW, MANY, Plan};
use crate::cpu::{Cost, measure, measure_quietly};
use crate::load::{Dial, Latencies, Load, Paced, Rooms};
use crate::server::Server;

pub(super) const SERVER_CORE: usize = 0;

pub(super) type Values = BTreeMap<String, f64>;

/// A server that runs, and its clients.
pub(super) struct Start<'p> {
    pub(super) peer: Peer,
    pub(super) server: Server,
    pub(super) load: Load,
    pub(super) plan: &'p Plan,
    pub(super) note: &'p mut dyn FnMut(&str, usize, Values) -> Result<()>,
}

impl Start<'_> {
    /// Connects the publisher, who is in no room.
    pub(super) fn publisher(&mut self) -> Result<()> {
        let dials = self.dials(0, 1, None, false);
        self.load.connect(dials)
    }

    /// Connects clients until there are so many in the one room; notes what that cost.
    pub(super) fn connect(&mut self, count: usize) -> Result<()> {
        let first = self.load.len();
        let start = self.server.resident()?;
        let dials = self.dials(first, 1 + count, Some(ALL), false);
        let new = dials.len() as f64;
        let load = &mut self.load;
        let cost = measure(SERVER_CORE, self.server.pid(), || {
            load.connect(dials)?;
            Ok(new)
        })?;
        // Fewer cost less than can be measured.
        if count < MANY {
            return Ok(());
        }
        // Those that are asleep by now are idle.
        thread::sleep(self.seconds(0.3));
        let idle = self.server.resident()?;
        let mut values = costs(cost);
        let grown = idle.saturating_sub(start) as f64;
        put(
            &mut values,
            &[
                ("start", start as f64),
                ("idle", idle as f64),
                ("bytes", grown / new),
            ],
        );
        self.put("connect", count, values)
    }

    pub(super) fn one_room(&mut self, count: usize) -> Result<()> {
        let mut rooms = one_room(count);
        // With one in flight there is nothing to gather.
        if self.peer != Peer::Coalesced {
            self.fan_out("sparse", count, &mut rooms, 1)?;
        }
        self.fan_out("burst", count, &mut rooms, 4)?;
        self.paced(count, &mut rooms)
    }

    /// Has the clients join small rooms and publishes in one after the other.
    pub(super) fn small_rooms(&mut self, count: usize) -> Result<Vec<String>> {
        let names: Vec<_> = (0..count).map(|room| format!("r{room}")).collect();
        self.load.join(&names, FEW)?;
        let mut rooms = Rooms::new(names.clone(), FEW);
        self.fan_out("rooms", count, &mut rooms, 1)?;
        Ok(names)
    }

    pub(super) fn fan_out(
        &mut self,
        scenario: &str,
        size: usize,
        rooms: &mut Rooms,
        in_flight: usize,
    ) -> Result<()> {
        self.load.rounds(rooms, in_flight, self.seconds(0.3))?;
        let before = rooms.counts();
        let lasting = self.seconds(1.5);
        let cost = self.cost(|load| {
            let before = rooms.counts().delivered;
            load.rounds(rooms, in_flight, lasting)?;
            Ok((rooms.counts().delivered - before) as f64)
        })?;
        let mut values = costs(cost);
        let counts = rooms.counts();
        put(
            &mut values,
            &[
                ("lost", (counts.lost - before.lost) as f64),
                ("wrong", (counts.wrong - before.wrong) as f64),
                ("late", (counts.late - before.late) as f64),
                ("closed", self.load.closed as f64),
            ],
        );
        self.put(scenario, size, values)
    }

    pub(super) fn paced(&mut self, size: usize, rooms: &mut Rooms) -> Result<()> {
        let before = rooms.counts();
        let mut latencies = Latencies::default();
        let pace = Paced {
            per_second: 50.0,
            lasting: self.seconds(3.0),
            backlog: 32,
        };
        let mut rate = 0.0;
        let load = &mut self.load;
        let cost = measure(SERVER_CORE, self.server.pid(), || {
            rate = load.paced(rooms, pace, &mut latencies, None)?;
            Ok((rooms.counts().delivered - before.delivered) as f64)
        })?;
        let mut values = costs(cost);
        let counts = rooms.counts();
        put(
            &mut values,
            &[
                ("rate", rate),
                ("p50", millis(latencies.percentile(50))),
                ("p99", millis(latencies.percentile(99))),
                ("lost", (counts.lost - before.lost) as f64),
                ("wrong", (counts.wrong - before.wrong) as f64),
                ("late", (counts.late - before.late) as f64),
                ("closed", self.load.closed as f64),
            ],
        );
        self.put("paced", size, values)
    }

    /// How to connect the clients from one place to another.
    pub(super) fn dials(
        &self,
        from: usize,
        to: usize,
        room: Option<&str>,
        polling: bool,
    ) -> Vec<Dial> {
        let tokens = self.plan.tokens.iter().take(to).skip(from);
        let room = room.filter(|_| self.peer.has_rooms());
        let dials = tokens.map(|token| Dial {
            address: self.server.address,
            token: token.clone(),
            room: room.map(str::to_owned),
            polling,
        });
        dials.collect()
    }

    pub(super) fn cost(&mut self, mut once: impl FnMut(&mut Load) -> Result<f64>) -> Result<Cost> {
        let load = &mut self.load;
        measure_quietly(SERVER_CORE, self.server.pid(), || once(load))
    }

    pub(super) fn put(&mut self, scenario: &str, size: usize, values: Values) -> Result<()> {
        (self.note)(scenario, size, values)
    }

    pub(super) fn seconds(&self, seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds * self.plan.factor)
    }
}

pub(super) fn one_room(count: usize) -> Rooms {
    Rooms::new(vec![ALL.to_owned()], count)
}

pub(super) fn costs(cost: Cost) -> Values {
    named(&[
        ("core", cost.core),
        ("process", cost.process),
        ("wall", cost.wall),
    ])
}

pub(super) fn named(values: &[(&str, f64)]) -> Values {
    let mut map = Values::new();
    put(&mut map, values);
    map
}

pub(super) fn put(map: &mut Values, values: &[(&str, f64)]) {
    let values = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), *value));
    map.extend(values);
}

pub(super) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
