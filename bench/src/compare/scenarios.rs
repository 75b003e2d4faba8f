//! What is measured: some servers' starts, each with several measurements on the same connections.

use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::peers::Peer;
use super::start::{SERVER_CORE, Start, Values, costs, millis, named, one_room, put};
use crate::load::{Churn, Latencies, Load, Others, Paced};
use crate::server::Server;

/// Members of a small room.
pub(super) const FEW: usize = 10;
/// Clients of the smaller measurements.
const SOME: usize = 200;
/// Clients of the large ones.
pub(super) const MANY: usize = 10_000;

/// The room that all are in.
pub(super) const ALL: &str = "all";

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
        if self.peer.has_rooms() {
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
            ("late", rooms.counts().late as f64),
            ("closed", self.load.closed as f64),
        ];
        self.put("storm", MANY, named(&values))
    }
}
