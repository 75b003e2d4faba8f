//! The `shopbell` program.

use std::process::ExitCode;

use clap::Parser as _;
use shopbell::{Clock, cli::Cli};

/// By measurement: see docs/performance.md, "Memory".
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    Cli::parse().run(Clock::system())
}
