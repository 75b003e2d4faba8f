//! Many people's connections, watched on one thread.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use mio::event::Source;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use rustix::net::{AddressFamily, SocketType};
use serde_json::json;

/// Time without any byte, while something is due, after which a run has failed.
const SILENCE: Duration = Duration::from_secs(20);

/// Connections that are being opened at once.
const IN_FLIGHT: usize = 64;

/// Connections of one source address, of which loopback has many.
const PER_ADDRESS: usize = 100;

/// Connections that are open, pings answered while somebody listens.
pub(crate) struct Crowd {
    poll: Poll,
    events: Events,
    members: Vec<Member>,
    buffer: Vec<u8>,
}

struct Member {
    stream: TcpStream,
    /// The beginning of a frame whose end has yet to come.
    unread: Vec<u8>,
}

impl Crowd {
    /// Connects someone for each token, several at once, and has each join `room`.
    pub(crate) fn gather<'a>(
        address: SocketAddr,
        tokens: impl ExactSizeIterator<Item = &'a str>,
        room: &str,
    ) -> Result<Crowd> {
        let mut crowd = Crowd {
            poll: Poll::new()?,
            events: Events::with_capacity(1024),
            members: Vec::new(),
            buffer: vec![0; 1 << 16],
        };
        let join = format!(r#"420["join_room","{room}"]"#);
        let (count, mut tokens, mut joined) = (tokens.len(), tokens, 0);
        while joined < count {
            while crowd.members.len() < joined + IN_FLIGHT
                && let Some(token) = tokens.next()
            {
                crowd.add(address, token)?;
            }
            let mut answers = Vec::new();
            let heard = crowd.hear(Instant::now() + SILENCE, |who, packet| {
                if packet.starts_with(b"40") {
                    answers.push(who);
                } else if packet.starts_with(br#"430[{"ok":true"#) {
                    joined += 1;
                } else if packet.starts_with(b"43") || packet.starts_with(b"44") {
                    bail!("refused: {}", String::from_utf8_lossy(packet));
                }
                Ok(())
            })?;
            ensure!(heard, "nothing comes any more");
            for who in answers {
                let member = crowd.members.get_mut(who).context("no such member")?;
                member.stream.write_all(&masked(&join))?;
            }
        }
        Ok(crowd)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    /// Watches a stream of the caller's as well; its number is to be greater than any member's.
    pub(crate) fn watch(&self, stream: &mut impl Source, number: usize) -> Result<()> {
        let registry = self.poll.registry();
        Ok(registry.register(stream, Token(number), Interest::READABLE)?)
    }

    /// Waits for the next bytes, at most until `until`, and calls `heard` for each packet with the member's number. For
    /// streams of the caller's it is called first, with nothing, and they are read there. Returns whether anything came.
    pub(crate) fn hear(
        &mut self,
        until: Instant,
        mut heard: impl FnMut(usize, &[u8]) -> Result<()>,
    ) -> Result<bool> {
        let patience = until.saturating_duration_since(Instant::now());
        self.poll.poll(&mut self.events, Some(patience))?;
        let others = self.events.iter().map(|event| event.token().0);
        for number in others.filter(|number| *number >= self.members.len()) {
            heard(number, b"")?;
        }
        for event in &self.events {
            let number = event.token().0;
            if let Some(member) = self.members.get_mut(number) {
                member.read(&mut self.buffer, |packet| heard(number, packet))?;
            }
        }
        Ok(!self.events.is_empty())
    }

    /// Goes through the upgrade and sends CONNECT.
    fn add(&mut self, address: SocketAddr, token: &str) -> Result<()> {
        let number = self.members.len();
        let mut stream = std::net::TcpStream::from(open(address, number / PER_ADDRESS)?);
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(SILENCE))?;
        let request = format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        stream.write_all(request.as_bytes())?;
        let mut head = Vec::new();
        let end = b"\r\n\r\n";
        let unread = loop {
            let count = stream.read(&mut self.buffer)?;
            ensure!(count > 0, "a connection was refused");
            head.extend_from_slice(self.buffer.get(..count).unwrap_or_default());
            if let Some(at) = head.windows(end.len()).position(|part| part == end) {
                break head.split_off(at + end.len());
            }
        };
        ensure!(
            head.starts_with(b"HTTP/1.1 101"),
            "a connection was refused: {}",
            String::from_utf8_lossy(&head)
        );
        stream.write_all(&masked(&format!("40{}", json!({"token": token}))))?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        self.watch(&mut stream, number)?;
        self.members.push(Member { stream, unread });
        Ok(())
    }
}

impl Member {
    /// Reads what has come; pings are answered.
    fn read(
        &mut self,
        buffer: &mut [u8],
        mut heard: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        loop {
            match self.stream.read(buffer) {
                Ok(0) => bail!("a connection was closed"),
                Ok(count) => self
                    .unread
                    .extend_from_slice(buffer.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        let mut rest = self.unread.as_slice();
        while let Some((packet, after)) = packet(rest)? {
            rest = after;
            match packet {
                b"2" => self.stream.write_all(&masked("3"))?,
                packet => heard(packet)?,
            }
        }
        // Nothing is kept for those who wait for nothing: there may be many.
        self.unread = rest.to_vec();
        Ok(())
    }
}

/// The first packet and what follows it, if it is all there.
fn packet(bytes: &[u8]) -> Result<Option<(&[u8], &[u8])>> {
    let (length, rest) = match bytes {
        [0x81, 126, high, low, rest @ ..] => (u16::from_be_bytes([*high, *low]).into(), rest),
        [0x81, 127, rest @ ..] => match rest.split_first_chunk() {
            Some((length, rest)) => (usize::try_from(u64::from_be_bytes(*length))?, rest),
            None => return Ok(None),
        },
        [0x81, length @ ..126, rest @ ..] => (usize::from(*length), rest),
        [] | [0x81] | [0x81, 126, ..] => return Ok(None),
        _ => bail!("a connection was closed"),
    };
    Ok(rest.split_at_checked(length))
}

/// A connection from the loopback address of that number.
fn open(address: SocketAddr, source: usize) -> Result<rustix::fd::OwnedFd> {
    let [.., high, low] = (source + 1).to_be_bytes();
    let source = SocketAddrV4::new(Ipv4Addr::new(127, 0, high + 1, low), 0);
    let socket = rustix::net::socket(AddressFamily::INET, SocketType::STREAM, None)?;
    rustix::net::bind(&socket, &source)?;
    rustix::net::connect(&socket, &address)?;
    Ok(socket)
}

/// A client's text frame, masked with zeros.
pub(crate) fn masked(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81];
    match text.len() {
        length @ ..126 => frame.push(0x80 | length as u8),
        length => {
            frame.push(0x80 | 126);
            frame.extend((length as u16).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(text.bytes());
    frame
}
