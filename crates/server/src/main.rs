//! The `shopbell` program.

use std::process::ExitCode;

use clap::Parser as _;
use shopbell::{Clock, cli::Cli};

fn main() -> ExitCode {
    Cli::parse().run(Clock::system())
}
