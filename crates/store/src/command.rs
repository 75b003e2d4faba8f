//! How a command ends: done, refused by the rules, or failed with the database.

use shopbell_domain::{Journal, Refusal, notification::Notice};
use shopbell_protocol::{Epoch, Seq};
use thiserror::Error;

use crate::{
    Committed, StoreError,
    journal::Head,
    notification::notify,
    writer::{Connection, Written},
};

/// A command that changed nothing.
#[derive(Debug, Error)]
pub enum CommandError<T> {
    /// The rules say no.
    #[error("do what was asked: {refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// The row as it is, with [`Refusal::VersionMismatch`]; with many rows, the one that was refused.
        current: Option<Box<T>>,
        /// The journal's head at that moment.
        seq: Seq,
        /// Its epoch.
        epoch: Epoch,
        /// It was refused earlier, under the same key ([`Store::once`](crate::Store::once)).
        replayed: bool,
    },
    /// The key of [`Store::once`](crate::Store::once) was used for something else.
    #[error("do what was asked: the key was used for something else")]
    KeyReused,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a command gives to the writer.
pub(crate) type Answer<T> = Result<Written<Result<Committed<T>, CommandError<T>>>, StoreError>;

impl Head {
    /// Ends a command that changed something: tells people and writes the journal. The caller is told the number of the last
    /// entry before the notifications.
    pub(crate) async fn conclude<T>(
        self,
        connection: &mut Connection,
        mut journal: Journal,
        notices: Vec<Notice>,
        value: T,
    ) -> Answer<T> {
        let seq = journal.head();
        for notice in notices {
            notify(connection, self.shop, notice, &mut journal).await?;
        }
        let written = self.append(connection, &journal, value, seq).await?;
        Ok(written.map(Ok))
    }

    /// Refused, whatever the row is.
    pub(crate) fn refused<T, U>(self, refusal: Refusal) -> Written<Result<T, CommandError<U>>> {
        self.refuse(refusal, None)
    }

    /// Refused against this row, which the caller is shown when it is newer than they thought.
    pub(crate) fn refused_for<T, U>(
        self,
        refusal: Refusal,
        row: U,
    ) -> Written<Result<T, CommandError<U>>> {
        let current = (refusal == Refusal::VersionMismatch).then(|| Box::new(row));
        self.refuse(refusal, current)
    }

    /// Refused, and the caller is shown this.
    pub(crate) fn refuse<T, U>(
        self,
        refusal: Refusal,
        current: Option<Box<U>>,
    ) -> Written<Result<T, CommandError<U>>> {
        Written::quietly(Err(CommandError::Refused {
            refusal,
            current,
            seq: self.seq,
            epoch: self.epoch,
            replayed: false,
        }))
    }
}
