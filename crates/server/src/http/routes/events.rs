//! `/api/events`: the journal for those who cannot open a socket.

use axum::extract::State;
use shopbell_domain::{View, visible};
use shopbell_protocol::{Code, DurableEvent, Epoch, JournalEvent, Seq};
use shopbell_store::Snapshot;

use crate::http::{
    App,
    answer::{Answer, Failure},
    caller::Caller,
    query::{Parameters, bad_value},
};

/// Rows looked at for one answer: what is the caller's among them is given, up to the limit.
const LOOKED_AT: u32 = 500;

/// `GET /api/events?after=&limit=&epoch=`: the caller's view of the journal, as their sockets would have been sent it.
pub(in crate::http) async fn list(
    State(app): State<App>,
    Caller(session): Caller,
    query: Parameters,
) -> Result<Answer<Vec<JournalEvent>>, Failure> {
    let after: Option<i64> = query.one("after")?;
    let after = after.filter(|seq| *seq >= 0).map(Seq);
    let after = after.ok_or_else(|| bad_value("after"))?;
    let limit = query.page()?.limit as usize;
    let epoch = query.text("epoch").map(|epoch| Epoch(epoch.to_owned()));
    let shop = app.shops.get(session.actor.shop).ok_or(Code::Unavailable)?;

    let read = app
        .behind
        .read(&shop, after, epoch.as_ref(), LOOKED_AT)
        .await?;
    let rows = read.value.map_err(|_| Code::ResyncRequired)?;
    let view = View::of(session.actor.role);
    let (mut events, mut next) = (Vec::new(), after);
    for row in rows {
        if events.len() == limit {
            break;
        }
        next = row.event.seq();
        if row.audience.includes(&session.actor, row.sight_now) {
            events.push(event(&row.event, view)?);
        }
    }
    let snapshot = Snapshot {
        value: events,
        seq: read.seq,
        epoch: read.epoch,
    };
    Ok(Answer::read(snapshot, |events| events).followed_by(next))
}

fn event(event: &DurableEvent, view: View) -> Result<JournalEvent, Failure> {
    let payload = serde_json::to_value(visible(event.clone(), view))
        .map_err(|error| Failure::internal(&error.into()))?;
    Ok(JournalEvent {
        seq: event.seq(),
        event: event.name().to_owned(),
        payload,
    })
}
