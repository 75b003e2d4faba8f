//! The results as people read them.

mod goals;
mod plot;
mod series;
mod tables;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};

use super::results::{Header, Record};

/// Between these lines of a document the report is.
const BEGIN: &str = "<!-- bench:begin -->\n";
const END: &str = "<!-- bench:end -->\n";

/// What the plot is shown by.
const IMAGE: &str = "![CPU of the server's core for each delivery](performance-peers.svg)";

/// The whole report, in Markdown.
pub(super) fn render(header: &Header, records: &[Record]) -> String {
    let Header {
        date,
        machine,
        runs,
        factor,
        servers,
        left_out,
        remarks,
    } = header;
    let done = records.iter().map(|record| record.run + 1).max();
    let mut report =
        format!("{date}. {machine}. Medians of {runs} alternating runs (least–greatest).");
    if done.unwrap_or(0) < *runs {
        report += &format!(" **Only {} were begun.**", done.unwrap_or(0));
    }
    if *factor != 1.0 {
        report += &format!(" Every measurement was {factor} times as long as it should be.");
    }
    report += "\n\n| server | what it is |\n| --- | --- |\n";
    for (name, version) in servers {
        report += &format!("| {name} | {version} |\n");
    }
    for (name, reason) in left_out {
        report += &format!("| {name} | left out: {reason} |\n");
    }
    let mut failures = BTreeMap::<_, usize>::new();
    for record in records.iter().filter(|record| record.scenario == "failure") {
        *failures.entry(&record.server).or_default() += 1;
    }
    for (server, count) in failures {
        report += &format!("\n**{server} failed in {count} of its starts.**\n");
    }
    for remark in remarks {
        report += &format!("\n{remark}\n");
    }
    report += "\n### Goals\n\n";
    report += &goals::list(records);
    report += &tables::all(header, records);
    report
}

/// The document with this report in the place of the one it has.
pub(super) fn replace(document: &str, report: &str) -> Result<String> {
    let (before, rest) = document.split_once(BEGIN).context("no place to begin")?;
    let (_, after) = rest.split_once(END).context("no place to end")?;
    Ok(format!(
        "{before}{BEGIN}\n{IMAGE}\n\n{report}\n{END}{after}"
    ))
}

/// The image that goes with it.
pub(super) fn plot(header: &Header, records: &[Record]) -> String {
    plot::draw(header, records)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One measurement.
    pub(super) fn record(
        run: usize,
        server: &str,
        scenario: &str,
        size: usize,
        values: &[(&str, f64)],
    ) -> Record {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value));
        Record {
            run,
            server: server.to_owned(),
            scenario: scenario.to_owned(),
            size,
            values: values.collect(),
        }
    }

    #[test]
    fn a_report_tells_what_was_left_out_what_failed_and_what_was_cut() {
        let header = Header {
            runs: 9,
            factor: 1.0,
            servers: vec![("bare".to_owned(), "a loop".to_owned())],
            left_out: vec![("node".to_owned(), "there is no node".to_owned())],
            ..Header::default()
        };
        let records = [record(3, "uws", "failure", 0, &[])];
        let report = render(&header, &records);
        for part in [
            "| bare | a loop |",
            "| node | left out: there is no node |",
            "**uws failed in 1 of its starts.**",
            "**Only 4 were begun.**",
        ] {
            assert!(report.contains(part), "{part} is missing of {report}");
        }
    }

    #[test]
    fn a_report_takes_the_place_of_the_last_one() {
        let document = format!("before\n{BEGIN}old\n{END}after\n");
        let replaced = replace(&document, "new").unwrap();
        assert_eq!(
            replaced,
            format!("before\n{BEGIN}\n{IMAGE}\n\nnew\n{END}after\n")
        );
        assert_eq!(replace(&replaced, "new").unwrap(), replaced);
        assert!(replace("nothing", "new").is_err());
    }
}
