//! Acknowledgements that a socket is waiting for.

use std::collections::HashMap;

use tokio::sync::oneshot;

use super::Args;

/// The events sent by one socket that are yet to be acknowledged.
#[derive(Debug, Default)]
pub(crate) struct Acks {
    next: u64,
    /// Absent while nobody waits, as it is for most of the sockets most of the time.
    #[expect(
        clippy::box_collection,
        reason = "a map takes 48 bytes of each socket, a box 8"
    )]
    waiting: Option<Box<HashMap<u64, oneshot::Sender<Args>>>>,
}

impl Acks {
    /// A fresh id, and where the acknowledgement under it will arrive.
    pub(crate) fn expect(&mut self) -> (u64, oneshot::Receiver<Args>) {
        let (sender, receiver) = oneshot::channel();
        let id = self.next;
        self.next += 1;
        self.waiting.get_or_insert_default().insert(id, sender);
        (id, receiver)
    }

    /// An acknowledgement has come. One that nobody waits for, or no longer, means nothing.
    pub(crate) fn resolve(&mut self, id: u64, args: Args) {
        if let Some(sender) = self.take(id) {
            // The one who waited may have gone this very moment.
            drop(sender.send(args));
        }
    }

    /// Nobody waits for `id` any more.
    pub(crate) fn forget(&mut self, id: u64) {
        self.take(id);
    }

    /// The socket is gone: whoever waits hears it.
    pub(crate) fn clear(&mut self) {
        self.waiting = None;
    }

    fn take(&mut self, id: u64) -> Option<oneshot::Sender<Args>> {
        let waiting = self.waiting.as_mut()?;
        let sender = waiting.remove(&id);
        if waiting.is_empty() {
            self.waiting = None;
        }
        sender
    }
}
