//! A coarse timer wheel: one ticking task for all sessions instead of a timer for each.

use std::time::Duration;

use parking_lot::Mutex;

use super::moment::Moment;

const SLOTS: u64 = 512;

/// Entries by the tick at which they are to be looked at. An entry is looked at after its time, by
/// less than two ticks; a time beyond the wheel's horizon is looked at early, and whoever looks
/// must check what is really due.
pub(super) struct Wheel<T> {
    tick: Duration,
    inner: Mutex<Inner<T>>,
}

struct Inner<T> {
    slots: Vec<Vec<T>>,
    /// The first tick not yet taken.
    next: u64,
}

impl<T> Wheel<T> {
    pub(super) fn new(tick: Duration) -> Wheel<T> {
        let slots = (0..SLOTS).map(|_| Vec::new()).collect();
        Wheel {
            tick,
            inner: Mutex::new(Inner {
                slots,
                next: Moment::now().ticks(tick),
            }),
        }
    }

    /// Time between two ticks.
    pub(super) fn tick(&self) -> Duration {
        self.tick
    }

    /// Up to when an entry can be armed. In the past, while the wheel has not turned for so long.
    pub(super) fn horizon(&self) -> Moment {
        let ticks = self.inner.lock().next + SLOTS - 2;
        Moment::of_tick(ticks, self.tick)
    }

    /// Has `entry` looked at once `at` has passed, or at the horizon if that is earlier.
    pub(super) fn arm(&self, at: Moment, entry: T) {
        let due = at.ticks(self.tick) + 1;
        let mut inner = self.inner.lock();
        let due = due.clamp(inner.next, inner.next + SLOTS - 1);
        if let Some(slot) = inner.slots.get_mut((due % SLOTS) as usize) {
            slot.push(entry);
        }
    }

    /// Takes the entries whose time has passed at `now`.
    pub(super) fn take_due(&self, now: Moment) -> Vec<T> {
        let current = now.ticks(self.tick);
        let mut inner = self.inner.lock();
        let mut due = Vec::new();
        let last = current.min(inner.next + SLOTS - 1);
        while inner.next <= last {
            let index = (inner.next % SLOTS) as usize;
            if let Some(slot) = inner.slots.get_mut(index) {
                // The slot's memory goes with its entries: a burst of arrivals is not kept for
                // ever.
                due.append(&mut std::mem::take(slot));
            }
            inner.next += 1;
        }
        inner.next = inner.next.max(current + 1);
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICK: Duration = Duration::from_millis(10);

    #[test]
    fn an_entry_comes_after_its_time_and_soon() {
        let (start, wheel) = (Moment::now(), Wheel::new(TICK));
        let at = start + Duration::from_millis(55);
        wheel.arm(at, "a");
        let mut now = start;
        while wheel.take_due(now).is_empty() {
            now = now + Duration::from_millis(1);
        }
        assert!(now >= at);
        assert!(now < at + 2 * TICK);
    }

    #[test]
    fn a_time_that_has_passed_comes_with_the_next_tick() {
        let (start, wheel) = (Moment::now(), Wheel::new(TICK));
        wheel.take_due(start + 100 * TICK);
        wheel.arm(start, "late");
        assert!(wheel.take_due(start + 100 * TICK).is_empty());
        assert_eq!(wheel.take_due(start + 101 * TICK), ["late"]);
    }

    #[test]
    fn a_time_beyond_the_horizon_comes_early() {
        let (start, wheel) = (Moment::now(), Wheel::new(TICK));
        wheel.arm(start + 10_000 * TICK, "far");
        assert!(wheel.take_due(start + (SLOTS as u32 - 2) * TICK).is_empty());
        assert_eq!(wheel.take_due(start + SLOTS as u32 * TICK), ["far"]);
    }

    #[test]
    fn the_horizon_is_where_an_entry_comes_at_the_latest() {
        let (start, wheel) = (Moment::now(), Wheel::new(TICK));
        for slept in [0, 7, 100_000] {
            let now = start + slept * TICK;
            let horizon = wheel.horizon();
            wheel.arm(now + 10_000 * TICK, slept);
            let due = wheel.take_due(now.max(horizon + 2 * TICK));
            assert_eq!(due, [slept]);
        }
    }

    #[test]
    fn a_long_sleep_loses_nothing() {
        let (start, wheel) = (Moment::now(), Wheel::new(TICK));
        for i in 0..200_u32 {
            wheel.arm(start + i * TICK, i);
        }
        let mut due = wheel.take_due(start + 100_000 * TICK);
        due.sort_unstable();
        assert_eq!(due, (0..200).collect::<Vec<_>>());
        wheel.arm(start, 7);
        assert_eq!(wheel.take_due(start + 100_001 * TICK), [7]);
    }
}
