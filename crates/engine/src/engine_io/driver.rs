//! A session's task: reads its WebSocket, drains its queue, runs its jobs one after another, and
//! sees it to its end.
//!
//! It is written out as a future so that an idle session costs what these few fields take: no read
//! buffer (bytes are read into one that belongs to the thread), no suspended handler.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, ReadBuf};

use super::moment::Moment;
use super::packet::Packet;
use super::queue::Queue;
use super::session::{Arrived, Outlet, Session, Task};
use super::{Lane, Protocol};
use crate::Reason;
use crate::websocket::{CloseCode, Message, Opcode, control};

/// Bytes read in one call at most.
const READ: usize = 64 * 1024;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ]);
}

pub(super) struct Driver<P: Protocol> {
    session: Arc<Session<P>>,
    /// The WebSocket's incoming direction, until it ends.
    socket: Option<Arrived>,
    /// The job that is running.
    job: Option<Running>,
    stage: Stage,
}

/// A job that was started.
type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How far a session's end has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Open,
    /// Closed, and the layer above knows.
    Closed,
    /// Its last jobs are done.
    Over,
}

impl<P: Protocol> Driver<P> {
    /// Starts the task of a session.
    pub(super) fn spawn(session: Arc<Session<P>>) {
        tokio::spawn(Driver {
            session,
            socket: None,
            job: None,
            stage: Stage::Open,
        });
    }

    /// Makes the session's state known to this task, and this task to the session.
    fn attach(&mut self, cx: &Context<'_>) {
        let mut state = self.session.lock();
        if !state
            .driver
            .as_ref()
            .is_some_and(|driver| driver.will_wake(cx.waker()))
        {
            state.driver = Some(cx.waker().clone());
        }
        if let Some(arrived) = state.arrived.take() {
            self.socket = Some(*arrived);
        }
    }

    /// Reads, takes packets and runs their jobs until there is nothing more to read for now, or no
    /// room for more jobs.
    fn read(&mut self, cx: &mut Context<'_>) {
        BUFFER.with_borrow_mut(|buffer| {
            while let Some(socket) = &mut self.socket {
                if !socket.unread.is_empty() {
                    let mut unread = std::mem::take(&mut socket.unread);
                    let rest = self.decode(cx, &mut unread);
                    if rest > 0 {
                        unread.advance(unread.len() - rest);
                        self.keep(unread);
                        return;
                    }
                    continue;
                }
                if is_full(&self.session) {
                    return;
                }
                let mut read = ReadBuf::new(buffer);
                match Pin::new(&mut socket.stream).poll_read(cx, &mut read) {
                    Poll::Pending => return,
                    Poll::Ready(Ok(())) if !read.filled().is_empty() => {
                        let bytes = read.filled_mut();
                        let rest = self.decode(cx, bytes);
                        if rest > 0 {
                            let unread = bytes.get(bytes.len() - rest..).unwrap_or_default();
                            self.keep(unread.into());
                            return;
                        }
                    }
                    Poll::Ready(end) => {
                        self.socket = None;
                        self.session.close_with(
                            end.map_or(Reason::TransportError, |()| Reason::TransportClose),
                            None,
                        );
                        self.session.lock().forget();
                    }
                }
            }
        });
    }

    /// Takes the packets in `bytes`; returns how many bytes are left because there is no room for
    /// more jobs.
    fn decode(&mut self, cx: &mut Context<'_>, bytes: &mut [u8]) -> usize {
        let mut input = bytes;
        loop {
            {
                let state = self.session.lock();
                if state.closing.is_some() {
                    // What still comes is read to its end, and thrown away.
                    return 0;
                }
                if state.is_full(&self.session.server.config) {
                    return input.len();
                }
            }
            let Some(socket) = &mut self.socket else {
                return 0;
            };
            let session = &self.session;
            let taken = match socket.decoder.next(&mut input) {
                Ok(None) => return 0,
                Ok(Some(Message::Text(packet))) => session.receive(packet),
                Ok(Some(Message::Binary(bytes))) => session.take(super::Message::Binary(bytes)),
                Ok(Some(Message::Ping(payload))) => {
                    let pong = Packet::bare(control(Opcode::Pong, payload));
                    session.send(&pong, Lane::Durable);
                    continue;
                }
                Ok(Some(Message::Pong)) => continue,
                Ok(Some(Message::Close(code))) => {
                    let code = code.unwrap_or(CloseCode::NORMAL);
                    session.close_with(Reason::TransportClose, Some(code));
                    continue;
                }
                Err(fault) => {
                    session.close_with(Reason::ParseError, Some(fault.into()));
                    continue;
                }
            };
            match taken {
                // What came together is taken together, before anything is done about it.
                Ok(Some(task)) if input.is_empty() => self.begin(cx, task),
                Ok(Some(task)) => session.queue(task),
                Ok(None) => {}
                Err(violation) => session.refuse(violation),
            }
        }
    }

    /// Keeps what is to be decoded later.
    fn keep(&mut self, unread: BytesMut) {
        if let Some(socket) = &mut self.socket {
            socket.unread = unread;
        }
    }

    /// Runs a task's job at once when it is its turn, as it nearly always is, and queues it
    /// otherwise.
    fn begin(&mut self, cx: &mut Context<'_>, task: Task<P::Job>) {
        if self.job.is_some() || !self.session.lock().inbox.is_empty() {
            return self.session.queue(task);
        }
        self.job = Some(Box::pin(P::run(self.session.clone(), task.job)));
        self.work(cx);
    }

    /// Runs jobs; returns whether one was finished, so that there may be room for more packets.
    fn work(&mut self, cx: &mut Context<'_>) -> bool {
        let Some(mut job) = self.job.take().or_else(|| self.next_job()) else {
            return false;
        };
        // The job is dropped when it has panicked, so nobody can see what it left half done.
        match catch_unwind(AssertUnwindSafe(|| job.as_mut().poll(cx))) {
            Ok(Poll::Pending) => {
                self.job = Some(job);
                return false;
            }
            Ok(Poll::Ready(())) => {}
            Err(_) => {
                self.session.server.counters.panics.add(1);
                tracing::error!(
                    session = &*self.session.id,
                    "a handler panicked; its session is closed"
                );
                self.session.close(Reason::ServerClose);
            }
        }
        true
    }

    /// Starts the next job, if there is one.
    fn next_job(&mut self) -> Option<Running> {
        let job = {
            let mut state = self.session.lock();
            let job = state.inbox.pop();
            if let Some(poster) = state.poster.take() {
                poster.wake();
            }
            match (job, state.closing) {
                (None, Some(reason)) if self.stage == Stage::Closed => {
                    drop(state);
                    let last = self.session.protocol.last_job(reason);
                    if last.is_none() {
                        self.stage = Stage::Over;
                    }
                    last
                }
                (job, _) => job,
            }
        }?;
        Some(Box::pin(P::run(self.session.clone(), job)))
    }

    /// Writes what is queued, as far as the socket takes it.
    fn flush(&mut self, cx: &mut Context<'_>) {
        let Some(socket) = &self.socket else { return };
        let mut state = self.session.lock();
        let state = &mut *state;
        while let Outlet::WebSocket(stream) = &state.outlet {
            if state.queue.is_empty() {
                state.timers.stall = None;
                if state.closing.is_some() {
                    // All was said: the end of the stream follows.
                    state.outlet = Outlet::Gone;
                }
                return;
            }
            let written = match socket.stream.as_ref().poll_write_ready(cx) {
                Poll::Pending => {
                    if state.timers.stall.is_none() && state.closing.is_none() {
                        state.timers.stall =
                            Some(Moment::now() + self.session.server.config.queue_stall);
                        self.session.arm(state);
                    }
                    return;
                }
                Poll::Ready(Err(error)) => Err(error),
                Poll::Ready(Ok(())) => {
                    let mut batch = Queue::batch();
                    let count = state.queue.slices(&mut batch);
                    stream.try_write_vectored(batch.get(..count).unwrap_or_default())
                }
            };
            match written {
                Ok(count) => {
                    state.queue.advance(count);
                    state.timers.stall = None;
                    if state.is_drained(&self.session.server.config) {
                        state.wake_waiting();
                    }
                }
                // Readiness was stale; ask again.
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => {
                    state.closing.get_or_insert(Reason::TransportError);
                    state.forget();
                }
            }
        }
    }

    /// Notices that the session was closed.
    fn notice(&mut self) {
        let mut state = self.session.lock();
        let Some(reason) = state.closing else { return };
        if state.timers.linger.is_none() {
            state.forget();
            self.socket = None;
        }
        drop(state);
        if self.stage == Stage::Open {
            self.stage = Stage::Closed;
            self.session.server.closed(reason);
            self.session.protocol.closed();
        }
    }

    /// Whether nothing is left to do.
    fn is_done(&self) -> bool {
        if self.stage != Stage::Over || self.job.is_some() || self.socket.is_some() {
            return false;
        }
        let state = self.session.lock();
        // A job may have been added while the layer above was asked for its last.
        state.inbox.is_empty() && matches!(state.outlet, Outlet::Gone)
    }
}

impl<P: Protocol> Future for Driver<P> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        this.attach(cx);
        loop {
            this.read(cx);
            this.notice();
            if !this.work(cx) {
                break;
            }
        }
        this.flush(cx);
        // Flushing may have found the session broken: then its end is the next round's.
        if this.stage == Stage::Open && this.session.is_closed() {
            cx.waker().wake_by_ref();
        }
        if this.is_done() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

impl<P: Protocol> Drop for Driver<P> {
    fn drop(&mut self) {
        self.session.server.remove(&self.session.id);
    }
}

fn is_full<P: Protocol>(session: &Session<P>) -> bool {
    let state = session.lock();
    state.closing.is_none() && state.is_full(&session.server.config)
}
