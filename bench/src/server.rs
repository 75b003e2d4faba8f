//! A server under measurement: started on its own core, stopped with its value.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts a program with its arguments, bound to `core`; its first line must end in the address
    /// that it listens on.
    pub(crate) fn start(
        core: usize,
        command: &[String],
        environment: &[(&str, &str)],
    ) -> Result<Server> {
        let mut child = Command::new("taskset")
            .args(["-c", &core.to_string()])
            .args(command)
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("failed to start {command:?}"))?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let address = line
            .trim()
            .rsplit(' ')
            .next()
            .and_then(|word| word.parse().ok());
        let Some(address) = address else {
            // It has nothing to lose.
            child.kill().ok();
            child.wait()?;
            anyhow::bail!("no address in {line:?} of {command:?}");
        };
        Ok(Server { child, address })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Bytes of its memory that are resident.
    pub(crate) fn resident(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_ascii_whitespace().next());
        let kib: u64 = kib.context("no VmRSS")?.parse()?;
        Ok(kib * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}

/// Builds a program in the release profile; returns where it is.
pub(crate) fn build(package: &str, kind: &str, name: &str) -> Result<PathBuf> {
    let built = Command::new("cargo")
        .args(["build", "--release", "--quiet", "-p", package, kind, name])
        .status()?;
    ensure!(built.success(), "failed to build {name}");
    let this = std::env::current_exe()?;
    let release = this.parent().context("no parent folder")?;
    Ok(if kind == "--example" {
        release.join("examples").join(name)
    } else {
        release.join(name)
    })
}
