//! A client that speaks HTTP and WebSocket by hand, so that it can also speak them wrongly.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Waits for what should come soon; fails when it does not.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), what)
        .await
        .expect("nothing came")
}

/// Waits until something holds.
pub(crate) async fn eventually(holds: impl Fn() -> bool) {
    soon(async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
}

/// An HTTP answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The code of an Engine.IO error.
    pub(crate) fn code(&self) -> u64 {
        serde_json::from_str::<Value>(&self.body).unwrap()["code"]
            .as_u64()
            .unwrap()
    }
}

/// A connection that requests are made on, one after another.
pub(crate) struct Http {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Http {
    pub(crate) async fn connect(address: SocketAddr) -> Http {
        Http {
            stream: TcpStream::connect(address).await.unwrap(),
            buffer: Vec::new(),
        }
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// The bare connection.
    pub(crate) fn into_stream(self) -> TcpStream {
        self.stream
    }

    pub(crate) async fn request(&mut self, line: &str, headers: &str, body: &[u8]) -> Answer {
        let head = format!(
            "{line} HTTP/1.1\r\nHost: shop.example\r\nContent-Length: {}\r\n{headers}\r\n",
            body.len()
        );
        self.send(head.as_bytes()).await;
        self.send(body).await;
        self.answer().await
    }

    /// The next answer.
    pub(crate) async fn answer(&mut self) -> Answer {
        soon(self.read_answer()).await
    }

    async fn read_answer(&mut self) -> Answer {
        let end = loop {
            if let Some(at) = self.buffer.windows(4).position(|part| part == b"\r\n\r\n") {
                break at + 4;
            }
            self.read().await;
        };
        let head = String::from_utf8(self.buffer.drain(..end).collect()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut answer = Answer {
            status,
            head,
            body: String::new(),
        };
        let length = answer
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        while self.buffer.len() < length {
            self.read().await;
        }
        answer.body = String::from_utf8(self.buffer.drain(..length).collect()).unwrap();
        answer
    }

    async fn read(&mut self) {
        let count = self.stream.read_buf(&mut self.buffer).await.unwrap();
        assert!(
            count > 0,
            "closed after {:?}",
            String::from_utf8_lossy(&self.buffer)
        );
    }
}

/// One request on a connection of its own.
pub(crate) async fn request(address: SocketAddr, line: &str, headers: &str, body: &[u8]) -> Answer {
    Http::connect(address)
        .await
        .request(line, headers, body)
        .await
}

/// A client on polling.
pub(crate) struct Polling {
    pub(crate) address: SocketAddr,
    pub(crate) target: String,
    pub(crate) open: Value,
}

impl Polling {
    /// Opens a session.
    pub(crate) async fn open(address: SocketAddr) -> Polling {
        let target = "/socket.io/?EIO=4&transport=polling";
        let answer = request(address, &format!("GET {target}"), "", b"").await;
        assert_eq!(answer.status, 200);
        let open: Value = serde_json::from_str(answer.body.strip_prefix('0').unwrap()).unwrap();
        Polling {
            address,
            target: format!("{target}&sid={}", open["sid"].as_str().unwrap()),
            open,
        }
    }

    /// Opens a session and connects a socket.
    pub(crate) async fn connect(address: SocketAddr) -> Polling {
        let client = Polling::open(address).await;
        client.say("40").await;
        assert!(client.hear().await.starts_with(r#"40{"sid":"#));
        client
    }

    pub(crate) async fn get(&self) -> Answer {
        request(self.address, &format!("GET {}", self.target), "", b"").await
    }

    pub(crate) async fn post(&self, body: &str) -> Answer {
        request(
            self.address,
            &format!("POST {}", self.target),
            "",
            body.as_bytes(),
        )
        .await
    }

    /// GETs what must be an answer.
    pub(crate) async fn hear(&self) -> String {
        let answer = self.get().await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }

    /// POSTs what must be taken.
    pub(crate) async fn say(&self, body: &str) {
        let answer = self.post(body).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "ok"));
    }

    /// A GET that is left waiting, on the connection returned.
    pub(crate) async fn waiting_get(&self) -> Http {
        let mut http = Http::connect(self.address).await;
        http.send(format!("GET {} HTTP/1.1\r\nHost: shop.example\r\n\r\n", self.target).as_bytes())
            .await;
        // On the one thread of a test the server takes requests in the order in which they come:
        // once a later one is answered, this one is waiting.
        request(self.address, "GET /elsewhere", "", b"").await;
        http
    }
}

/// What comes over a WebSocket.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    Text(String),
    Binary(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<u16>),
    /// The end of the stream.
    End,
}

/// A WebSocket client.
pub(crate) struct Ws {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Ws {
    /// Opens a session of its own; the first thing to hear is its OPEN packet.
    pub(crate) async fn open(address: SocketAddr) -> Ws {
        Ws::handshake(address, "/socket.io/?EIO=4&transport=websocket", "")
            .await
            .unwrap()
    }

    /// Opens a session and connects a socket with that auth payload.
    pub(crate) async fn connect(address: SocketAddr, auth: Value) -> Ws {
        let mut ws = Ws::open(address).await;
        assert!(ws.hear().await.starts_with("0{"));
        ws.say(&format!("40{auth}")).await;
        assert!(ws.hear().await.starts_with(r#"40{"sid":"#));
        ws
    }

    /// Makes the handshake; any answer but 101 is an error.
    pub(crate) async fn handshake(
        address: SocketAddr,
        target: &str,
        headers: &str,
    ) -> Result<Ws, Answer> {
        let mut http = Http::connect(address).await;
        let head = format!(
            "GET {target} HTTP/1.1\r\nHost: shop.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
        );
        http.send(head.as_bytes()).await;
        let answer = http.answer().await;
        if answer.status != 101 {
            return Err(answer);
        }
        assert_eq!(
            answer.header("sec-websocket-accept"),
            Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        );
        Ok(Ws {
            stream: http.stream,
            buffer: http.buffer,
        })
    }

    /// Sends raw bytes.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// Sends a text message.
    pub(crate) async fn say(&mut self, text: &str) {
        self.send(&frame(0x81, text.as_bytes())).await;
    }

    /// Sends a binary message.
    pub(crate) async fn say_bytes(&mut self, bytes: &[u8]) {
        self.send(&frame(0x82, bytes)).await;
    }

    /// Hears a binary message.
    pub(crate) async fn hear_bytes(&mut self) -> Vec<u8> {
        match self.next().await {
            Heard::Binary(bytes) => bytes,
            other => panic!("expected bytes, heard {other:?}"),
        }
    }

    /// Hears a text message.
    pub(crate) async fn hear(&mut self) -> String {
        match self.next().await {
            Heard::Text(text) => text,
            other => panic!("expected a text, heard {other:?}"),
        }
    }

    /// Hears that the connection is being closed, whatever comes before; returns the code, if one
    /// came.
    pub(crate) async fn hear_close(&mut self) -> Option<u16> {
        loop {
            match self.next().await {
                Heard::Text(_) | Heard::Binary(_) | Heard::Pong(_) => {}
                Heard::Close(code) => return code,
                Heard::End => return None,
            }
        }
    }

    pub(crate) async fn next(&mut self) -> Heard {
        soon(self.frame()).await
    }

    async fn frame(&mut self) -> Heard {
        let Some(first) = self.take(2).await else {
            return Heard::End;
        };
        let len = match first[1] {
            126 => u16::from_be_bytes(self.take(2).await.unwrap().try_into().unwrap()).into(),
            127 => u64::from_be_bytes(self.take(8).await.unwrap().try_into().unwrap()),
            len => u64::from(len),
        };
        let payload = self.take(len as usize).await.unwrap();
        match first[0] {
            0x81 => Heard::Text(String::from_utf8(payload).unwrap()),
            0x82 => Heard::Binary(payload),
            0x88 => Heard::Close(payload.try_into().ok().map(u16::from_be_bytes)),
            0x8A => Heard::Pong(payload),
            other => panic!("a frame begins with {other:x}"),
        }
    }

    async fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        while self.buffer.len() < count {
            // A reset is an end as good as any.
            if self.stream.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
                return None;
            }
        }
        Some(self.buffer.drain(..count).collect())
    }

    /// Sets how much the kernel keeps for a client that does not read.
    pub(crate) async fn deaf(address: SocketAddr) -> Ws {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let stream = socket.connect(address).await.unwrap();
        let mut http = Http {
            stream,
            buffer: Vec::new(),
        };
        let head = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: shop.example\r\n\
             Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        http.send(head.as_bytes()).await;
        assert_eq!(http.answer().await.status, 101);
        Ws {
            stream: http.stream,
            buffer: http.buffer,
        }
    }
}

/// A client's frame with that first byte, masked.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        len @ 0..126 => frame.push(0x80 | len as u8),
        len @ 126..0x1_0000 => {
            frame.push(0x80 | 126);
            frame.extend((len as u16).to_be_bytes());
        }
        len => {
            frame.push(0x80 | 127);
            frame.extend((len as u64).to_be_bytes());
        }
    }
    let mask = [1, 2, 3, 4];
    frame.extend(mask);
    frame.extend(
        payload
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    frame
}
