//! The process ends without saying goodbye.

use std::{
    env,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
};

use shopbell_protocol::{DurableEvent, Seq, WorkOrderId};
use shopbell_store::{Settings, Store};

use crate::{
    checks::check,
    people::{ana, dana},
    shop::{Bells, Shop, describes, now, open},
};

const DATABASE: &str = "SHOPBELL_STORE_CRASH_TEST";

#[tokio::test]
async fn a_store_that_is_dropped_opens_again_with_everything() {
    let shop = Shop::open().await;
    let id = WorkOrderId(25);
    let committed = shop.patch(&dana(), id, describes("written")).await.unwrap();
    let (home, bells) = (shop.home, shop.bells);
    drop(shop.store);
    let store = open(&home, &bells).await;
    store.migrate().await.unwrap();
    let order = store.work_order(&ana(), id).await.unwrap().unwrap();
    assert_eq!(order.value, committed.value);
    check(&store).await;
}

/// Not a test by itself: what the next one starts and kills. Prints each number after its answer.
#[tokio::test]
async fn writes_until_it_is_killed() {
    let Some(path) = env::var_os(DATABASE) else {
        return;
    };
    let store = Store::open(Settings::at(PathBuf::from(path)), |_| {})
        .await
        .unwrap();
    for turn in 0_i64.. {
        let id = WorkOrderId(1 + turn % 40);
        let patch = describes(format!("turn {turn}"));
        let committed = store
            .patch_work_order(&dana(), id, patch, None, now())
            .await;
        println!("acknowledged {}", committed.unwrap().seq);
    }
}

#[tokio::test]
async fn what_was_answered_survives_a_kill() {
    let shop = Shop::open().await;
    shop.store.close().await;
    let path = shop.home.path();
    let mut acknowledged = 0;
    for round in 1..=3 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["crash::writes_until_it_is_killed", "--exact", "--nocapture"])
            .env(DATABASE, &path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let numbers = lines.filter_map(|line| {
            let line = line.unwrap();
            line.strip_prefix("acknowledged ")?.parse::<i64>().ok()
        });
        acknowledged = numbers.take(20 * round).last().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();

        let store = open(&shop.home, &Bells::default()).await;
        store.migrate().await.unwrap();
        check(&store).await;
        let rows = store
            .read_journal(ana().shop, Seq(acknowledged - 1), 1)
            .await
            .unwrap();
        assert!(matches!(rows[0].event, DurableEvent::WorkOrderUpdated(_)));
        store.close().await;
    }
    assert!(acknowledged > 0);
}
