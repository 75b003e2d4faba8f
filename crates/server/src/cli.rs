//! The command line.

use std::{
    io::{IsTerminal as _, Write as _},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::{Args, Parser, Subcommand};
use shopbell_bus::Bus;
use shopbell_store::Place;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::{
    Clock, Server,
    config::{Config, LogFormat, Overrides, Profile},
    connect_store, database, open_auth, open_store,
};

/// sysexits(3) EX_DATAERR: what is stored is not sound.
const EXIT_DATA: u8 = 65;

/// sysexits(3) EX_CONFIG: the settings cannot be used.
const EXIT_CONFIG: u8 = 78;

/// Real-time server for repair shops: Socket.IO, REST and the web app in one program.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve (the default).
    Serve(#[command(flatten)] Serve),
    /// Look whether settings, database and journal are sound; exit code 65 when they are not.
    Check(#[command(flatten)] Settings),
    /// Bring the database up to date and exit; safe to run twice.
    Migrate(#[command(flatten)] Settings),
    /// Print an access token for a user, for tests and scripts.
    Token {
        #[command(flatten)]
        settings: Settings,
        /// The user's e-mail address.
        #[arg(long)]
        email: String,
        /// How long it lives: a number with s, m, h or d.
        #[arg(long, default_value = "15m", value_parser = duration)]
        ttl: Duration,
    },
}

#[derive(Clone, Debug, Default, Args)]
struct Serve {
    #[command(flatten)]
    settings: Settings,
    /// Begin a new life of the journal, because an older backup was restored: clients read everything anew.
    #[arg(long)]
    new_epoch: bool,
}

#[derive(Clone, Debug, Default, Args)]
struct Settings {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// What this process is called where several are told apart.
    #[arg(long, value_name = "NAME")]
    node: Option<String>,
    /// Folder for the database and the secret.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Where the database is: sqlite://FILE or postgres://…; SQLite in the data folder by default.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// In production, weak settings refuse to start.
    #[arg(long, value_enum)]
    profile: Option<Profile>,
    /// Fill an empty database with two demo shops and offer one-click sign-in.
    #[arg(long)]
    demo: bool,
    /// A TOML file with settings.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Cli {
    /// Does what the command line says. Exit codes: 0 done, 1 failed, 65 what is stored is not
    /// sound, 74 the disk failed in the middle of a write, 78 settings that cannot be used.
    #[must_use]
    pub fn run(self, clock: Clock) -> ExitCode {
        let command = self.command.unwrap_or(Command::Serve(self.serve));
        let settings = match &command {
            Command::Serve(Serve { settings, .. })
            | Command::Check(settings)
            | Command::Migrate(settings)
            | Command::Token { settings, .. } => settings.clone(),
        };
        let config = match load(settings) {
            Ok(config) => config,
            Err(error) => return fail(EXIT_CONFIG, &error),
        };
        let runtime = match tokio::runtime::Runtime::new().context("failed to start the runtime") {
            Ok(runtime) => runtime,
            Err(error) => return fail(1, &error),
        };
        let done = runtime.block_on(async {
            match command {
                Command::Serve(Serve { new_epoch, .. }) => serve(&config, clock, new_epoch).await,
                Command::Check(_) => return check(&config).await,
                Command::Migrate(_) => migrate(&config).await,
                Command::Token { email, ttl, .. } => token(&config, clock, &email, ttl).await,
            }
            .map(|()| ExitCode::SUCCESS)
        });
        done.unwrap_or_else(|error| fail(1, &error))
    }
}

fn load(settings: Settings) -> anyhow::Result<Config> {
    let Settings {
        listen,
        node,
        data,
        database_url,
        profile,
        demo,
        config,
    } = settings;
    let config = Config::load(&Overrides {
        file: config,
        profile,
        demo,
        listen,
        node,
        data,
        database_url,
    })?;
    let weak = config.weak_settings();
    if !weak.is_empty() {
        let weak: Vec<_> = weak.iter().map(ToString::to_string).collect();
        bail!(
            "refusing to start in production with weak settings:\n  {}",
            weak.join("\n  ")
        );
    }
    Ok(config)
}

async fn serve(config: &Config, clock: Clock, new_epoch: bool) -> anyhow::Result<()> {
    start_log(config)?;
    // Dies where FAILPOINTS says so; the program by itself is built without.
    #[cfg(feature = "failpoints")]
    let _points = fail::FailScenario::setup();
    // Before anyone can know that there is something to stop.
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    if new_epoch {
        let store = open_store(config, Bus::memory()).await?;
        store.new_epoch(clock.now()).await?;
        store.close().await;
    }
    let server = Server::start(config, clock).await?;
    say(&format!(
        "shopbell listening on http://{}",
        server.address()
    ))?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    tokio::select! {
        stopped = server.stop() => stopped,
        // A second Ctrl-C: the person does not want to wait.
        _ = interrupt.recv() => bail!("stopped before connections were drained"),
    }
}

/// Says everything that is wrong with what is stored.
async fn check(config: &Config) -> anyhow::Result<ExitCode> {
    let faults = async {
        if let Place::Sqlite(file) = database(config)?
            && !file.exists()
        {
            bail!("there is no database at {}", file.display());
        }
        let store = connect_store(config, Bus::memory()).await?;
        let faults = store.check().await;
        store.close().await;
        anyhow::Ok(faults?)
    };
    let faults: Vec<_> = match faults.await {
        Ok(faults) => faults.iter().map(ToString::to_string).collect(),
        // What cannot be read is not sound.
        Err(error) => vec![format!("{error:#}")],
    };
    for fault in &faults {
        say(fault)?;
    }
    if !faults.is_empty() {
        return Ok(ExitCode::from(EXIT_DATA));
    }
    say("settings, database and journal are sound")?;
    Ok(ExitCode::SUCCESS)
}

async fn migrate(config: &Config) -> anyhow::Result<()> {
    open_store(config, Bus::memory()).await?.close().await;
    say("the database is up to date")
}

async fn token(config: &Config, clock: Clock, email: &str, ttl: Duration) -> anyhow::Result<()> {
    let store = open_store(config, Bus::memory()).await?;
    let auth = open_auth(config, store.clone(), clock)?;
    let account = store
        .account_by_email(email)
        .await?
        .with_context(|| format!("no user has the e-mail address {email}"))?;
    let token = auth.access_token(&account, None, ttl)?;
    store.close().await;
    say(&token)
}

fn start_log(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log.filter).context("failed to read log.filter")?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match config.log.format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    }
    .map_err(|error| anyhow::anyhow!("failed to start the log: {error}"))
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}").context("failed to write to standard output")
}

fn fail(code: u8, error: &anyhow::Error) -> ExitCode {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(std::io::stderr(), "shopbell: {error:#}");
    ExitCode::from(code)
}

fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "write a number with s, m, h or d, like 15m".to_owned();
    let (number, unit) = text
        .split_at_checked(text.len().saturating_sub(1))
        .ok_or_else(wrong)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number
        .checked_mul(seconds)
        .map(Duration::from_secs)
        .ok_or_else(wrong)
}
