//! What clients do besides listening: come and go, join and leave, type, ask.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::frame::{DATA, masked};
use super::link::{Dial, Heard};
use super::{LOST, Load, SILENCE, WINDOW};

/// Clients that are on their way through leaving and joining at a time, each in another room.
const RESTLESS: usize = 16;

/// Pairs of `join` and `leave` that are said in one go.
const PAIRS: usize = 16;

/// Clients that connect and leave at once.
pub(crate) struct Others<'d> {
    dials: &'d [Dial],
    per_second: f64,
    begun: usize,
    under_way: usize,
    /// Places of closed connections.
    free: Vec<usize>,
    /// Those that are connected and shall go.
    ready: Vec<usize>,
    pub(crate) gone: usize,
}

/// What came of leaving, joining and typing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Churn {
    /// Clients that left, joined again and typed.
    pub(crate) rounds: u64,
    /// Of their typing, what the others in the room were told.
    pub(crate) told: u64,
    /// And should have been.
    pub(crate) due: u64,
}

impl<'d> Others<'d> {
    /// They connect so many times a second, in any order, again and again.
    pub(crate) fn new(dials: &'d [Dial], per_second: f64) -> Others<'d> {
        Others {
            dials,
            per_second,
            begun: 0,
            under_way: 0,
            free: Vec::new(),
            ready: Vec::new(),
            gone: 0,
        }
    }

    /// Begins to connect those that are due.
    pub(super) fn come(&mut self, load: &mut Load, passed: Duration) -> Result<()> {
        let due = (passed.as_secs_f64() * self.per_second) as usize;
        while self.begun < due && self.under_way < WINDOW {
            let Some(dial) = self.dials.get(self.begun % self.dials.len().max(1)) else {
                break;
            };
            match self.free.pop() {
                Some(place) => {
                    let link = load.open(dial.clone(), place)?;
                    if let Some(free) = load.links.get_mut(place) {
                        *free = Some(link);
                    }
                }
                None => {
                    load.dial(dial.clone())?;
                }
            }
            self.begun += 1;
            self.under_way += 1;
        }
        Ok(())
    }

    pub(super) fn hear(&mut self, place: usize, heard: Heard<'_>) {
        if heard == Heard::Ready {
            self.ready.push(place);
        }
    }

    /// Closes those that are connected.
    pub(super) fn go(&mut self, load: &mut Load) {
        for place in self.ready.drain(..) {
            if let Some(link) = load.links.get_mut(place) {
                *link = None;
            }
            self.free.push(place);
            self.under_way -= 1;
            self.gone += 1;
        }
    }
}

impl Load {
    /// Has others come and go as fast as they can, for so long; returns how many did.
    pub(crate) fn come_and_go(&mut self, dials: &[Dial], lasting: Duration) -> Result<usize> {
        let mut others = Others::new(dials, f64::MAX);
        let start = Instant::now();
        loop {
            let passed = start.elapsed();
            if passed < lasting {
                others.come(self, passed)?;
            } else if others.under_way == 0 {
                return Ok(others.gone);
            }
            let came = self.turn(SILENCE, &mut |place, heard| {
                others.hear(place, heard);
                None
            })?;
            ensure!(came, "connections don't come about");
            others.go(self);
        }
    }

    /// Has clients ask and be acknowledged, each one at a time, for so long; returns how many
    /// acknowledgements came and how many did not.
    pub(crate) fn echo(&mut self, clients: usize, lasting: Duration) -> Result<(u64, u64)> {
        let ask = masked(&format!(r#"421["echo",{{"data":"{}"}}]"#, "x".repeat(DATA)));
        let end = Instant::now() + lasting;
        for client in 1..=clients {
            self.say(client, &ask)?;
        }
        let (mut came, mut waiting) = (0, clients as u64);
        while waiting > 0 {
            let more = Instant::now() < end;
            let any = self.turn(LOST, &mut |_, heard| match heard {
                Heard::Packet(packet) if packet.starts_with(b"431[") => {
                    came += 1;
                    if more {
                        return Some(ask.as_slice());
                    }
                    waiting -= 1;
                    None
                }
                _ => None,
            })?;
            if !any {
                break;
            }
        }
        Ok((came, waiting))
    }

    /// Has the members of rooms leave, join again and type, for so long.
    pub(crate) fn churn(
        &mut self,
        rooms: &[String],
        members: usize,
        lasting: Duration,
    ) -> Result<Churn> {
        let words: Vec<_> = rooms
            .iter()
            .map(|room| {
                [
                    masked(&format!(r#"421["leave","{room}"]"#)),
                    masked(&format!(r#"422["join","{room}"]"#)),
                    masked(&format!(r#"42["typing","{room}",{{"data":"x"}}]"#)),
                ]
            })
            .collect();
        let of = |place: usize| words.get(place.checked_sub(1)? / members);
        // One room after the other, so that no two of one room are out at a time.
        let turns =
            (0..members).flat_map(|member| (0..rooms.len()).map(move |room| (room, member)));
        let mut turns = turns
            .map(|(room, member)| 1 + room * members + member)
            .cycle();
        let end = Instant::now() + lasting;
        let mut churn = Churn::default();
        let mut under_way = 0;
        loop {
            while under_way < RESTLESS && Instant::now() < end {
                let Some(client) = turns.next() else { break };
                let Some([leave, ..]) = of(client) else { break };
                self.say(client, leave)?;
                under_way += 1;
            }
            if under_way == 0 && churn.told >= churn.due {
                return Ok(churn);
            }
            let came = self.turn(LOST, &mut |place, heard| {
                let Heard::Packet(packet) = heard else {
                    return None;
                };
                let [_, join, typing] = of(place)?;
                match packet {
                    b"431[true]" => Some(join.as_slice()),
                    b"432[true]" => {
                        under_way -= 1;
                        churn.rounds += 1;
                        churn.due += members as u64 - 1;
                        Some(typing.as_slice())
                    }
                    _ => {
                        churn.told += u64::from(packet.starts_with(br#"42["typing""#));
                        None
                    }
                }
            })?;
            if !came {
                ensure!(
                    under_way == 0,
                    "{under_way} clients wait to leave or to join"
                );
                return Ok(churn);
            }
        }
    }

    /// Has one client join and leave a room again and again, for so long; returns how many times.
    pub(crate) fn join_and_leave(&mut self, room: &str, lasting: Duration) -> Result<usize> {
        let join = masked(&format!(r#"421["join","{room}"]"#));
        let leave = masked(&format!(r#"422["leave","{room}"]"#));
        let pairs = [join, leave].concat().repeat(PAIRS);
        let end = Instant::now() + lasting;
        let mut done = 0;
        while Instant::now() < end {
            self.say(0, &pairs)?;
            let mut waiting = PAIRS;
            while waiting > 0 {
                let came = self.turn(SILENCE, &mut |place, heard| {
                    let left = place == 0 && heard == Heard::Packet(b"432[true]");
                    waiting -= usize::from(left);
                    None
                })?;
                ensure!(came, "a client waits to leave");
            }
            done += PAIRS;
        }
        Ok(done)
    }

    /// Has clients join one more room each, all acknowledged.
    pub(crate) fn join(&mut self, rooms: &[String], members: usize) -> Result<()> {
        let frames: Vec<_> = rooms
            .iter()
            .map(|room| masked(&format!(r#"423["join","{room}"]"#)))
            .collect();
        let mut waiting = 0;
        for (room, frame) in frames.iter().enumerate() {
            for member in 0..members {
                self.say(1 + room * members + member, frame)?;
                waiting += 1;
            }
        }
        while waiting > 0 {
            let came = self.turn(SILENCE, &mut |_, heard| {
                waiting -= usize::from(heard == Heard::Packet(b"433[true]"));
                None
            })?;
            ensure!(came, "{waiting} clients wait to join");
        }
        Ok(())
    }
}
