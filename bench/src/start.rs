//! How long the program takes from its start to its first answer, with a database that exists.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::server::build;

const REQUEST: &str =
    "GET /api/websocket/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// Builds the program, starts it `runs` times on one database of demo data; gives a table.
pub(crate) fn run(runs: usize) -> Result<String> {
    ensure!(runs > 0, "--runs must be at least 1");
    let program = build("shopbell", "--bin", "shopbell")?;
    let data = std::env::temp_dir().join(format!("shopbell-bench-{}", std::process::id()));
    let measured = measure(&program, &data, runs);
    std::fs::remove_dir_all(&data).context("failed to remove the bench's data")?;
    let mut times = measured?;
    times.sort_unstable();
    let (Some(least), Some(most), Some(median)) =
        (times.first(), times.last(), times.get(times.len() / 2))
    else {
        bail!("nothing was measured");
    };
    let mut table =
        String::from("| from start to | median of runs | least–greatest |\n| --- | --- | --- |\n");
    writeln!(
        table,
        "| first answer | {} ms | {}–{} ms |",
        millis(*median),
        millis(*least),
        millis(*most)
    )?;
    Ok(table)
}

fn measure(program: &Path, data: &Path, runs: usize) -> Result<Vec<Duration>> {
    // The first start makes the database and is not counted.
    first_answer(program, data)?;
    (0..runs).map(|_| first_answer(program, data)).collect()
}

fn first_answer(program: &Path, data: &Path) -> Result<Duration> {
    let start = Instant::now();
    let child = Command::new(program)
        .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("failed to start {}", program.display()))?;
    let mut program = Running(child);
    let mut line = String::new();
    BufReader::new(program.0.stdout.take().context("no output")?).read_line(&mut line)?;
    let address = line
        .trim()
        .rsplit('/')
        .next()
        .with_context(|| format!("no address in {line:?}"))?;
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(REQUEST.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let took = start.elapsed();
    ensure!(answer.starts_with("HTTP/1.1 200"), "answered {answer:?}");
    Ok(took)
}

fn millis(time: Duration) -> u128 {
    time.as_millis()
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.kill().is_ok() {
            drop(self.0.wait());
        }
    }
}
