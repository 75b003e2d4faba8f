//! A table for each scenario.

use super::super::results::{Header, Record};
use super::series::{Of, Spread, ratio, runs, sizes, spread, sum};

/// Name, what a line is called, of what a cost is, what the size counts, and something to know.
const COSTS: [(&str, &str, &str, &str, &str); 8] = [
    (
        "sparse",
        "One event in flight",
        "delivery",
        "clients",
        "One room. The next event is published when all have the last one.",
    ),
    (
        "burst",
        "Four events in flight",
        "delivery",
        "clients",
        "One room.",
    ),
    (
        "rooms",
        "Rooms of 10",
        "delivery",
        "rooms",
        "One event in flight, in one room after the other.",
    ),
    (
        "polling",
        "Clients that poll",
        "delivery",
        "clients",
        "One room, one event in flight.",
    ),
    (
        "echo",
        "Echo with acknowledgement",
        "echo",
        "clients",
        "Each has one in flight.",
    ),
    (
        "churn",
        "Leaving, joining and typing",
        "round",
        "rooms",
        "Members of rooms of 10 leave, join again and type, each step acknowledged; the other 9 are told of the typing, which \
         may be dropped. 16 clients at a time.",
    ),
    (
        "membership",
        "Joining and leaving a room",
        "pair",
        "members",
        "One client joins and leaves, 16 times in one go, each acknowledged.",
    ),
    (
        "connect",
        "Connections opened",
        "connection",
        "clients",
        "64 at a time, each with a JWT and an acknowledged join where there are such things, besides those that are there already.",
    ),
];

fn of<'a>(server: &'a str, scenario: &'a str, size: usize, value: &'a str) -> Of<'a> {
    Of {
        server,
        scenario,
        size,
        value,
    }
}

/// All tables, of what was measured.
pub(super) fn all(header: &Header, records: &[Record]) -> String {
    let servers = || header.servers.iter().map(|(name, _)| name.as_str());
    let mut text = String::new();
    for (scenario, title, unit, counts, remark) in COSTS {
        let lines = rows(records, scenario, servers, |server, size| {
            cost_row(records, of(server, scenario, size, "core"))
        });
        let head = format!(
            "CPU of the core, µs per {unit} | CPU of the process | wall | engine / it | lost"
        );
        text += &table(title, remark, counts, &head, &lines);
        if scenario == "burst" {
            let lines = rows(records, "paced", servers, |server, size| {
                paced_row(records, server, size)
            });
            text += &table(
                "50 events a second",
                "One room; from the publisher's stamp until a client has it. Who has 32 events on their way gets no more, so that \
                 a server which can't do it does fewer.",
                "clients",
                "p50, ms | p99, ms | events/s | CPU of the core, µs per delivery | lost",
                &lines,
            );
        }
    }
    let lines = rows(records, "rate", servers, |server, size| {
        let rate = runs(records, of(server, "rate", size, "wall"));
        let rate = rate.into_values().map(|wall| 1e6 / wall);
        let core = spread(records, of(server, "rate", size, "core"))?;
        let rate = Spread::of(rate)?;
        Some(format!("{} | {}", rate.show(0), core.show(1)))
    });
    text += &table(
        "Connections opened and closed",
        "As fast as it goes, 64 at a time.",
        "",
        "connections/s | CPU of the core, µs per connection",
        &lines,
    );
    let lines = rows(records, "connect", servers, |server, size| {
        // The others are asked after events were sent.
        (size == 10_000).then(|| memory_row(records, server, size))?
    });
    text += &table(
        "Memory of idle connections",
        "Resident memory of the process, before the first client and with all of them in one room.",
        "clients",
        "bytes per connection | at the start, MiB | with all, MiB | 10 s after all have left, MiB",
        &lines,
    );
    let lines = rows(records, "storm", servers, |server, size| {
        let show = |value, decimals| {
            let spread = spread(records, of(server, "storm", size, value));
            spread.map(|spread| spread.show(decimals))
        };
        let lost = |value| sum(records, of(server, "storm", size, value));
        Some(format!(
            "{} | {} | {} | {} | {}",
            show("baseline", 1)?,
            show("beside", 1)?,
            show("came", 0)?,
            lost("closed")?,
            lost("lost")?
        ))
    });
    text += &table(
        "Others connect beside those who stay",
        "All who stay are in one room and get 10 events a second, with the protocol's usual heartbeats; others connect at half \
         the greatest rate and leave at once. One of the runs lasts longer than a heartbeat and its answer may.",
        "held",
        "p99 before, ms | p99 meanwhile, ms | connections/s | lost connections | lost events",
        &lines,
    );
    text
}

/// Lines for each size and each server that was measured with it.
fn rows<'s, I: Iterator<Item = &'s str>>(
    records: &[Record],
    scenario: &str,
    servers: impl Fn() -> I,
    row: impl Fn(&str, usize) -> Option<String>,
) -> Vec<String> {
    let mut rows = Vec::new();
    for size in sizes(records, scenario) {
        for server in servers() {
            if let Some(row) = row(server, size) {
                let size = grouped(size);
                rows.push(format!("| {size} | {server} | {row} |\n"));
            }
        }
    }
    rows
}

fn cost_row(records: &[Record], core: Of<'_>) -> Option<String> {
    let engine = Of {
        server: "engine",
        ..core
    };
    let ratio = ratio(records, engine, core).filter(|_| core.server != "engine");
    let show = |value| spread(records, Of { value, ..core });
    Some(format!(
        "{} | {} | {:.2} | {} | {}",
        spread(records, core)?.show(2),
        show("process")?.show(2),
        show("wall")?.median,
        ratio.map_or("–".to_owned(), |ratio| ratio.show(2)),
        lost(records, core)
    ))
}

fn paced_row(records: &[Record], server: &str, size: usize) -> Option<String> {
    let show = |value, decimals| {
        let spread = spread(records, of(server, "paced", size, value));
        spread.map(|spread| spread.show(decimals))
    };
    Some(format!(
        "{} | {} | {} | {} | {}",
        show("p50", 2)?,
        show("p99", 2)?,
        show("rate", 1)?,
        show("core", 2)?,
        lost(records, of(server, "paced", size, "core"))
    ))
}

fn memory_row(records: &[Record], server: &str, size: usize) -> Option<String> {
    let mebibytes = |scenario, value| {
        let spread = spread(records, of(server, scenario, size, value))?;
        Some(format!("{:.1}", spread.median / f64::from(1 << 20)))
    };
    Some(format!(
        "{} | {} | {} | {}",
        spread(records, of(server, "connect", size, "bytes"))?.show(0),
        mebibytes("connect", "start")?,
        mebibytes("connect", "idle")?,
        mebibytes("left", "after").unwrap_or("–".to_owned())
    ))
}

/// What did not come in all runs, and what came wrongly.
fn lost(records: &[Record], of: Of<'_>) -> String {
    let all = |value| sum(records, Of { value, ..of });
    let Some(count) = all("lost") else {
        return "–".to_owned();
    };
    let mut lost = count.to_string();
    for (value, what) in [
        ("wrong", "twice"),
        ("late", "out of order"),
        ("closed", "closed"),
    ] {
        if let Some(count @ 1.0..) = all(value) {
            lost += &format!(", {count} {what}");
        }
    }
    lost
}

fn table(title: &str, remark: &str, counts: &str, head: &str, rows: &[String]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let columns = head.matches('|').count() + 3;
    let rule = "| --- ".repeat(columns);
    let rows = rows.concat();
    format!("\n### {title}\n\n{remark}\n\n| {counts} | server | {head} |\n{rule}|\n{rows}")
}

/// With commas between thousands.
pub(super) fn grouped(number: usize) -> String {
    let (thousands, rest) = (number / 1000, number % 1000);
    match (thousands, rest) {
        (0, 0) => String::new(),
        (0, rest) => rest.to_string(),
        (thousands, rest) => format!("{},{rest:03}", grouped(thousands)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::record;
    use super::*;

    #[test]
    fn a_table_has_a_line_for_each_size_and_server() {
        let header = Header {
            servers: ["bare", "engine"]
                .map(|name| (name.to_owned(), String::new()))
                .to_vec(),
            ..Header::default()
        };
        let values = |core| {
            [
                ("core", core),
                ("process", 2.0),
                ("wall", 3.0),
                ("lost", 1.0),
            ]
        };
        let mut records = Vec::new();
        for run in 0..3 {
            for size in [200, 10_000] {
                let core = 1.0 + run as f64;
                records.push(record(run, "bare", "sparse", size, &values(core)));
            }
            records.push(record(run, "engine", "sparse", 200, &values(4.0)));
        }
        let text = all(&header, &records);
        let lines: Vec<_> = text.lines().filter(|line| line.starts_with("| ")).collect();
        assert_eq!(
            lines[2..],
            [
                "| 200 | bare | 2.00 (1.00–3.00) | 2.00 (2.00–2.00) | 3.00 | 2.00 (1.33–4.00) | 3 |",
                "| 200 | engine | 4.00 (4.00–4.00) | 2.00 (2.00–2.00) | 3.00 | – | 3 |",
                "| 10,000 | bare | 2.00 (1.00–3.00) | 2.00 (2.00–2.00) | 3.00 | – | 3 |",
            ]
        );
        let columns = |line: &str| line.matches('|').count();
        assert!(lines.iter().all(|line| columns(line) == columns(lines[0])));
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([10, 1000, 18_000].map(grouped), ["10", "1,000", "18,000"]);
        assert_eq!(grouped(1_234_007), "1,234,007");
    }
}
