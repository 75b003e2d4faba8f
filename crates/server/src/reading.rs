//! How a connection reads the journal.

use shopbell_domain::{Actor, View, visible};
use shopbell_engine::{self as engine, Packet};
use shopbell_protocol::{Epoch, Offset};
use shopbell_store::JournalRow;

/// With whose eyes, and whether each event carries its place, which session recovery needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    view: View,
    pub(crate) has_offsets: bool,
}

impl Reading {
    pub(crate) const fn of(actor: &Actor, has_offsets: bool) -> Self {
        Self {
            view: View::of(actor.role),
            has_offsets,
        }
    }

    /// The engine's number for it.
    pub(crate) const fn number(self) -> engine::View {
        let view = match self.view {
            View::Full => 0,
            View::FrontDesk => 1,
            View::Technician => 2,
        };
        engine::View(if self.has_offsets { view + 3 } else { view })
    }

    /// The reading of that number.
    pub(crate) fn numbered(number: engine::View) -> Option<Self> {
        let readings = View::ALL
            .into_iter()
            .flat_map(|view| [false, true].map(|has_offsets| Self { view, has_offsets }));
        readings
            .into_iter()
            .find(|reading| reading.number() == number)
    }

    /// A row as it is sent.
    pub(crate) fn packet(self, row: &JournalRow, epoch: &Epoch) -> Option<Packet> {
        let name = row.event.name();
        let event = visible(row.event.clone(), self.view);
        let packet = if self.has_offsets {
            let (epoch, seq) = (epoch.clone(), row.event.seq());
            Packet::event_at(name, &event, &Offset { epoch, seq }.to_string())
        } else {
            Packet::event(name, &event)
        };
        packet
            .inspect_err(|error| tracing::error!("failed to encode {name}: {error}"))
            .ok()
    }
}
