//! The program on data of its own, which are gone with it.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// Where the program keeps its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

impl Database {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// A folder for data, and a server beside it where one is asked for.
pub(crate) struct Data {
    folder: PathBuf,
    /// With its URL.
    postgres: Option<(Running, String)>,
}

impl Data {
    /// Nothing is there yet.
    pub(crate) fn fresh(database: Database) -> Result<Data> {
        let postgres = match database {
            Database::Sqlite => None,
            // It lives as long as this end of its standard input.
            Database::Postgres => Some(started(
                Command::new("scripts/postgres").stdin(Stdio::piped()),
            )?),
        };
        let folder = std::env::temp_dir().join(format!("shopbell-bench-{}", std::process::id()));
        Ok(Data { folder, postgres })
    }

    /// Starts `program` with demo data; returns where it answers.
    pub(crate) fn serve(&self, program: &Path) -> Result<(Running, SocketAddr)> {
        self.start(Command::new(program))
    }

    /// The same, bound to a core and with other settings, each a variable of the environment and its value.
    pub(crate) fn serve_on(
        &self,
        core: usize,
        program: &Path,
        settings: &[(&str, &str)],
    ) -> Result<(Running, SocketAddr)> {
        let mut command = Command::new("taskset");
        command
            .args(["-c", &core.to_string()])
            .arg(program)
            .envs(settings.iter().copied());
        self.start(command)
    }

    /// Where the data are.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn start(&self, mut command: Command) -> Result<(Running, SocketAddr)> {
        command
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(&self.folder);
        if let Some((_, url)) = &self.postgres {
            command.args(["--database-url", url]);
        }
        let (program, line) = started(&mut command)?;
        let address = line.rsplit('/').next().and_then(|word| word.parse().ok());
        let address = address.with_context(|| format!("no address in {line:?}"))?;
        Ok((program, address))
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        // It is a temporary folder.
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// Starts what says in its first line that it is ready.
fn started(command: &mut Command) -> Result<(Running, String)> {
    let child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("failed to start {command:?}"))?;
    let mut running = Running(child);
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().context("no output")?).read_line(&mut line)?;
    if line.is_empty() {
        bail!("{command:?} ended");
    }
    Ok((running, line.trim().to_owned()))
}

/// Runs until it is dropped.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Whoever waits for the end of its input ends by itself, and takes down what it started.
        let killed = match self.0.stdin.take() {
            Some(input) => {
                drop(input);
                Ok(())
            }
            None => self.0.kill(),
        };
        if killed.is_ok() {
            drop(self.0.wait());
        }
    }
}
