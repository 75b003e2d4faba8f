//! The load generator: many WebSocket clients on one thread.
//!
//! While it measures, it counts bytes and parses nothing: all events are of one length.

use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

/// Time without any byte after which a run has failed.
const SILENCE: Duration = Duration::from_secs(20);

/// Receivers that are connected, and a publisher.
pub(crate) struct Clients {
    poll: Poll,
    receivers: Vec<TcpStream>,
    control: TcpStream,
    buffer: Vec<u8>,
    /// Length of one event's frame, in bytes.
    frame: usize,
}

impl Clients {
    /// Connects `count` receivers and a publisher, and has one event sent to learn its length.
    pub(crate) fn connect(address: SocketAddr, count: usize) -> Result<Clients> {
        let receivers = (0..count)
            .map(|_| open(address, "40"))
            .collect::<Result<Vec<_>>>()?;
        let control = open(address, r#"40{"control":true}"#)?;
        let mut clients = Clients {
            poll: Poll::new()?,
            receivers,
            control,
            buffer: vec![0; 1 << 16],
            frame: 0,
        };
        for (index, receiver) in clients.receivers.iter_mut().enumerate() {
            clients
                .poll
                .registry()
                .register(receiver, Token(index), Interest::READABLE)?;
        }
        clients.publish(1)?;
        let mut frame = Vec::new();
        let mut missing = count;
        let mut events = Events::with_capacity(1024);
        while missing > 0 {
            clients.wait(&mut events)?;
            for event in &events {
                let read = clients.read(event.token())?;
                if event.token() == Token(0) {
                    frame.extend_from_slice(clients.buffer.get(..read).unwrap_or_default());
                }
                missing -= 1;
            }
        }
        let [0x81, 126, high, low, ..] = frame.as_slice() else {
            bail!("no event of the expected form: {frame:?}")
        };
        clients.frame = 4 + usize::from(u16::from_be_bytes([*high, *low]));
        ensure!(frame.len() == clients.frame, "more than one event came");
        Ok(clients)
    }

    /// Has `rounds` events sent to all, never more than `in_flight` at a time.
    pub(crate) fn run(&mut self, rounds: usize, in_flight: usize) -> Result<()> {
        let round = self.frame * self.receivers.len();
        let mut received = 0;
        let mut published = 0;
        let mut events = Events::with_capacity(1024);
        while received < round * rounds {
            // An event is over when as many bytes have come as it has, over all receivers.
            let due = rounds.min(received / round + in_flight) - published;
            self.publish(due)?;
            published += due;
            self.wait(&mut events)?;
            for event in &events {
                received += self.read(event.token())?;
            }
        }
        ensure!(received == round * rounds, "more came than was sent");
        Ok(())
    }

    /// Has `count` events sent to all.
    fn publish(&mut self, count: usize) -> Result<()> {
        Ok(self
            .control
            .write_all(&masked(r#"42["publish"]"#).repeat(count))?)
    }

    fn wait(&mut self, events: &mut Events) -> Result<()> {
        self.poll.poll(events, Some(SILENCE))?;
        ensure!(!events.is_empty(), "nothing comes any more");
        Ok(())
    }

    /// Reads what one receiver has got; returns how many bytes.
    fn read(&mut self, token: Token) -> Result<usize> {
        let receiver = self
            .receivers
            .get_mut(token.0)
            .context("no such receiver")?;
        let mut total = 0;
        loop {
            match receiver.read(&mut self.buffer) {
                Ok(0) => bail!("a connection was closed"),
                Ok(count) => {
                    total += count;
                    if count < self.buffer.len() {
                        return Ok(total);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(total),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Opens a connection and has it answered up to the Socket.IO CONNECT.
fn open(address: SocketAddr, connect: &str) -> Result<TcpStream> {
    let mut stream = std::net::TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(SILENCE))?;
    let request = format!(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    read_past(&mut stream, &mut answer, b"\r\n\r\n")?;
    stream.write_all(&masked(connect))?;
    // The answer to CONNECT is one short frame, the last thing said.
    read_past(&mut stream, &mut answer, br#"40{"sid":"#)?;
    stream.set_nonblocking(true)?;
    Ok(TcpStream::from_std(stream))
}

/// Reads until the answer contains `mark`.
fn read_past(stream: &mut std::net::TcpStream, answer: &mut Vec<u8>, mark: &[u8]) -> Result<()> {
    let mut buffer = [0; 1024];
    while !answer.windows(mark.len()).any(|part| part == mark) {
        let count = stream.read(&mut buffer)?;
        ensure!(
            count > 0,
            "a connection was refused: {}",
            String::from_utf8_lossy(answer)
        );
        answer.extend_from_slice(buffer.get(..count).unwrap_or_default());
    }
    Ok(())
}

/// A client's text frame, masked with zeros; for texts of less than 126 bytes.
fn masked(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81, 0x80 | text.len() as u8, 0, 0, 0, 0];
    frame.extend(text.bytes());
    frame
}
