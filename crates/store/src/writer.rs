//! The writer: it owns the connections that write, and commits what is waiting together.
//!
//! A file has one lane: one task with one connection. A server has a few, and all commands of a shop go through the same one.
//!
//! A command runs to its end in the writer's task, whatever becomes of the future that asked for it. Answers are sent only
//! after the commit, which is flushed to disk (`synchronous=FULL`): while one group is being flushed the next one gathers,
//! so that many writers share one flush without anyone waiting for a timer. A group of lazy commands alone is not flushed.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::Arc,
    time::Duration,
};

use futures_util::future::BoxFuture;
use shopbell_protocol::{Seq, ShopId, UserId};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

pub(crate) use crate::database::Connection;
use crate::{Place, StoreError};

mod task;

use task::Task;

/// What is told after a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum News {
    /// A shop's journal was added to; this is its new head.
    Head(ShopId, Seq),
    /// What a person may, or one of their logins, changed.
    Rights(ShopId, UserId),
    /// The disk failed under a commit. Nothing is written any more; only a new process finds out what is on it.
    Failed,
}

pub(crate) type OnNews = Arc<dyn Fn(News) + Send + Sync>;

/// Which commands share a transaction on a server, where other processes write too: those of one shop. They wait for each
/// other at the shop's head, which all of them lock first. Others, which lock some row, are each alone, so that no two
/// processes wait for each other in a circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    Shop(ShopId),
    /// What has the same number is done in order.
    Alone(u64),
}

impl Lane {
    /// For what is known by this text.
    pub(crate) fn of(text: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        Self::Alone(hasher.finish())
    }

    const fn number(self) -> u64 {
        match self {
            Self::Shop(shop) => shop.0.unsigned_abs(),
            Self::Alone(number) => number,
        }
    }
}

impl From<ShopId> for Lane {
    fn from(shop: ShopId) -> Self {
        Self::Shop(shop)
    }
}

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

/// The way to the queues of the lanes, of which there is at least one.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    lanes: Arc<[mpsc::Sender<Request>]>,
}

enum Request {
    Run(Box<dyn Command>),
    /// Its command is the last one.
    Close(Option<Box<dyn Command>>, oneshot::Sender<()>),
}

impl Writer {
    /// Starts the tasks, the first on a connection that is open. They end when the last handle is dropped, or by
    /// [`Writer::close`]. A lane's `queue` is bounded.
    pub(crate) fn start(
        connection: Connection,
        place: &Place,
        patience: Duration,
        lanes: usize,
        queue: usize,
        on_news: &OnNews,
    ) -> Self {
        let mut connection = Some(connection);
        let lanes = (0..lanes.max(1)).map(|_| {
            let (sender, receiver) = mpsc::channel(queue);
            let task = Task::new(
                receiver,
                connection.take(),
                place.clone(),
                patience,
                Arc::clone(on_news),
            );
            tokio::spawn(task.run());
            sender
        });
        Self {
            lanes: lanes.collect(),
        }
    }

    /// Runs `work` in a savepoint of the writer's transaction and waits for the commit. An error from `work` undoes what it
    /// did; a refusal that wrote nothing is a value like any other.
    pub(crate) async fn run<T, F>(&self, lane: impl Into<Lane>, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<Written<T>, StoreError>>,
        F: Send + 'static,
    {
        self.ask(lane.into(), work, Flush::Now).await
    }

    /// The same without a flush of its own: for what survives the end of the process, not a power failure.
    pub(crate) async fn run_lazily<T, F>(&self, lane: Lane, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<Written<T>, StoreError>>,
        F: Send + 'static,
    {
        self.ask(lane, work, Flush::Later).await
    }

    async fn ask<T, F>(&self, lane: Lane, work: F, flush: Flush) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<Written<T>, StoreError>>,
        F: Send + 'static,
    {
        let (call, answer) = Call::new(lane, work, flush);
        self.queue(lane)
            .ok_or(StoreError::Unavailable)?
            .try_send(Request::Run(Box::new(call)))
            .map_err(|_| StoreError::Unavailable)?;
        // Without an answer the task has ended in the middle.
        answer.await.unwrap_or(Err(StoreError::Unknown))
    }

    fn queue(&self, lane: Lane) -> Option<&mpsc::Sender<Request>> {
        let lanes = u64::try_from(self.lanes.len()).ok()?;
        let place = lane.number().checked_rem(lanes)?;
        self.lanes.get(usize::try_from(place).ok()?)
    }

    /// Whether nothing can be written any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.lanes.iter().all(mpsc::Sender::is_closed)
    }

    /// Finishes what is queued and then `last`, takes no more, and closes the connections.
    pub(crate) async fn close<F>(&self, last: F)
    where
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Result<Written<()>, StoreError>>,
        F: Send + 'static,
    {
        let (call, _) = Call::new(Lane::Alone(0), last, Flush::Now);
        let mut last: Option<Box<dyn Command>> = Some(Box::new(call));
        for (place, queue) in self.lanes.iter().enumerate().rev() {
            let (done, closed) = oneshot::channel();
            let command = last.take_if(|_| place == 0);
            if queue.send(Request::Close(command, done)).await.is_ok() {
                // An error means that the task is gone, and the connection with it.
                closed.await.ok();
            }
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

    fn lane(&self) -> Lane;

    fn flush(&self) -> Flush;

    /// When it was put into the queue.
    fn asked(&self) -> Instant;

    /// Tells the caller, who may be gone, once it is known whether the group was committed.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Call<T, F> {
    lane: Lane,
    work: Option<F>,
    flush: Flush,
    asked: Instant,
    result: Result<T, StoreError>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Call<T, F> {
    fn new(lane: Lane, work: F, flush: Flush) -> (Self, oneshot::Receiver<Result<T, StoreError>>) {
        let (reply, answer) = oneshot::channel();
        let call = Self {
            lane,
            work: Some(work),
            flush,
            asked: Instant::now(),
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

    fn lane(&self) -> Lane {
        self.lane
    }

    fn flush(&self) -> Flush {
        self.flush
    }

    fn asked(&self) -> Instant {
        self.asked
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let result = committed.and(self.result);
        self.reply.send(result).ok();
    }
}

#[cfg(test)]
mod tests;
