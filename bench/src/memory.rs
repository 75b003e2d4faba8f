//! What an idle connection takes, and what is given back when all are gone.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::cpu::{self, Cost, pin};
use crate::crowd::Crowd;
use crate::http::Person;
use crate::program::{Data, Database, Running};
use crate::server::build;

/// Cores of the server and of the load generator.
const SERVER_CORE: usize = 0;
const LOAD_CORE: usize = 1;

/// How long after the last connection was opened, and after all have left, memory is looked at.
const SETTLED: Duration = Duration::from_secs(3);
const GONE: Duration = Duration::from_secs(10);

/// What is asked: bytes a connection, and parts of the growth that may stay.
const BYTES: f64 = 4000.0;
const STAYS: f64 = 0.2;

/// How to measure.
pub(crate) struct Options {
    pub(crate) connections: usize,
    pub(crate) runs: usize,
}

/// What one run gave.
struct Run {
    /// Resident bytes at the start, with all connections, and after they have left.
    start: f64,
    full: f64,
    left: f64,
    /// What opening one took.
    opened: Cost,
}

/// Builds the program, fills it with connections and empties it, afresh in each run; gives a table.
pub(crate) fn run(options: &Options) -> Result<String> {
    let Options { connections, runs } = options;
    let program = build("shopbell", "--bin", "shopbell")?;
    pin(LOAD_CORE)?;
    let measured = (0..*runs).map(|_| measure(&program, *connections));
    let measured = measured.collect::<Result<Vec<_>>>()?;
    let count = *connections as f64;
    let mut table = format!(
        "{connections} connections of five people in one work order's room, medians of {runs} runs\n\n\
         | | median (least–greatest) | goal |\n| --- | --- | --- |\n"
    );
    let mut row = |what: &str, unit: &str, of: &dyn Fn(&Run) -> f64, goal: Option<f64>| {
        let mut values: Vec<_> = measured.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        let at = |place: usize| values.get(place).copied().unwrap_or_default();
        let median = at(values.len() / 2);
        let met = |goal| if median <= goal { "met" } else { "missed" };
        let goal = goal.map_or_else(String::new, |goal| {
            format!("at most {goal}{unit}: {}", met(goal))
        });
        table += &format!(
            "| {what} | {median:.0}{unit} ({:.0}–{:.0}) | {goal} |\n",
            at(0),
            at(values.len().saturating_sub(1)),
        );
    };
    row(
        "resident at the start",
        " KiB",
        &|run| run.start / 1024.0,
        None,
    );
    row(
        "resident bytes a connection",
        "",
        &|run| (run.full - run.start) / count,
        Some(BYTES),
    );
    row(
        "of that growth, still resident 10 s after all have left",
        " %",
        &|run| (run.left - run.start) / (run.full - run.start) * 100.0,
        Some(STAYS * 100.0),
    );
    row(
        "processor time to open one",
        " µs",
        &|run| run.opened.process,
        None,
    );
    row(
        "connections opened a second",
        "",
        &|run| 1e6 / run.opened.wall,
        None,
    );
    Ok(table)
}

fn measure(program: &Path, connections: usize) -> Result<Run> {
    let data = Data::fresh(Database::Sqlite)?;
    let as_many = connections.to_string();
    let settings = [("SHOPBELL__LIMITS__CONNECTIONS_PER_USER", as_many.as_str())];
    let (program, address) = data.serve_on(SERVER_CORE, program, &settings)?;
    let mut person = Person::with(address, String::new())?;
    let people = person.demo_people()?;
    let people = people.iter().filter(|who| who["shop"] != 2);
    let tokens = people
        .map(|who| person.sign_in(who))
        .collect::<Result<Vec<_>>>()?;
    person.token = tokens.first().context("nobody")?.clone();
    // One that every technician sees.
    let order = person.open_order()?;

    // What checking the passwords took is given back by then.
    std::thread::sleep(SETTLED);
    let start = resident(&program)?;
    let tokens = (0..connections).filter_map(|number| tokens.get(number % tokens.len()));
    let mut crowd = None;
    let opened = cpu::measure(SERVER_CORE, program.pid(), || {
        let tokens: Vec<_> = tokens.map(String::as_str).collect();
        crowd = Some(Crowd::gather(
            address,
            tokens.into_iter(),
            &format!("work_order_{order}"),
        )?);
        Ok(connections as f64)
    })?;
    let mut crowd = crowd.context("nobody came")?;
    let settled = Instant::now() + SETTLED;
    while Instant::now() < settled {
        crowd.hear(settled, |_, _| Ok(()))?;
    }
    let full = resident(&program)?;
    ensure!(crowd.len() == connections, "not all have come");
    drop(crowd);
    std::thread::sleep(GONE);
    let left = resident(&program)?;
    Ok(Run {
        start,
        full,
        left,
        opened,
    })
}

/// Resident memory of a process, in bytes.
fn resident(program: &Running) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", program.pid()))?;
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = kibibytes.and_then(|rest| rest.trim().strip_suffix(" kB"));
    let kibibytes: f64 = kibibytes.context("no VmRSS")?.parse()?;
    Ok(kibibytes * 1024.0)
}
