//! Taking on and changing members of staff.

use shopbell_domain::Refusal;
use shopbell_protocol::{
    Role, Status, TicketId, TicketStatus, User, UserId, UserPatch, Version, WorkOrderId,
};
use shopbell_store::{CommandError, Committed, TicketFilter, TokenHash};

use crate::{
    checks::check,
    people::{ana, dana, jelena, marko, olga, tarik, theo},
    shop::{Shop, assigns, later, now, page, refusal},
};

fn disabled() -> UserPatch {
    UserPatch {
        is_active: Some(false),
        ..UserPatch::default()
    }
}

fn becomes(role: Role) -> UserPatch {
    UserPatch {
        role: Some(role),
        ..UserPatch::default()
    }
}

fn named(name: &str) -> UserPatch {
    UserPatch {
        name: Some(name.to_owned()),
        ..UserPatch::default()
    }
}

async fn patch(
    shop: &Shop,
    id: UserId,
    patch: UserPatch,
) -> Result<Committed<User>, CommandError<User>> {
    shop.store
        .patch_user(&ana(), id, patch, None, None, later(1))
        .await
}

async fn signs_in(shop: &Shop, user: UserId) -> &'static str {
    let (refresh, expires) = (TokenHash([7; 32]), later(1_000_000));
    let started = shop
        .store
        .start_family("login", user, &refresh, expires, now());
    started.await.unwrap();
    "login"
}

#[tokio::test]
async fn a_new_one_can_sign_in_and_is_one_of_the_staff() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    let added = shop
        .store
        .add_user(
            &ana(),
            "Ivo Ban",
            "Ivo@Shopbell.test",
            Role::Technician,
            "$hash",
            later(1),
        )
        .await
        .unwrap();
    let user = shop
        .store
        .user(ana().shop, added.value.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(user.value, added.value);
    assert_eq!(
        (user.value.is_active, user.value.version),
        (true, Some(Version(1)))
    );
    let account = shop
        .store
        .account_by_email("ivo@shopbell.TEST")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((account.id, account.shop), (added.value.id, ana().shop));
    assert_eq!(account.password_hash(), "$hash");
    shop.assert_untouched(head).await;
    let order = shop
        .patch(&marko(), WorkOrderId(38), assigns(Some(account.id)))
        .await;
    assert_eq!(
        order.unwrap().value.technician_name.as_deref(),
        Some("Ivo Ban")
    );
}

#[tokio::test]
async fn an_address_is_one_persons_in_any_case_and_any_shop() {
    let shop = Shop::open().await;
    for email in [
        "desk@shopbell.test",
        "DESK@shopbell.test",
        "Tech@Other.Test",
    ] {
        let refused = shop
            .store
            .add_user(&ana(), "Ivo Ban", email, Role::Manager, "$hash", now())
            .await;
        let Refusal::Conflict(sentence) = refusal(refused) else {
            panic!("not in conflict");
        };
        assert!(!sentence.contains("shop"), "{sentence}");
    }
    let staff = shop
        .store
        .users(ana().shop, None, &page(100))
        .await
        .unwrap();
    assert_eq!(staff.value.rows.len(), 5);
}

#[tokio::test]
async fn only_an_admin_adds_and_changes_people() {
    let shop = Shop::open().await;
    for who in [marko(), tarik(), dana()] {
        let refused = shop
            .store
            .add_user(
                &who,
                "Ivo Ban",
                "ivo@shopbell.test",
                Role::Admin,
                "$hash",
                now(),
            )
            .await;
        assert_eq!(refusal(refused), Refusal::Forbidden);
        // Not even themselves, and not telling who there is.
        for id in [who.id, UserId(999)] {
            let refused = shop
                .store
                .patch_user(&who, id, named("Me"), None, None, now())
                .await;
            assert_eq!(refusal(refused), Refusal::Forbidden);
        }
    }
    for (who, id) in [
        (ana(), theo().id),
        (olga(), tarik().id),
        (ana(), UserId(99)),
    ] {
        let refused = shop
            .store
            .patch_user(&who, id, disabled(), Some("$new".to_owned()), None, now())
            .await;
        assert_eq!(refusal(refused), Refusal::NotFound);
    }
}

#[tokio::test]
async fn a_name_shows_in_open_orders_and_in_tickets_still_in_intake() {
    let shop = Shop::open().await;
    let orders = shop.orders(&ana(), &Default::default()).await;
    let tickets = shop.tickets(&ana(), &TicketFilter::default()).await;
    let head = shop.head().await;
    let renamed = patch(&shop, tarik().id, named("Tarik Šehić Babić"))
        .await
        .unwrap();
    assert_eq!(renamed.value.version, Some(Version(2)));
    let mut changed = 0;
    for before in orders {
        let after = shop.order(before.id).await;
        if before.technician_id == Some(tarik().id) && !before.status.is_closed() {
            changed += 1;
            assert_eq!(after.technician_name.as_deref(), Some("Tarik Šehić Babić"));
            assert_eq!(after.version.0, before.version.0 + 1);
        } else {
            assert_eq!(after, before);
        }
    }
    for before in tickets {
        let after = shop.ticket(before.id).await;
        if before.submitted_by == tarik().id && before.status == TicketStatus::Intake {
            changed += 1;
            assert_eq!(after.submitted_by_name, "Tarik Šehić Babić");
        } else {
            assert_eq!(after, before);
        }
    }
    assert!(changed > 10);
    assert_eq!(
        shop.events(head).await.len(),
        changed,
        "and nobody is notified"
    );
    assert_eq!(renamed.seq, shop.head().await);
    check(&shop.store).await;
}

#[tokio::test]
async fn the_last_admin_stays_one() {
    let shop = Shop::open().await;
    let head = shop.head().await;
    for last in [disabled(), becomes(Role::Manager)] {
        let refused = refusal(patch(&shop, ana().id, last).await);
        assert!(matches!(refused, Refusal::Conflict(_)));
    }
    patch(&shop, marko().id, becomes(Role::Admin))
        .await
        .unwrap();
    patch(&shop, marko().id, disabled()).await.unwrap();
    // One who is disabled is none.
    let refused = refusal(patch(&shop, ana().id, becomes(Role::Manager)).await);
    assert!(matches!(refused, Refusal::Conflict(_)));
    patch(&shop, dana().id, becomes(Role::Admin)).await.unwrap();
    patch(&shop, ana().id, becomes(Role::Manager))
        .await
        .unwrap();
    shop.assert_untouched(head).await;
}

/// Whether an access token of this login still stands for its owner.
async fn stands(shop: &Shop, id: UserId, family: &str) -> bool {
    let account = shop.store.account_by_token(id, Some(family)).await;
    account.unwrap().is_some()
}

#[tokio::test]
async fn a_new_password_or_the_end_of_work_ends_every_login() {
    let shop = Shop::open().await;
    let family = signs_in(&shop, tarik().id).await;
    // A password in the body is not looked at: it is no hash.
    let plain = UserPatch {
        password: Some("secret".to_owned()),
        ..named("Tarik Š.")
    };
    let patched = patch(&shop, tarik().id, plain).await.unwrap().value;
    assert!(stands(&shop, tarik().id, family).await);
    let account = shop.store.account(tarik().id).await.unwrap().unwrap();
    assert_eq!(account.password_hash(), "$argon2id$demo");

    let hash = Some("$argon2id$new".to_owned());
    let none = UserPatch::default();
    let changed = shop
        .store
        .patch_user(&ana(), tarik().id, none, hash, patched.version, later(2))
        .await
        .unwrap();
    assert_eq!(changed.value.version, Some(Version(3)));
    assert!(!stands(&shop, tarik().id, family).await);
    let account = shop.store.account(tarik().id).await.unwrap().unwrap();
    assert_eq!(account.password_hash(), "$argon2id$new");

    let refresh = TokenHash([8; 32]);
    let expires = later(1_000_000);
    let started = shop
        .store
        .start_family("desk", dana().id, &refresh, expires, now());
    started.await.unwrap();
    patch(&shop, dana().id, disabled()).await.unwrap();
    assert!(!stands(&shop, dana().id, "desk").await);
    assert!(
        !shop
            .store
            .account(dana().id)
            .await
            .unwrap()
            .unwrap()
            .is_active
    );
}

#[tokio::test]
async fn one_who_does_not_work_here_any_more_is_told_nothing_and_given_nothing() {
    let shop = Shop::open().await;
    patch(&shop, jelena().id, disabled()).await.unwrap();
    let head = shop.head().await;
    let refused = refusal(
        shop.patch(&marko(), WorkOrderId(38), assigns(Some(jelena().id)))
            .await,
    );
    assert!(matches!(refused, Refusal::Invalid(_)));
    let id = shop.find(Status::Pending, Some(jelena().id)).await;
    let note = shopbell_protocol::NewNote {
        content: "@Jelena Đurić has this".to_owned(),
        customer_visible: None,
    };
    shop.store
        .add_note(&marko(), id, note, now())
        .await
        .unwrap();
    let heard = shop.heard(&jelena(), head).await;
    assert!(!heard.contains(&"notification_received"), "{heard:?}");
}

#[tokio::test]
async fn a_stale_version_gets_the_person_of_now_and_what_is_so_is_no_change() {
    let shop = Shop::open().await;
    let before = shop
        .store
        .user(ana().shop, dana().id)
        .await
        .unwrap()
        .unwrap()
        .value;
    let same = UserPatch {
        role: Some(Role::FrontDesk),
        is_active: Some(true),
        ..named("Dana Horvat")
    };
    assert_eq!(patch(&shop, dana().id, same).await.unwrap().value, before);
    let stale = shop
        .store
        .patch_user(
            &ana(),
            dana().id,
            named("D."),
            None,
            Some(Version(9)),
            now(),
        )
        .await;
    let Err(CommandError::Refused {
        refusal: Refusal::VersionMismatch,
        current: Some(current),
        ..
    }) = stale
    else {
        panic!("not refused");
    };
    assert_eq!(*current, before);
    // The tickets that she took in say who she was; nothing touched them.
    assert_eq!(
        shop.ticket(TicketId(15)).await.submitted_by_name,
        "Dana Horvat"
    );
}
