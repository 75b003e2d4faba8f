//! What a connection is told about itself: its place in the journal, its token, its rooms.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{Code, Epoch, Seq, Timestamp};

/// A place in a shop's journal, as connection state recovery carries it: the extra last argument of an event, and `offset`
/// of a CONNECT. Written `{epoch}-{seq}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Offset {
    pub epoch: Epoch,
    pub seq: Seq,
}

/// What a client sent is no offset of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("read an offset: it is not an epoch and a number")]
pub struct BadOffset;

impl std::fmt::Display for Offset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.epoch, self.seq)
    }
}

impl FromStr for Offset {
    type Err = BadOffset;

    fn from_str(text: &str) -> Result<Self, BadOffset> {
        let (epoch, seq) = text.rsplit_once('-').ok_or(BadOffset)?;
        let digits = seq.bytes().all(|byte| byte.is_ascii_digit());
        let seq = seq.parse().ok().filter(|_| digits).ok_or(BadOffset)?;
        if epoch.is_empty() {
            return Err(BadOffset);
        }
        Ok(Self {
            epoch: Epoch(epoch.to_owned()),
            seq: Seq(seq),
        })
    }
}

/// Why the journal cannot tell a client what it missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ResyncReason {
    /// The session to be recovered is unknown, has ended, or is somebody else's.
    Session,
    /// The journal began a new life: an older backup was restored.
    Epoch,
    /// What was missed is more, or longer ago, than is kept.
    TooOld,
    /// The client is ahead of the journal.
    Ahead,
    /// The person has another role now, and with it sees other things.
    Role,
}

/// `resync_required`: the connection is live after `seq`; what was before must be read by REST.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct ResyncRequired {
    pub reason: ResyncReason,
    pub seq: Seq,
    pub timestamp: Timestamp,
}

/// What `sync` answers once everything up to `to` was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct SyncAck {
    #[ts(type = "true")]
    pub ok: bool,
    /// Every event up to here has been sent; live events follow.
    pub to: Seq,
    pub epoch: Epoch,
    /// How many events were sent.
    #[ts(type = "number")]
    pub count: u64,
}

/// What `authenticate` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct AuthenticateAck {
    #[ts(type = "true")]
    pub ok: bool,
    pub expires_at: Timestamp,
}

/// One row of `GET /api/events`: an event as a socket would have been sent it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct JournalEvent {
    pub seq: Seq,
    pub event: String,
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>)]
    pub payload: serde_json::Value,
}

/// What a refused event answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct RefusedAck {
    #[ts(type = "false")]
    pub ok: bool,
    pub code: Code,
    pub message: String,
    /// When asking again may help, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub retry_after_ms: Option<u64>,
}

/// `token_expiring`: a minute before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct TokenExpiring {
    pub expires_at: Timestamp,
    pub timestamp: Timestamp,
}

/// `token_expired`: the transport is closed next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct TokenExpired {
    pub expired_at: Timestamp,
    pub timestamp: Timestamp,
}

/// `room_left`: the server took the socket out of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the contract's own field names")]
pub struct RoomLeft {
    pub room_name: String,
    pub reason: RoomLeftReason,
    pub timestamp: Timestamp,
}

/// Why a socket was taken out of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RoomLeftReason {
    /// What the room is about may no longer be seen.
    AccessRevoked,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_reads_back_and_nothing_else_does() {
        let offset = Offset {
            epoch: Epoch("0198-7c".to_owned()),
            seq: Seq(812),
        };
        assert_eq!(offset.to_string(), "0198-7c-812");
        assert_eq!(offset.to_string().parse(), Ok(offset));
        for wrong in [
            "",
            "-",
            "812",
            "-812",
            "a-",
            "a-b",
            "a-+8",
            "a--8x",
            "a-8 ",
            "a-99999999999999999999",
        ] {
            assert_eq!(wrong.parse::<Offset>(), Err(BadOffset), "{wrong}");
        }
    }
}
