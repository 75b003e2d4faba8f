//! Commands that are done at most once under a key, and answers that are given again.
//!
//! The key is claimed at the beginning of the command's own transaction and the outcome kept by its last, so a key
//! without an outcome is never seen, and one whose command failed is free again.

use std::{borrow::Cow, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize, de::DeserializeOwned, de::IgnoredAny};
use shopbell_domain::Refusal;
use shopbell_protocol::{
    Customer, Epoch, FieldError, Note, Notification, Seq, ShopId, Ticket, Timestamp, User, UserId,
    WorkOrder,
};

use crate::{
    CommandError, Committed, Store, StoreError,
    command::Answer,
    database::query,
    journal::Head,
    token::hex,
    writer::{Connection, Lane, Written},
};

/// How long a key is remembered.
pub(crate) const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// The key of a request: the same person on the same route means the same by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// Who asks.
    pub user: UserId,
    /// For what.
    pub route: String,
    /// What the client calls it.
    pub key: String,
    /// Of what was asked, and not to be guessed from: it is stored, and a password may have been asked for.
    pub hash: [u8; 32],
    /// The time of asking.
    pub now: Timestamp,
}

/// An answer that is given again as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct StoredAnswer {
    pub status: u16,
    pub body: String,
    pub seq: Option<Seq>,
    pub epoch: Option<Epoch>,
}

/// What is known under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It was used for something else.
    KeyReused,
    /// A command was done, or refused: asked again through [`Store::once`], it answers the same.
    Command,
    /// This was answered.
    Answer(StoredAnswer),
}

impl Store {
    /// The same store, whose commands are done at most once under this key: asked again within 24 h, they change nothing and
    /// answer the same. What is refused for the state of things ([`Refusal::Conflict`] and the like) or fails is not
    /// remembered. A passcode is not kept: it is missing in the second answer.
    #[must_use]
    pub fn once(&self, once: Once) -> Self {
        let mut store = self.clone();
        store.once = Some(Arc::new(once));
        store
    }

    /// What is known under a key, if anything is.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn kept(&self, once: &Once) -> Result<Option<Kept>, StoreError> {
        let row = query(
            "select hash, outcome from idempotency
            where user_id = $1 and route = $2 and key = $3 and at > $4",
        )
        .bind(once.user.0)
        .bind(&once.route)
        .bind(&once.key)
        .bind(once.now.before(REMEMBERED).as_millis())
        .fetch_optional(self.readers())
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let hash: &str = row.try_get("hash")?;
        if hash != hex(once.hash) {
            return Ok(Some(Kept::KeyReused));
        }
        Ok(Some(match serde_json::from_str(row.try_get("outcome")?)? {
            Outcome::<IgnoredAny>::Answer(answer) => Kept::Answer(answer),
            Outcome::Done { .. } | Outcome::Refused { .. } => Kept::Command,
        }))
    }

    /// Keeps an answer that no command gave; the first one under a key stays. It survives the end of the process, not a power
    /// failure.
    ///
    /// # Errors
    ///
    /// Fails with the database.
    pub async fn keep_answer(&self, once: &Once, answer: StoredAnswer) -> Result<(), StoreError> {
        let once = once.clone();
        self.writer
            .run_lazily(Lane::of(&once.key), move |connection| {
                Box::pin(async move {
                    if claim(connection, &once).await? {
                        let answer = Outcome::<()>::Answer(answer);
                        keep(connection, &once, &answer).await?;
                    }
                    Ok(Written::quietly(()))
                })
            })
            .await
    }

    /// Runs a command of a shop, at most once where there is a key.
    pub(crate) async fn command<T, F>(
        &self,
        shop: ShopId,
        work: F,
    ) -> Result<Committed<T>, CommandError<T>>
    where
        T: Keep,
        F: for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, Answer<T>> + Send + 'static,
    {
        let Some(once) = self.once.clone() else {
            return self.writer.run(shop, work).await?;
        };
        self.writer
            .run(shop, move |connection| {
                Box::pin(async move {
                    // Before the key, so that nobody who holds the shop waits for the key of somebody who waits for the shop.
                    Head::lock(connection, shop).await?;
                    if !claim(connection, &once).await? {
                        return replay(connection, &once).await;
                    }
                    let written = work(connection).await?;
                    match Outcome::of(&written.value) {
                        Some(outcome) => keep(connection, &once, &outcome).await?,
                        None => forget(connection, &once).await?,
                    }
                    Ok(written)
                })
            })
            .await?
    }
}

/// What a command gives, as it may be kept.
pub(crate) trait Keep: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Takes out what must be in one place alone.
    fn without_secrets(self) -> Self {
        self
    }
}

impl Keep for Customer {}
impl Keep for Note {}
impl Keep for Notification {}
impl Keep for Ticket {}
impl Keep for User {}
/// How many.
impl Keep for i64 {}

impl Keep for WorkOrder {
    fn without_secrets(self) -> Self {
        Self {
            device_passcode: None,
            ..self
        }
    }
}

impl Keep for Vec<WorkOrder> {
    fn without_secrets(self) -> Self {
        self.into_iter().map(WorkOrder::without_secrets).collect()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome<T> {
    Done {
        value: T,
        seq: Seq,
        epoch: Epoch,
    },
    Refused {
        refusal: KeptRefusal,
        current: Option<Box<T>>,
        seq: Seq,
        epoch: Epoch,
    },
    Answer(StoredAnswer),
}

/// The refusals that stay true of what was asked.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptRefusal {
    NotFound,
    Forbidden,
    ForbiddenFields(Vec<Cow<'static, str>>),
    VersionMismatch,
    Invalid(Vec<FieldError>),
}

impl<T: Keep> Outcome<T> {
    /// `None` for what may end in another way next time.
    fn of(result: &Result<Committed<T>, CommandError<T>>) -> Option<Self> {
        match result {
            Ok(committed) => Some(Self::Done {
                value: committed.value.clone().without_secrets(),
                seq: committed.seq,
                epoch: committed.epoch.clone(),
            }),
            Err(CommandError::Refused {
                refusal,
                current,
                seq,
                epoch,
                ..
            }) => Some(Self::Refused {
                refusal: KeptRefusal::of(refusal)?,
                current: current
                    .clone()
                    .map(|current| Box::new(current.without_secrets())),
                seq: *seq,
                epoch: epoch.clone(),
            }),
            Err(CommandError::KeyReused | CommandError::Store(_)) => None,
        }
    }

    fn again(self) -> Result<Committed<T>, CommandError<T>> {
        match self {
            Self::Done { value, seq, epoch } => Ok(Committed {
                value,
                seq,
                epoch,
                replayed: true,
            }),
            Self::Refused {
                refusal,
                current,
                seq,
                epoch,
            } => Err(CommandError::Refused {
                refusal: refusal.again(),
                current,
                seq,
                epoch,
                replayed: true,
            }),
            // Kept between the caller's look at the key and this command: at the next look it is found.
            Self::Answer(_) => Err(StoreError::Unavailable.into()),
        }
    }
}

impl KeptRefusal {
    fn of(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::NotFound => Some(Self::NotFound),
            Refusal::Forbidden => Some(Self::Forbidden),
            Refusal::ForbiddenFields(fields) => Some(Self::ForbiddenFields(fields.clone())),
            Refusal::VersionMismatch => Some(Self::VersionMismatch),
            Refusal::Invalid(errors) => Some(Self::Invalid(errors.clone())),
            Refusal::Conflict(_)
            | Refusal::IllegalTransition { .. }
            | Refusal::TechnicianRequired => None,
        }
    }

    fn again(self) -> Refusal {
        match self {
            Self::NotFound => Refusal::NotFound,
            Self::Forbidden => Refusal::Forbidden,
            Self::ForbiddenFields(fields) => Refusal::ForbiddenFields(fields),
            Self::VersionMismatch => Refusal::VersionMismatch,
            Self::Invalid(errors) => Refusal::Invalid(errors),
        }
    }
}

/// Takes a key that is free or forgotten; whoever asks at the same time waits here.
async fn claim(connection: &mut Connection, once: &Once) -> Result<bool, StoreError> {
    let claimed = query(
        "insert into idempotency (user_id, route, key, hash, at) values ($1, $2, $3, $4, $5)
        on conflict (user_id, route, key) do update
            set hash = excluded.hash, at = excluded.at, outcome = null
            where idempotency.at <= $6",
    )
    .bind(once.user.0)
    .bind(&once.route)
    .bind(&once.key)
    .bind(hex(once.hash))
    .bind(once.now.as_millis())
    .bind(once.now.before(REMEMBERED).as_millis())
    .execute(connection)
    .await?;
    Ok(claimed > 0)
}

async fn keep(
    connection: &mut Connection,
    once: &Once,
    outcome: &impl Serialize,
) -> Result<(), StoreError> {
    query("update idempotency set outcome = $4 where user_id = $1 and route = $2 and key = $3")
        .bind(once.user.0)
        .bind(&once.route)
        .bind(&once.key)
        .bind(serde_json::to_string(outcome)?)
        .execute(connection)
        .await?;
    Ok(())
}

async fn forget(connection: &mut Connection, once: &Once) -> Result<(), StoreError> {
    query("delete from idempotency where user_id = $1 and route = $2 and key = $3")
        .bind(once.user.0)
        .bind(&once.route)
        .bind(&once.key)
        .execute(connection)
        .await?;
    Ok(())
}

async fn replay<T: Keep>(connection: &mut Connection, once: &Once) -> Answer<T> {
    let row = query(
        "select hash, outcome from idempotency where user_id = $1 and route = $2 and key = $3",
    )
    .bind(once.user.0)
    .bind(&once.route)
    .bind(&once.key)
    .fetch_one(connection)
    .await?;
    let hash: &str = row.try_get("hash")?;
    let again = if hash == hex(once.hash) {
        serde_json::from_str::<Outcome<T>>(row.try_get("outcome")?)?.again()
    } else {
        Err(CommandError::KeyReused)
    };
    Ok(Written::quietly(again))
}
