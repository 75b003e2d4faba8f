//! Points in time that take eight bytes, and none when absent: a session keeps several.

use std::num::NonZeroU64;
use std::ops::{Add, Sub};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// When the first moment was asked for.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// A point in time of the monotonic clock, to the nanosecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(NonZeroU64);

impl Moment {
    pub(super) fn now() -> Moment {
        Moment::at(START.elapsed().as_nanos())
    }

    /// Whole `ticks` of that length from the first moment to this one.
    pub(super) fn ticks(self, tick: Duration) -> u64 {
        (u128::from(self.0.get()) / tick.as_nanos().max(1)) as u64
    }

    /// When tick number `number` of that length begins.
    pub(super) fn of_tick(number: u64, tick: Duration) -> Moment {
        Moment::at(tick.as_nanos().saturating_mul(number.into()))
    }

    fn at(nanos: u128) -> Moment {
        let nanos = u64::try_from(nanos).unwrap_or(u64::MAX);
        Moment(NonZeroU64::MIN.saturating_add(nanos))
    }
}

impl Add<Duration> for Moment {
    type Output = Moment;

    /// Stops at the end of time, in five hundred years.
    fn add(self, duration: Duration) -> Moment {
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        Moment(self.0.saturating_add(nanos))
    }
}

impl Sub for Moment {
    type Output = Duration;

    /// Zero when `earlier` is later.
    fn sub(self, earlier: Moment) -> Duration {
        Duration::from_nanos(self.0.get().saturating_sub(earlier.0.get()))
    }
}
