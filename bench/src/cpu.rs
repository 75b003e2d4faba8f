//! What a run cost: processor time of the server's core and of its process.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// One unit of `/proc`'s processor times (`USER_HZ`, which is 100 on Linux).
const UNIT: Duration = Duration::from_millis(10);

/// Noise up to which a measurement counts as it is.
const QUIET: f64 = 0.04;
/// Tries at a quiet one.
const TRIES: usize = 4;

/// Processor times since some start.
#[derive(Clone, Copy, Debug)]
struct Reading {
    /// When it was read.
    at: Instant,
    /// Time in which the core had nothing to do, or was not there.
    idle: Duration,
    /// User and system time of the process.
    process: Duration,
}

impl Reading {
    /// Reads the times of core `core` and process `pid`.
    fn take(core: usize, pid: u32) -> Result<Reading> {
        let stat = fs::read_to_string("/proc/stat")?;
        let line = stat
            .lines()
            .find(|line| line.starts_with(&format!("cpu{core} ")))
            .context("no such core")?;
        let times = units(line.split_ascii_whitespace().skip(1))?;
        // user nice system idle iowait irq softirq steal
        let [_, _, _, idle, iowait, _, _, steal, ..] = times.as_slice() else {
            anyhow::bail!("/proc/stat is cut short");
        };
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let (_, rest) = stat
            .rsplit_once(')')
            .context("/proc/PID/stat is cut short")?;
        // Fields 14 and 15, of which the first after the name is field 3.
        let process = units(rest.split_ascii_whitespace().skip(11).take(2))?;
        Ok(Reading {
            at: Instant::now(),
            idle: UNIT * (idle + iowait + steal),
            process: UNIT * process.iter().sum::<u32>(),
        })
    }
}

/// What something cost, each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// Microseconds of the core.
    pub(crate) core: f64,
    /// Microseconds of the process.
    pub(crate) process: f64,
    /// Microseconds from begin to end.
    pub(crate) wall: f64,
}

impl Cost {
    /// What the core did besides the server's process, as a part of what that did: soft interrupts,
    /// and whatever else ran there.
    fn noise(&self) -> f64 {
        self.core / self.process - 1.0
    }
}

/// Measures what is done once; `once` returns how many things were.
pub(crate) fn measure(core: usize, pid: u32, once: impl FnOnce() -> Result<f64>) -> Result<Cost> {
    let before = Reading::take(core, pid)?;
    let count = once()?;
    let after = Reading::take(core, pid)?;
    let wall = after.at - before.at;
    // What the kernel counts as busy, it counts by where its clock ticks fall, and who wakes up after
    // one and sleeps before the next is never seen. The idle time it measures.
    let busy = wall.saturating_sub(after.idle - before.idle);
    let each = |time: Duration| time.as_secs_f64() * 1e6 / count;
    Ok(Cost {
        core: each(busy),
        process: each(after.process - before.process),
        wall: each(wall),
    })
}

/// Measures until the core was the server's alone, or takes the quietest of some tries.
pub(crate) fn measure_quietly(
    core: usize,
    pid: u32,
    mut once: impl FnMut() -> Result<f64>,
) -> Result<Cost> {
    let mut quietest = measure(core, pid, &mut once)?;
    for _ in 1..TRIES {
        if quietest.noise() <= QUIET {
            break;
        }
        let again = measure(core, pid, &mut once)?;
        if again.noise() < quietest.noise() {
            quietest = again;
        }
    }
    Ok(quietest)
}

fn units<'a>(fields: impl Iterator<Item = &'a str>) -> Result<Vec<u32>> {
    fields
        .map(|field| field.parse().context("not a number in /proc"))
        .collect()
}

/// Binds this thread to one core.
pub(crate) fn pin(core: usize) -> Result<()> {
    let mut set = rustix::thread::CpuSet::new();
    set.set(core);
    rustix::thread::sched_setaffinity(None, &set)?;
    Ok(())
}
