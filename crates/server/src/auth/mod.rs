//! Who is it: signing in, keeping signed in, and turning a token into a [`Session`].

pub mod password;
pub mod secret;
pub mod token;

use std::time::Duration;

use http::{HeaderMap, header};
use sha2::{Digest as _, Sha256};
use shopbell_domain::{Actor, visible_user};
use shopbell_protocol::{Claims, Code, Role, Timestamp, TokenPair, TokenType, UserId};
use shopbell_store::{Account, RotateRefusal, Rotation, Store, StoreError, TokenHash};
use thiserror::Error;
use uuid::Uuid;

use crate::{clock::Clock, config};
use password::Passwords;
use token::Tokens;

/// An authenticated person: cannot exist otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who, with the database's role.
    pub actor: Actor,
    /// The login family of the token, which logout revokes; tokens made elsewhere have none.
    pub family: Option<String>,
    /// When the token expires.
    pub expires: Timestamp,
}

/// Why nobody was authenticated.
#[derive(Debug, Error)]
pub enum AuthError {
    /// The caller's doing.
    #[error("{}", .0.message())]
    Refused(Code),
    /// Ours.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Ours.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// Signs people in and checks their tokens.
#[derive(Clone, Debug)]
pub struct Auth {
    store: Store,
    tokens: Tokens,
    passwords: Passwords,
    clock: Clock,
    settings: config::Auth,
}

impl Auth {
    /// # Errors
    ///
    /// Fails when the system has no randomness.
    pub fn new(
        store: Store,
        tokens: Tokens,
        clock: Clock,
        settings: config::Auth,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            store,
            tokens,
            passwords: Passwords::new()?,
            clock,
            settings,
        })
    }

    /// The session of an access token. The account is read anew: a disabled user, a revoked family and a changed role
    /// count at once.
    ///
    /// # Errors
    ///
    /// `invalid_token`, `token_expired`, or a failing store.
    pub async fn authenticate(&self, token: &str) -> Result<Session, AuthError> {
        let claims = self
            .tokens
            .verify(token, self.clock.now())
            .map_err(AuthError::Refused)?;
        let account = self
            .store
            .account_by_token(claims.id, claims.sid.as_deref())
            .await?;
        let account = account
            .filter(|account| account.is_active && account.shop == claims.shop)
            .ok_or(AuthError::Refused(Code::InvalidToken))?;
        Ok(Session {
            actor: actor(&account),
            family: claims.sid,
            expires: Timestamp::from_millis(claims.exp.saturating_mul(1000)),
        })
    }

    /// The role that a person has now, if they may still be connected with a token of this family.
    ///
    /// # Errors
    ///
    /// Fails with the store.
    pub async fn standing(
        &self,
        user: UserId,
        family: Option<&str>,
    ) -> Result<Option<Role>, StoreError> {
        let account = self.store.account_by_token(user, family).await?;
        let account = account.filter(|account| account.is_active);
        Ok(account.map(|account| account.role))
    }

    /// What tells the body of a request from another without keeping it: see [`Tokens::fingerprint`].
    #[must_use]
    pub fn fingerprint(&self, body: &[u8]) -> [u8; 32] {
        self.tokens.fingerprint(body)
    }

    /// Signs in with a password and starts a login family.
    ///
    /// # Errors
    ///
    /// `invalid_credentials`, the same and about as fast for unknown, disabled and mistyped; or a failing store.
    pub async fn login(
        &self,
        email: &str,
        password: &str,
    ) -> Result<(Actor, TokenPair), AuthError> {
        let account = self.store.account_by_email(email).await?;
        let hash = account.as_ref().map(Account::password_hash);
        let matches = self.passwords.verify(hash, password).await;
        let account = account
            .filter(|account| matches && account.is_active)
            .ok_or(AuthError::Refused(Code::InvalidCredentials))?;
        let now = self.clock.now();
        let family = Uuid::now_v7().to_string();
        let refresh = secret::random_text()?;
        let expires = now.after(Duration::from_secs(self.settings.refresh_ttl_s));
        self.store
            .start_family(&family, account.id, &hashed(&refresh), expires, now)
            .await?;
        self.pair(&account, family, refresh, now).await
    }

    /// Spends a refresh token for a new pair of the same family.
    ///
    /// # Errors
    ///
    /// `invalid_token`, `token_expired`, or a failing store.
    pub async fn refresh(&self, spent: &str) -> Result<(Actor, TokenPair), AuthError> {
        let now = self.clock.now();
        let refresh = secret::random_text()?;
        let rotation = Rotation {
            old: hashed(spent),
            new: hashed(&refresh),
            expires: now.after(Duration::from_secs(self.settings.refresh_ttl_s)),
            grace: Duration::from_secs(self.settings.refresh_grace_s),
            now,
        };
        match self.store.rotate(rotation).await? {
            Ok(rotated) => {
                self.pair(&rotated.account, rotated.family, refresh, now)
                    .await
            }
            Err(RotateRefusal::Expired) => Err(AuthError::Refused(Code::TokenExpired)),
            Err(RotateRefusal::Unknown | RotateRefusal::Revoked | RotateRefusal::Reused { .. }) => {
                Err(AuthError::Refused(Code::InvalidToken))
            }
        }
    }

    /// The hash under which a new password is kept.
    ///
    /// # Errors
    ///
    /// Fails when the system has no randomness.
    pub async fn hash(&self, password: &str) -> Result<String, AuthError> {
        Ok(self.passwords.hash(password).await?)
    }

    /// Revokes the family of a session, if it has one.
    ///
    /// # Errors
    ///
    /// Fails with the store.
    pub async fn logout(&self, session: &Session) -> Result<(), StoreError> {
        match &session.family {
            Some(family) => self.store.revoke_family(family, self.clock.now()).await,
            None => Ok(()),
        }
    }

    /// An access token for `account`, living `ttl`.
    ///
    /// # Errors
    ///
    /// Fails when it cannot be signed.
    pub fn access_token(
        &self,
        account: &Account,
        family: Option<String>,
        ttl: Duration,
    ) -> anyhow::Result<String> {
        let now = self.clock.now();
        self.tokens.sign(Claims {
            id: account.id,
            role: Some(account.role),
            name: Some(account.name.clone()),
            email: Some(account.email.clone()),
            exp: now.after(ttl).as_secs(),
            shop: account.shop,
            iat: Some(now.as_secs()),
            nbf: None,
            sid: family,
            typ: Some(TokenType::Access),
            iss: None,
            aud: None,
        })
    }

    async fn pair(
        &self,
        account: &Account,
        family: String,
        refresh_token: String,
        now: Timestamp,
    ) -> Result<(Actor, TokenPair), AuthError> {
        self.store.seen(account.id, now).await?;
        let user = self
            .store
            .user(account.shop, account.id)
            .await?
            .ok_or(AuthError::Refused(Code::InvalidToken))?;
        let ttl = Duration::from_secs(self.settings.access_ttl_s);
        let access_token = self.access_token(account, Some(family), ttl)?;
        // Everyone may read all of their own row.
        let user = visible_user(user.value, Role::Admin).get().clone();
        Ok((
            actor(account),
            TokenPair {
                user,
                access_token,
                refresh_token,
                expires_in: ttl.as_secs(),
            },
        ))
    }
}

/// The token of `Authorization: Bearer …` (RFC 6750 §2.1), if there is one.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn actor(account: &Account) -> Actor {
    Actor {
        shop: account.shop,
        id: account.id,
        role: account.role,
        name: account.name.clone(),
    }
}

/// Refresh tokens are 256 random bits, so a plain hash keeps them: there is nothing to guess.
fn hashed(token: &str) -> TokenHash {
    TokenHash(Sha256::digest(token.as_bytes()).into())
}
