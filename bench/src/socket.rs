//! A Socket.IO client on a bare WebSocket.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

/// Time without a frame after which a run has failed.
const SILENCE: Duration = Duration::from_secs(20);

pub(crate) struct Socket {
    stream: BufReader<TcpStream>,
}

impl Socket {
    /// Connects with this auth payload. Nothing is read of what is answered.
    pub(crate) fn connect(address: SocketAddr, auth: &Value) -> Result<Socket> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(SILENCE))?;
        let mut stream = BufReader::with_capacity(1 << 16, stream);
        let request = format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            ensure!(stream.read_line(&mut line)? > 0, "a connection was refused");
        }
        let mut socket = Socket { stream };
        socket.send(&format!("40{auth}"))?;
        Ok(socket)
    }

    /// Sends a packet as a frame, masked with zeros.
    pub(crate) fn send(&mut self, packet: &str) -> Result<()> {
        let length = u16::try_from(packet.len()).context("a packet this long is never sent")?;
        let mut frame = vec![0x81];
        match length {
            0..126 => frame.push(0x80 | length as u8),
            126.. => {
                frame.push(0x80 | 126);
                frame.extend(length.to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(packet.bytes());
        Ok(self.stream.get_mut().write_all(&frame)?)
    }

    /// The next packet; pings are answered.
    pub(crate) fn next(&mut self) -> Result<String> {
        loop {
            let [kind, length] = self.bytes()?;
            let length = match length {
                126 => u64::from(u16::from_be_bytes(self.bytes()?)),
                127 => u64::from_be_bytes(self.bytes()?),
                short => u64::from(short),
            };
            let mut packet = vec![0; usize::try_from(length)?];
            self.stream.read_exact(&mut packet)?;
            ensure!(kind == 0x81, "the connection was closed");
            match String::from_utf8(packet)? {
                ping if ping == "2" => self.send("3")?,
                packet => return Ok(packet),
            }
        }
    }

    /// The first packet that begins like this.
    pub(crate) fn find(&mut self, start: &str) -> Result<String> {
        loop {
            let packet = self.next()?;
            if packet.starts_with("44") {
                bail!("a connection was refused: {packet}");
            }
            if packet.starts_with(start) {
                return Ok(packet);
            }
        }
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}
