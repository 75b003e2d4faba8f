//! From HTTP to WebSocket: taking the socket out of hyper, and the probe that moves a session from
//! polling.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::error::Error;
use super::session::{Arrived, Outlet, Session, Upgrading, code};
use super::{Handshake, Packet, Protocol, Server};
use crate::http::{Open, Seat};
use crate::websocket::{self, CloseCode, Decoder, Message, Opcode, control};

/// Time from a probe to the release of a GET that waits, as in stock servers: a packet that comes
/// meanwhile releases it as well, and spares the client one that says nothing.
const RELEASE: Duration = Duration::from_millis(100);
/// GETs that are answered at once for a client that finishes an upgrade.
const NOOPS: u8 = 4;

/// Answers the handshake of a WebSocket that opens a session of its own.
pub(super) fn open<P: Protocol>(
    server: Arc<Server<P>>,
    request: &mut http::request::Parts,
    handshake: Handshake,
    protocol: P,
) -> Result<Response<Full<Bytes>>, Error> {
    let (response, upgrade) = accept(request)?;
    let seat = request.extensions.get::<Open>().map(Open::seat);
    tokio::spawn(async move {
        let Some((stream, unread)) = take_socket(upgrade).await else {
            return;
        };
        let (stream, outlet) = stream.into_split();
        let arrived = Arrived {
            stream,
            decoder: Decoder::new(server.config.max_payload),
            unread: unread.as_slice().into(),
            _seat: seat,
        };
        if let Err(error) =
            server.open_websocket(Outlet::WebSocket(outlet), arrived, handshake, protocol)
        {
            tracing::debug!(%error, "failed to open a session");
        }
    });
    Ok(response)
}

/// Answers the handshake of a WebSocket to which a session on polling is to move. There can be one
/// at a time; another is closed as soon as it is open.
pub(super) fn probe<P: Protocol>(
    session: Arc<Session<P>>,
    request: &mut http::request::Parts,
) -> Result<Response<Full<Bytes>>, Error> {
    let (response, upgrade) = accept(request)?;
    let seat = request.extensions.get::<Open>().map(Open::seat);
    let candidate = Candidate::new(session);
    tokio::spawn(async move {
        let Some(candidate) = candidate else {
            // Clients expect the handshake to be answered and the WebSocket to be closed.
            if let Some((mut stream, _)) = take_socket(upgrade).await {
                drop(stream.write_all(&CloseCode::NORMAL.frame()).await);
            }
            return;
        };
        let timeout = candidate.session.server.config.upgrade_timeout;
        let probed = async {
            let (stream, unread) = take_socket(upgrade).await?;
            candidate.probe(stream, unread).await
        };
        if let Ok(Some((stream, decoder, unread))) = tokio::time::timeout(timeout, probed).await {
            candidate.finish(stream, decoder, unread, seat);
        }
    });
    Ok(response)
}

fn accept(request: &mut http::request::Parts) -> Result<(Response<Full<Bytes>>, OnUpgrade), Error> {
    let response = websocket::accept(request).map_err(|_| Error::BadRequest)?;
    let upgrade = request
        .extensions
        .remove::<OnUpgrade>()
        .ok_or(Error::BadRequest)?;
    Ok((response, upgrade))
}

/// The TCP stream of a connection that was switched, and the bytes that were read too far; hyper's
/// buffers are gone with it.
async fn take_socket(upgrade: OnUpgrade) -> Option<(TcpStream, Vec<u8>)> {
    let parts = match upgrade
        .await
        .map(hyper::upgrade::Upgraded::downcast::<TokioIo<TcpStream>>)
    {
        Ok(Ok(parts)) => parts,
        Ok(Err(_)) => {
            tracing::error!(
                "failed to take the socket of a WebSocket: the server in front hands out no plain TCP stream"
            );
            return None;
        }
        Err(error) => {
            tracing::debug!(%error, "failed to switch protocols");
            return None;
        }
    };
    // Copied: as they are, they would keep all of hyper's buffer.
    Some((parts.io.into_inner(), parts.read_buf.to_vec()))
}

/// A WebSocket beside a session on polling.
struct Candidate<P: Protocol> {
    session: Arc<Session<P>>,
}

impl<P: Protocol> Candidate<P> {
    /// `None` when the session has a WebSocket, or one beside it.
    fn new(session: Arc<Session<P>>) -> Option<Candidate<P>> {
        match &mut session.lock().outlet {
            Outlet::Polling(polling) if polling.upgrade == Upgrading::No => {
                polling.upgrade = Upgrading::Opened
            }
            _ => return None,
        }
        Some(Candidate { session })
    }

    /// Answers the client's probe and waits for its word to switch; `None` when anything else
    /// comes.
    async fn probe(
        &self,
        mut stream: TcpStream,
        mut unread: Vec<u8>,
    ) -> Option<(TcpStream, Decoder, Vec<u8>)> {
        let mut decoder = Decoder::new(self.session.server.config.max_payload);
        if next(&mut stream, &mut decoder, &mut unread).await? != "2probe" {
            return None;
        }
        stream
            .write_all(Packet::plain("3probe").frame())
            .await
            .ok()?;
        let word = {
            let mut word = pin!(next(&mut stream, &mut decoder, &mut unread));
            match tokio::time::timeout(RELEASE, &mut word).await {
                Ok(word) => word,
                Err(_) => {
                    if let Outlet::Polling(polling) = &mut self.session.lock().outlet {
                        polling.upgrade = Upgrading::Probed { noops: NOOPS };
                        polling.wake();
                    }
                    word.await
                }
            }
        };
        (word? == "5").then_some((stream, decoder, unread))
    }

    /// Moves the session: from here on its packets go through the WebSocket.
    fn finish(&self, stream: TcpStream, decoder: Decoder, unread: Vec<u8>, seat: Option<Seat>) {
        let mut state = self.session.lock();
        let Outlet::Polling(polling) = &mut state.outlet else {
            return;
        };
        polling.wake();
        // A session that was closed meanwhile still says what it had to say, here: a DISCONNECT, perhaps.
        if let Some(code) = state.closing.and_then(code) {
            state.queue.push(Packet::bare(code.frame()));
        }
        let (stream, outlet) = stream.into_split();
        state.outlet = Outlet::WebSocket(outlet);
        state.arrived = Some(Box::new(Arrived {
            stream,
            decoder,
            unread: unread.as_slice().into(),
            _seat: seat,
        }));
        state.wake();
    }
}

impl<P: Protocol> Drop for Candidate<P> {
    fn drop(&mut self) {
        if let Outlet::Polling(polling) = &mut self.session.lock().outlet {
            polling.upgrade = Upgrading::No;
        }
    }
}

/// The next text of a WebSocket that is being probed; `None` when it ends, breaks the rules or
/// sends something else.
async fn next(
    stream: &mut TcpStream,
    decoder: &mut Decoder,
    unread: &mut Vec<u8>,
) -> Option<String> {
    loop {
        let mut input = unread.as_mut_slice();
        let reply = match decoder.next(&mut input).ok()? {
            Some(Message::Text(text)) => {
                let text = text.to_owned();
                *unread = input.to_vec();
                return Some(text);
            }
            Some(Message::Ping(payload)) => control(Opcode::Pong, payload),
            Some(Message::Pong) => Bytes::new(),
            Some(Message::Binary(_) | Message::Close(_)) => return None,
            None => {
                unread.clear();
                if stream.read_buf(unread).await.ok()? == 0 {
                    return None;
                }
                continue;
            }
        };
        *unread = input.to_vec();
        stream.write_all(&reply).await.ok()?;
    }
}
