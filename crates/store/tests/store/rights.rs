//! Whoever keeps someone connected hears when their rights change.

use std::time::Duration;

use shopbell_protocol::{Role, UserPatch};
use shopbell_store::{Rotation, TokenHash};

use crate::{
    people::{ana, dana, tarik},
    shop::{Shop, later, now},
};

#[tokio::test]
async fn changing_what_someone_may_is_told_and_their_name_is_not() {
    let shop = Shop::open().await;
    let renamed = UserPatch {
        name: Some("Tarik B.".to_owned()),
        ..UserPatch::default()
    };
    let demoted = UserPatch {
        role: Some(Role::FrontDesk),
        ..UserPatch::default()
    };
    let disabled = UserPatch {
        is_active: Some(false),
        ..UserPatch::default()
    };
    for (patch, password, told) in [
        (renamed, None, vec![]),
        (demoted.clone(), None, vec![tarik().id]),
        // As it is already.
        (demoted, None, vec![]),
        (UserPatch::default(), Some("$hash"), vec![tarik().id]),
        (disabled.clone(), None, vec![tarik().id]),
    ] {
        let password = password.map(str::to_owned);
        shop.store
            .patch_user(&ana(), tarik().id, patch, password, None, later(1))
            .await
            .unwrap();
        assert_eq!(shop.changed_rights(), told);
    }
    shop.store
        .patch_user(&dana(), tarik().id, disabled, None, None, later(1))
        .await
        .unwrap_err();
    assert_eq!(shop.changed_rights(), []);
}

#[tokio::test]
async fn the_end_of_a_login_is_told_once() {
    let shop = Shop::open().await;
    for family in ["left", "stolen"] {
        let refresh = TokenHash([family.len() as u8; 32]);
        let started =
            shop.store
                .start_family(family, tarik().id, &refresh, later(1_000_000), now());
        started.await.unwrap();
    }
    for told in [vec![tarik().id], vec![]] {
        shop.store.revoke_family("left", now()).await.unwrap();
        assert_eq!(shop.changed_rights(), told);
    }
    shop.store.revoke_family("unknown", now()).await.unwrap();

    for (new, at, told) in [(1, 0, vec![]), (2, 1_001, vec![tarik().id])] {
        let rotation = Rotation {
            old: TokenHash([6; 32]),
            new: TokenHash([new; 32]),
            expires: later(2_000_000),
            grace: Duration::from_secs(1),
            now: later(at),
        };
        let rotated = shop.store.rotate(rotation).await.unwrap();
        assert_eq!(rotated.is_err(), !told.is_empty());
        assert_eq!(shop.changed_rights(), told);
    }
}
