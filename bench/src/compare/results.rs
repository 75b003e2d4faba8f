//! What was measured, a line of JSON each, so that a comparison that is cut short is not lost.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

/// Where they are kept unless the command line says so.
pub(crate) const FOLDER: &str = "target/bench";

/// On which machine, with what, and how.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) date: String,
    pub(crate) machine: String,
    pub(crate) runs: usize,
    /// What the lengths of all measurements were multiplied by.
    pub(crate) factor: f64,
    /// Name and version of each server.
    pub(crate) servers: Vec<(String, String)>,
    /// Who could not be had, and why.
    pub(crate) left_out: Vec<(String, String)>,
    /// Other things to know.
    pub(crate) remarks: Vec<String>,
}

/// One measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) run: usize,
    pub(crate) server: String,
    pub(crate) scenario: String,
    /// Clients or rooms, as the scenario has it.
    pub(crate) size: usize,
    pub(crate) values: BTreeMap<String, f64>,
}

/// A file that grows.
pub(crate) struct Results {
    pub(crate) path: PathBuf,
    file: File,
}

impl Results {
    /// Begins a file, named after the time.
    pub(crate) fn create(header: &Header) -> Result<Results> {
        fs::create_dir_all(FOLDER)?;
        let time = std::time::UNIX_EPOCH.elapsed()?.as_secs();
        let path = Path::new(FOLDER).join(format!("{time}.jsonl"));
        let mut file = File::create(&path)?;
        writeln!(file, "{}", serde_json::to_string(header)?)?;
        Ok(Results { path, file })
    }

    pub(crate) fn add(&mut self, record: &Record) -> Result<()> {
        Ok(writeln!(self.file, "{}", serde_json::to_string(record)?)?)
    }
}

/// Reads a file; the last one without a path. A line that was cut off is left out.
pub(crate) fn read(path: Option<&Path>) -> Result<(Header, Vec<Record>)> {
    let path = match path {
        Some(path) => path.to_owned(),
        None => {
            let files = fs::read_dir(FOLDER).context("nothing was measured yet")?;
            let paths = files.filter_map(|file| Some(file.ok()?.path()));
            let ours = |path: &PathBuf| path.extension().is_some_and(|end| end == "jsonl");
            paths
                .filter(ours)
                .max()
                .context("nothing was measured yet")?
        }
    };
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    parse(&text)
}

fn parse(text: &str) -> Result<(Header, Vec<Record>)> {
    let (header, records) = text.split_once('\n').context("no header")?;
    let header = serde_json::from_str(header).context("no header")?;
    let records = records
        .lines()
        .map_while(|line| serde_json::from_str(line).ok());
    Ok((header, records.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_whole_is_read() {
        let header = Header {
            runs: 9,
            ..Header::default()
        };
        let record = Record {
            run: 2,
            server: "engine".to_owned(),
            scenario: "sparse".to_owned(),
            size: 1000,
            values: [("core".to_owned(), 2.5)].into(),
        };
        let lines = [
            serde_json::to_string(&header).unwrap(),
            serde_json::to_string(&record).unwrap(),
            r#"{"run":2,"serv"#.to_owned(),
        ];
        let (read, records) = parse(&lines.join("\n")).unwrap();
        assert_eq!((read.runs, records), (9, vec![record]));
        assert!(parse("").is_err());
    }
}
