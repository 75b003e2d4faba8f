//! A person who is signed in over REST, on one connection that is kept.

#![expect(
    clippy::indexing_slicing,
    reason = "what a JSON value does not have is null"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

/// Time without an answer after which a run has failed.
const SILENCE: Duration = Duration::from_secs(20);

pub(crate) struct Person {
    stream: BufReader<TcpStream>,
    pub(crate) token: String,
}

impl Person {
    /// Signs in as the first admin of the demo data.
    pub(crate) fn admin(address: SocketAddr) -> Result<Person> {
        let mut person = Person::with(address, String::new())?;
        let people = person.demo_people()?;
        let admin = people.iter().find(|who| who["role"] == "admin");
        person.token = person.sign_in(admin.context("no admin")?)?;
        Ok(person)
    }

    /// Everyone of the demo data.
    pub(crate) fn demo_people(&mut self) -> Result<Vec<Value>> {
        let people = self.ask("GET", "/api/auth/demo", &Value::Null)?;
        Ok(people["data"].as_array().cloned().unwrap_or_default())
    }

    /// Signs in someone of the demo data; gives their token.
    pub(crate) fn sign_in(&mut self, who: &Value) -> Result<String> {
        let login = json!({"email": who["email"], "password": who["password"]});
        let pair = self.ask("POST", "/api/auth/login", &login)?;
        let token = pair["data"]["access_token"].as_str().context("no token")?;
        Ok(token.to_owned())
    }

    /// The same person on a connection of their own.
    pub(crate) fn with(address: SocketAddr, token: String) -> Result<Person> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(SILENCE))?;
        let stream = BufReader::new(stream);
        Ok(Person { stream, token })
    }

    /// Asks, and fails unless it is done.
    pub(crate) fn ask(&mut self, method: &str, path: &str, body: &Value) -> Result<Value> {
        self.ask_with("", method, path, body)
    }

    /// Changes something under an `Idempotency-Key`, as the web app does.
    pub(crate) fn patch_once(&mut self, key: &str, path: &str, body: &Value) -> Result<Value> {
        self.ask_with(&format!("Idempotency-Key: {key}\r\n"), "PATCH", path, body)
    }

    fn ask_with(&mut self, header: &str, method: &str, path: &str, body: &Value) -> Result<Value> {
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{header}",
            body.len()
        );
        if !self.token.is_empty() {
            request += &format!("Authorization: Bearer {}\r\n", self.token);
        }
        request += "\r\n";
        request += &body;
        self.stream.get_mut().write_all(request.as_bytes())?;

        let status = self.line()?;
        let mut length = 0;
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(": ") else {
                break;
            };
            if name == "content-length" {
                length = value.parse()?;
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer)?;
        if !status.starts_with("HTTP/1.1 2") {
            bail!(
                "{method} {path}: {status}: {}",
                String::from_utf8_lossy(&answer)
            );
        }
        Ok(serde_json::from_slice(&answer)?)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(
            self.stream.read_line(&mut line)? > 0,
            "the connection was closed"
        );
        Ok(line.trim_end().to_owned())
    }

    /// The ids of up to 100 work orders.
    pub(crate) fn orders(&mut self) -> Result<Vec<u64>> {
        let list = self.ask("GET", "/api/work-orders?limit=100", &Value::Null)?;
        let list = list["data"].as_array().into_iter().flatten();
        Ok(list.filter_map(|order| order["id"].as_u64()).collect())
    }
}
