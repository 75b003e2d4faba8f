//! A server that dies, hangs, or is held up by others.

use std::time::{Duration, Instant};

use shopbell_domain::Actor;
use shopbell_protocol::{Customer, NewCustomer, Seq, WorkOrderId};
use shopbell_store::{CommandError, CustomerFilter, StoreError};
use sqlx::raw_sql;
use tokio::time::{interval, timeout};

use crate::{
    checks::check,
    home::Home,
    people::{ana, dana, olga},
    server::Server,
    sessions::{found, serve, tariks},
    shop::{Bells, Shop, describes, later, now, open, page},
};

/// How long anybody waits for an answer, and a store for a server that is back.
const SOON: Duration = Duration::from_secs(2);

const ORDER: WorkOrderId = WorkOrderId(25);

async fn shop_on(server: &Server) -> Shop {
    Shop::filled_at(Home::of(server)).await
}

async fn write(shop: &Shop, text: &str) -> Result<Seq, StoreError> {
    match shop.patch(&dana(), ORDER, describes(text)).await {
        Ok(committed) => Ok(committed.seq),
        Err(CommandError::Store(error)) => Err(error),
        Err(other) => panic!("{other:?}"),
    }
}

/// Adds a customer.
async fn add(shop: &Shop, actor: &Actor, name: &str) -> Result<(), CommandError<Customer>> {
    let new = NewCustomer {
        name: name.to_owned(),
        phone: None,
        email: None,
        address: None,
        notes: None,
    };
    let added = shop.store.add_customer(actor, new, now()).await;
    added.map(drop)
}

/// Writes and reads until both work again.
async fn comes_back(shop: &Shop) {
    let works = async {
        let mut again = interval(Duration::from_millis(20));
        loop {
            again.tick().await;
            if write(shop, "back").await.is_ok() && shop.store.ping().await.is_ok() {
                break;
            }
        }
    };
    timeout(SOON, works).await.unwrap();
}

#[tokio::test]
async fn what_was_answered_survives_a_server_that_dies_and_sessions_do_not() {
    let mut server = Server::start_or_skip();
    let shop = serve(shop_on(&server).await).await;
    let mut answered = Vec::new();
    for round in 0..3 {
        for turn in 0..20 {
            answered.push(write(&shop, &format!("{round} {turn}")).await.unwrap());
        }
        server.order("kill");
        for _ in 0..3 {
            let failed = write(&shop, "nobody is there").await.unwrap_err();
            assert!(matches!(failed, StoreError::Unavailable), "{failed:?}");
        }
        let failed = shop.store.ping().await.unwrap_err();
        assert!(matches!(failed, StoreError::Unavailable), "{failed:?}");
        server.order("start");
        comes_back(&shop).await;
    }
    check(&shop.store).await;
    for seq in answered {
        let rows = shop.store.read_journal(ana().shop, Seq(seq.0 - 1), 1).await;
        assert_eq!(rows.unwrap()[0].event.seq(), seq);
    }
    assert!(found(&shop.store, now()).await.is_empty());

    // In good order nothing is lost.
    let shop = serve(shop).await;
    server.order("stop");
    server.order("start");
    comes_back(&shop).await;
    assert_eq!(found(&shop.store, now()).await, ["a", "b"]);
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up_in_time_and_loses_nobody() {
    let mut server = Server::start_or_skip();
    let shop = shop_on(&server).await;
    write(&shop, "before").await.unwrap();
    let head = shop.head().await;
    server.order("pause");
    let asked = Instant::now();
    let writes = (0..50).map(|_| write(&shop, "does anybody hear"));
    let (writes, read) = tokio::join!(futures_util::future::join_all(writes), shop.store.ping());
    let waited = asked.elapsed();
    assert!(matches!(read, Err(StoreError::Unavailable)), "{read:?}");
    for write in writes {
        assert!(matches!(write, Err(StoreError::Unavailable)), "{write:?}");
    }
    assert!(waited < SOON + Duration::from_millis(500), "{waited:?}");

    server.order("resume");
    comes_back(&shop).await;
    // What was given up left nothing behind.
    let since = format!("{:?}", shop.events(head).await);
    assert!(since.contains("back"), "{since}");
    assert!(!since.contains("does anybody hear"), "{since}");
    check(&shop.store).await;
}

#[tokio::test]
async fn a_commit_without_an_answer_is_unknown_and_what_is_lazy_does_not_wait_for_it() {
    let server = Server::start_or_skip();
    let shop = shop_on(&server).await;
    let head = shop.head().await;
    // Commits are written, and then wait for a copy on a server that there is not.
    let mut other = shop.connect().await;
    for sql in [
        "alter system set synchronous_standby_names = 'nobody'",
        "select pg_reload_conf()",
    ] {
        raw_sql(sql).execute(&mut other).await.unwrap();
    }
    let asked = Instant::now();
    let (unknown, text) = loop {
        // The server takes a moment to read its settings.
        let text = format!("written after {:?}", asked.elapsed());
        match write(&shop, &text).await {
            Ok(_) => assert!(asked.elapsed() < SOON),
            Err(error) => break (error, text),
        }
    };
    assert!(matches!(unknown, StoreError::Unknown), "{unknown:?}");
    for pid in ["a", "b"] {
        shop.store.open_session(&tariks(pid)).await.unwrap();
    }

    for sql in [
        "alter system reset synchronous_standby_names",
        "select pg_reload_conf()",
    ] {
        raw_sql(sql).execute(&mut other).await.unwrap();
    }
    comes_back(&shop).await;
    // This time it had been done.
    assert!(format!("{:?}", shop.events(head).await).contains(&text));
    check(&shop.store).await;
}

#[tokio::test]
async fn connections_that_were_ended_are_made_anew_at_once() {
    let shop = Shop::open().await;
    for turn in 0..3 {
        write(&shop, &format!("turn {turn}")).await.unwrap();
        raw_sql(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()",
        )
        .execute(&mut shop.connect().await)
        .await
        .unwrap();
        write(&shop, &format!("turn {turn} again")).await.unwrap();
        shop.store.ping().await.unwrap();
    }
    check(&shop.store).await;
}

#[tokio::test]
async fn a_shop_that_another_process_holds_is_busy_and_the_other_shop_is_not() {
    let shop = Shop::open().await;
    let mut other = shop.connect().await;
    raw_sql("begin; update journal_head set head = head where shop_id = 1")
        .execute(&mut other)
        .await
        .unwrap();
    let asked = Instant::now();
    let olga = &olga();
    let (held, free) = tokio::join!(write(&shop, "held"), add(&shop, olga, "Free"),);
    assert!(matches!(held, Err(StoreError::Unavailable)), "{held:?}");
    free.unwrap();
    assert!(asked.elapsed() < SOON + Duration::from_millis(500));
    raw_sql("rollback").execute(&mut other).await.unwrap();
    write(&shop, "released").await.unwrap();
    check(&shop.store).await;
}

#[tokio::test]
async fn two_processes_write_the_same_shops_without_holes_or_deadlocks() {
    let shop = Shop::open().await;
    let other = Shop {
        store: open(&shop.home, &Bells::default()).await,
        home: Home::empty().await,
        bells: Bells::default(),
    };
    let before = shop.head().await;
    let (dana, olga) = (&dana(), &olga());
    let writes = (0..40).map(|turn| {
        let shop = if turn % 2 == 0 { &shop } else { &other };
        async move {
            let text = format!("turn {turn}");
            let both = tokio::join!(
                write(shop, &text),
                add(shop, olga, "Of the other shop"),
                shop.store.seen(dana.id, later(turn)),
                add(shop, dana, "Of this shop"),
            );
            both.0.unwrap();
            both.1.unwrap();
            both.2.unwrap();
            both.3.unwrap();
        }
    });
    futures_util::future::join_all(writes).await;
    assert!(shop.head().await.0 >= before.0 + 80);
    assert_eq!(shop.head().await, other.head().await);
    check(&shop.store).await;
    check(&other.store).await;
}

#[tokio::test]
async fn names_sort_by_their_letters_in_whatever_language_the_server_is() {
    let shop = Shop::open().await;
    let names = ["zz-b", "zz a", "zzb", "zz_c", "Zz", "zz a b"];
    for name in names {
        add(&shop, &dana(), name).await.unwrap();
    }
    let filter = CustomerFilter {
        search: Some("zz".to_owned()),
    };
    let found = shop
        .store
        .customers(dana().shop, &filter, &dana(), &page(100))
        .await;
    let found = found.unwrap().value.rows;
    let found: Vec<_> = found.iter().map(|customer| &*customer.name).collect();
    assert_eq!(found, ["Zz", "zz a", "zz a b", "zz-b", "zz_c", "zzb"]);
}
