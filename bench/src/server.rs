//! A server under measurement: started on its own core, stopped with its value.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts `program`, bound to `core`; its first line must end in the address that it listens
    /// on.
    pub(crate) fn start(program: &Path, core: usize, clients: usize) -> Result<Server> {
        let mut child = Command::new("taskset")
            .args(["-c", &core.to_string()])
            .arg(program)
            .arg(clients.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("failed to start {}", program.display()))?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let address = line
            .trim()
            .rsplit(' ')
            .next()
            .and_then(|word| word.parse().ok());
        Ok(Server {
            child,
            address: address.with_context(|| format!("no address in {line:?}"))?,
        })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
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
