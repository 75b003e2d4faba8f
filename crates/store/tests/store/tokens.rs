//! Refresh tokens, as the contract has them in §2.

use std::time::Duration;

use shopbell_protocol::{Timestamp, UserId};
use shopbell_store::{RotateRefusal, Rotated, Rotation, TokenHash};

use crate::shop::{Shop, later, now};

const FAMILY: &str = "0195-family";
const WEEK: i64 = 7 * 24 * 3_600_000;
const GRACE: i64 = 10_000;

fn token(name: u8) -> TokenHash {
    TokenHash([name; 32])
}

/// Tarik is signed in and holds token 1.
async fn signed_in() -> Shop {
    let shop = Shop::open().await;
    let start = shop
        .store
        .start_family(FAMILY, UserId(3), &token(1), later(WEEK), now())
        .await;
    start.unwrap();
    shop
}

async fn rotate(shop: &Shop, old: u8, new: u8, at: Timestamp) -> Result<Rotated, RotateRefusal> {
    let rotation = Rotation {
        old: token(old),
        new: token(new),
        expires: Timestamp::from_millis(at.as_millis() + WEEK),
        grace: Duration::from_secs(10),
        now: at,
    };
    shop.store.rotate(rotation).await.unwrap()
}

/// Whether an access token of this family still stands for its owner.
async fn works(shop: &Shop, family: &str) -> bool {
    let account = shop.store.account_by_token(UserId(3), Some(family)).await;
    account.unwrap().is_some()
}

#[tokio::test]
async fn each_refresh_gives_a_token_that_works() {
    let shop = signed_in().await;
    for (old, new) in [(1, 2), (2, 3), (3, 4)] {
        let at = later(i64::from(old) * WEEK / 2);
        let rotated = rotate(&shop, old, new, at).await.unwrap();
        assert_eq!(rotated.account.id, UserId(3));
        assert_eq!(rotated.family, FAMILY);
    }
}

#[tokio::test]
async fn a_spent_token_works_through_its_grace_and_both_successors_live() {
    let shop = signed_in().await;
    rotate(&shop, 1, 2, now()).await.unwrap();
    rotate(&shop, 1, 3, later(GRACE)).await.unwrap();
    rotate(&shop, 2, 4, later(60_000)).await.unwrap();
    rotate(&shop, 3, 5, later(60_000)).await.unwrap();
    assert!(works(&shop, FAMILY).await);
}

#[tokio::test]
async fn one_past_the_grace_the_whole_family_ends() {
    let shop = signed_in().await;
    rotate(&shop, 1, 2, now()).await.unwrap();
    // A second use does not prolong the grace of the first.
    rotate(&shop, 1, 3, later(GRACE)).await.unwrap();
    let refused = rotate(&shop, 1, 4, later(GRACE + 1)).await;
    let Err(RotateRefusal::Reused { account, family }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!((account.id, family.as_str()), (UserId(3), FAMILY));
    assert!(!works(&shop, FAMILY).await);
    for held in [2, 3] {
        let refused = rotate(&shop, held, 9, later(GRACE + 2)).await;
        assert_eq!(refused.unwrap_err(), RotateRefusal::Revoked);
    }
    let refused = rotate(&shop, 4, 9, later(GRACE + 2)).await;
    assert_eq!(refused.unwrap_err(), RotateRefusal::Unknown);
}

#[tokio::test]
async fn a_token_works_until_it_expires() {
    let shop = signed_in().await;
    assert_eq!(
        rotate(&shop, 1, 2, later(WEEK)).await.unwrap_err(),
        RotateRefusal::Expired
    );
    rotate(&shop, 1, 2, later(WEEK - 1)).await.unwrap();
}

#[tokio::test]
async fn a_revoked_family_stays_so_and_others_are_untouched() {
    let shop = signed_in().await;
    let other = "another device";
    let start = shop
        .store
        .start_family(other, UserId(3), &token(7), later(WEEK), now())
        .await;
    start.unwrap();
    shop.store.revoke_family(FAMILY, now()).await.unwrap();
    shop.store
        .revoke_family("never heard of", now())
        .await
        .unwrap();
    assert!(!works(&shop, FAMILY).await);
    for of_others in [other, "never heard of"] {
        assert!(works(&shop, of_others).await);
    }
    let refused = rotate(&shop, 1, 2, now()).await;
    assert_eq!(refused.unwrap_err(), RotateRefusal::Revoked);
    rotate(&shop, 7, 8, now()).await.unwrap();
}

#[tokio::test]
async fn a_disabled_user_gets_no_new_token() {
    let shop = signed_in().await;
    sqlx::query("update users set is_active = false where id = 3")
        .execute(&mut shop.connect().await)
        .await
        .unwrap();
    let refused = rotate(&shop, 1, 2, now()).await;
    assert_eq!(refused.unwrap_err(), RotateRefusal::Revoked);
}

#[test]
fn a_hash_is_not_printed() {
    assert_eq!(format!("{:?}", token(0xab)), "TokenHash(…)");
}
