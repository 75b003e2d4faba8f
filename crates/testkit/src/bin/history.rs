//! `history FILE`: checks a recorded run and says what is broken; exit code 1 if anything is.
//!
//! `history journal FOLDER [URL]`: prints the journal of every shop in a data folder (or at a database URL) as lines of a
//! history.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, BufWriter, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use serde_json::json;
use shopbell::config::{Config, Overrides};
use shopbell_protocol::Seq;
use shopbell_testkit::history::{History, check};

/// How many breaches of one rule are printed.
const SHOWN: usize = 10;

/// How many rows are read at once.
const BATCH: u32 = 1_000;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["journal", folder] => print_journal(folder),
        [file] => print_violations(file),
        _ => Err("history FILE | history journal FOLDER".into()),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(std::io::stderr(), "history: {error}");
            ExitCode::from(2)
        }
    }
}

fn print_violations(file: &str) -> Result<ExitCode, Failure> {
    let history = History::read(BufReader::new(File::open(file)?))?;
    let violations = check(&history);
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut by_rule: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for violation in &violations {
        by_rule.entry(violation.rule).or_default().push(violation);
    }
    for (rule, found) in by_rule {
        for violation in found.iter().take(SHOWN) {
            writeln!(out, "{violation}")?;
        }
        writeln!(out, "{rule:?}: {} in all", found.len())?;
    }
    writeln!(
        out,
        "{} records, {} violations",
        history.records.len(),
        violations.len()
    )?;
    out.flush()?;
    Ok(if violations.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

#[tokio::main(flavor = "current_thread")]
async fn print_journal(folder: &str) -> Result<ExitCode, Failure> {
    let config = Config::load(&Overrides {
        data: Some(PathBuf::from(folder)),
        ..Overrides::default()
    })?;
    let store = shopbell::open_store(&config, shopbell_bus::Bus::memory()).await?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (shop, head, _) in store.heads().await? {
        let mut after = Seq(0);
        while after < head {
            let rows = store.read_journal(shop, after, BATCH).await?;
            let Some(last) = rows.last() else {
                break;
            };
            after = last.event.seq();
            for row in rows {
                let line = json!({
                    "kind": "journal",
                    "shop": shop,
                    "seq": row.event.seq(),
                    "name": row.event.name(),
                    "payload": row.event,
                    "audience": row.audience,
                });
                writeln!(out, "{line}")?;
            }
        }
    }
    store.close().await;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
