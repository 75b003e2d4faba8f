use std::{path::Path, sync::Mutex, time::Duration};

use tempfile::TempDir;

use super::*;
use crate::database::{query, query_scalar};

const LANE: Lane = Lane::Alone(0);

type Bells = Arc<Mutex<Vec<News>>>;

fn place(folder: &Path) -> Place {
    Place::Sqlite(folder.join("test.db"))
}

const PATIENCE: Duration = Duration::from_millis(50);

/// A writer on a database with one table, `notes`.
async fn writer(place: &Place, queue: usize) -> (Writer, Bells) {
    let mut connection = place.connect(PATIENCE).await.unwrap();
    connection
        .run("create table if not exists notes (text text not null)")
        .await
        .unwrap();
    let bells = Bells::default();
    let ring = Arc::clone(&bells);
    let on_news: OnNews = Arc::new(move |news| ring.lock().unwrap().push(news));
    let writer = Writer::start(connection, place, PATIENCE, 1, queue, &on_news);
    (writer, bells)
}

async fn insert(connection: &mut Connection, text: String) -> Result<Written<()>, StoreError> {
    query("insert into notes (text) values ($1)")
        .bind(text)
        .execute(connection)
        .await?;
    Ok(Written {
        value: (),
        heads: vec![(ShopId(1), Seq(1))],
        rights: Vec::new(),
    })
}

async fn add(writer: &Writer, text: &str) -> Result<(), StoreError> {
    let text = text.to_owned();
    writer
        .run(LANE, move |connection| Box::pin(insert(connection, text)))
        .await
}

async fn notes(place: &Place) -> Vec<String> {
    let mut connection = place.connect(PATIENCE).await.unwrap();
    query_scalar("select text from notes order by rowid")
        .fetch_all(&mut connection)
        .await
        .unwrap()
}

/// Something in the queue that holds the writer until the sender is used or dropped.
async fn hold(writer: &Writer) -> oneshot::Sender<()> {
    let (release, released) = oneshot::channel::<()>();
    let (began, begun) = oneshot::channel();
    let writer = writer.clone();
    tokio::spawn(async move {
        writer
            .run(LANE, move |_| {
                Box::pin(async move {
                    began.send(()).unwrap();
                    released.await.ok();
                    Ok(Written::quietly(()))
                })
            })
            .await
    });
    begun.await.unwrap();
    release
}

fn nothing(_: &mut Connection) -> BoxFuture<'_, Result<Written<()>, StoreError>> {
    Box::pin(async { Ok(Written::quietly(())) })
}

/// Runs it until it waits for the first time.
fn start<T>(future: &mut std::pin::Pin<Box<impl Future<Output = T>>>) {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
}

#[tokio::test]
async fn what_waits_is_committed_together_and_rings_once() {
    let folder = TempDir::new().unwrap();
    let place = place(folder.path());
    let (writer, bells) = writer(&place, 100).await;
    let release = hold(&writer).await;
    let mut waiting: Vec<_> = (0..40)
        .map(|_| Box::pin(add(&writer, "together")))
        .collect();
    waiting.iter_mut().for_each(start);
    release.send(()).unwrap();
    for answer in waiting {
        answer.await.unwrap();
    }
    assert_eq!(bells.lock().unwrap().len(), 1);
    assert_eq!(notes(&place).await.len(), 40);
}

#[tokio::test]
async fn a_full_queue_says_so_at_once() {
    let folder = TempDir::new().unwrap();
    let (writer, _) = writer(&place(folder.path()), 1).await;
    let release = hold(&writer).await;
    let mut waiting = Box::pin(add(&writer, "waits"));
    start(&mut waiting);
    assert!(matches!(
        add(&writer, "too much").await,
        Err(StoreError::Unavailable)
    ));
    release.send(()).unwrap();
    waiting.await.unwrap();
}

#[tokio::test]
async fn a_caller_that_goes_away_loses_nothing() {
    let folder = TempDir::new().unwrap();
    let place = place(folder.path());
    let (writer, bells) = writer(&place, 10).await;
    let release = hold(&writer).await;
    let mut gone = Box::pin(add(&writer, "gone"));
    start(&mut gone);
    drop(gone);
    release.send(()).unwrap();
    writer.close(nothing).await;
    assert_eq!(notes(&place).await, ["gone"]);
    assert_eq!(*bells.lock().unwrap(), [News::Head(ShopId(1), Seq(1))]);
}

#[tokio::test]
async fn a_command_that_fails_takes_nobody_with_it() {
    let folder = TempDir::new().unwrap();
    let place = place(folder.path());
    let (writer, bells) = writer(&place, 10).await;
    let release = hold(&writer).await;
    let mut before = Box::pin(add(&writer, "before"));
    let mut failing = Box::pin(writer.run::<(), _>(LANE, |connection| {
        Box::pin(async move {
            insert(connection, "half".to_owned()).await?;
            Err(sqlx::Error::RowNotFound.into())
        })
    }));
    let mut after = Box::pin(add(&writer, "after"));
    start(&mut before);
    start(&mut failing);
    start(&mut after);
    release.send(()).unwrap();
    before.await.unwrap();
    assert!(matches!(failing.await, Err(StoreError::Internal(_))));
    after.await.unwrap();
    assert_eq!(notes(&place).await, ["before", "after"]);
    assert_eq!(bells.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_transaction_that_is_gone_fails_all_of_it_and_the_next_one_works() {
    let folder = TempDir::new().unwrap();
    let place = place(folder.path());
    let (writer, bells) = writer(&place, 10).await;
    let release = hold(&writer).await;
    let mut before = Box::pin(add(&writer, "before"));
    // As SQLite does by itself when the disk is full.
    let mut failing = Box::pin(writer.run::<(), _>(LANE, |connection| {
        Box::pin(async move {
            connection.run("rollback").await?;
            Err(StoreError::StorageFull)
        })
    }));
    start(&mut before);
    start(&mut failing);
    release.send(()).unwrap();
    assert!(matches!(before.await, Err(StoreError::StorageFull)));
    assert!(matches!(failing.await, Err(StoreError::StorageFull)));
    assert!(bells.lock().unwrap().is_empty());
    add(&writer, "next").await.unwrap();
    assert_eq!(notes(&place).await, ["next"]);
}

#[tokio::test]
async fn a_full_disk_is_told_apart_and_heals() {
    let folder = TempDir::new().unwrap();
    let place = place(folder.path());
    let (writer, _) = writer(&place, 10).await;
    let fill = writer.run(LANE, |connection| {
        Box::pin(async move {
            connection.run("pragma max_page_count = 20").await?;
            Ok(Written::quietly(()))
        })
    });
    fill.await.unwrap();
    let large = "x".repeat(200_000);
    assert!(matches!(
        add(&writer, &large).await,
        Err(StoreError::StorageFull)
    ));
    add(&writer, "small").await.unwrap();
    assert_eq!(notes(&place).await, ["small"]);
}

#[tokio::test]
async fn a_database_that_another_process_holds_is_busy_and_comes_back() {
    let folder = TempDir::new().unwrap();
    let place = place(folder.path());
    let (writer, _) = writer(&place, 10).await;
    let mut other = place.connect(PATIENCE).await.unwrap();
    other.run("begin immediate").await.unwrap();
    assert!(matches!(
        add(&writer, "late").await,
        Err(StoreError::Unavailable)
    ));
    other.run("rollback").await.unwrap();
    add(&writer, "now").await.unwrap();
}

#[tokio::test]
async fn closing_finishes_what_was_asked_and_takes_no_more() {
    let folder = TempDir::new().unwrap();
    let place = place(folder.path());
    let (writer, _) = writer(&place, 10).await;
    let release = hold(&writer).await;
    let mut asked = Box::pin(add(&writer, "asked"));
    let mut closing = Box::pin(writer.close(nothing));
    start(&mut asked);
    start(&mut closing);
    release.send(()).unwrap();
    closing.await;
    asked.await.unwrap();
    assert!(writer.is_closed());
    assert!(matches!(
        add(&writer, "more").await,
        Err(StoreError::Unavailable)
    ));
    assert_eq!(notes(&place).await, ["asked"]);
}

/// How what is asked now would be flushed: SQLite's number for it.
fn synchronous(connection: &mut Connection) -> BoxFuture<'_, Result<Written<i64>, StoreError>> {
    Box::pin(async {
        let mode = query_scalar("pragma synchronous").fetch_one(connection);
        Ok(Written::quietly(mode.await?))
    })
}

#[tokio::test]
async fn a_lazy_command_is_flushed_with_others_and_not_by_itself() {
    const NORMAL: i64 = 1;
    const FULL: i64 = 2;
    let folder = TempDir::new().unwrap();
    let place = place(folder.path());
    let (writer, _) = writer(&place, 10).await;
    assert_eq!(writer.run_lazily(LANE, synchronous).await.unwrap(), NORMAL);
    assert_eq!(writer.run_lazily(LANE, synchronous).await.unwrap(), NORMAL);
    assert_eq!(writer.run(LANE, synchronous).await.unwrap(), FULL);

    let release = hold(&writer).await;
    let mut lazy = Box::pin(writer.run_lazily(LANE, synchronous));
    let mut durable = Box::pin(writer.run(LANE, synchronous));
    start(&mut lazy);
    start(&mut durable);
    release.send(()).unwrap();
    assert_eq!(lazy.await.unwrap(), FULL);
    assert_eq!(durable.await.unwrap(), FULL);

    // A connection that had to be made anew starts from full.
    assert_eq!(writer.run_lazily(LANE, synchronous).await.unwrap(), NORMAL);
    let failing = writer.run_lazily::<(), _>(LANE, |connection| {
        Box::pin(async move {
            connection.run("rollback").await?;
            Err(StoreError::StorageFull)
        })
    });
    failing.await.unwrap_err();
    assert_eq!(writer.run(LANE, synchronous).await.unwrap(), FULL);
    assert_eq!(writer.run_lazily(LANE, synchronous).await.unwrap(), NORMAL);
}

#[tokio::test]
async fn the_last_command_comes_after_all_others() {
    let folder = TempDir::new().unwrap();
    let place = place(folder.path());
    let (writer, _) = writer(&place, 10).await;
    let release = hold(&writer).await;
    let mut closing =
        Box::pin(writer.close(|connection| Box::pin(insert(connection, "last".to_owned()))));
    let mut asked = Box::pin(add(&writer, "asked"));
    start(&mut closing);
    start(&mut asked);
    release.send(()).unwrap();
    closing.await;
    asked.await.unwrap();
    assert_eq!(notes(&place).await, ["asked", "last"]);
}
