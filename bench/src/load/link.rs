//! One client: its connection, from the first packet of TCP until it is in its room, and then what
//! comes.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

use anyhow::{Context as _, Result, bail, ensure};
use mio::net::TcpStream;
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, connect, socket_with, sockopt};

use super::frame::{mask, walk};
use super::polling;

/// Local addresses, for one has only 28,000 ports.
const SOURCES: usize = 64;

/// How a client wants to be connected.
#[derive(Clone, Debug)]
pub(crate) struct Dial {
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
    /// Asked to be let in there, and only connected once that is acknowledged.
    pub(crate) room: Option<String>,
    pub(crate) polling: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Until TCP has connected.
    Dialling,
    /// Until the answer to the upgrade.
    Upgrading,
    /// Until the server has opened the Engine.IO session.
    Opening,
    /// Until the answer to CONNECT.
    Connecting,
    /// Until the answer to `join`.
    Joining,
    Ready,
}

/// What a client tells the one who runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard<'a> {
    /// It is connected, and in its room if it has one.
    Ready,
    /// A packet, after that.
    Packet(&'a [u8]),
    /// The server closed the connection, or broke it.
    Closed,
}

#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) stream: TcpStream,
    stage: Stage,
    /// Kept until it is connected.
    dial: Option<Box<Dial>>,
    polling: Option<Box<polling::Session>>,
    /// The beginning of something that has not come whole.
    partial: Vec<u8>,
    /// What the kernel did not take yet.
    outgoing: Vec<u8>,
    closed: bool,
}

impl Link {
    /// Begins to connect. `number` chooses the local address.
    pub(crate) fn dial(dial: Dial, number: usize) -> Result<Link> {
        let SocketAddr::V4(address) = dial.address else {
            bail!("the server must listen on IPv4");
        };
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let socket = socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)
            .context("no more connections (see ulimit -n)")?;
        sockopt::set_tcp_nodelay(&socket, true)?;
        let source = Ipv4Addr::new(127, 0, 0, 2 + (number % SOURCES) as u8);
        bind(&socket, &SocketAddrV4::new(source, 0))?;
        match connect(&socket, &address) {
            Ok(()) | Err(rustix::io::Errno::INPROGRESS) => {}
            Err(error) => return Err(error).context("failed to connect"),
        }
        Ok(Link {
            stream: TcpStream::from_std(socket.into()),
            stage: Stage::Dialling,
            polling: dial
                .polling
                .then(|| Box::new(polling::Session::new(dial.address))),
            dial: Some(Box::new(dial)),
            partial: Vec::new(),
            outgoing: Vec::new(),
            closed: false,
        })
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.stage == Stage::Ready
    }

    /// Goes on where the connection can be written to.
    pub(crate) fn writable(&mut self) -> Result<()> {
        if self.stage == Stage::Dialling {
            if let Some(error) = self.stream.take_error()? {
                return Err(error).context("failed to connect");
            }
            // Woken for something else, perhaps.
            let Ok(address) = self.stream.peer_addr() else {
                return Ok(());
            };
            if let Some(polling) = &self.polling {
                self.stage = Stage::Opening;
                self.write(polling.get().as_slice());
            } else {
                self.stage = Stage::Upgrading;
                self.write(upgrade(address).as_bytes());
            }
        } else if !self.outgoing.is_empty() {
            let due = std::mem::take(&mut self.outgoing);
            self.write(&due);
        }
        Ok(())
    }

    /// Writes; what is not taken now goes when it can.
    pub(crate) fn write(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while self.outgoing.is_empty() && !rest.is_empty() {
            match self.stream.write(rest) {
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                // The reading side tells of it.
                Err(_) => return,
            }
        }
        self.outgoing.extend_from_slice(rest);
    }

    /// Reads all that has come, in the buffer given. What `hear` returns is written.
    pub(crate) fn read<'f>(
        &mut self,
        buffer: &mut [u8],
        hear: &mut impl FnMut(Heard<'_>) -> Option<&'f [u8]>,
    ) -> Result<()> {
        while !self.closed && self.stage != Stage::Dialling {
            let (kept, free) = buffer
                .split_at_mut_checked(self.partial.len())
                .context("an answer without an end")?;
            kept.copy_from_slice(&self.partial);
            let room = free.len();
            let count = match self.stream.read(free) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => 0,
            };
            if count == 0 {
                self.closed = true;
                break;
            }
            let come = self.partial.len() + count;
            self.partial.clear();
            let come = buffer.get(..come).unwrap_or_default();
            let rest = if self.polling.is_some() {
                self.take_answers(come, hear)?
            } else {
                self.take_frames(come, hear)?
            };
            self.partial.extend_from_slice(rest);
            if count < room {
                break;
            }
        }
        if self.closed {
            ensure!(self.is_ready(), "a connection was refused");
            hear(Heard::Closed);
        }
        Ok(())
    }

    fn take_frames<'a, 'f>(
        &mut self,
        mut come: &'a [u8],
        hear: &mut impl FnMut(Heard<'_>) -> Option<&'f [u8]>,
    ) -> Result<&'a [u8]> {
        if self.stage == Stage::Upgrading {
            let Some(end) = polling::head(come) else {
                return Ok(come);
            };
            let (head, rest) = come.split_at(end);
            ensure!(
                head.starts_with(b"HTTP/1.1 101 "),
                "a connection was refused: {}",
                String::from_utf8_lossy(come)
            );
            self.stage = Stage::Opening;
            come = rest;
        }
        let mut failed = Ok(());
        let rest = walk(come, |packet| match self.take_packet(packet, hear) {
            Ok(Some(answer)) => self.say(&answer),
            Ok(None) => {}
            Err(error) => failed = Err(error),
        });
        failed?;
        self.closed |= rest.is_none();
        Ok(rest.unwrap_or_default())
    }

    fn take_answers<'a, 'f>(
        &mut self,
        mut come: &'a [u8],
        hear: &mut impl FnMut(Heard<'_>) -> Option<&'f [u8]>,
    ) -> Result<&'a [u8]> {
        while let Some((body, rest)) = polling::answer(come)? {
            come = rest;
            let mut said = Vec::new();
            // A POST is answered by one word, which is no packet.
            if body != b"ok" {
                if let (Some(polling), [b'0', open @ ..]) = (&mut self.polling, body) {
                    polling.opened(open)?;
                }
                for packet in body.split(|byte| *byte == polling::SEPARATOR) {
                    if let Some(answer) = self.take_packet(packet, hear)? {
                        said.push(answer);
                    }
                }
            }
            let Some(polling) = &self.polling else { break };
            let request = if said.is_empty() {
                polling.get()
            } else {
                polling.post(&said)
            };
            self.write(&request);
        }
        Ok(come)
    }

    /// Takes one packet; returns what is to be said upon it before the client is connected.
    fn take_packet<'f>(
        &mut self,
        packet: &[u8],
        hear: &mut impl FnMut(Heard<'_>) -> Option<&'f [u8]>,
    ) -> Result<Option<String>> {
        if packet == b"2" {
            return Ok(Some("3".to_owned()));
        }
        let dial = self.dial.as_deref();
        match (self.stage, packet) {
            (Stage::Ready, _) => {
                if let Some(answer) = hear(Heard::Packet(packet)) {
                    self.write(answer);
                }
                return Ok(None);
            }
            (Stage::Opening, [b'0', ..]) => {
                self.stage = Stage::Connecting;
                let token = dial.map(|dial| dial.token.as_str()).unwrap_or_default();
                return Ok(Some(format!(r#"40{{"token":"{token}"}}"#)));
            }
            (Stage::Connecting, [b'4', b'0', ..]) => {
                if let Some(room) = dial.and_then(|dial| dial.room.as_deref()) {
                    self.stage = Stage::Joining;
                    return Ok(Some(format!(r#"420["join","{room}"]"#)));
                }
            }
            (Stage::Joining, b"430[true]") => {}
            // An event may come as soon as the client is in the room.
            (Stage::Joining, [b'4', b'2', ..]) => return Ok(None),
            _ => bail!("a client was told {}", String::from_utf8_lossy(packet)),
        }
        self.stage = Stage::Ready;
        self.dial = None;
        if let Some(answer) = hear(Heard::Ready) {
            self.write(answer);
        }
        Ok(None)
    }

    fn say(&mut self, packet: &str) {
        let mut frame = Vec::new();
        mask(packet, &mut frame);
        self.write(&frame);
    }
}

fn upgrade(address: SocketAddr) -> String {
    format!(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
}
