//! Measures the engine beside its peers. `cargo run --release -p shopbell-bench -- fanout` is where
//! to start.

mod clients;
mod cpu;
mod fanout;
mod server;
mod start;

use std::io::Write as _;
use std::str::FromStr;

use anyhow::{Context as _, Result, bail};

const USAGE: &str =
    "fanout [--clients 1000] [--rounds 1000] [--runs 9] [--in-flight 1] | start [--runs 9]";

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let bench = words.next().unwrap_or_default();
    let mut options = fanout::Options {
        clients: 1000,
        rounds: 1000,
        runs: 9,
        in_flight: 1,
    };
    while let Some(word) = words.next() {
        let value = words
            .next()
            .with_context(|| format!("{word} needs a value"))?;
        let option = match (bench.as_str(), word.as_str()) {
            (_, "--runs") => &mut options.runs,
            ("fanout", "--clients") => &mut options.clients,
            ("fanout", "--rounds") => &mut options.rounds,
            ("fanout", "--in-flight") => &mut options.in_flight,
            _ => bail!("expected: {USAGE}"),
        };
        *option = usize::from_str(&value).with_context(|| format!("{word} takes a number"))?;
    }
    let table = match bench.as_str() {
        "fanout" => fanout::run(&options)?,
        "start" => start::run(options.runs)?,
        _ => bail!("expected: {USAGE}"),
    };
    writeln!(std::io::stdout(), "{table}")?;
    Ok(())
}
