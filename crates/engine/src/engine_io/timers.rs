//! The times by which something must happen to a session.

use std::time::Duration;

use super::moment::Moment;
use crate::{Config, Reason};

/// What a session waits for. All are checked together when the wheel comes round to it.
#[derive(Debug)]
pub(super) struct Timers {
    /// When to send the next ping; `None` while one is unanswered.
    ping: Option<Moment>,
    /// When a ping counts as unanswered, also one that is yet to be sent.
    pong: Moment,
    /// When the layer above must have a socket connected.
    pub(super) connect: Option<Moment>,
    /// When a WebSocket that takes nothing counts as stuck.
    pub(super) stall: Option<Moment>,
    /// When a closed session's last packets are given up; `None` once nothing more is to be sent or
    /// read.
    pub(super) linger: Option<Moment>,
    /// When the wheel comes round.
    armed: Option<Moment>,
}

/// What is due.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Due {
    Ping,
    Close(Reason),
    /// The closed session's last packets are given up.
    Forget,
    Nothing,
}

impl Timers {
    pub(super) fn new(config: &Config, now: Moment) -> Timers {
        let ping = now + config.ping_interval;
        Timers {
            ping: Some(ping),
            pong: ping + config.ping_timeout,
            connect: Some(now + config.connect_timeout),
            stall: None,
            linger: None,
            armed: None,
        }
    }

    /// Whether the client has been silent for too long.
    pub(super) fn silent(&self, now: Moment) -> bool {
        self.pong <= now
    }

    /// A pong has come. One that nobody asked for means nothing.
    pub(super) fn pong(&mut self, config: &Config, now: Moment) {
        if self.ping.is_none() {
            let ping = now + config.ping_interval;
            self.ping = Some(ping);
            self.pong = ping + config.ping_timeout;
        }
    }

    /// What is due at `now`. To be asked until nothing is.
    pub(super) fn due(&mut self, now: Moment) -> Due {
        let passed = |at: Option<Moment>| at.is_some_and(|at| at <= now);
        if self.linger.is_some() {
            return if passed(self.linger) {
                Due::Forget
            } else {
                Due::Nothing
            };
        }
        if self.silent(now) {
            return Due::Close(Reason::PingTimeout);
        }
        if passed(self.stall) {
            return Due::Close(Reason::SlowConsumer);
        }
        if passed(self.connect) {
            return Due::Close(Reason::ConnectTimeout);
        }
        if self.ping.take_if(|at| *at <= now).is_some() {
            return Due::Ping;
        }
        Due::Nothing
    }

    /// When the wheel must come round, but no later than `horizon`; `None` when it comes early
    /// enough as it is.
    pub(super) fn rearm(&mut self, horizon: Moment) -> Option<Moment> {
        let next = match self.linger {
            Some(linger) => linger,
            None => [self.ping, self.connect, self.stall]
                .into_iter()
                .flatten()
                .fold(self.pong, Moment::min),
        };
        let next = next.min(horizon);
        if self.armed.is_some_and(|armed| armed <= next) {
            return None;
        }
        self.armed = Some(next);
        Some(next)
    }

    /// The wheel has come round.
    pub(super) fn disarm(&mut self, now: Moment) {
        self.armed.take_if(|armed| *armed <= now);
    }
}

/// Time that a closed session's last packets may take to reach the client.
pub(super) const LINGER: Duration = Duration::from_secs(3);

#[cfg(test)]
mod tests {
    use super::*;

    /// Has the wheel come round whenever it is asked to, up to `end`; returns what was due and
    /// when.
    fn run(
        timers: &mut Timers,
        start: Moment,
        end: Duration,
        horizon: Duration,
    ) -> Vec<(Duration, Due)> {
        let mut now = start;
        let mut seen = Vec::new();
        while let Some(at) = timers.rearm(now + horizon)
            && at <= start + end
        {
            now = at;
            timers.disarm(now);
            loop {
                match timers.due(now) {
                    Due::Nothing => break,
                    Due::Ping => seen.push((now - start, Due::Ping)),
                    end => {
                        seen.push((now - start, end));
                        return seen;
                    }
                }
            }
        }
        seen
    }

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn a_silent_client_is_pinged_once_and_closed_in_time_whatever_the_horizon() {
        let config = Config {
            connect_timeout: secs(1000),
            ..Config::default()
        };
        for horizon in [1, 7, 20, 500] {
            let start = Moment::now();
            let mut timers = Timers::new(&config, start);
            let seen = run(&mut timers, start, secs(500), secs(horizon));
            let timeout = Due::Close(Reason::PingTimeout);
            assert_eq!(
                seen,
                [(secs(25), Due::Ping), (secs(45), timeout)],
                "{horizon}"
            );
        }
    }

    /// As for the first session of a server that has been idle, and after the machine was asleep.
    #[test]
    fn a_session_that_is_looked_at_early_is_looked_at_again() {
        let past = Moment::now();
        let now = past + secs(10);
        let mut timers = Timers::new(&Config::default(), now);
        assert_eq!(timers.rearm(past), Some(past));
        timers.disarm(now);
        assert_eq!(timers.due(now), Due::Nothing);
        assert!(timers.rearm(now + secs(50)).is_some_and(|at| at > now));
    }

    #[test]
    fn a_pong_moves_the_next_ping() {
        let start = Moment::now();
        let config = Config {
            connect_timeout: secs(1000),
            ..Config::default()
        };
        let mut timers = Timers::new(&config, start);
        assert_eq!(
            run(&mut timers, start, secs(30), secs(50)),
            [(secs(25), Due::Ping)]
        );
        timers.pong(&config, start + secs(30));
        timers.disarm(start + secs(45));
        assert_eq!(
            run(&mut timers, start, secs(60), secs(50)),
            [(secs(55), Due::Ping)]
        );
    }

    #[test]
    fn only_the_last_packets_matter_once_a_session_is_closed() {
        let start = Moment::now();
        let mut timers = Timers::new(&Config::default(), start);
        timers.linger = Some(start + LINGER);
        assert_eq!(
            run(&mut timers, start, secs(500), secs(50)),
            [(LINGER, Due::Forget)]
        );
    }
}
