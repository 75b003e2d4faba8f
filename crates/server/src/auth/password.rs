//! Passwords: argon2id, off the async threads, a few at a time.

use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;

/// Each check takes about 19 MiB and tens of milliseconds: more at once would only starve everything else.
const AT_ONCE: usize = 2;

/// Hashes and checks passwords.
#[derive(Clone, Debug)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// Checked for unknown accounts, so that they take as long as known ones.
    decoy: Arc<str>,
}

impl Passwords {
    /// Prepares the decoy.
    ///
    /// # Errors
    ///
    /// Fails when the system has no randomness.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            decoy: hash("decoy")?.into(),
        })
    }

    /// Whether `password` is the one of `hash`; takes the same time when there is no hash.
    pub async fn verify(&self, hash: Option<&str>, password: &str) -> bool {
        let Ok(permit) = Arc::clone(&self.permits).acquire_owned().await else {
            return false;
        };
        let exists = hash.is_some();
        let hash = hash.map_or_else(|| Arc::clone(&self.decoy), Arc::from);
        let password = password.to_owned();
        let matches = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            PasswordHash::new(&hash).is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            })
        });
        matches.await.unwrap_or(false) && exists
    }
}

impl Passwords {
    /// [`hash`], off the async threads.
    ///
    /// # Errors
    ///
    /// Fails when the system has no randomness.
    pub async fn hash(&self, password: &str) -> anyhow::Result<String> {
        let _permit = self.permits.acquire().await?;
        let password = password.to_owned();
        tokio::task::spawn_blocking(move || hash(&password)).await?
    }
}

/// The argon2id hash of a password, in PHC form with a fresh salt.
///
/// # Errors
///
/// Fails when the system has no randomness.
pub fn hash(password: &str) -> anyhow::Result<String> {
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| anyhow::anyhow!("failed to hash a password: {error}"))?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_an_existing_account_passes() {
        let passwords = Passwords::new().unwrap();
        let stored = hash("shopbell-demo").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(passwords.verify(Some(&stored), "shopbell-demo").await);
        assert!(!passwords.verify(Some(&stored), "shopbell-Demo").await);
        assert!(!passwords.verify(Some("not a hash"), "shopbell-demo").await);
        assert!(!passwords.verify(None, "decoy").await);
    }
}
