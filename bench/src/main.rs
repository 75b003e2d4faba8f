//! Measures the engine beside its peers, and the program by itself. `make bench` is where to start.

mod compare;
mod cpu;
mod crowd;
mod http;
mod load;
mod memory;
mod product;
mod program;
mod replay;
mod server;
mod socket;
mod start;
mod writes;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail, ensure};

use program::Database;

const USAGE: &str = "compare [--runs 9] [--servers a,b] [--scenarios x,y] [--percent 100] [--write yes] | \
    report [--from FILE] [--write yes] | start [--runs 9] | \
    replay [--database sqlite|postgres] [--events 10000] [--runs 5] | writes [--writers 64] [--seconds 10] [--runs 3] | \
    product [--people 200] [--seconds 3] [--runs 9] | memory [--connections 10000] [--runs 3]";

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let bench = words.next().unwrap_or_default();
    let mut options = Options(BTreeMap::new());
    while let Some(word) = words.next() {
        let value = words
            .next()
            .with_context(|| format!("{word} needs a value"))?;
        options.0.insert(word, value);
    }
    let table = match bench.as_str() {
        "compare" => {
            let how = compare::Options {
                runs: options.number("--runs", 9)?,
                servers: options.0.remove("--servers"),
                scenarios: options.0.remove("--scenarios"),
                percent: options.number("--percent", 100)?,
                write: options.write()?,
            };
            options.end()?;
            compare::run(&how)?
        }
        "report" => {
            let from = options.0.remove("--from").map(PathBuf::from);
            let write = options.write()?;
            options.end()?;
            compare::report(from.as_deref(), write)?
        }
        "start" => {
            let runs = options.number("--runs", 9)?;
            options.end()?;
            start::run(runs)?
        }
        "replay" => {
            let how = replay::Options {
                database: options.database()?,
                events: options.number("--events", 10_000)?,
                runs: options.number("--runs", 5)?,
            };
            options.end()?;
            replay::run(&how)?
        }
        "writes" => {
            let how = writes::Options {
                writers: options.number("--writers", 64)?,
                seconds: options.number("--seconds", 10)?,
                runs: options.number("--runs", 3)?,
            };
            options.end()?;
            writes::run(&how)?
        }
        "product" => {
            let how = product::Options {
                people: options.number("--people", 200)?,
                seconds: options.number("--seconds", 3)?,
                runs: options.number("--runs", 9)?,
            };
            options.end()?;
            product::run(&how)?
        }
        "memory" => {
            let how = memory::Options {
                connections: options.number("--connections", 10_000)?,
                runs: options.number("--runs", 3)?,
            };
            options.end()?;
            memory::run(&how)?
        }
        _ => bail!("expected: {USAGE}"),
    };
    writeln!(std::io::stdout(), "{table}")?;
    Ok(())
}

/// What the command line says and nobody has asked for yet.
struct Options(BTreeMap<String, String>);

impl Options {
    fn number(&mut self, name: &str, default: usize) -> Result<usize> {
        let number = match self.0.remove(name) {
            Some(value) => value.parse(),
            None => Ok(default),
        };
        let number = number.with_context(|| format!("{name} takes a number"))?;
        ensure!(number > 0, "{name} must be at least 1");
        Ok(number)
    }

    fn database(&mut self) -> Result<Database> {
        match self.0.remove("--database").as_deref() {
            None | Some("sqlite") => Ok(Database::Sqlite),
            Some("postgres") => Ok(Database::Postgres),
            Some(_) => bail!("--database takes sqlite or postgres"),
        }
    }

    /// Whether the documents are to be written.
    fn write(&mut self) -> Result<bool> {
        match self.0.remove("--write").as_deref() {
            None | Some("no") => Ok(false),
            Some("yes") => Ok(true),
            Some(_) => bail!("--write takes yes or no"),
        }
    }

    fn end(self) -> Result<()> {
        ensure!(self.0.is_empty(), "expected: {USAGE}");
        Ok(())
    }
}
