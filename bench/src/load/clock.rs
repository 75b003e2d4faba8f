//! The clock of the stamps.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds of the monotonic clock.
pub(crate) fn now() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    (now.tv_sec as u64) * 1_000_000_000 + now.tv_nsec as u64
}

/// How long events took from being published to being read, in nanoseconds.
#[derive(Debug, Default)]
pub(crate) struct Latencies(Vec<u64>);

impl Latencies {
    pub(crate) fn note(&mut self, stamp: u64) {
        self.0.push(now().saturating_sub(stamp));
    }

    /// The time within which so many hundredths came.
    pub(crate) fn percentile(&mut self, hundredths: usize) -> Duration {
        let place = (self.0.len() * hundredths / 100).min(self.0.len().saturating_sub(1));
        if self.0.is_empty() {
            return Duration::ZERO;
        }
        let (_, nth, _) = self.0.select_nth_unstable(place);
        Duration::from_nanos(*nth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_noted() {
        let mut latencies = Latencies((1..=1000).rev().collect());
        assert_eq!(latencies.percentile(50), Duration::from_nanos(501));
        assert_eq!(latencies.percentile(99), Duration::from_nanos(991));
        assert_eq!(latencies.percentile(100), Duration::from_nanos(1000));
        assert_eq!(Latencies::default().percentile(99), Duration::ZERO);
    }
}
