//! A disk that is full, and one that fails.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
};

use shopbell_protocol::{Seq, WorkOrderId};
use shopbell_store::{CommandError, News, Place, Settings, Store, StoreError};
use tempfile::TempDir;

use crate::{
    checks::check,
    home::Home,
    people::{ana, dana},
    shop::{Bells, Shop, describes, now, open},
};

const DATABASE: &str = "SHOPBELL_STORE_DISK_TEST";

const ORDER: WorkOrderId = WorkOrderId(25);

async fn write(store: &Store, text: String) -> Result<Seq, StoreError> {
    let patch = describes(text);
    match store
        .patch_work_order(&dana(), ORDER, patch, None, now())
        .await
    {
        Ok(committed) => Ok(committed.seq),
        Err(CommandError::Store(error)) => Err(error),
        Err(other) => panic!("{other:?}"),
    }
}

/// Not a test by itself: what the next one starts on a disk that fails. Prints how each write ended.
#[tokio::test]
async fn writes_until_the_disk_fails() {
    let Some(path) = env::var_os(DATABASE) else {
        return;
    };
    let news = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&news);
    let settings = Settings::of(Place::Sqlite(PathBuf::from(path)));
    let store = Store::open(settings, move |news| told.lock().unwrap().push(news))
        .await
        .unwrap();
    for turn in 0..1000 {
        match write(&store, format!("turn {turn}")).await {
            Ok(seq) => println!("acknowledged {seq}"),
            Err(error) => {
                println!("then {error:?}");
                break;
            }
        }
    }
    assert_eq!(news.lock().unwrap().last(), Some(&News::Failed));
    println!("then {:?}", write(&store, "more".to_owned()).await);
    println!("then {:?}", store.ping().await);
}

#[tokio::test]
async fn after_a_failed_flush_nothing_is_acknowledged_and_what_was_is_kept() {
    if !starts("strace", &["-V"]) {
        println!("skipped: there is no strace");
        return;
    }
    let shop = Shop::open().await;
    shop.store.close().await;
    let output = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null"])
        .args(["-e", "trace=fsync,fdatasync"])
        .args(["-e", "inject=fsync,fdatasync:error=EIO:when=20+"])
        .arg(env::current_exe().unwrap())
        .args([
            "disk::writes_until_the_disk_fails",
            "--exact",
            "--nocapture",
        ])
        .env(DATABASE, shop.home.path())
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = output.lines().collect();
    let acknowledged: Vec<Seq> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("acknowledged "))
        .map(|seq| Seq(seq.parse().unwrap()))
        .collect();
    let then: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("then "))
        .collect();
    assert!(!acknowledged.is_empty(), "{lines:?}");
    assert_eq!(then, ["Unknown", "Err(Unavailable)", "Err(Unavailable)"]);

    let store = open(&shop.home, &Bells::default()).await;
    check(&store).await;
    for seq in acknowledged {
        let rows = store.read_journal(ana().shop, Seq(seq.0 - 1), 1).await;
        assert_eq!(rows.unwrap()[0].event.seq(), seq);
    }
}

/// A small disk, for as long as it is held.
struct Disk(TempDir);

impl Disk {
    fn mount() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let path = folder.path().to_str().unwrap().to_owned();
        starts(
            "mount",
            &["-t", "tmpfs", "-o", "size=8m", "shopbell", &path],
        )
        .then_some(Self(folder))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        starts("umount", &["--lazy", self.0.path().to_str().unwrap()]);
    }
}

fn starts(program: &str, arguments: &[&str]) -> bool {
    let output = Command::new(program).args(arguments).output();
    output.is_ok_and(|output| output.status.success())
}

#[tokio::test]
async fn a_full_disk_refuses_whole_commands_and_works_again_when_there_is_space() {
    let Some(disk) = Disk::mount() else {
        println!("skipped: only root can mount a small disk");
        return;
    };
    let ballast = disk.0.path().join("ballast");
    fs::write(&ballast, vec![0; 2 << 20]).unwrap();
    let shop = Shop::filled_at(Home::in_folder(disk.0.path())).await;
    let mut last = shop.head().await;
    let mut end = None;
    // More than the disk can hold.
    for turn in 0..4000 {
        match write(&shop.store, format!("{turn} {}", "x".repeat(4000))).await {
            Ok(seq) => last = seq,
            Err(error) => {
                end = Some(error);
                break;
            }
        }
    }
    assert!(matches!(end, Some(StoreError::StorageFull)), "{end:?}");
    assert_full(&shop, disk.0.path()).await;
    check(&shop.store).await;
    let head = shop.head().await;
    assert!(head >= last);

    fs::remove_file(ballast).unwrap();
    write(&shop.store, "space again".to_owned()).await.unwrap();
    assert_eq!(shop.order(ORDER).await.description, "space again");
    check(&shop.store).await;
    shop.store.close().await;
}

/// It stays so, and reading goes on.
async fn assert_full(shop: &Shop, disk: &Path) {
    for _ in 0..5 {
        let head = shop.head().await;
        let refused = write(&shop.store, "y".repeat(4000)).await;
        assert!(
            matches!(refused, Err(StoreError::StorageFull)),
            "{refused:?}"
        );
        assert_eq!(shop.head().await, head);
    }
    assert!(disk.join("ballast").exists());
}
