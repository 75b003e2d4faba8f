//! Measures the engine beside its peers. `cargo run --release -p shopbell-bench -- fanout` is where
//! to start.

mod clients;
mod cpu;
mod fanout;
mod server;

use std::io::Write as _;
use std::str::FromStr;

use anyhow::{Context as _, Result, bail};

const USAGE: &str = "fanout [--clients 1000] [--rounds 1000] [--runs 9] [--in-flight 1]";

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    if words.next().as_deref() != Some("fanout") {
        bail!("expected: {USAGE}");
    }
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
        let option = match word.as_str() {
            "--clients" => &mut options.clients,
            "--rounds" => &mut options.rounds,
            "--runs" => &mut options.runs,
            "--in-flight" => &mut options.in_flight,
            _ => bail!("expected: {USAGE}"),
        };
        *option = usize::from_str(&value).with_context(|| format!("{word} takes a number"))?;
    }
    writeln!(std::io::stdout(), "{}", fanout::run(&options)?)?;
    Ok(())
}
