//! What a history is made of: one JSON object a line, in the order in which things were observed. Times are milliseconds
//! since 1970 on one clock, which is the server's too.

use std::io::{self, BufRead};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shopbell_protocol::Role;

/// A run, as its lines say it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// In the order of the file.
    pub records: Vec<Record>,
}

impl History {
    /// Reads JSON Lines; empty lines are skipped.
    ///
    /// # Errors
    ///
    /// Fails when the input cannot be read, or a line is no record: the error says which.
    pub fn read(input: impl BufRead) -> io::Result<Self> {
        let mut records = Vec::new();
        for (i, line) in input.lines().enumerate() {
            let line = line?;
            if line.is_empty() {
                continue;
            }
            let record = serde_json::from_str(&line).map_err(|error| {
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("line {}: {error}", i + 1),
                )
            })?;
            records.push(record);
        }
        Ok(Self { records })
    }
}

/// One thing that happened, or one piece of the truth at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub enum Record {
    /// Someone who takes part, with the role that they begin with.
    Person {
        id: i64,
        shop: i64,
        role: Role,
    },
    /// One attempt to write.
    Write(Write),
    /// An answer that told the head of a shop's journal.
    Read {
        shop: i64,
        seq: i64,
        start: i64,
        end: i64,
    },
    /// A client's connection was let in; `connection` counts them, per client.
    Connect {
        client: i64,
        person: i64,
        connection: i64,
        recovered: bool,
        at: i64,
    },
    /// A client's connection was turned away at CONNECT. What came on it all the same follows as events.
    Refused {
        client: i64,
        connection: i64,
        at: i64,
    },
    Disconnect {
        client: i64,
        at: i64,
    },
    /// A name and payload that events refer to by `id`: many clients are sent the same.
    Payload {
        id: i64,
        name: String,
        body: Value,
    },
    /// What a client's application was handed.
    Event {
        client: i64,
        connection: i64,
        payload: i64,
        at: i64,
    },
    /// The client has replaced what it knows by REST's lists; every event up to `seq` is in them.
    Resync {
        client: i64,
        seq: i64,
        at: i64,
        /// Id and version of each order in the list.
        orders: Vec<(i64, i64)>,
    },
    Join {
        client: i64,
        room: String,
        at: i64,
    },
    Leave {
        client: i64,
        room: String,
        at: i64,
    },
    /// A person's role was changed; `at` is when the answer came.
    Role {
        person: i64,
        role: Role,
        at: i64,
    },
    /// A person was disabled; `at` is when the answer came.
    Disabled {
        person: i64,
        at: i64,
    },
    /// The process was killed.
    Kill {
        at: i64,
    },
    /// What was not flushed is gone.
    PowerLoss {
        at: i64,
    },
    /// A row of the journal, read from the database at the end.
    Journal {
        shop: i64,
        seq: i64,
        name: String,
        payload: Value,
        audience: Audience,
    },
    /// What REST says to a person at the end.
    Rest {
        person: i64,
        state: State,
    },
    /// What a client that stayed to the end then knew.
    State {
        client: i64,
        state: State,
    },
    /// Who the server says is connected, at the end.
    Online {
        shop: i64,
        people: Vec<i64>,
        at: i64,
    },
    /// Who the server says is in a room, at the end.
    Viewers {
        room: String,
        people: Vec<i64>,
        at: i64,
    },
    /// Nothing moved any more and every client had had time to hear of it.
    End {
        at: i64,
    },
}

/// One attempt to write. Attempts of one act share `op`, and its key and mark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Write {
    pub op: i64,
    pub person: i64,
    /// For the sentences: `PATCH /api/work-orders/7`.
    pub what: String,
    pub key: Option<String>,
    /// A text that stands in this act's event and in no other's.
    pub mark: Option<String>,
    /// The notifications that it marks as read.
    #[serde(default)]
    pub reads: Vec<i64>,
    pub start: i64,
    pub end: i64,
    pub outcome: Outcome,
    /// `Shop-Seq`.
    pub seq: Option<i64>,
}

/// What the writer was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 2xx: it is committed and flushed.
    Ok,
    /// 4xx: it has left no trace.
    Refused,
    /// Nothing, or that it is not known.
    Unknown,
}

/// Who a row is for, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct Audience {
    #[serde(default)]
    pub roles: Vec<Role>,
    #[serde(default)]
    pub users: Vec<i64>,
    #[serde(default)]
    pub work_order: Option<i64>,
    #[serde(default)]
    pub ticket: Option<i64>,
}

/// The rows that a person sees.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are what they are called")]
pub struct State {
    pub orders: Vec<Value>,
    pub tickets: Vec<Value>,
    pub notifications: Vec<Value>,
    pub unread: i64,
}
