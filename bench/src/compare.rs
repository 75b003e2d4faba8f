//! The engine beside its peers: every server in turn, again and again, and what came of it.

mod peers;
mod report;
mod results;
mod scenarios;
mod start;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, ensure};
use jsonwebtoken::{EncodingKey, encode};
use rustix::process::{Resource, getrlimit, setrlimit};
use serde_json::json;

use crate::cpu;
use peers::{Peer, said};
use results::{Header, Record, Results};
use scenarios::{Plan, SECRET, Scenario};

const GENERATOR_CORE: usize = 1;

/// Clients in the largest room, if there are file descriptors for them.
const MOST: usize = 18_000;
/// Descriptors that a server or the generator needs besides those of the clients.
const SPARE: usize = 500;

const DOCUMENT: &str = "docs/performance.md";
const PLOT: &str = "docs/performance-peers.svg";

/// What to compare, and how.
pub(crate) struct Options {
    pub(crate) runs: usize,
    /// Names with commas between them; all without.
    pub(crate) servers: Option<String>,
    /// Names with commas between them; all without.
    pub(crate) scenarios: Option<String>,
    /// Hundredths that all lengths are multiplied by.
    pub(crate) percent: usize,
    pub(crate) write: bool,
}

/// Measures all servers in turn; gives the report, and puts it in the documents if that is asked for.
pub(crate) fn run(options: &Options) -> Result<String> {
    let wanted = match &options.servers {
        Some(list) => Peer::named(list)?,
        None => Peer::ALL.to_vec(),
    };
    let scenarios = match &options.scenarios {
        Some(list) => Scenario::named(list)?,
        None => Scenario::ALL.to_vec(),
    };
    let mut header = Header {
        date: said("date", &["-u", "+%-d %B %Y"]).unwrap_or_default(),
        machine: machine(),
        runs: options.runs,
        factor: options.percent as f64 / 100.0,
        ..Header::default()
    };
    let limit = clients(&mut header)?;
    let mut ready = Vec::new();
    for peer in wanted {
        tell(&format!("{} is made ready", peer.name()));
        let name = peer.name().to_owned();
        match peer.prepare() {
            Ok(command) => {
                header.servers.push((name, peer.version()));
                ready.push((peer, command));
            }
            Err(error) => header.left_out.push((name, format!("{error:#}"))),
        }
    }
    let mut plan = Plan {
        tokens: sign(1 + limit.max(10_000))?,
        factor: header.factor,
        limit,
        long_storm: false,
    };
    let mut results = Results::create(&header)?;
    cpu::pin(GENERATOR_CORE)?;
    let start = Instant::now();
    for run in 0..options.runs {
        plan.long_storm = run == 0 && options.runs > 1 && header.factor >= 1.0;
        for scenario in &scenarios {
            for (peer, command) in ready.iter().filter(|(peer, _)| scenario.takes(*peer)) {
                let passed = start.elapsed().as_secs();
                let (name, runs) = (peer.name(), options.runs);
                tell(&format!(
                    "{:>2}:{:02} run {} of {runs}: {name}, {}",
                    passed / 60,
                    passed % 60,
                    run + 1,
                    scenario.name()
                ));
                let mut note = |scenario: &str, size, values| {
                    results.add(&Record {
                        run,
                        server: name.to_owned(),
                        scenario: scenario.to_owned(),
                        size,
                        values,
                    })
                };
                // One that fails must not take with it what was measured.
                if let Err(error) = scenario.measure(*peer, command, &plan, &mut note) {
                    tell(&format!("{name} failed: {error:#}"));
                    note("failure", 0, Default::default())?;
                }
            }
        }
    }
    tell(&format!("the results are in {}", results.path.display()));
    let path = results.path.clone();
    report(Some(&path), options.write)
}

/// Gives the report of results that were kept.
pub(crate) fn report(path: Option<&Path>, write: bool) -> Result<String> {
    let (header, records) = results::read(path)?;
    let report = report::render(&header, &records);
    if write {
        let document = fs::read_to_string(DOCUMENT).context(DOCUMENT)?;
        fs::write(DOCUMENT, report::replace(&document, &report)?)?;
        fs::write(PLOT, report::plot(&header, &records))?;
    }
    Ok(report)
}

/// Signs the tokens of so many people.
fn sign(count: usize) -> Result<Vec<String>> {
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let day = Duration::from_secs(86_400);
    let end = (SystemTime::now() + day).duration_since(SystemTime::UNIX_EPOCH)?;
    let tokens = (0..count).map(|person| {
        let claims = json!({"sub": format!("person-{person}"), "exp": end.as_secs()});
        encode(&Default::default(), &claims, &key)
    });
    Ok(tokens.collect::<Result<_, _>>()?)
}

/// Asks for as many file descriptors as there may be; gives how many clients that allows.
fn clients(header: &mut Header) -> Result<usize> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit)?;
    let files = limit.maximum.map_or(usize::MAX, |files| files as usize);
    ensure!(files > 2 * SPARE, "too few file descriptors (ulimit -Hn)");
    let clients = MOST.min(files - SPARE);
    if clients < MOST {
        let said = format!(
            "Only {files} file descriptors are allowed here, which is enough for {clients} clients."
        );
        header.remarks.push(said);
    }
    Ok(clients)
}

/// What it is measured on.
fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let after = |text: String, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split([':', '=']).nth(1));
        value
            .unwrap_or("unknown")
            .trim()
            .trim_matches('"')
            .to_owned()
    };
    let cpuinfo = read("/proc/cpuinfo");
    let cores = cpuinfo.lines().filter(|line| line.starts_with("processor"));
    let memory = after(read("/proc/meminfo"), "MemTotal");
    let memory = memory.trim_end_matches(" kB").parse().unwrap_or(0) as f64;
    format!(
        "{} cores of {}, {:.0} GiB, Linux {}, {}, {}, loopback",
        cores.count(),
        after(cpuinfo.clone(), "model name"),
        memory / f64::from(1 << 20),
        read("/proc/sys/kernel/osrelease").trim(),
        after(read("/etc/os-release"), "PRETTY_NAME"),
        said("rustc", &["--version"]).unwrap_or_default()
    )
}

/// Says how far it is.
fn tell(what: &str) {
    // Without anybody to read it, it is not needed.
    writeln!(std::io::stderr(), "{what}").ok();
}
