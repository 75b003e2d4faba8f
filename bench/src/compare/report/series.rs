//! What was measured again and again.

use std::collections::{BTreeMap, BTreeSet};

use super::super::results::Record;

/// Of which server, in which scenario, what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Of<'a> {
    pub(super) server: &'a str,
    pub(super) scenario: &'a str,
    pub(super) size: usize,
    pub(super) value: &'a str,
}

/// Figures of some runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    pub(super) least: f64,
    pub(super) median: f64,
    pub(super) most: f64,
}

impl Spread {
    pub(super) fn of(values: impl Iterator<Item = f64>) -> Option<Spread> {
        let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        Some(Spread {
            least: *values.first()?,
            median: *values.get(values.len() / 2)?,
            most: *values.last()?,
        })
    }

    /// Median, least and greatest.
    pub(super) fn show(self, decimals: usize) -> String {
        let Spread {
            least,
            median,
            most,
        } = self;
        format!("{median:.decimals$} ({least:.decimals$}–{most:.decimals$})")
    }
}

/// The figures of one thing, by run.
pub(super) fn runs(records: &[Record], of: Of<'_>) -> BTreeMap<usize, f64> {
    let ours = records.iter().filter(|record| {
        (
            record.server.as_str(),
            record.scenario.as_str(),
            record.size,
        ) == (of.server, of.scenario, of.size)
    });
    ours.filter_map(|record| Some((record.run, *record.values.get(of.value)?)))
        .collect()
}

pub(super) fn spread(records: &[Record], of: Of<'_>) -> Option<Spread> {
    Spread::of(runs(records, of).into_values())
}

/// How often one thing goes into another, run by run.
pub(super) fn ratio(records: &[Record], of: Of<'_>, to: Of<'_>) -> Option<Spread> {
    combine(records, [of, to], |[of, to]| of / to)
}

/// What is made of some things, run by run, where all were measured.
pub(super) fn combine<const N: usize>(
    records: &[Record],
    of: [Of<'_>; N],
    make: impl Fn([f64; N]) -> f64,
) -> Option<Spread> {
    let series = of.map(|of| runs(records, of));
    let all: BTreeSet<usize> = series.iter().flat_map(BTreeMap::keys).copied().collect();
    Spread::of(all.into_iter().filter_map(|run| {
        let values = series.each_ref().map(|values| values.get(&run).copied());
        let whole = values.iter().all(Option::is_some);
        whole.then(|| make(values.map(Option::unwrap_or_default)))
    }))
}

/// All of some thing in all runs together.
pub(super) fn sum(records: &[Record], of: Of<'_>) -> Option<f64> {
    runs(records, of).into_values().reduce(|a, b| a + b)
}

/// The sizes with which something was measured.
pub(super) fn sizes(records: &[Record], scenario: &str) -> BTreeSet<usize> {
    let ours = records.iter().filter(|record| record.scenario == scenario);
    ours.map(|record| record.size).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::record;
    use super::*;

    fn of(server: &str) -> Of<'_> {
        Of {
            server,
            scenario: "sparse",
            size: 10,
            value: "core",
        }
    }

    #[test]
    fn ratios_are_made_within_a_run() {
        let mut records = Vec::new();
        for (run, bare, engine) in [(0, 2.0, 2.0), (1, 4.0, 6.0), (2, 1.0, 1.2)] {
            records.push(record(run, "bare", "sparse", 10, &[("core", bare)]));
            records.push(record(run, "engine", "sparse", 10, &[("core", engine)]));
        }
        // Without its counterpart, it counts for nothing.
        records.push(record(3, "engine", "sparse", 10, &[("core", 99.0)]));
        let ratio = ratio(&records, of("engine"), of("bare")).unwrap();
        assert_eq!(ratio.show(2), "1.20 (1.00–1.50)");
        assert_eq!(
            spread(&records, of("bare")).unwrap().show(1),
            "2.0 (1.0–4.0)"
        );
        assert_eq!(spread(&records, of("node")), None);
        assert_eq!(sizes(&records, "sparse"), [10].into());
    }
}
