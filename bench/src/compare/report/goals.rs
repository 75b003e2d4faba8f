//! What was to be reached, and whether it was.

use std::fmt::Write as _;

use super::super::results::Record;
use super::series::{Of, Spread, combine, ratio, sizes, spread};
use super::tables::grouped;

/// How many times larger something may be that must not depend on the room's size.
const SAME: f64 = 1.25;

struct Goal {
    text: String,
    unit: &'static str,
    at_most: f64,
    reached: Option<Spread>,
}

const fn of<'a>(server: &'a str, scenario: &'a str, size: usize, value: &'a str) -> Of<'a> {
    Of {
        server,
        scenario,
        size,
        value,
    }
}

/// A list with a line for each goal.
pub(super) fn list(records: &[Record]) -> String {
    let mut list = String::new();
    for goal in goals(records) {
        let Goal {
            text,
            unit,
            at_most,
            reached,
        } = goal;
        let decimals = if at_most < 100.0 { 2 } else { 0 };
        let verdict = match reached {
            None => "not measured".to_owned(),
            Some(spread) => {
                let verdict = if spread.median <= at_most {
                    "met"
                } else {
                    "**missed**"
                };
                format!("{verdict}: {}{unit}", spread.show(decimals))
            }
        };
        // Writing to a string cannot fail.
        writeln!(list, "- {text}, at most {at_most}{unit}: {verdict}").ok();
    }
    list
}

fn goals(records: &[Record]) -> Vec<Goal> {
    let mut goals = Vec::new();
    let mut add = |text: &str, unit, at_most, reached| {
        goals.push(Goal {
            text: text.to_owned(),
            unit,
            at_most,
            reached,
        });
    };
    let ratios = [
        ("One in flight, room of 1,000", "sparse", 1000, "bare", 1.1),
        (
            "One in flight, room of 1,000",
            "sparse",
            1000,
            "socketioxide",
            0.7,
        ),
        ("One in flight, room of 1,000", "sparse", 1000, "node", 0.45),
        ("100 rooms of 10", "rooms", 100, "socketioxide", 0.65),
        (
            "Echo with acknowledgement",
            "echo",
            200,
            "socketioxide",
            0.55,
        ),
        (
            "Four in flight, room of 1,000",
            "burst",
            1000,
            "socketioxide",
            0.5,
        ),
        ("Four in flight, room of 1,000", "burst", 1000, "uws", 1.1),
        (
            "Four in flight, room of 10,000",
            "burst",
            10_000,
            "socketioxide",
            0.5,
        ),
        (
            "Four in flight, room of 10,000",
            "burst",
            10_000,
            "uws",
            1.1,
        ),
        (
            "A connection opened, 10,000 of them",
            "connect",
            10_000,
            "socketioxide",
            0.6,
        ),
    ];
    for (what, scenario, size, peer, at_most) in ratios {
        let reached = ratio(
            records,
            of("engine", scenario, size, "core"),
            of(peer, scenario, size, "core"),
        );
        let text = format!("{what}: CPU of engine / {peer}");
        add(&text, "", at_most, reached);
    }
    let paced = |server, value| of(server, "paced", 1000, value);
    let reached = ratio(records, paced("engine", "p50"), paced("bare", "p50"));
    add(
        "50 events/s to 1,000: p50 of engine / bare",
        "",
        1.1,
        reached,
    );
    let reached = spread(records, paced("engine", "p99"));
    add(
        "50 events/s to 1,000: p99 of the engine",
        " ms",
        6.0,
        reached,
    );
    let memory = |value| of("engine", "connect", 10_000, value);
    let reached = spread(records, memory("bytes"));
    add(
        "Resident memory for each of 10,000 idle connections",
        " bytes",
        1500.0,
        reached,
    );
    let left = of("engine", "left", 10_000, "after");
    let reached = combine(
        records,
        [memory("start"), memory("idle"), left],
        |[start, idle, after]| (after - start) / (idle - start),
    );
    add(
        "What is still resident 10 s after 10,000 have left, as a part of what they took",
        "",
        0.2,
        reached,
    );
    let storm = |value| of("engine", "storm", 10_000, value);
    let reached = spread(records, storm("closed"));
    add(
        "Others connect at half the greatest rate: connections lost of the 10,000 that are held",
        "",
        0.0,
        // Not one in any run.
        reached.map(|spread| Spread {
            median: spread.most,
            ..spread
        }),
    );
    let reached = ratio(records, storm("beside"), storm("baseline"));
    add("The same: p99 of deliveries / p99 before", "", 2.0, reached);
    // The largest room is as large as the machine allows.
    let most = sizes(records, "sparse").into_iter().max();
    if let Some(most) = most.filter(|most| *most > 10_000) {
        let sparse = |size| of("engine", "sparse", size, "core");
        let text = format!(
            "One in flight: CPU in a room of {} / in a room of 1,000",
            grouped(most)
        );
        add(&text, "", 1.6, ratio(records, sparse(most), sparse(1000)));
    }
    let member = |size| of("engine", "membership", size, "core");
    let reached = ratio(records, member(10_000), member(10));
    add(
        "Joining and leaving: CPU in a room of 10,000 / in a room of 10",
        "",
        SAME,
        reached,
    );
    goals
}

#[cfg(test)]
mod tests {
    use super::super::tests::record;
    use super::*;

    #[test]
    fn a_goal_is_met_missed_or_not_measured() {
        let records = [
            record(0, "bare", "sparse", 1000, &[("core", 2.0)]),
            record(0, "engine", "sparse", 1000, &[("core", 2.1)]),
            record(0, "node", "sparse", 1000, &[("core", 3.0)]),
            record(0, "engine", "storm", 10_000, &[("closed", 0.0)]),
            record(1, "engine", "storm", 10_000, &[("closed", 0.0)]),
            record(2, "engine", "storm", 10_000, &[("closed", 1.0)]),
        ];
        let list = list(&records);
        let verdict = |of: &str| {
            let line = list.lines().find(|line| line.contains(of)).unwrap();
            line.rsplit_once(": ").unwrap().1.to_owned()
        };
        assert!(
            list.contains("CPU of engine / bare, at most 1.1: met: 1.05 (1.05–1.05)"),
            "{list}"
        );
        assert!(
            list.contains("CPU of engine / node, at most 0.45: **missed**: 0.70"),
            "{list}"
        );
        assert_eq!(verdict("100 rooms of 10"), "not measured");
        assert!(list.contains("are held, at most 0: **missed**"), "{list}");
    }
}
