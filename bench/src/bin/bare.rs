//! The yardstick: a server that does nothing but one `write` for each delivery, or with `--coalesce`
//! one for all that is published at a time.
//!
//! It greets whoever comes as a connected Socket.IO client and hears nothing but `publish`: what is
//! said there goes to all but the one who said it.

use std::env;
use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

/// Opens all that is to be opened. The load generator does not check the key.
const GREETING: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Accept: -\r\n\r\n\x81\x030{}\x81\x0d40{\"sid\":\"-\"}";
const LISTENER: Token = Token(usize::MAX);

fn main() -> io::Result<()> {
    let coalesce = env::args().any(|word| word == "--coalesce");
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    serve(listener, coalesce)
}

pub(crate) fn serve(mut listener: TcpListener, coalesce: bool) -> io::Result<()> {
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(1024);
    poll.registry()
        .register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut clients: Vec<Option<TcpStream>> = Vec::new();
    let mut said = vec![0; 1 << 16];
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            if event.token() == LISTENER {
                while let Ok((mut client, _)) = listener.accept() {
                    client.set_nodelay(true)?;
                    let token = Token(clients.len());
                    poll.registry()
                        .register(&mut client, token, Interest::READABLE)?;
                    clients.push(Some(client));
                }
                continue;
            }
            let Token(speaker) = event.token();
            let Some(client) = clients.get_mut(speaker) else {
                continue;
            };
            let count = match client.as_mut().map(|client| client.read(&mut said)) {
                Some(Ok(count @ 1..)) => count,
                Some(Err(error)) if error.kind() == io::ErrorKind::WouldBlock => continue,
                _ => {
                    *client = None;
                    continue;
                }
            };
            let said = said.get(..count).unwrap_or_default();
            if let (true, Some(client)) = (said.starts_with(b"GET "), client) {
                client.write_all(GREETING)?;
            }
            let mut ticks = published(said);
            if coalesce {
                ticks = vec![ticks.concat()];
            }
            for tick in ticks.iter().filter(|tick| !tick.is_empty()) {
                for (place, client) in clients.iter_mut().enumerate() {
                    // Who is gone, or does not keep up, is let go.
                    client.take_if(|client| {
                        place != speaker
                            && rustix::io::write(&*client, tick).ok() != Some(tick.len())
                    });
                }
            }
        }
    }
}

/// The frames to send for what was said: masked text frames (with zeros), whole ones.
fn published(mut said: &[u8]) -> Vec<Vec<u8>> {
    let mut ticks = Vec::new();
    while let [0x81, length, high, low, ..] = *said {
        let (head, length) = match length & 0x7F {
            126 => (8, usize::from(u16::from_be_bytes([high, low]))),
            length => (6, usize::from(length)),
        };
        let payload = said.get(head..head + length).unwrap_or_default();
        said = said.get(head + length..).unwrap_or_default();
        if payload.starts_with(b"42[\"publish\"")
            && let Some(place) = payload.windows(7).position(|part| part == b"{\"data\"")
        {
            let text = [b"42[\"tick\",", payload.get(place..).unwrap_or_default()].concat();
            let [high, low] = (text.len() as u16).to_be_bytes();
            ticks.push([&[0x81, 126, high, low], text.as_slice()].concat());
        }
    }
    ticks
}
