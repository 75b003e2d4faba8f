//! A lane: the task that takes commands from its queue and writes them.

use std::{future, mem, time::Duration};

use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};

use super::{Command, Connection, Flush, Gathered, Lane, News, OnNews, Request};
use crate::{Place, StoreError};

/// The most commands in one transaction: how long the first of them may wait for the last.
const GROUP: usize = 256;

/// From one command's savepoint to the next one's. The commit releases the last, and `begin` makes the first: a server is not
/// asked more often than it must be.
const NEXT: &str = "release savepoint command; savepoint command";

type Group = Vec<Box<dyn Command>>;

pub(super) struct Task {
    queue: mpsc::Receiver<Request>,
    /// `None` before the first transaction and after a failed one.
    connection: Option<Connection>,
    /// How `connection` commits now; a server is told for each transaction.
    flush: Flush,
    place: Place,
    patience: Duration,
    on_news: OnNews,
    /// The disk failed.
    is_broken: bool,
}

impl Task {
    pub(super) fn new(
        queue: mpsc::Receiver<Request>,
        connection: Option<Connection>,
        place: Place,
        patience: Duration,
        on_news: OnNews,
    ) -> Self {
        Self {
            queue,
            connection,
            flush: Flush::Now,
            place,
            patience,
            on_news,
            is_broken: false,
        }
    }

    pub(super) async fn run(mut self) {
        let mut requests = Vec::with_capacity(GROUP);
        let mut last = Vec::new();
        let mut closing = Vec::new();
        while self.queue.recv_many(&mut requests, GROUP).await > 0 {
            let mut waiting = Vec::with_capacity(requests.len());
            for request in requests.drain(..) {
                match request {
                    Request::Run(command) => waiting.push(command),
                    Request::Close(command, done) => {
                        self.queue.close();
                        last.extend(command);
                        closing.push(done);
                    }
                }
            }
            while let Some(group) = self.next_group(&mut waiting) {
                self.commit(group).await;
            }
        }
        if !last.is_empty() {
            self.commit(last).await;
        }
        if !self.is_broken {
            self.disconnect().await;
        }
        for done in closing {
            done.send(()).ok();
        }
        if self.is_broken {
            // Closing the connection would write: it is kept as it is until the process ends.
            future::pending::<()>().await;
        }
    }

    /// What goes into one transaction: on a file all that wait, on a server those of the first one's shop, or it alone.
    fn next_group(&self, waiting: &mut Group) -> Option<Group> {
        let first = waiting.first()?.lane();
        if !self.place.is_postgres() {
            return Some(mem::take(waiting));
        }
        let (group, rest) = match first {
            Lane::Shop(_) => mem::take(waiting)
                .into_iter()
                .partition(|command| command.lane() == first),
            Lane::Alone(_) => {
                let rest = waiting.split_off(1);
                (mem::take(waiting), rest)
            }
        };
        *waiting = rest;
        Some(group)
    }

    /// Those that waited too long for a server are answered before anything is done for them: when it hangs, the queue does not
    /// grow old. The rest have a quarter of their time left to begin.
    fn in_time(&self, group: Group) -> Group {
        let now = Instant::now();
        let (overdue, rest): (Group, Group) = group
            .into_iter()
            .partition(|command| command.asked() + self.patience * 3 / 4 < now);
        for command in overdue {
            command.answer(Err(StoreError::Unavailable));
        }
        rest
    }

    async fn commit(&mut self, mut group: Group) {
        if self.place.is_postgres() {
            group = self.in_time(group);
        }
        let committed = if self.is_broken || group.is_empty() {
            Err(StoreError::Unavailable)
        } else {
            self.transaction(&mut group).await
        };
        let committed = match committed {
            Ok(Gathered { heads, rights }) => {
                let heads = heads.into_iter().map(|(shop, head)| News::Head(shop, head));
                let rights = rights
                    .into_iter()
                    .map(|(shop, user)| News::Rights(shop, user));
                for news in heads.chain(rights) {
                    #[cfg(feature = "failpoints")]
                    fail::fail_point!("after_commit", |_| std::process::abort());
                    (self.on_news)(news);
                    #[cfg(feature = "failpoints")]
                    fail::fail_point!("after_doorbell", |_| std::process::abort());
                }
                Ok(())
            }
            Err(StoreError::Unknown) if !self.place.is_postgres() => {
                // To try again, or to go on, could make something of what may or may not be on the disk.
                self.is_broken = true;
                self.queue.close();
                (self.on_news)(News::Failed);
                Err(StoreError::Unknown)
            }
            Err(error) if self.is_broken => Err(error),
            Err(error) => {
                // Closing rolls back whatever is still open, in whatever state the failure left it.
                self.disconnect().await;
                Err(error)
            }
        };
        for command in group {
            command.answer(committed.clone());
        }
    }

    async fn transaction(&mut self, group: &mut Group) -> Result<Gathered, StoreError> {
        let is_lazy = group.iter().all(|command| command.flush() == Flush::Later);
        let flush = if is_lazy { Flush::Later } else { Flush::Now };
        let connection = if self.place.is_postgres() {
            let since = group.iter().map(|command| command.asked()).min();
            let until = since.unwrap_or_else(Instant::now) + self.patience;
            timeout_at(until, self.begin_on_server(flush))
                .await
                .map_err(|_| StoreError::Unavailable)??
        } else {
            self.begin_on_file(flush).await?
        };
        let mut news = Gathered::default();
        let mut is_first = true;
        for command in group {
            if !is_first {
                connection.run_soon(NEXT).await?;
            }
            is_first = false;
            if let Err(error) = command.run(connection, &mut news).await {
                // A full disk may have undone the whole transaction, and with it the savepoint.
                connection
                    .run_soon("rollback to savepoint command")
                    .await
                    .map_err(|_| error)?;
            }
        }
        #[cfg(feature = "failpoints")]
        fail::fail_point!("before_commit", !news.heads.is_empty(), |_| {
            std::process::abort()
        });
        connection
            .run_soon("commit")
            .await
            .map_err(StoreError::of_commit)?;
        Ok(news)
    }

    async fn begin_on_file(&mut self, flush: Flush) -> Result<&mut Connection, StoreError> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => {
                self.flush = Flush::Now;
                none.insert(self.place.connect(self.patience).await?)
            }
        };
        // What a test must notice: acknowledging what is not flushed.
        #[cfg(feature = "failpoints")]
        let flush = (|| {
            fail::fail_point!("no_flush", |_| Flush::Later);
            flush
        })();
        if flush != self.flush {
            let pragma = match flush {
                Flush::Now => "pragma synchronous = full",
                Flush::Later => "pragma synchronous = normal",
            };
            connection.run(pragma).await?;
            self.flush = flush;
        }
        connection.run("begin immediate; savepoint command").await?;
        Ok(connection)
    }

    /// A connection that was open may have died since; then a new one is tried at once.
    async fn begin_on_server(&mut self, flush: Flush) -> Result<&mut Connection, StoreError> {
        let begin = match flush {
            Flush::Now => "begin; savepoint command",
            Flush::Later => "begin; set local synchronous_commit = off; savepoint command",
        };
        let lives = match &mut self.connection {
            Some(connection) => connection.run_soon(begin).await.is_ok(),
            None => false,
        };
        if !lives {
            self.connection = None;
            let mut connection = self.place.connect(self.patience).await?;
            connection.run_soon(begin).await?;
            self.connection = Some(connection);
        }
        self.connection.as_mut().ok_or(StoreError::Unavailable)
    }

    async fn disconnect(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.close().await;
        }
    }
}
