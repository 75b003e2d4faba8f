//! How many changes a second one shop takes, on both databases.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use serde_json::json;

use crate::http::Person;
use crate::program::{Data, Database};
use crate::server::build;

/// How to measure.
pub(crate) struct Options {
    /// Connections, each with one change on its way at a time.
    pub(crate) writers: usize,
    /// How long a run is.
    pub(crate) seconds: usize,
    /// Runs on each database, alternating.
    pub(crate) runs: usize,
}

/// What one run gave.
struct Run {
    changes_per_second: f64,
    /// Of each change, in order.
    took: Vec<Duration>,
}

impl Run {
    fn millis(&self, hundredths: usize) -> f64 {
        let place = self.took.len() * hundredths / 100;
        let took = self.took.get(place).copied().unwrap_or_default();
        took.as_secs_f64() * 1e3
    }
}

/// Builds the program, has it take changes from all writers at once; gives a table.
pub(crate) fn run(options: &Options) -> Result<String> {
    let Options {
        writers,
        seconds,
        runs,
    } = options;
    let program = build("shopbell", "--bin", "shopbell")?;
    let mut measured =
        [Database::Sqlite, Database::Postgres].map(|database| (database, Vec::new()));
    for _ in 0..*runs {
        for (database, runs) in &mut measured {
            runs.push(measure(&program, *database, options)?);
        }
    }
    let mut table = format!(
        "{writers} writers in one shop, {seconds} s a run, medians of {runs} alternating runs\n\n\
         | database | changes/s (min–max) | p50 | p99 |\n| --- | --- | --- | --- |\n"
    );
    for (database, mut runs) in measured {
        runs.sort_by(|a, b| a.changes_per_second.total_cmp(&b.changes_per_second));
        let (Some(least), Some(median), Some(most)) =
            (runs.first(), runs.get(runs.len() / 2), runs.last())
        else {
            continue;
        };
        table += &format!(
            "| {} | {:.0} ({:.0}–{:.0}) | {:.0} ms | {:.0} ms |\n",
            database.name(),
            median.changes_per_second,
            least.changes_per_second,
            most.changes_per_second,
            median.millis(50),
            median.millis(99)
        );
    }
    Ok(table)
}

fn measure(program: &Path, database: Database, options: &Options) -> Result<Run> {
    let data = Data::fresh(database)?;
    let (_program, address) = data.serve(program)?;
    let mut person = Person::admin(address)?;
    let orders = person.orders()?;
    let token = &person.token;
    let start = Instant::now();
    let end = start + Duration::from_secs(options.seconds as u64);
    let took = std::thread::scope(|scope| {
        let writers: Vec<_> = orders
            .iter()
            .cycle()
            .take(options.writers)
            .enumerate()
            .map(|(writer, order)| {
                scope.spawn(move || write(address, token.clone(), writer, *order, end))
            })
            .collect();
        let took = writers.into_iter().map(|writer| {
            let took = writer.join().map_err(|_| anyhow!("a writer panicked"))?;
            took.context("a writer failed")
        });
        took.collect::<Result<Vec<_>>>()
    })?;
    let lasted = start.elapsed();
    let mut took = took.concat();
    took.sort_unstable();
    Ok(Run {
        changes_per_second: took.len() as f64 / lasted.as_secs_f64(),
        took,
    })
}

/// Changes an order's description again and again, each time under a new key; its technician is told.
fn write(
    address: SocketAddr,
    token: String,
    writer: usize,
    order: u64,
    end: Instant,
) -> Result<Vec<Duration>> {
    let mut person = Person::with(address, token)?;
    let path = format!("/api/work-orders/{order}");
    let mut took = Vec::new();
    while Instant::now() < end {
        let start = Instant::now();
        let change = format!("{writer}-{}", took.len());
        person.patch_once(&change, &path, &json!({"description": change}))?;
        took.push(start.elapsed());
    }
    Ok(took)
}
