//! The one writer: it owns the one connection that writes, and commits what is waiting together.
//!
//! A command runs to its end in the writer's task, whatever becomes of the future that asked for it. Answers are sent only
//! after the commit, which is flushed to disk (`synchronous=FULL`): while one group is being flushed the next one gathers,
//! so that many writers share one flush without anyone waiting for a timer. A group of lazy commands alone is not flushed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures_util::future::BoxFuture;
use shopbell_protocol::{Seq, ShopId, UserId};
use sqlx::{Connection as _, SqliteConnection, raw_sql, sqlite::SqliteConnectOptions};
use tokio::sync::{mpsc, oneshot};

use crate::StoreError;

pub(crate) type Connection = SqliteConnection;

/// What is told after a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum News {
    /// A shop's journal was added to; this is its new head.
    Head(ShopId, Seq),
    /// What a person may, or one of their logins, changed.
    Rights(ShopId, UserId),
}

pub(crate) type OnNews = Arc<dyn Fn(News) + Send + Sync>;

/// The most commands in one transaction: how long the first of them may wait for the last.
const GROUP: usize = 256;

/// When what a command wrote is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flush {
    /// Before it is answered.
    Now,
    /// With the next one that is flushed: it survives the end of the process, not a power failure.
    Later,
}

/// What a command did.
pub(crate) struct Written<T> {
    pub(crate) value: T,
    /// The new heads of the journals that it added to.
    pub(crate) heads: Vec<(ShopId, Seq)>,
    /// Whose rights it touched.
    pub(crate) rights: Vec<(ShopId, UserId)>,
}

impl<T> Written<T> {
    /// Nothing was added to a journal.
    pub(crate) const fn quietly(value: T) -> Self {
        Self {
            value,
            heads: Vec::new(),
            rights: Vec::new(),
        }
    }

    pub(crate) fn map<U>(self, with: impl FnOnce(T) -> U) -> Written<U> {
        Written {
            value: with(self.value),
            heads: self.heads,
            rights: self.rights,
        }
    }
}

/// The way to the writer's queue.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Request>,
}

enum Request {
    Run(Box<dyn Command>),
    /// Its command is the last one.
    Close(Box<dyn Command>, oneshot::Sender<()>),
}

impl Writer {
    /// Starts the task on a connection that is open. It ends when the last handle is dropped, or by [`Writer::close`].
    pub(crate) fn start(
        connection: Connection,
        options: SqliteConnectOptions,
        queue: usize,
        on_news: OnNews,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(queue);
        let task = Task {
            queue: receiver,
            connection: Some(connection),
            flush: Flush::Now,
            options,
            on_news,
        };
        tokio::spawn(task.run());
        Self { queue: sender }
    }

    /// Runs `work` in a savepoint of the writer's transaction and waits for the commit. An error from `work` undoes what it
    /// did; a refusal that wrote nothing is a value like any other.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<Written<T>, StoreError>>,
        F: Send + 'static,
    {
        self.ask(work, Flush::Now).await
    }

    /// The same without a flush of its own: for what survives the end of the process, not a power failure.
    pub(crate) async fn run_lazily<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<Written<T>, StoreError>>,
        F: Send + 'static,
    {
        self.ask(work, Flush::Later).await
    }

    async fn ask<T, F>(&self, work: F, flush: Flush) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<Written<T>, StoreError>>,
        F: Send + 'static,
    {
        let (call, answer) = Call::new(work, flush);
        self.queue
            .try_send(Request::Run(Box::new(call)))
            .map_err(|_| StoreError::Unavailable)?;
        // Without an answer the task has ended in the middle: whether it was committed is not known.
        answer
            .await
            .unwrap_or_else(|gone| Err(StoreError::internal(gone)))
    }

    /// Whether nothing can be written any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.queue.is_closed()
    }

    /// Finishes what is queued and then `last`, takes no more, and closes the connection.
    pub(crate) async fn close<F>(&self, last: F)
    where
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<Written<()>, StoreError>>,
        F: Send + 'static,
    {
        let (call, _) = Call::new(last, Flush::Now);
        let (done, closed) = oneshot::channel();
        let close = Request::Close(Box::new(call), done);
        if self.queue.send(close).await.is_ok() {
            // An error means that the task is gone, and the connection with it.
            closed.await.ok();
        }
    }
}

/// The news of a group: of each shop its last head.
#[derive(Default)]
struct Gathered {
    heads: BTreeMap<ShopId, Seq>,
    rights: BTreeSet<(ShopId, UserId)>,
}

trait Command: Send {
    /// Does the work and adds its news, or says why its savepoint must be undone.
    fn run<'c>(
        &'c mut self,
        connection: &'c mut Connection,
        news: &'c mut Gathered,
    ) -> BoxFuture<'c, Result<(), StoreError>>;

    fn flush(&self) -> Flush;

    /// Tells the caller, who may be gone, once it is known whether the group was committed.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Call<T, F> {
    work: Option<F>,
    flush: Flush,
    result: Result<T, StoreError>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Call<T, F> {
    fn new(work: F, flush: Flush) -> (Self, oneshot::Receiver<Result<T, StoreError>>) {
        let (reply, answer) = oneshot::channel();
        let call = Self {
            work: Some(work),
            flush,
            result: Err(StoreError::Unavailable),
            reply,
        };
        (call, answer)
    }
}

impl<T, F> Command for Call<T, F>
where
    T: Send + 'static,
    F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<Written<T>, StoreError>>,
    F: Send + 'static,
{
    fn run<'c>(
        &'c mut self,
        connection: &'c mut Connection,
        news: &'c mut Gathered,
    ) -> BoxFuture<'c, Result<(), StoreError>> {
        Box::pin(async move {
            let Some(work) = self.work.take() else {
                return Ok(());
            };
            match work(connection).await {
                Ok(written) => {
                    self.result = Ok(written.value);
                    news.heads.extend(written.heads);
                    news.rights.extend(written.rights);
                    Ok(())
                }
                Err(error) => {
                    self.result = Err(error.clone());
                    Err(error)
                }
            }
        })
    }

    fn flush(&self) -> Flush {
        self.flush
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let result = committed.and(self.result);
        self.reply.send(result).ok();
    }
}

struct Task {
    queue: mpsc::Receiver<Request>,
    /// `None` after a failed transaction, until the next one.
    connection: Option<Connection>,
    /// How `connection` commits now.
    flush: Flush,
    options: SqliteConnectOptions,
    on_news: OnNews,
}

impl Task {
    async fn run(mut self) {
        let mut requests = Vec::with_capacity(GROUP);
        let mut last = Vec::new();
        let mut closing = Vec::new();
        while self.queue.recv_many(&mut requests, GROUP).await > 0 {
            let mut group = Vec::with_capacity(requests.len());
            for request in requests.drain(..) {
                match request {
                    Request::Run(command) => group.push(command),
                    Request::Close(command, done) => {
                        self.queue.close();
                        last.push(command);
                        closing.push(done);
                    }
                }
            }
            self.commit(group).await;
        }
        self.commit(last).await;
        self.disconnect().await;
        for done in closing {
            done.send(()).ok();
        }
    }

    async fn commit(&mut self, mut group: Vec<Box<dyn Command>>) {
        if group.is_empty() {
            return;
        }
        let committed = match self.transaction(&mut group).await {
            Ok(Gathered { heads, rights }) => {
                let heads = heads.into_iter().map(|(shop, head)| News::Head(shop, head));
                let rights = rights
                    .into_iter()
                    .map(|(shop, user)| News::Rights(shop, user));
                heads.chain(rights).for_each(&*self.on_news);
                Ok(())
            }
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

    async fn transaction(
        &mut self,
        group: &mut [Box<dyn Command>],
    ) -> Result<Gathered, StoreError> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => {
                self.flush = Flush::Now;
                none.insert(Connection::connect_with(&self.options).await?)
            }
        };
        let is_lazy = group.iter().all(|command| command.flush() == Flush::Later);
        let (flush, pragma) = if is_lazy {
            (Flush::Later, "pragma synchronous = normal")
        } else {
            (Flush::Now, "pragma synchronous = full")
        };
        if flush != self.flush {
            raw_sql(pragma).execute(&mut *connection).await?;
            self.flush = flush;
        }
        let mut news = Gathered::default();
        raw_sql("begin immediate").execute(&mut *connection).await?;
        for command in group {
            raw_sql("savepoint command")
                .execute(&mut *connection)
                .await?;
            if let Err(error) = command.run(connection, &mut news).await {
                // A full disk may have undone the whole transaction, and with it the savepoint.
                raw_sql("rollback to savepoint command")
                    .execute(&mut *connection)
                    .await
                    .map_err(|_| error)?;
            }
            raw_sql("release savepoint command")
                .execute(&mut *connection)
                .await?;
        }
        raw_sql("commit").execute(&mut *connection).await?;
        Ok(news)
    }

    async fn disconnect(&mut self) {
        if let Some(connection) = self.connection.take() {
            // There is nobody to tell and nothing to do about it: the file is as good as after a crash.
            connection.close().await.ok();
        }
    }
}

#[cfg(test)]
mod tests;
