//! The same key twice gives one effect and the same answer.

use shopbell_domain::Refusal;
use shopbell_protocol::{
    Epoch, Field, NewNote, Passcode, Seq, Status, TicketId, TicketStatus, Timestamp, Version,
    WorkOrderId, WorkOrderPatch,
};
use shopbell_store::{CommandError, Kept, Once, StoreError, StoredAnswer, TicketFilter};
use sqlx::raw_sql;

use crate::{
    checks::check,
    commands::{KINDS, ORDER, command, text},
    people::{ana, dana, marko, tarik},
    shop::{Bells, Shop, assigns, describes, later, moves, now, open, refusal},
};

const DAY: i64 = 24 * 3_600_000;

fn once(key: &str, hash: u8, now: Timestamp) -> Once {
    Once {
        user: dana().id,
        route: "POST /api/things".to_owned(),
        key: key.to_owned(),
        hash: [hash; 32],
        now,
    }
}

/// Passcodes are not kept, so orders that have one are not answered the same.
async fn without_passcodes() -> Shop {
    let shop = Shop::open().await;
    raw_sql("update work_orders set device_passcode = null")
        .execute(&mut shop.connect().await)
        .await
        .unwrap();
    shop
}

/// How many rows there are of what commands write.
async fn size(shop: &Shop) -> Vec<i64> {
    let mut connection = shop.connect().await;
    let mut sizes = Vec::new();
    for sql in [
        "select count(*) from customers",
        "select count(*) from users",
        "select count(*) from tickets",
        "select count(*) from work_orders",
        "select count(*) from notes",
        "select count(*) from notifications",
        "select cast(sum(head) as bigint) from journal_head",
        "select cast(sum(last) as bigint) from number_counters",
        "select count(*) from idempotency",
    ] {
        let size = sqlx::query_scalar(sql).fetch_one(&mut connection).await;
        sizes.push(size.unwrap());
    }
    sizes
}

async fn in_intake(shop: &Shop) -> TicketId {
    let filter = TicketFilter {
        status: vec![TicketStatus::Intake],
        ..TicketFilter::default()
    };
    shop.tickets(&ana(), &filter).await[0].id
}

#[tokio::test]
async fn each_kind_of_command_is_done_once_and_answered_twice() {
    let shop = without_passcodes().await;
    let ticket = in_intake(&shop).await;
    for kind in 0..KINDS {
        let store = shop.store.once(once(&format!("key {kind}"), 1, now()));
        let before = size(&shop).await;
        let (first, replayed) = command(&store, kind, ticket).await;
        assert!(!replayed, "{kind}");
        let after = size(&shop).await;
        assert_ne!(after, before, "{kind}");
        let again = command(&store, kind, ticket).await;
        assert_eq!(again, (first, true), "{kind}");
        assert_eq!(size(&shop).await, after, "{kind}");
    }
    check(&shop.store).await;
}

#[tokio::test]
async fn one_notification_is_marked_once() {
    let shop = Shop::open().await;
    let row = shop.inbox(&tarik()).await.remove(0);
    let store = shop.store.once(once("mark", 1, now()));
    let mark = async |is_read| {
        let marked = store
            .mark_notification(&tarik(), row.id, is_read, now())
            .await;
        text(marked)
    };
    let (first, _) = mark(!row.is_read).await;
    // Somebody changes it back; the late repetition does not undo that.
    let back = shop
        .store
        .mark_notification(&tarik(), row.id, row.is_read, now())
        .await;
    back.unwrap();
    assert_eq!(mark(!row.is_read).await, (first, true));
    assert_eq!(shop.inbox(&tarik()).await[0].is_read, row.is_read);
}

#[tokio::test]
async fn a_key_is_one_persons_on_one_route_for_one_body() {
    let shop = Shop::open().await;
    let patch = async |once: Once| {
        let store = shop.store.once(once);
        store
            .patch_work_order(&dana(), ORDER, describes("once"), None, now())
            .await
    };
    assert!(!patch(once("key", 1, now())).await.unwrap().replayed);
    let before = size(&shop).await;
    let reused = patch(once("key", 2, now())).await;
    assert!(matches!(reused, Err(CommandError::KeyReused)));
    assert_eq!(size(&shop).await, before);
    let kept = shop.store.kept(&once("key", 2, now())).await.unwrap();
    assert_eq!(kept, Some(Kept::KeyReused));

    for other in [
        once("another", 2, now()),
        Once {
            user: marko().id,
            ..once("key", 2, now())
        },
        Once {
            route: "POST /api/others".to_owned(),
            ..once("key", 2, now())
        },
    ] {
        assert_eq!(shop.store.kept(&other).await.unwrap(), None);
        assert!(!patch(other).await.unwrap().replayed);
    }
}

#[tokio::test]
async fn two_at_once_are_one() {
    let shop = Shop::open().await;
    let store = shop.store.once(once("key", 1, now()));
    let before = size(&shop).await;
    let (one, two) = tokio::join!(
        command(&store, 4, TicketId(0)),
        command(&store, 4, TicketId(0))
    );
    assert_eq!(one.0, two.0);
    assert_eq!([one.1, two.1], [false, true]);
    let work_orders = 3;
    assert_eq!(size(&shop).await[work_orders], before[work_orders] + 1);
}

#[tokio::test]
async fn it_is_remembered_for_a_day_over_a_restart() {
    let shop = Shop::open().await;
    let (first, _) = command(&shop.store.once(once("key", 1, now())), 0, TicketId(0)).await;
    shop.store.close().await;
    let store = open(&shop.home, &Bells::default()).await;
    let last = once("key", 1, later(DAY - 1));
    assert_eq!(store.kept(&last).await.unwrap(), Some(Kept::Command));
    assert_eq!(
        command(&store.once(last), 0, TicketId(0)).await,
        (first, true)
    );
    // The day is that of the first time.
    let next = once("key", 2, later(DAY));
    assert_eq!(store.kept(&next).await.unwrap(), None);
    assert!(!command(&store.once(next.clone()), 0, TicketId(0)).await.1);
    assert!(command(&store.once(next), 0, TicketId(0)).await.1);
}

#[tokio::test]
async fn what_was_refused_for_good_is_refused_again() {
    let shop = without_passcodes().await;
    let technician = shop.find(Status::InProgress, Some(tarik().id)).await;
    let forbidden = WorkOrderPatch {
        cost_total: Field::Set(None),
        ..WorkOrderPatch::default()
    };
    let nobody = assigns(Some(shopbell_protocol::UserId(99)));
    for (key, who, id, patch, if_match) in [
        ("404", dana(), WorkOrderId(9_999), describes("x"), None),
        ("403", dana(), ORDER, forbidden, None),
        (
            "412",
            tarik(),
            technician,
            describes("x"),
            Some(Version(99)),
        ),
        ("400", dana(), ORDER, nobody, None),
    ] {
        let store = shop.store.once(once(key, 1, now()));
        let ask = async || {
            let asked = store
                .patch_work_order(&who, id, patch.clone(), if_match, now())
                .await;
            let Err(CommandError::Refused {
                refusal,
                current,
                seq,
                epoch,
                replayed,
            }) = asked
            else {
                panic!("{key} was done");
            };
            ((refusal, current, seq, epoch), replayed)
        };
        let (first, replayed) = ask().await;
        assert!(!replayed);
        assert_eq!(first.1.is_some(), key == "412");
        // What others do meanwhile changes nothing about it.
        shop.patch(&dana(), technician, describes(key))
            .await
            .unwrap();
        let again = ask().await;
        assert_eq!(again, (first, true), "{key}");
    }
}

#[tokio::test]
async fn what_was_refused_for_the_state_of_things_may_be_tried_again() {
    let shop = Shop::open().await;
    let id = shop.find(Status::Diagnosing, Some(tarik().id)).await;
    let store = shop.store.once(once("key", 1, now()));
    let invoice = async || {
        let patch = moves(Status::PickedUp);
        store
            .patch_work_order(&tarik(), id, patch, None, now())
            .await
    };
    let refused = invoice().await;
    assert!(matches!(
        refusal(refused),
        Refusal::IllegalTransition { .. }
    ));
    let kept = shop.store.kept(&once("key", 1, now())).await.unwrap();
    assert_eq!(kept, None);
    let Err(CommandError::Refused { replayed, .. }) = invoice().await else {
        panic!("it was done");
    };
    assert!(!replayed);
}

#[tokio::test]
async fn a_command_that_failed_leaves_its_key_free() {
    let shop = Shop::open().await;
    let store = shop.store.once(once("key", 1, now()));
    let mut other = shop.connect().await;
    raw_sql("alter table notes rename to gone")
        .execute(&mut other)
        .await
        .unwrap();
    let new = || NewNote {
        content: "Called them".to_owned(),
        customer_visible: None,
    };
    let failed = store.add_note(&dana(), ORDER, new(), now()).await;
    assert!(matches!(
        failed,
        Err(CommandError::Store(StoreError::Internal(_)))
    ));
    raw_sql("alter table gone rename to notes")
        .execute(&mut other)
        .await
        .unwrap();
    let kept = shop.store.kept(&once("key", 1, now())).await.unwrap();
    assert_eq!(kept, None);
    let added = store.add_note(&dana(), ORDER, new(), now()).await.unwrap();
    assert!(!added.replayed);
}

#[tokio::test]
async fn a_passcode_is_not_kept() {
    let shop = Shop::open().await;
    let store = shop.store.once(once("key", 1, now()));
    let patch = WorkOrderPatch {
        device_passcode: Field::Set(Some(Passcode("864297".to_owned()))),
        ..WorkOrderPatch::default()
    };
    let ask = async || {
        let patched = store
            .patch_work_order(&dana(), ORDER, patch.clone(), None, now())
            .await;
        patched.unwrap().value
    };
    let (first, again) = (ask().await, ask().await);
    assert!(first.device_passcode.is_some());
    assert_eq!(again.device_passcode, None);
    assert_eq!(again.version, first.version);
    let outcomes: Vec<String> = sqlx::query_scalar("select outcome from idempotency")
        .fetch_all(&mut shop.connect().await)
        .await
        .unwrap();
    assert_eq!(outcomes.len(), 1);
    assert!(!outcomes[0].contains("864297"));
}

#[tokio::test]
async fn an_answer_without_a_command_is_kept_as_it_is() {
    let shop = Shop::open().await;
    let answer = |body: &str| StoredAnswer {
        status: 400,
        body: body.to_owned(),
        seq: Some(Seq(7)),
        epoch: Some(Epoch("e".to_owned())),
    };
    let key = once("key", 1, now());
    for body in ["first", "second"] {
        let kept = shop.store.keep_answer(&key, answer(body));
        kept.await.unwrap();
    }
    let kept = shop.store.kept(&key).await.unwrap();
    assert_eq!(kept, Some(Kept::Answer(answer("first"))));
    let next = once("key", 1, later(DAY));
    shop.store.keep_answer(&next, answer("next")).await.unwrap();
    let kept = shop.store.kept(&next).await.unwrap();
    assert_eq!(kept, Some(Kept::Answer(answer("next"))));

    // A command must not run under it.
    let store = shop.store.once(next);
    let refused = store
        .patch_work_order(&dana(), ORDER, describes("x"), None, now())
        .await;
    assert!(matches!(
        refused,
        Err(CommandError::Store(StoreError::Unavailable))
    ));
}
