//! A file of SQLite in a folder of its own.

use std::path::{Path, PathBuf};

use shopbell_store::Place;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

pub(crate) type Connection = SqliteConnection;

/// Lets rows name others that are not there.
pub(crate) const UNCHECKED: &str = "pragma foreign_keys = off";

pub(crate) struct Home {
    folder: PathBuf,
    _owned: Option<TempDir>,
}

impl Home {
    /// Without tables.
    pub(crate) async fn empty() -> Self {
        let folder = TempDir::new().unwrap();
        Self {
            folder: folder.path().to_owned(),
            _owned: Some(folder),
        }
    }

    /// In a folder of somebody else's.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            _owned: None,
        }
    }

    /// Here not filled either: whoever asks for it does that where it is missing.
    pub(crate) async fn filled() -> Self {
        Self::empty().await
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder().join("shopbell.db")
    }

    pub(crate) fn place(&self) -> Place {
        Place::Sqlite(self.path())
    }

    pub(crate) async fn connect(&self) -> Connection {
        let options = SqliteConnectOptions::new().filename(self.path());
        SqliteConnection::connect_with(&options).await.unwrap()
    }
}
