//! Nothing lost, nothing doubled: proves it of a recorded run, or says in a sentence where it is broken.
//!
//! A [`History`] tells what was written and answered, what each client's application was handed, what broke, and at the end
//! what the database and REST say. [`check`] knows the rules of the shop, not the code that keeps them: who may see a row is
//! worked out here again.

mod client;
mod end;
mod facts;
mod journal;
mod presence;
mod record;
mod seen;
mod snapshot;
mod visible;
mod writes;

use std::fmt;

pub use record::{Audience, History, Outcome, Record, State, Write};

/// Within this a lost right has reached every connection: 2 s, and one for a reader that is slow to take down the time.
pub const GRACE_MS: i64 = 3_000;

/// What is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A write that was answered 2xx is not in the journal.
    Lost,
    /// The same, after a loss of power: it was answered before it was flushed.
    NotFlushed,
    /// One act has had its effect more than once.
    Doubled,
    /// A refused act left a trace, or an act is there in part.
    HalfDone,
    /// `Shop-Seq` of an answer lies before the event that it is about.
    WrongSeq,
    /// REST tells of a change that the journal does not have.
    Unjournaled,
    /// The journal's numbers have a hole.
    Hole,
    /// A client was handed what no row says.
    Phantom,
    /// A client was handed an event before its commit.
    Early,
    /// A client was handed an event twice.
    Repeated,
    /// A client was handed an event after a later one.
    Disordered,
    /// A client was never handed an event that it should have had.
    Missed,
    /// A snapshot says that it is newer than it is.
    StaleSnapshot,
    /// A field was shown that the reader may not see.
    HiddenField,
    /// An event about something that the reader might never see.
    Forbidden,
    /// An event about something that the reader might see once, and no more.
    Revoked,
    /// A technician lost sight of an order and is not told.
    Unremoved,
    /// Something of another shop.
    OtherShop,
    /// Something came on a connection that was refused.
    BeforeTokenCheck,
    /// An event that is never stored came again to one who was not there.
    Replayed,
    /// Typing or presence of a room that the client was not in.
    Overheard,
    /// Somebody is shown as present who is not, or the other way round.
    LeakedPresence,
    /// The number of unread notifications is not the number of unread rows.
    Unread,
    /// What was read is unread again.
    LostReadMark,
    /// What a client knows at the end is not what REST says.
    WrongState,
}

/// One breach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What is broken.
    pub rule: Rule,
    /// Where, in a sentence.
    pub sentence: String,
}

impl Violation {
    fn new(rule: Rule, sentence: String) -> Self {
        Self { rule, sentence }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.rule, self.sentence)
    }
}

/// Everything that is wrong with this history; empty when all holds.
#[must_use]
pub fn check(history: &History) -> Vec<Violation> {
    let facts = facts::Facts::of(history);
    let mut violations = journal::check(&facts);
    violations.extend(writes::check(&facts));
    violations.extend(seen::check(&facts, history));
    violations.extend(end::check(&facts));
    violations
}
