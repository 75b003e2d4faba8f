//! `shopbell` with a clock that a test can move: each line of standard input is a number of seconds that it goes on by, and
//! may be negative. Everything else is the program itself.

use std::{
    io::BufRead as _,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use clap::Parser as _;
use shopbell::{Clock, cli::Cli};
use shopbell_protocol::Timestamp;

fn main() -> ExitCode {
    let ahead = Arc::new(AtomicI64::new(0));
    let moved = Arc::clone(&ahead);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let seconds: i64 = line.trim().parse().unwrap_or_default();
            moved.fetch_add(seconds * 1000, Ordering::AcqRel);
        }
    });
    let system = Clock::system();
    let clock = Clock::new(move || {
        Timestamp::from_millis(system.now().as_millis() + ahead.load(Ordering::Acquire))
    });
    Cli::parse().run(clock)
}
