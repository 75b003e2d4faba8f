//! The checker is checked: it accepts every run of a small correct shop, and finds each bug that is planted in it, by name.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed step of a test's own machinery fails the test"
)]

mod clients;
mod deeds;
mod model;
mod run;

use std::collections::BTreeSet;

use proptest::prelude::*;
use shopbell_testkit::history::{History, Rule, check};

use crate::model::Bug;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_correct_run_is_accepted(seed: u64) {
        let history = run::run(seed, None);
        let violations: Vec<_> = check(&history).iter().map(ToString::to_string).collect();
        prop_assert_eq!(violations, Vec::<String>::new());
    }
}

/// Each planted bug with the rule that names it.
const PLANTED: &[(Bug, Rule)] = &[
    (Bug::SkipRow, Rule::Unjournaled),
    (Bug::CountTwice, Rule::Unread),
    (Bug::PublishBeforeCommit, Rule::Early),
    (Bug::ForgetKeys, Rule::Doubled),
    (Bug::SkipNumber, Rule::Hole),
    (Bug::StaleSnapshot, Rule::StaleSnapshot),
    (Bug::SynchronousNormal, Rule::NotFlushed),
    (Bug::ForgetAtKill, Rule::Lost),
    (Bug::MissRevocation, Rule::Revoked),
    (Bug::KeepPresence, Rule::LeakedPresence),
    (Bug::ReplayTyping, Rule::Replayed),
    (Bug::TypeToAll, Rule::Overheard),
    (Bug::MixShops, Rule::OtherShop),
    (Bug::LoseReadMark, Rule::LostReadMark),
    (Bug::ShowHidden, Rule::HiddenField),
    (Bug::SendToAll, Rule::Forbidden),
    (Bug::Invent, Rule::Phantom),
    (Bug::Reverse, Rule::Disordered),
    (Bug::SendTwice, Rule::Repeated),
    (Bug::Skip, Rule::Missed),
    (Bug::ReplayFirst, Rule::BeforeTokenCheck),
    (Bug::WriteRefused, Rule::HalfDone),
    (Bug::AnswerOldSeq, Rule::WrongSeq),
    (Bug::ForgetRemoval, Rule::Unremoved),
    (Bug::ForgetEvent, Rule::WrongState),
];

#[test]
fn every_planted_bug_is_found_by_name() {
    let mut escaped = Vec::new();
    for (bug, rule) in PLANTED {
        for seed in 0..3 {
            let violations = check(&run::run(seed, Some(*bug)));
            let rules: BTreeSet<_> = violations.iter().map(|violation| violation.rule).collect();
            if !rules.contains(rule) {
                escaped.push(format!(
                    "{bug:?} with seed {seed}: {rule:?} is not among {rules:?}"
                ));
            }
        }
    }
    assert!(escaped.is_empty(), "{}", escaped.join("\n"));
}

#[test]
fn a_history_reads_back_from_its_lines() {
    let history = run::run(7, None);
    let mut lines = Vec::new();
    for record in &history.records {
        serde_json::to_writer(&mut lines, record).unwrap();
        lines.push(b'\n');
    }
    assert_eq!(History::read(lines.as_slice()).unwrap(), history);
    let broken = History::read("\n{\"kind\":\"kill\"}".as_bytes());
    assert!(broken.unwrap_err().to_string().starts_with("line 2: "));
}
