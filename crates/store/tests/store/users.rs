//! Staff and their accounts.

use shopbell_protocol::{Role, UserId};
use shopbell_store::PageRequest;

use crate::{
    people::{ana, olga},
    shop::{Shop, later, now, page},
};

#[tokio::test]
async fn staff_are_listed_by_name_page_by_page() {
    let shop = Shop::open().await;
    let mut names = Vec::new();
    let mut next = page(2);
    loop {
        let users = shop
            .store
            .users(ana().shop, None, &next)
            .await
            .unwrap()
            .value;
        names.extend(users.rows.into_iter().map(|user| user.name));
        match users.next_cursor {
            // As it comes back from a caller.
            Some(cursor) => next.cursor = Some(cursor.to_string().parse().unwrap()),
            None => break,
        }
    }
    assert_eq!(
        names,
        [
            "Ana Novak",
            "Dana Horvat",
            "Jelena Đurić",
            "Marko Kovač",
            "Tarik Šehić"
        ]
    );
}

#[tokio::test]
async fn a_role_and_a_shop_narrow_the_list() {
    let shop = Shop::open().await;
    let technicians = Some(Role::Technician);
    let names = async |of| {
        let users = shop.store.users(of, technicians, &page(20)).await.unwrap();
        users
            .value
            .rows
            .into_iter()
            .map(|user| user.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(ana().shop).await, ["Jelena Đurić", "Tarik Šehić"]);
    assert_eq!(names(olga().shop).await, ["Theo Other"]);
}

#[tokio::test]
async fn a_cursor_of_another_list_shows_nobody_elses_rows() {
    let shop = Shop::open().await;
    let foreign = PageRequest {
        limit: 20,
        cursor: Some("0.1".parse().unwrap()),
    };
    let users = shop.store.users(olga().shop, None, &foreign).await.unwrap();
    assert!(users.value.rows.iter().all(|user| user.id.0 >= 6));
}

#[tokio::test]
async fn a_user_of_another_shop_does_not_exist() {
    let shop = Shop::open().await;
    assert!(
        shop.store
            .user(ana().shop, UserId(6))
            .await
            .unwrap()
            .is_none()
    );
    let user = shop
        .store
        .user(ana().shop, UserId(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(user.value.email.as_deref(), Some("admin@shopbell.test"));
    assert_eq!(user.seq, shop.head().await);
}

#[tokio::test]
async fn an_address_is_found_in_any_case() {
    let shop = Shop::open().await;
    let account = shop
        .store
        .account_by_email(" Tech1@Shopbell.TEST")
        .await
        .unwrap();
    assert_eq!(account.unwrap().id, UserId(3));
    assert!(
        shop.store
            .account_by_email("tech1")
            .await
            .unwrap()
            .is_none()
    );
    assert!(shop.store.account(UserId(99)).await.unwrap().is_none());
}

#[tokio::test]
async fn being_seen_moves_only_forward_and_rings_no_bell() {
    let shop = Shop::open().await;
    for at in [later(5), now(), later(3)] {
        shop.store.seen(UserId(3), at).await.unwrap();
    }
    let user = shop
        .store
        .user(ana().shop, UserId(3))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(user.value.last_seen, Some(later(5)));
    assert!(shop.rung().is_empty());
}

#[tokio::test]
async fn an_account_shows_no_secret_when_printed() {
    let shop = Shop::open().await;
    let account = shop.store.account(UserId(1)).await.unwrap().unwrap();
    assert!(!format!("{account:?}").contains("argon2id"));
}
