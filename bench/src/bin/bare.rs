//! The yardstick: a server that does nothing but one `write` for each delivery.
//!
//! It takes `N` connections, answers each as a WebSocket server with a connected Socket.IO client
//! would, takes one more for control, and from then on sends one frame to all `N` whenever control
//! says something.

use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

/// Opens the WebSocket, the Engine.IO session and the Socket.IO connection. The load generator does
/// not check the key.
const GREETING: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Accept: -\r\n\r\n\x81\x030{}\x81\x0c40{\"sid\":\"-\"}";

/// Length of `42["publish"]`.
const PUBLISH: usize = 13;

fn main() -> io::Result<()> {
    let clients = env::args()
        .nth(1)
        .and_then(|count| count.parse().ok())
        .unwrap_or(1000);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    let sockets = (0..clients)
        .map(|_| accept(&listener))
        .collect::<io::Result<Vec<_>>>()?;
    let mut control = accept(&listener)?;
    let frame = frame();
    let mut said = [0; 4096];
    loop {
        let count = control.read(&mut said)?;
        if count == 0 {
            return Ok(());
        }
        // Masked text frames, several perhaps: publishes, which are told from the CONNECT by their
        // length.
        let mut rest = said.get(..count).unwrap_or_default();
        while let [0x81, len, ..] = *rest {
            let payload = usize::from(len & 0x7F);
            rest = rest.get(6 + payload..).unwrap_or_default();
            if payload != PUBLISH {
                continue;
            }
            for socket in &sockets {
                if rustix::io::write(socket, &frame)? != frame.len() {
                    return Err(io::Error::other("a client does not keep up"));
                }
            }
        }
    }
}

fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    let (mut socket, _) = listener.accept()?;
    socket.set_nodelay(true)?;
    let mut request = Vec::new();
    let mut some = [0; 1024];
    while !request.ends_with(b"\r\n\r\n") {
        let count = socket.read(&mut some)?;
        request.extend_from_slice(some.get(..count).unwrap_or_default());
    }
    socket.write_all(GREETING)?;
    Ok(socket)
}

/// The event that `examples/fanout` of the engine sends, byte for byte as long.
fn frame() -> Vec<u8> {
    let text = format!("42[\"tick\",{{\"data\":\"{}\"}}]", "x".repeat(192));
    let mut frame = vec![0x81, 126];
    frame.extend((text.len() as u16).to_be_bytes());
    frame.extend(text.bytes());
    frame
}
