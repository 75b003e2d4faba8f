//! What is measured: some servers' starts, each with several measurements on the same connections.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::peers::Peer;
use crate::cpu::{Cost, measure, measure_quietly};
use crate::load::{Churn, Dial, Latencies, Load, Others, Paced, Rooms};
use crate::server::Server;

const SERVER_CORE: usize = 0;

/// Members of a small room.
const FEW: usize = 10;
/// Clients of the smaller measurements.
const SOME: usize = 200;
/// Clients of the large ones.
const MANY: usize = 10_000;

/// The room that all are in.
const ALL: &str = "all";

/// The key of the tokens.
pub(crate) const SECRET: &str = "a key that only the servers under measurement know";

/// One server's start, and what is measured then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scenario {
    /// Rooms of 200 and 1,000, small rooms, echo.
    Small,
    /// A room of 10,000, small rooms, memory.
    Large,
    /// As many clients as there are file descriptors for.
    Limit,
    /// Clients that poll.
    Polling,
    /// Clients that connect and leave.
    Rate,
    /// The same beside others who stay.
    Storm,
}

/// How to measure.
pub(crate) struct Plan {
    /// Those of the clients, signed before.
    pub(crate) tokens: Vec<String>,
    /// What all lengths are multiplied by.
    pub(crate) factor: f64,
    /// Clients in the largest room.
    pub(crate) limit: usize,
    /// Whether the storm lasts so long that everybody is pinged.
    pub(crate) long_storm: bool,
}

type Values = BTreeMap<String, f64>;

impl Scenario {
    pub(crate) const ALL: [Scenario; 6] = [
        Scenario::Small,
        Scenario::Large,
        Scenario::Limit,
        Scenario::Polling,
        Scenario::Rate,
        Scenario::Storm,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Scenario::Small => "small",
            Scenario::Large => "large",
            Scenario::Limit => "limit",
            Scenario::Polling => "polling",
            Scenario::Rate => "rate",
            Scenario::Storm => "storm",
        }
    }

    /// Those named in a list with commas.
    pub(crate) fn named(list: &str) -> Result<Vec<Scenario>> {
        let named = list.split(',').map(|name| {
            let found = Scenario::ALL.into_iter().find(|one| one.name() == name);
            found.with_context(|| format!("no scenario is called {name:?}"))
        });
        named.collect()
    }

    /// Whether it is measured with this server.
    pub(crate) fn takes(self, peer: Peer) -> bool {
        match self {
            Scenario::Small | Scenario::Large => true,
            Scenario::Limit => matches!(peer, Peer::Bare | Peer::Engine),
            Scenario::Polling => peer.is_socket_io(),
            Scenario::Rate => peer != Peer::Coalesced,
            Scenario::Storm => peer == Peer::Engine,
        }
    }

    /// Starts the server and measures; hands over each result with its name and size.
    pub(crate) fn measure(
        self,
        peer: Peer,
        command: &[String],
        plan: &Plan,
        note: &mut dyn FnMut(&str, usize, Values) -> Result<()>,
    ) -> Result<()> {
        let clients = match self {
            Scenario::Small => 1000,
            Scenario::Large | Scenario::Storm => MANY,
            Scenario::Limit => plan.limit,
            Scenario::Polling => SOME,
            Scenario::Rate => 0,
        };
        let command = [command, &peer.arguments(clients)].concat();
        let ping = match self {
            Scenario::Storm => "stock",
            _ => "hour",
        };
        let environment = [("BENCH_SECRET", SECRET), ("BENCH_PING", ping)];
        let server = Server::start(SERVER_CORE, &command, &environment)?;
        let start = Start {
            peer,
            server,
            load: Load::new()?,
            plan,
            note,
        };
        match self {
            Scenario::Small => start.small(),
            Scenario::Large => start.large(),
            Scenario::Limit => start.limit(),
            Scenario::Polling => start.polling(),
            Scenario::Rate => start.rate(),
            Scenario::Storm => start.storm(),
        }
    }
}

/// A server that runs, and its clients.
struct Start<'p> {
    peer: Peer,
    server: Server,
    load: Load,
    plan: &'p Plan,
    note: &'p mut dyn FnMut(&str, usize, Values) -> Result<()>,
}

impl Start<'_> {
    fn small(mut self) -> Result<()> {
        self.publisher()?;
        for count in [SOME, 1000] {
            self.connect(count)?;
            self.one_room(count)?;
        }
        if self.peer.has_rooms() {
            let names = self.small_rooms(100)?;
            let lasting = self.seconds(1.5);
            let mut churn = Churn::default();
            let cost = self.cost(|load| {
                churn = load.churn(&names, FEW, lasting)?;
                Ok(churn.rounds as f64)
            })?;
            let mut values = costs(cost);
            let lost = churn.due.saturating_sub(churn.told);
            put(&mut values, &[("lost", lost as f64)]);
            self.put("churn", 100, values)?;
        }
        if self.peer.is_socket_io() {
            let lasting = self.seconds(1.5);
            self.load.echo(SOME, self.seconds(0.2))?;
            let mut lost = 0;
            let cost = self.cost(|load| {
                let (came, missing) = load.echo(SOME, lasting)?;
                lost += missing;
                Ok(came as f64)
            })?;
            let mut values = costs(cost);
            put(&mut values, &[("lost", lost as f64)]);
            self.put("echo", SOME, values)?;
        }
        Ok(())
    }

    fn large(mut self) -> Result<()> {
        self.publisher()?;
        self.connect(MANY)?;
        self.one_room(MANY)?;
        if self.peer.has_rooms() {
            self.small_rooms(1000)?;
            let lasting = self.seconds(0.7);
            for (room, size) in [("r0", FEW), (ALL, MANY)] {
                let cost = self.cost(|load| Ok(load.join_and_leave(room, lasting)? as f64))?;
                self.put("membership", size, costs(cost))?;
            }
        }
        if self.peer == Peer::Engine {
            let before = self.server.resident()?;
            self.load.leave(1);
            thread::sleep(Duration::from_secs(10));
            let values = [
                ("before", before as f64),
                ("after", self.server.resident()? as f64),
            ];
            self.put("left", MANY, named(&values))?;
        }
        Ok(())
    }

    fn limit(mut self) -> Result<()> {
        let count = self.plan.limit;
        self.publisher()?;
        self.connect(count)?;
        self.fan_out("sparse", count, &mut one_room(count), 1)
    }

    fn polling(mut self) -> Result<()> {
        self.publisher()?;
        let dials = self.dials(1, 1 + SOME, Some(ALL), true);
        self.load.connect(dials)?;
        self.fan_out("polling", SOME, &mut one_room(SOME), 1)
    }

    fn rate(mut self) -> Result<()> {
        let dials = self.dials(0, 1000, Some("lobby"), false);
        let lasting = self.seconds(1.5);
        self.load.come_and_go(&dials, self.seconds(0.2))?;
        let cost = self.cost(|load| {
            let gone = load.come_and_go(&dials, lasting)? as f64;
            // The server has to learn of the last ones.
            thread::sleep(Duration::from_millis(50));
            Ok(gone)
        })?;
        self.put("rate", 0, costs(cost))
    }

    fn storm(mut self) -> Result<()> {
        self.publisher()?;
        let held = self.dials(1, 1 + MANY, Some(ALL), false);
        self.load.connect(held)?;
        let others = self.dials(0, 1000, Some("lobby"), false);
        let lasting = self.seconds(1.0);
        let most = self.load.come_and_go(&others, lasting)? as f64 / lasting.as_secs_f64();
        let mut rooms = one_room(MANY);
        let mut pace = Paced {
            per_second: 10.0,
            lasting: self.seconds(5.0),
            backlog: 32,
        };
        let mut baseline = Latencies::default();
        self.load.paced(&mut rooms, pace, &mut baseline, None)?;
        pace.lasting = if self.plan.long_storm {
            Duration::from_secs(45)
        } else {
            self.seconds(10.0)
        };
        let mut others = Others::new(&others, most / 2.0);
        let mut beside = Latencies::default();
        let rate = self
            .load
            .paced(&mut rooms, pace, &mut beside, Some(&mut others))?;
        let values = [
            ("most", most),
            ("came", others.gone as f64 / pace.lasting.as_secs_f64()),
            ("rate", rate),
            ("baseline", millis(baseline.percentile(99))),
            ("beside", millis(beside.percentile(99))),
            ("seconds", pace.lasting.as_secs_f64()),
            ("lost", rooms.counts().lost as f64),
            ("wrong", rooms.counts().wrong as f64),
            ("closed", self.load.closed as f64),
        ];
        self.put("storm", MANY, named(&values))
    }

    /// Connects the publisher, who is in no room.
    fn publisher(&mut self) -> Result<()> {
        let dials = self.dials(0, 1, None, false);
        self.load.connect(dials)
    }

    /// Connects clients until there are so many in the one room; notes what that cost.
    fn connect(&mut self, count: usize) -> Result<()> {
        let first = self.load.len();
        let start = self.server.resident()?;
        let dials = self.dials(first, 1 + count, Some(ALL), false);
        let new = dials.len() as f64;
        let load = &mut self.load;
        let cost = measure(SERVER_CORE, self.server.pid(), || {
            load.connect(dials)?;
            Ok(new)
        })?;
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

    fn one_room(&mut self, count: usize) -> Result<()> {
        let mut rooms = one_room(count);
        // With one in flight there is nothing to gather.
        if self.peer != Peer::Coalesced {
            self.fan_out("sparse", count, &mut rooms, 1)?;
        }
        self.fan_out("burst", count, &mut rooms, 4)?;
        self.paced(count, &mut rooms)
    }

    /// Has the clients join small rooms and publishes in one after the other.
    fn small_rooms(&mut self, count: usize) -> Result<Vec<String>> {
        let names: Vec<_> = (0..count).map(|room| format!("r{room}")).collect();
        self.load.join(&names, FEW)?;
        let mut rooms = Rooms::new(names.clone(), FEW);
        self.fan_out("rooms", count, &mut rooms, 1)?;
        Ok(names)
    }

    fn fan_out(
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
                ("closed", self.load.closed as f64),
            ],
        );
        self.put(scenario, size, values)
    }

    fn paced(&mut self, size: usize, rooms: &mut Rooms) -> Result<()> {
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
                ("closed", self.load.closed as f64),
            ],
        );
        self.put("paced", size, values)
    }

    /// How to connect the clients from one place to another.
    fn dials(&self, from: usize, to: usize, room: Option<&str>, polling: bool) -> Vec<Dial> {
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

    fn cost(&mut self, mut once: impl FnMut(&mut Load) -> Result<f64>) -> Result<Cost> {
        let load = &mut self.load;
        measure_quietly(SERVER_CORE, self.server.pid(), || once(load))
    }

    fn put(&mut self, scenario: &str, size: usize, values: Values) -> Result<()> {
        (self.note)(scenario, size, values)
    }

    fn seconds(&self, seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds * self.plan.factor)
    }
}

fn one_room(count: usize) -> Rooms {
    Rooms::new(vec![ALL.to_owned()], count)
}

fn costs(cost: Cost) -> Values {
    named(&[
        ("core", cost.core),
        ("process", cost.process),
        ("wall", cost.wall),
    ])
}

fn named(values: &[(&str, f64)]) -> Values {
    let mut map = Values::new();
    put(&mut map, values);
    map
}

fn put(map: &mut Values, values: &[(&str, f64)]) {
    let values = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), *value));
    map.extend(values);
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
