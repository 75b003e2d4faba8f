//! Settings: `default.toml` compiled in, then a file, then the environment, then flags. Read once, at start.

use std::{fmt, net::SocketAddr, path::PathBuf};

use anyhow::Context as _;
use serde::Deserialize;
use thiserror::Error;

const DEFAULTS: &str = include_str!("default.toml");

/// Everything that can be set; `default.toml` says what each is and in which unit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "default.toml documents each")]
pub struct Config {
    pub profile: Profile,
    pub demo: bool,
    pub server: Server,
    pub auth: Auth,
    pub limits: Limits,
    pub log: Log,
}

/// How strict the settings must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "default.toml documents each")]
pub enum Profile {
    Development,
    Production,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "default.toml documents each")]
pub struct Server {
    pub listen: SocketAddr,
    pub node: String,
    pub data: PathBuf,
    pub database_url: DatabaseUrl,
    pub drain_s: u64,
    pub allowed_origins: Vec<String>,
}

/// Where the database is. It may hold a password, so `Debug` shows no more than its kind.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The URL, unless it was left empty.
    #[must_use]
    pub fn expose(&self) -> Option<&str> {
        Some(self.0.as_str()).filter(|url| !url.is_empty())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.0.split("://").next().unwrap_or_default();
        f.debug_tuple("DatabaseUrl").field(&scheme).finish()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "default.toml documents each")]
pub struct Auth {
    pub secret_file: PathBuf,
    pub issuer: String,
    pub audience: String,
    pub access_ttl_s: u64,
    pub refresh_ttl_s: u64,
    pub refresh_grace_s: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "default.toml documents each")]
pub struct Limits {
    pub max_payload: usize,
    pub max_attachments: usize,
    pub max_json_depth: usize,
    pub connect_timeout_s: u64,
    pub connections: usize,
    pub connections_per_user: usize,
    pub rooms_per_socket: usize,
    pub queue_packets: usize,
    pub queue_bytes: usize,
    pub queue_stall_s: u64,
    pub replay_events: u32,
    pub replay_hours: u32,
    pub ping_interval_s: u64,
    pub ping_timeout_s: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "default.toml documents each")]
pub struct Log {
    pub format: LogFormat,
    pub filter: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "default.toml documents each")]
pub enum LogFormat {
    Text,
    Json,
}

/// What the command line sets; `None` leaves it to the other sources.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the settings they override")]
pub struct Overrides {
    pub file: Option<PathBuf>,
    pub profile: Option<Profile>,
    pub demo: bool,
    pub listen: Option<SocketAddr>,
    pub node: Option<String>,
    pub data: Option<PathBuf>,
    pub database_url: Option<String>,
}

/// A setting that the production profile does not accept.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{setting}: {reason}")]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct WeakSetting {
    pub setting: &'static str,
    pub reason: &'static str,
}

impl Config {
    /// Reads all sources.
    ///
    /// # Errors
    ///
    /// Fails when a source cannot be read, a setting is unknown or has the wrong type; the message names it.
    pub fn load(overrides: &Overrides) -> anyhow::Result<Self> {
        let mut builder = config::Config::builder()
            .add_source(config::File::from_str(DEFAULTS, config::FileFormat::Toml));
        if let Some(file) = &overrides.file {
            builder = builder
                .add_source(config::File::from(file.as_path()).format(config::FileFormat::Toml));
        }
        let environment = config::Environment::with_prefix("SHOPBELL")
            .prefix_separator("__")
            .separator("__")
            .try_parsing(true)
            .list_separator(",")
            .with_list_parse_key("server.allowed_origins");
        let mut config: Self = builder
            .add_source(environment)
            .build()
            .and_then(config::Config::try_deserialize)
            .context("failed to read the settings")?;
        config.profile = overrides.profile.unwrap_or(config.profile);
        config.demo |= overrides.demo;
        config.server.listen = overrides.listen.unwrap_or(config.server.listen);
        if let Some(node) = &overrides.node {
            config.server.node.clone_from(node);
        }
        if config.server.node.is_empty() {
            config.server.node = machine_name();
        }
        if let Some(url) = &overrides.database_url {
            config.server.database_url = DatabaseUrl(url.clone());
        }
        if let Some(data) = &overrides.data {
            config.server.data.clone_from(data);
        }
        Ok(config)
    }

    /// What the production profile must not be started with; nothing in development.
    #[must_use]
    pub fn weak_settings(&self) -> Vec<WeakSetting> {
        if self.profile == Profile::Development {
            return Vec::new();
        }
        let weak = [
            (self.demo, "demo", "demo people have a public password"),
            (
                self.server
                    .allowed_origins
                    .iter()
                    .any(|origin| origin == "*"),
                "server.allowed_origins",
                "* lets any web page in",
            ),
        ];
        weak.into_iter()
            .filter(|(is, ..)| *is)
            .map(|(_, setting, reason)| WeakSetting { setting, reason })
            .collect()
    }
}

/// What the kernel calls this machine.
fn machine_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "shopbell" } else { name }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_complete_and_those_of_the_contract() {
        let config = Config::load(&Overrides::default()).unwrap();
        assert_eq!(config.server.listen.to_string(), "127.0.0.1:3001");
        assert_eq!(
            (config.limits.max_payload, config.limits.max_json_depth),
            (65_536, 32)
        );
        assert_eq!(
            (config.limits.ping_interval_s, config.limits.ping_timeout_s),
            (25, 20)
        );
        assert!(config.weak_settings().is_empty());
    }

    #[test]
    fn production_names_each_weak_setting() {
        let overrides = Overrides {
            profile: Some(Profile::Production),
            demo: true,
            ..Overrides::default()
        };
        let mut config = Config::load(&overrides).unwrap();
        config.server.allowed_origins = vec!["*".to_owned()];
        let named: Vec<_> = config
            .weak_settings()
            .iter()
            .map(|weak| weak.setting)
            .collect();
        assert_eq!(named, ["demo", "server.allowed_origins"]);
    }
}
