//! One client publishes, all others hear: how many events at a time, or how often.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::clock::{Latencies, now};
use super::flight::{Counts, Flight};
use super::frame::{Tick, mask, publish};
use super::link::Heard;
use super::traffic::Others;
use super::{LOST, Load};

/// The client that publishes; it is in no room.
const PUBLISHER: usize = 0;

/// Which clients are in which room. They follow the publisher, room by room.
pub(crate) struct Rooms {
    names: Vec<String>,
    /// Where the next event goes: to one room after the other.
    next: usize,
    flight: Flight,
}

/// How events are published by the clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paced {
    pub(crate) per_second: f64,
    pub(crate) lasting: Duration,
    /// Events under way above which the publisher waits, though the next be due.
    pub(crate) backlog: usize,
}

impl Rooms {
    /// Rooms of so many members each.
    pub(crate) fn new(names: Vec<String>, members: usize) -> Rooms {
        let clients = (0..names.len() * members).map(|client| client / members);
        Rooms {
            flight: Flight::new(names.len(), clients),
            names,
            next: 0,
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        self.flight.counts
    }

    /// The frames of so many more events.
    fn publish(&mut self, count: usize) -> Vec<u8> {
        let mut frames = Vec::new();
        for _ in 0..count {
            let name = self
                .names
                .get(self.next)
                .map(String::as_str)
                .unwrap_or_default();
            let number = self.flight.publish(self.next);
            mask(&publish(name, now(), number), &mut frames);
            self.next = (self.next + 1) % self.names.len().max(1);
        }
        frames
    }

    fn hear(&mut self, place: usize, heard: Heard<'_>) -> Option<Tick> {
        let Heard::Packet(packet) = heard else {
            return None;
        };
        let tick = Tick::read(packet)?;
        self.flight.hear(place.checked_sub(PUBLISHER + 1)?, tick);
        Some(tick)
    }
}

impl Load {
    /// Keeps `in_flight` events on their way, for so long and until all have come.
    pub(crate) fn rounds(
        &mut self,
        rooms: &mut Rooms,
        in_flight: usize,
        lasting: Duration,
    ) -> Result<()> {
        let end = Instant::now() + lasting;
        loop {
            let under_way = rooms.flight.under_way();
            if Instant::now() < end {
                let due = rooms.publish(in_flight.saturating_sub(under_way));
                self.say(PUBLISHER, &due)?;
            } else if under_way == 0 {
                return Ok(());
            }
            let came = self.turn(LOST, &mut |place, heard| {
                rooms.hear(place, heard);
                None
            })?;
            if !came {
                rooms.flight.give_up();
            }
        }
    }

    /// Publishes by the clock, while others come and go if there are any; returns how many events a
    /// second that were.
    pub(crate) fn paced(
        &mut self,
        rooms: &mut Rooms,
        pace: Paced,
        latencies: &mut Latencies,
        mut others: Option<&mut Others<'_>>,
    ) -> Result<f64> {
        let start = Instant::now();
        let mut last_came = start;
        let mut published = 0;
        loop {
            let under_way = rooms.flight.under_way();
            let passed = start.elapsed();
            if passed < pace.lasting {
                let due = (passed.as_secs_f64() * pace.per_second) as usize + 1 - published;
                let due = due.min(pace.backlog.saturating_sub(under_way));
                self.say(PUBLISHER, &rooms.publish(due))?;
                published += due;
                if let Some(others) = &mut others {
                    others.come(self, passed)?;
                }
            } else if under_way == 0 {
                return Ok(published as f64 / start.elapsed().as_secs_f64());
            }
            let next = Duration::from_secs_f64(published as f64 / pace.per_second);
            let wait = match next.checked_sub(passed) {
                // The others come more often than events do.
                Some(wait) if others.is_some() => wait.min(Duration::from_millis(1)),
                Some(wait) if passed < pace.lasting => wait,
                _ => LOST,
            };
            let came = self.turn(wait, &mut |place, heard| {
                if let Some(tick) = rooms.hear(place, heard) {
                    latencies.note(tick.stamp);
                } else if let Some(others) = &mut others {
                    others.hear(place, heard);
                }
                None
            })?;
            if let Some(others) = &mut others {
                others.go(self);
            }
            if came || rooms.flight.under_way() == 0 {
                last_came = Instant::now();
            } else if last_came.elapsed() >= LOST {
                rooms.flight.give_up();
                last_came = Instant::now();
            }
        }
    }
}
