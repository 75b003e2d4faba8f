//! HTTP as a polling client speaks it, on one connection that is kept: it asks again as soon as it is
//! answered.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

/// Between packets of one answer.
pub(crate) const SEPARATOR: u8 = 0x1E;
const SEPARATOR_TEXT: &str = "\x1E";

#[derive(Debug)]
pub(crate) struct Session {
    address: SocketAddr,
    sid: String,
}

impl Session {
    pub(crate) fn new(address: SocketAddr) -> Session {
        let sid = String::new();
        Session { address, sid }
    }

    /// Keeps the session's id, which the first packet tells.
    pub(crate) fn opened(&mut self, packet: &[u8]) -> Result<()> {
        #[derive(Deserialize)]
        struct Open {
            sid: String,
        }
        let open: Open = serde_json::from_slice(packet).context("failed to open a session")?;
        self.sid = format!("&sid={}", open.sid);
        Ok(())
    }

    pub(crate) fn get(&self) -> Vec<u8> {
        let Session { address, sid } = self;
        format!("GET /socket.io/?EIO=4&transport=polling{sid} HTTP/1.1\r\nHost: {address}\r\n\r\n")
            .into_bytes()
    }

    pub(crate) fn post(&self, packets: &[String]) -> Vec<u8> {
        let Session { address, sid } = self;
        let body = packets.join(SEPARATOR_TEXT);
        let length = body.len();
        format!(
            "POST /socket.io/?EIO=4&transport=polling{sid} HTTP/1.1\r\nHost: {address}\r\n\
             Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }
}

/// The end of a head, if it is there.
pub(crate) fn head(bytes: &[u8]) -> Option<usize> {
    let end = b"\r\n\r\n";
    let place = bytes.windows(end.len()).position(|four| four == end)?;
    Some(place + end.len())
}

/// The body of the first answer, if all of it is there, and what comes after it.
pub(crate) fn answer(bytes: &[u8]) -> Result<Option<(&[u8], &[u8])>> {
    let Some(end) = head(bytes) else {
        return Ok(None);
    };
    let (head, rest) = bytes.split_at(end);
    let head = str::from_utf8(head).context("an answer that is no HTTP")?;
    ensure!(
        head.starts_with("HTTP/1.1 200 "),
        "a request was refused: {}",
        String::from_utf8_lossy(bytes)
    );
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let ours = name.eq_ignore_ascii_case("content-length");
        ours.then(|| value.trim().parse::<usize>().ok())?
    });
    let length = length.context("an answer without a length")?;
    Ok(rest.split_at_checked(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_found_wherever_the_bytes_are_cut() {
        let first = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nX: y\r\n\r\n2\x1e431";
        let second = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        let both = [first, second].concat();
        for cut in 0..both.len() {
            let found = answer(&both.as_bytes()[..cut]).unwrap();
            assert_eq!(
                found.map(|(body, _)| body),
                (cut >= first.len()).then_some(&b"2\x1e431"[..])
            );
        }
        let (_, rest) = answer(both.as_bytes()).unwrap().unwrap();
        assert_eq!(answer(rest).unwrap(), Some((&b"ok"[..], &b""[..])));
    }

    #[test]
    fn a_refusal_and_an_answer_without_a_length_are_errors() {
        assert!(answer(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").is_err());
        assert!(answer(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }

    #[test]
    fn the_session_is_named_once_it_is_open() {
        let mut session = Session::new(([127, 0, 0, 1], 80).into());
        assert!(!session.get().windows(4).any(|part| part == b"sid="));
        session
            .opened(br#"{"sid":"abc","pingInterval":25000}"#)
            .unwrap();
        assert!(
            session
                .get()
                .starts_with(b"GET /socket.io/?EIO=4&transport=polling&sid=abc HTTP")
        );
        let packets = ["3".to_owned(), "40".to_owned()];
        let end = b"Content-Length: 4\r\n\r\n3\x1e40";
        assert!(session.post(&packets).ends_with(end));
    }
}
