//! The load generator: many clients on one thread.
//!
//! Every client is a connection without a buffer of its own: what has come is read into one buffer
//! for all and looked at there, frame by frame. Nothing is parsed but the headers of the frames, and
//! of an event its stamp and its number, which stand at fixed places.

mod clock;
mod flight;
mod frame;
mod link;
mod polling;
mod rounds;
#[cfg(test)]
mod smoke;
mod traffic;

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use mio::{Events, Interest, Poll, Token};

pub(crate) use clock::Latencies;
pub(crate) use link::Dial;
pub(crate) use rounds::{Paced, Rooms};
pub(crate) use traffic::{Churn, Others};

use link::{Heard, Link};

/// Clients that are on their way to being connected at a time.
const WINDOW: usize = 64;

/// Time without a byte after which no connection is expected to come about any more.
const SILENCE: Duration = Duration::from_secs(20);

/// Time without a byte after which what is still due is lost.
const LOST: Duration = Duration::from_secs(2);

/// All clients of a server.
pub(crate) struct Load {
    poll: Poll,
    events: Events,
    links: Vec<Option<Link>>,
    buffer: Vec<u8>,
    /// Connections made so far.
    dialled: usize,
    /// Clients that were connected and whose connection the server gave up.
    pub(crate) closed: usize,
}

impl Load {
    pub(crate) fn new() -> Result<Load> {
        Ok(Load {
            poll: Poll::new()?,
            events: Events::with_capacity(1024),
            links: Vec::new(),
            buffer: vec![0; 1 << 18],
            dialled: 0,
            closed: 0,
        })
    }

    /// Connects clients, many at a time; returns once all are in their rooms.
    pub(crate) fn connect(&mut self, dials: impl IntoIterator<Item = Dial>) -> Result<()> {
        let mut dials = dials.into_iter().fuse();
        let mut under_way = 0;
        loop {
            while under_way < WINDOW {
                let Some(dial) = dials.next() else { break };
                self.dial(dial)?;
                under_way += 1;
            }
            if under_way == 0 {
                return Ok(());
            }
            let came = self.turn(SILENCE, &mut |_, heard| {
                under_way -= usize::from(heard == Heard::Ready);
                None
            })?;
            ensure!(came, "{under_way} clients wait to be connected");
        }
    }

    /// Clients there are, connected or not yet.
    pub(crate) fn len(&self) -> usize {
        self.links.len()
    }

    /// Closes the connections of all clients from this one on.
    pub(crate) fn leave(&mut self, first: usize) {
        self.links.truncate(first);
    }

    /// Begins to connect one more; returns its place.
    fn dial(&mut self, dial: Dial) -> Result<usize> {
        let place = self.links.len();
        let link = self.open(dial, place)?;
        self.links.push(Some(link));
        Ok(place)
    }

    /// Begins to connect a client at this place.
    fn open(&mut self, dial: Dial, place: usize) -> Result<Link> {
        let mut link = Link::dial(dial, self.dialled)?;
        self.dialled += 1;
        let both = Interest::READABLE | Interest::WRITABLE;
        let registry = self.poll.registry();
        registry.register(&mut link.stream, Token(place), both)?;
        Ok(link)
    }

    /// Has a client say something.
    fn say(&mut self, client: usize, frames: &[u8]) -> Result<()> {
        let link = self.links.get_mut(client).and_then(Option::as_mut);
        link.context("a client is gone")?.write(frames);
        Ok(())
    }

    /// Waits and takes what has come, once; false if that was nothing. What `hear` returns is said
    /// by the client that heard.
    fn turn<'f>(
        &mut self,
        wait: Duration,
        hear: &mut impl FnMut(usize, Heard<'_>) -> Option<&'f [u8]>,
    ) -> Result<bool> {
        let until = Instant::now() + wait;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.poll.poll(&mut self.events, Some(left)) {
                Ok(()) => break,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        for event in &self.events {
            let Token(place) = event.token();
            let Some(client) = self.links.get_mut(place) else {
                continue;
            };
            let Some(link) = client else { continue };
            if event.is_writable() {
                link.writable()?;
            }
            let mut closed = false;
            link.read(&mut self.buffer, &mut |heard| {
                closed |= heard == Heard::Closed;
                hear(place, heard)
            })?;
            if closed {
                self.closed += 1;
                *client = None;
            }
        }
        Ok(!self.events.is_empty())
    }
}
