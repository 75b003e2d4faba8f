//! Opening, migrating and closing.

use std::{
    fmt,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{
    News, Once, OpenError, Place, StoreError,
    database::{Connection, Pool, query},
    session::end_cleanly,
    writer::{OnNews, Writer, Written},
};

/// Where the database is and how much may wait for it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it is.
    pub place: Place,
    /// How many commands may wait for a writer; beyond, [`StoreError::Unavailable`].
    pub queue: usize,
    /// How many reads may run at once.
    pub readers: u32,
    /// How many connections write to a server; a file has one.
    pub writers: usize,
    /// How long a read may wait for its turn, a write for another process, and either for a server's answer; beyond,
    /// [`StoreError::Unavailable`].
    pub wait: Duration,
}

impl Settings {
    /// The usual bounds for a file.
    #[must_use]
    pub fn at(path: impl AsRef<Path>) -> Self {
        Self::of(Place::Sqlite(path.as_ref().to_owned()))
    }

    /// The usual bounds.
    #[must_use]
    pub const fn of(place: Place) -> Self {
        Self {
            place,
            queue: 1024,
            readers: 4,
            writers: 4,
            wait: Duration::from_secs(2),
        }
    }
}

/// The database of all shops. Cheap to clone; all clones share one writer and one pool of readers.
#[derive(Clone)]
pub struct Store {
    pub(crate) writer: Writer,
    readers: Pool,
    /// Whether it answers for the sessions, since [`Store::resume_sessions`].
    pub(crate) keeps_sessions: Arc<AtomicBool>,
    /// Under which key commands are done at most once.
    pub(crate) once: Option<Arc<Once>>,
}

impl Store {
    /// Opens the database, creating an empty file, and starts the writer; does not migrate. `on_news` is called by the
    /// writer after a commit, before the callers hear of it; it must not block.
    ///
    /// # Errors
    ///
    /// Fails when the file cannot be opened or created or is no database, or the server cannot be reached.
    pub async fn open(
        settings: Settings,
        on_news: impl Fn(News) + Send + Sync + 'static,
    ) -> Result<Self, OpenError> {
        let path = settings.place.to_string();
        Self::connect(settings, Arc::new(on_news))
            .await
            .map_err(|source| OpenError { path, source })
    }

    async fn connect(settings: Settings, on_news: OnNews) -> Result<Self, sqlx::Error> {
        let Settings { place, wait, .. } = settings;
        // A file and its mode are there before the first reader.
        let connection = place.connect(wait).await?;
        let readers = Pool::connect(&place, settings.readers, wait).await?;
        let lanes = if place.is_postgres() {
            settings.writers
        } else {
            1
        };
        let writer = Writer::start(connection, &place, wait, lanes, settings.queue, &on_news);
        Ok(Self {
            writer,
            readers,
            keeps_sessions: Arc::default(),
            once: None,
        })
    }

    /// Whether reads and writes can be served: reads something and looks whether the writer is there.
    ///
    /// # Errors
    ///
    /// Fails when the database cannot be read, in time or at all, or the store was closed.
    pub async fn ping(&self) -> Result<(), StoreError> {
        if self.writer.is_closed() {
            return Err(StoreError::Unavailable);
        }
        query("select count(*) from journal_head")
            .fetch_one(&self.readers)
            .await?;
        Ok(())
    }

    /// Waits for what was asked for before, takes no more, and leaves one file without a write-ahead log. Calls after it
    /// fail with [`StoreError::Unavailable`].
    pub async fn close(&self) {
        // The last connection to close does the checkpoint; it must be the one that may write.
        self.readers.close().await;
        let keeps_sessions = self.keeps_sessions.load(Ordering::Acquire);
        self.writer
            .close(move |connection| {
                Box::pin(async move {
                    if keeps_sessions {
                        end_cleanly(connection).await?;
                    }
                    Ok(Written::quietly(()))
                })
            })
            .await;
    }

    /// For one statement, which is a snapshot in itself.
    pub(crate) const fn readers(&self) -> &Pool {
        &self.readers
    }

    /// A snapshot for several statements: it stands at the first one.
    pub(crate) async fn read(&self) -> Result<Connection, StoreError> {
        Ok(self.readers.begin().await?)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}
