//! What a run cost: processor time of the server's core and of its process.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// One unit of `/proc`'s processor times (`USER_HZ`, which is 100 on Linux).
const UNIT: Duration = Duration::from_millis(10);

/// Processor times since some start; subtract two readings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// User, system, interrupts and soft interrupts of the core, whoever caused them.
    pub(crate) core: Duration,
    /// User and system time of the process.
    pub(crate) process: Duration,
}

impl Reading {
    /// Reads the times of core `core` and process `pid`.
    pub(crate) fn take(core: usize, pid: u32) -> Result<Reading> {
        let stat = fs::read_to_string("/proc/stat")?;
        let line = stat
            .lines()
            .find(|line| line.starts_with(&format!("cpu{core} ")))
            .context("no such core")?;
        let times = units(line.split_ascii_whitespace().skip(1))?;
        // user nice system idle iowait irq softirq steal
        let [user, nice, system, _, _, irq, softirq, ..] = times.as_slice() else {
            anyhow::bail!("/proc/stat is cut short");
        };
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let (_, rest) = stat
            .rsplit_once(')')
            .context("/proc/PID/stat is cut short")?;
        // Fields 14 and 15, of which the first after the name is field 3.
        let process = units(rest.split_ascii_whitespace().skip(11).take(2))?;
        Ok(Reading {
            core: UNIT * (user + nice + system + irq + softirq),
            process: UNIT * process.iter().sum::<u32>(),
        })
    }

    /// What passed between an earlier reading and this one.
    pub(crate) fn since(self, earlier: Reading) -> Reading {
        Reading {
            core: self.core - earlier.core,
            process: self.process - earlier.process,
        }
    }
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
