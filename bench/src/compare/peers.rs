//! The servers that are compared.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::server::build;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// One `write` for each delivery, and nothing else.
    Bare,
    /// The same with one `write` for all that is published at a time.
    Coalesced,
    Engine,
    Uws,
    Socketioxide,
    Node,
}

impl Peer {
    pub(crate) const ALL: [Peer; 6] = [
        Peer::Bare,
        Peer::Coalesced,
        Peer::Engine,
        Peer::Uws,
        Peer::Socketioxide,
        Peer::Node,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Peer::Bare => "bare",
            Peer::Coalesced => "coalesced",
            Peer::Engine => "engine",
            Peer::Uws => "uws",
            Peer::Socketioxide => "socketioxide",
            Peer::Node => "node",
        }
    }

    /// Those named in a list with commas.
    pub(crate) fn named(list: &str) -> Result<Vec<Peer>> {
        let named = list.split(',').map(|name| {
            let peer = Peer::ALL.into_iter().find(|peer| peer.name() == name);
            peer.with_context(|| format!("no server is called {name:?}"))
        });
        named.collect()
    }

    /// Whether it knows rooms; the bare loop sends to all.
    pub(crate) const fn has_rooms(self) -> bool {
        !matches!(self, Peer::Bare | Peer::Coalesced)
    }

    /// Whether it speaks all of Socket.IO, over polling too.
    pub(crate) const fn is_socket_io(self) -> bool {
        matches!(self, Peer::Engine | Peer::Socketioxide | Peer::Node)
    }

    /// Builds it; gives the command that starts it, without the number of clients.
    pub(crate) fn prepare(self) -> Result<Vec<String>> {
        let ours = |package, kind, name| -> Result<_> {
            Ok(build(package, kind, name)?.display().to_string())
        };
        let command = match self {
            Peer::Bare | Peer::Coalesced => vec![ours("shopbell-bench", "--bin", "bare")?],
            Peer::Engine => vec![ours("shopbell-engine", "--example", "bench_server")?],
            Peer::Node | Peer::Socketioxide | Peer::Uws => {
                let name = self.name();
                let built = Command::new("bench/peers/build").arg(name).output();
                let built = built.context("bench/peers/build does not start")?;
                let said = String::from_utf8_lossy(&built.stderr);
                let last = said
                    .trim()
                    .lines()
                    .next_back()
                    .unwrap_or("it does not say why");
                ensure!(built.status.success(), "{last}");
                match self {
                    Peer::Node => vec!["node".to_owned(), "bench/peers/node/server.js".to_owned()],
                    _ => vec![format!("target/bench-peers/{name}")],
                }
            }
        };
        Ok(command)
    }

    /// The arguments after the command.
    pub(crate) fn arguments(self, clients: usize) -> Vec<String> {
        let mut arguments = vec![clients.to_string()];
        if self == Peer::Coalesced {
            arguments.push("--coalesce".to_owned());
        }
        arguments
    }

    /// What it is, and of which version.
    pub(crate) fn version(self) -> String {
        let version = match self {
            Peer::Bare => Some("one `write` for each delivery".to_owned()),
            Peer::Coalesced => Some("one `write` for all that is due to a client".to_owned()),
            Peer::Engine => said("git", &["describe", "--always", "--dirty", "--abbrev=7"])
                .map(|commit| format!("Shopbell's, {commit}")),
            Peer::Node => locked_npm("socket.io")
                .zip(said("node", &["--version"]))
                .map(|(version, node)| format!("Socket.IO {version} on Node.js {node}")),
            Peer::Socketioxide => locked_cargo("socketioxide"),
            Peer::Uws => pinned_pip("socketify")
                .map(|version| format!("uWebSockets' C library in socketify {version}")),
        };
        version.unwrap_or_else(|| "unknown version".to_owned())
    }
}

/// What a program prints, on one line.
pub(crate) fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !said.is_empty()).then(|| said.trim().to_owned())
}

fn locked_npm(package: &str) -> Option<String> {
    let lock = fs::read("bench/peers/node/package-lock.json").ok()?;
    let lock: serde_json::Value = serde_json::from_slice(&lock).ok()?;
    let package = lock
        .get("packages")?
        .get(format!("node_modules/{package}"))?;
    Some(package.get("version")?.as_str()?.to_owned())
}

fn locked_cargo(package: &str) -> Option<String> {
    let lock = fs::read_to_string("bench/peers/socketioxide/Cargo.lock").ok()?;
    let (_, after) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    Some(format!("{package} {}", after.split('"').next()?))
}

fn pinned_pip(package: &str) -> Option<String> {
    let pinned = fs::read_to_string("bench/peers/uws/requirements.txt").ok()?;
    let (_, after) = pinned.split_once(&format!("{package}=="))?;
    Some(after.split_ascii_whitespace().next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_found_by_their_names() {
        assert_eq!(Peer::named("node,bare").unwrap(), [Peer::Node, Peer::Bare]);
        assert!(Peer::named("node,").is_err());
    }
}
