//! The polling transport: GET fetches packets, POST brings them.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body;

use super::error::Error;
use super::packet::{BINARY, SEPARATOR, Violation};
use super::session::{Outlet, Session, State, Upgrading, is_told};
use super::{Message, Protocol};
use crate::Reason;

/// `6`: releases a GET that has nothing to fetch.
const NOOP: &str = "6";
/// `1`: the session is closed.
const CLOSE: &str = "1";

impl<P: Protocol> Session<P> {
    /// Whether a GET may still fetch the end of this closed session.
    pub(super) fn is_to_be_told(&self) -> bool {
        let state = self.lock();
        state.timers.linger.is_some()
            && state.closing.is_some_and(is_told)
            && matches!(state.outlet, Outlet::Polling(_))
    }

    /// The body of a GET: what is queued, at once or as soon as there is something. Dropped before
    /// it is done, it closes the session: the client went away. A second one while the first waits
    /// closes the session too.
    pub(super) fn get(self: &Arc<Self>) -> Result<Get<P>, Error> {
        let mut state = self.lock();
        match &mut state.outlet {
            Outlet::Polling(polling) if polling.get.is_none() => {
                polling.get = Some(None);
                Ok(Get {
                    session: self.clone(),
                    done: false,
                })
            }
            Outlet::Polling(_) => {
                drop(state);
                self.close(Reason::TransportError);
                Err(Error::BadRequest)
            }
            Outlet::WebSocket(_) => Err(Error::BadRequest),
            Outlet::Gone => Err(Error::UnknownSession),
        }
    }

    /// Takes the body of a POST, packet by packet, waiting for room in the inbox. A second one
    /// while the first is read closes the session, and so does a malformed packet.
    pub(super) async fn post<B>(self: &Arc<Self>, body: B) -> Result<(), Error>
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut post = self.begin_post()?;
        let limit = self.server.config.max_payload;
        if body.size_hint().lower() > limit as u64 {
            post.intact = true;
            return Err(Error::TooLarge);
        }
        let body = tokio::select! {
            body = Limited::new(body, limit).collect() => body,
            // A body that never ends must not outlive its session.
            () = self.until(|state| state.closing.is_some()) => return Err(Error::UnknownSession),
        };
        let body = match body {
            Ok(body) => body.to_bytes(),
            Err(error) => {
                post.intact = error.is::<LengthLimitError>();
                return Err(if post.intact {
                    Error::TooLarge
                } else {
                    Error::BadRequest
                });
            }
        };
        post.intact = true;
        let Ok(body) = std::str::from_utf8(&body) else {
            self.close(Reason::ParseError);
            return Err(Error::BadRequest);
        };
        for packet in body.split(SEPARATOR) {
            let config = &self.server.config;
            self.until(|state| state.closing.is_some() || !state.is_full(config))
                .await;
            if self.is_closed() {
                break;
            }
            let taken = match packet.strip_prefix(BINARY) {
                Some(text) => decode(text).and_then(|bytes| self.take(Message::Binary(&bytes))),
                None => self.receive(packet),
            };
            match taken {
                Ok(Some(task)) => {
                    self.queue(task);
                    self.lock().wake();
                }
                Ok(None) => {}
                Err(violation) => {
                    self.refuse(violation);
                    return Err(match violation {
                        Violation::Malformed => Error::BadRequest,
                        Violation::TooBig => Error::TooLarge,
                    });
                }
            }
        }
        Ok(())
    }

    fn begin_post(self: &Arc<Self>) -> Result<Post<P>, Error> {
        let mut state = self.lock();
        match &mut state.outlet {
            Outlet::Polling(polling) if !polling.posting => {
                polling.posting = true;
                Ok(Post {
                    session: self.clone(),
                    intact: false,
                })
            }
            Outlet::Polling(_) => {
                drop(state);
                self.close(Reason::TransportError);
                Err(Error::BadRequest)
            }
            Outlet::WebSocket(_) => Err(Error::BadRequest),
            Outlet::Gone => Err(Error::UnknownSession),
        }
    }

    /// Waits until a condition holds that comes with a job being taken or with the session's end.
    /// For the POST that is being read.
    async fn until(&self, holds: impl Fn(&State<P::Job>) -> bool) {
        std::future::poll_fn(|cx| {
            let mut state = self.lock();
            if holds(&state) {
                return Poll::Ready(());
            }
            state.poster = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

/// The bytes of a binary message, which polling carries in base64.
fn decode(text: &str) -> Result<Vec<u8>, Violation> {
    STANDARD.decode(text).map_err(|_| Violation::Malformed)
}

/// A GET that waits.
pub(super) struct Get<P: Protocol> {
    session: Arc<Session<P>>,
    done: bool,
}

impl<P: Protocol> Future for Get<P> {
    type Output = Bytes;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Bytes> {
        let session = self.session.clone();
        let mut state = session.lock();
        let state = &mut *state;
        let polling = match &mut state.outlet {
            Outlet::Polling(polling) => polling,
            Outlet::WebSocket(_) | Outlet::Gone => {
                self.done = true;
                return Poll::Ready(Bytes::from_static(NOOP.as_bytes()));
            }
        };
        let body = if let Some(reason) = state.closing {
            let end = if reason == Reason::TransportClose {
                NOOP
            } else {
                CLOSE
            };
            let queued = state.queue.take_body();
            if !queued.is_empty() && is_told(reason) {
                // Stock clients handle a payload's packets only after its last one was read: a
                // DISCONNECT next to the end would be lost. The end waits for the next GET.
                polling.get = None;
                self.done = true;
                return Poll::Ready(queued);
            }
            let mut body = queued.to_vec();
            if !body.is_empty() {
                body.push(SEPARATOR as u8);
            }
            body.extend_from_slice(end.as_bytes());
            state.forget();
            state.wake();
            body.into()
        } else if !state.queue.is_empty() {
            polling.get = None;
            let body = state.queue.take_body();
            state.wake_waiting();
            body
        } else if let Upgrading::Probed { noops } = &mut polling.upgrade
            && *noops > 0
        {
            *noops -= 1;
            polling.get = None;
            Bytes::from_static(NOOP.as_bytes())
        } else {
            polling.get = Some(Some(cx.waker().clone()));
            return Poll::Pending;
        };
        self.done = true;
        Poll::Ready(body)
    }
}

impl<P: Protocol> Drop for Get<P> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        // A session that has moved to a WebSocket has no use for the GET.
        if let Outlet::Polling(polling) = &mut self.session.lock().outlet {
            polling.get = None;
        } else {
            return;
        }
        self.session.close(Reason::TransportError);
    }
}

/// A POST that is being read.
struct Post<P: Protocol> {
    session: Arc<Session<P>>,
    /// Its body was dealt with; otherwise the client broke off, which closes the session.
    intact: bool,
}

impl<P: Protocol> Drop for Post<P> {
    fn drop(&mut self) {
        if let Outlet::Polling(polling) = &mut self.session.lock().outlet {
            polling.posting = false;
        } else {
            return;
        }
        if !self.intact {
            self.session.close(Reason::TransportError);
        }
    }
}
