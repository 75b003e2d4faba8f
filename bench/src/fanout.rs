//! One room, one publisher: what a delivery costs the server, beside a bare loop of `write`.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::clients::Clients;
use crate::cpu::{self, Reading};
use crate::server::{Server, build};

const SERVER_CORE: usize = 0;
const GENERATOR_CORE: usize = 1;

/// Noise up to which a run counts as it is.
const QUIET: f64 = 0.04;
/// Tries at a quiet run.
const TRIES: usize = 6;

/// How to measure.
pub(crate) struct Options {
    /// Receivers in the room.
    pub(crate) clients: usize,
    /// Events sent to all in one run.
    pub(crate) rounds: usize,
    /// Runs of each server, alternating.
    pub(crate) runs: usize,
    /// Events on their way at a time.
    pub(crate) in_flight: usize,
}

/// One run, per delivery.
#[derive(Clone, Copy)]
struct Cost {
    core: f64,
    process: f64,
    /// Time from first to last event.
    wall: f64,
}

impl Cost {
    /// What the core did besides the server's process, as a part of what that did: soft interrupts,
    /// and whatever else ran there.
    fn noise(&self) -> f64 {
        self.core / self.process - 1.0
    }
}

/// Builds the servers, measures them in turn and prints the medians.
pub(crate) fn run(options: &Options) -> Result<String> {
    let servers = [
        ("bare", build("shopbell-bench", "--bin", "bare")?),
        ("engine", build("shopbell-engine", "--example", "fanout")?),
    ];
    cpu::pin(GENERATOR_CORE)?;
    let mut costs = servers.each_ref().map(|_| Vec::new());
    for _ in 0..options.runs {
        for ((_, program), costs) in servers.iter().zip(&mut costs) {
            costs.push(measure_quietly(program, options)?);
        }
    }
    let Options {
        clients,
        rounds,
        runs,
        in_flight,
    } = options;
    let mut table = format!(
        "{clients} in one room, {in_flight} in flight, {rounds} events a run, medians of {runs} alternating runs, µs per delivery\n\n\
         | server | CPU of the core (min–max) | CPU of the process (min–max) | wall |\n| --- | --- | --- | --- |\n"
    );
    for ((name, _), costs) in servers.iter().zip(&costs) {
        let (core, process, wall) = (
            spread(costs, |cost| cost.core),
            spread(costs, |cost| cost.process),
            spread(costs, |cost| cost.wall),
        );
        table += &format!(
            "| {name} | {:.3} ({:.3}–{:.3}) | {:.3} ({:.3}–{:.3}) | {:.3} |\n",
            core.1, core.0, core.2, process.1, process.0, process.2, wall.1
        );
    }
    let [bare, engine] = &costs;
    let ratio = |of: fn(&Cost) -> f64| spread(engine, of).1 / spread(bare, of).1;
    table += &format!(
        "\nengine / bare: {:.3} by the core, {:.3} by the process\n",
        ratio(|cost| cost.core),
        ratio(|cost| cost.process)
    );
    Ok(table)
}

/// Measures until the core was the server's alone, or takes the quietest of some tries.
fn measure_quietly(program: &Path, options: &Options) -> Result<Cost> {
    let mut quietest = measure(program, options)?;
    for _ in 1..TRIES {
        if quietest.noise() <= QUIET {
            break;
        }
        let again = measure(program, options)?;
        if again.noise() < quietest.noise() {
            quietest = again;
        }
    }
    Ok(quietest)
}

fn measure(program: &Path, options: &Options) -> Result<Cost> {
    let server = Server::start(program, SERVER_CORE, options.clients)?;
    let mut clients = Clients::connect(server.address, options.clients)?;
    clients.run(options.rounds / 20, options.in_flight)?;
    let before = Reading::take(SERVER_CORE, server.pid())?;
    let start = Instant::now();
    clients.run(options.rounds, options.in_flight)?;
    let wall = start.elapsed();
    let spent = Reading::take(SERVER_CORE, server.pid())?.since(before);
    let deliveries = (options.rounds * options.clients) as f64;
    let each = |time: Duration| time.as_secs_f64() * 1e6 / deliveries;
    Ok(Cost {
        core: each(spent.core),
        process: each(spent.process),
        wall: each(wall),
    })
}

/// Least, median and greatest.
fn spread(costs: &[Cost], of: fn(&Cost) -> f64) -> (f64, f64, f64) {
    let mut values: Vec<f64> = costs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    (
        at(0),
        at(values.len() / 2),
        at(values.len().saturating_sub(1)),
    )
}
