//! How long the program takes from its start to its first answer, with a database that exists.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::program::{Data, Database};
use crate::server::build;

const REQUEST: &str =
    "GET /api/websocket/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// Builds the program, starts it `runs` times on one database of demo data; gives a table.
pub(crate) fn run(runs: usize) -> Result<String> {
    let program = build("shopbell", "--bin", "shopbell")?;
    let data = Data::fresh(Database::Sqlite)?;
    // The first start makes the database and is not counted.
    first_answer(&program, &data)?;
    let times = (0..runs).map(|_| first_answer(&program, &data));
    let spread = Spread::of(times.collect::<Result<_>>()?);
    let mut table =
        String::from("| from start to | median of runs | least–greatest |\n| --- | --- | --- |\n");
    writeln!(
        table,
        "| first answer | {} ms | {}–{} ms |",
        spread.median.as_millis(),
        spread.least.as_millis(),
        spread.most.as_millis()
    )?;
    Ok(table)
}

fn first_answer(program: &Path, data: &Data) -> Result<Duration> {
    let start = Instant::now();
    let (_program, address) = data.serve(program)?;
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(REQUEST.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let took = start.elapsed();
    ensure!(answer.starts_with("HTTP/1.1 200"), "answered {answer:?}");
    Ok(took)
}

/// Times of some runs.
pub(crate) struct Spread {
    pub(crate) least: Duration,
    pub(crate) median: Duration,
    pub(crate) most: Duration,
}

impl Spread {
    pub(crate) fn of(mut times: Vec<Duration>) -> Spread {
        times.sort_unstable();
        let at = |place: usize| times.get(place).copied().unwrap_or_default();
        Spread {
            least: at(0),
            median: at(times.len() / 2),
            most: at(times.len().saturating_sub(1)),
        }
    }
}
