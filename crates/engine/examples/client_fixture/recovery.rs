//! Connection state recovery: what a socket was sent lately, and the sockets that may come back.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use shopbell_engine::Args;

/// Events remembered of one socket. A client that has missed more starts afresh.
const EVENTS: usize = 100;
/// Sockets remembered. Beyond it those that leave cannot come back.
const SOCKETS: usize = 1_000;
/// Time in which a client may come back.
const REACH: Duration = Duration::from_secs(120);

/// An event that can be sent again.
#[derive(Clone)]
pub(crate) struct Sent {
    /// Its place among all events of the program.
    pub(crate) position: u64,
    pub(crate) name: String,
    /// Its arguments, the last of them its position: what clients take for an offset.
    pub(crate) args: Args,
}

/// What one socket was sent lately.
#[derive(Default)]
pub(crate) struct Log(VecDeque<Sent>);

impl Log {
    /// What follows the event of that offset; `None` when that is no longer known.
    fn after(&self, offset: &str) -> Option<Vec<Sent>> {
        let offset: u64 = offset.parse().ok()?;
        let known = self.0.iter().position(|event| event.position == offset)?;
        Some(self.0.iter().skip(known + 1).cloned().collect())
    }
}

/// All sockets that have left and may come back, by namespace and `pid`.
#[derive(Default)]
pub(crate) struct Journal {
    position: AtomicU64,
    left: Mutex<HashMap<[String; 2], Left>>,
}

/// A socket that may come back.
struct Left {
    sid: String,
    log: Log,
    since: Instant,
}

/// A socket that comes back.
pub(crate) struct Back {
    pub(crate) sid: String,
    pub(crate) log: Log,
    pub(crate) missed: Vec<Sent>,
}

impl Journal {
    /// Gives an event its offset and remembers it in its socket's log; returns its arguments.
    pub(crate) fn record(&self, log: &mut Log, name: &str, mut args: Args) -> Args {
        // Unique in the whole program: a client may show the offset of an earlier socket.
        let position = 1 + self.position.fetch_add(1, Ordering::Relaxed);
        args.values.push(position.to_string().into());
        if log.0.len() == EVENTS {
            log.0.pop_front();
        }
        log.0.push_back(Sent {
            position,
            name: name.to_owned(),
            args: args.clone(),
        });
        args
    }

    /// A socket has left, and may come back.
    pub(crate) fn keep(&self, namespace: &str, pid: &str, sid: &str, log: Log) {
        let mut left = self.left.lock();
        left.retain(|_, each| each.since.elapsed() < REACH);
        if left.len() < SOCKETS {
            let session = Left {
                sid: sid.to_owned(),
                log,
                since: Instant::now(),
            };
            left.insert([namespace, pid].map(str::to_owned), session);
        }
    }

    /// A client shows what it knows of a socket that has left: it gets it once, if it can be told
    /// all that it has missed.
    pub(crate) fn take(&self, namespace: &str, pid: &str, offset: &str) -> Option<Back> {
        let key = [namespace, pid].map(str::to_owned);
        let Left { sid, log, since } = self.left.lock().remove(&key)?;
        let missed = log.after(offset).filter(|_| since.elapsed() < REACH)?;
        Some(Back { sid, log, missed })
    }
}
