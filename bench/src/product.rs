//! The whole path of the product: how long after a PATCH was answered a change is on 200 people's screens, beside how long
//! the disk takes for a flush by itself.

#![expect(
    clippy::indexing_slicing,
    reason = "what a JSON value does not have is null"
)]

use std::collections::VecDeque;
use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use mio::net::TcpStream;
use serde_json::{Value, json};

use crate::cpu::pin;
use crate::crowd::Crowd;
use crate::http::Person;
use crate::program::{Data, Database};
use crate::server::build;

/// Cores of the server and of the load generator.
const SERVER_CORE: usize = 0;
const LOAD_CORE: usize = 1;

/// Between two changes: 50 a second.
const PACE: Duration = Duration::from_millis(20);

/// Admins who change orders in turn, each on a connection that is kept.
const WRITERS: usize = 20;

/// Bytes that are appended and flushed for comparison.
const BLOCK: usize = 4096;

/// How much later than a flush the last screen may be told.
const MARGIN: Duration = Duration::from_millis(10);

/// Time after the last change of a run for what is on its way.
const LATE: Duration = Duration::from_secs(10);

/// How to measure.
pub(crate) struct Options {
    pub(crate) people: usize,
    pub(crate) seconds: usize,
    pub(crate) runs: usize,
}

/// What one run gave, each in order.
#[derive(Default)]
struct Run {
    flush: Vec<Duration>,
    answer: Vec<Duration>,
    /// To each screen, from the answer, and from the sending of the request.
    answered: Vec<Duration>,
    sent: Vec<Duration>,
}

/// Builds the program, connects people to it, and has orders changed; gives a table.
pub(crate) fn run(options: &Options) -> Result<String> {
    let Options {
        people,
        seconds,
        runs,
    } = options;
    ensure!(*people >= 4 * WRITERS, "too few people");
    let program = build("shopbell", "--bin", "shopbell")?;
    let data = Data::fresh(Database::Sqlite)?;
    let (_program, address) = data.serve_on(SERVER_CORE, &program, &[])?;
    let mut admin = Person::admin(address)?;
    let order = admin.open_order()?;
    let staff = take_on(&mut admin, *people)?;
    let tokens = staff
        .iter()
        .map(|email| token(&program, data.folder(), email));
    let tokens = tokens.collect::<Result<Vec<_>>>()?;
    pin(LOAD_CORE)?;
    let names = tokens.iter().map(String::as_str);
    let mut crowd = Crowd::gather(address, names, &format!("work_order_{order}"))?;
    let admins = tokens.iter().step_by(ROLES.len()).take(WRITERS);
    let writers = admins.map(|token| Writer::connect(address, order, token));
    let mut writers = writers.collect::<Result<Vec<_>>>()?;
    for (number, writer) in (crowd.len()..).zip(&mut writers) {
        crowd.watch(&mut writer.stream, number)?;
    }
    let changes = Duration::from_secs(*seconds as u64).div_duration_f64(PACE) as usize;
    // Once that does not count.
    change(&mut crowd, &mut writers, changes.min(50), 0)?;
    let mut measured = Vec::new();
    for number in 1..=*runs {
        let mut run = change(&mut crowd, &mut writers, changes, number)?;
        run.flush = flush(&data.folder().join("flushed"), changes)?;
        for times in [
            &mut run.flush,
            &mut run.answer,
            &mut run.answered,
            &mut run.sent,
        ] {
            times.sort_unstable();
        }
        measured.push(run);
    }
    Ok(table(&measured, options))
}

fn table(runs: &[Run], options: &Options) -> String {
    let Options {
        people, seconds, ..
    } = options;
    let mut table = format!(
        "{people} people, 50 changes a second, {seconds} s a run, medians of {} runs in milliseconds (least–greatest)\n\n\
         | | p50 | p99 | greatest |\n| --- | --- | --- | --- |\n",
        runs.len()
    );
    let median = |of: &dyn Fn(&Run) -> f64| {
        let mut values: Vec<_> = runs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        let at = |place: usize| values.get(place).copied().unwrap_or_default();
        (
            at(0),
            at(values.len() / 2),
            at(values.len().saturating_sub(1)),
        )
    };
    type Times = fn(&Run) -> &Vec<Duration>;
    let rows: [(&str, Times); 4] = [
        ("bare `fdatasync` of 4 KiB", |run| &run.flush),
        ("PATCH sent → answered", |run| &run.answer),
        ("PATCH answered → each screen", |run| &run.answered),
        ("PATCH sent → each screen", |run| &run.sent),
    ];
    for (what, times) in rows {
        table += &format!("| {what} |");
        for hundredths in [50, 99, 100] {
            let (least, middle, most) = median(&|run| millis(times(run), hundredths));
            table += &format!(" {middle:.2} ({least:.2}–{most:.2}) |");
        }
        table += "\n";
    }
    let (_, flush, _) = median(&|run| millis(&run.flush, 99));
    let (_, screen, _) = median(&|run| millis(&run.answered, 99));
    let goal = flush + MARGIN.as_secs_f64() * 1e3;
    let met = if screen <= goal { "met" } else { "missed" };
    table
        + &format!(
            "\nGoal: p99 from the answer to a screen at most {goal:.2} ms: {met} ({screen:.2} ms).\n"
        )
}

/// The time that so many hundredths of them do not exceed, in milliseconds.
fn millis(sorted: &[Duration], hundredths: usize) -> f64 {
    let place = (sorted.len() * hundredths / 100).min(sorted.len().saturating_sub(1));
    let time = sorted.get(place).copied().unwrap_or_default();
    time.as_secs_f64() * 1e3
}

const ROLES: [&str; 4] = ["admin", "manager", "front_desk", "technician"];

/// Takes on staff, of each role as many; gives their e-mail addresses.
fn take_on(admin: &mut Person, people: usize) -> Result<Vec<String>> {
    let staff = (0..people).zip(ROLES.iter().cycle()).map(|(number, role)| {
        let email = format!("staff{number}@shopbell.test");
        let body = json!({
            "name": format!("Staff {number}"),
            "email": email,
            "role": role,
            "password": "a long enough password",
        });
        admin.ask("POST", "/api/users", &body)?;
        Ok(email)
    });
    staff.collect()
}

fn token(program: &Path, folder: &Path, email: &str) -> Result<String> {
    let mut command = Command::new(program);
    command.args(["token", "--ttl", "1h", "--email", email, "--data"]);
    let output = command.arg(folder).output()?;
    ensure!(output.status.success(), "no token for {email}");
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Changes an order again and again at the pace, each change by the next writer, and watches it arrive at everyone.
fn change(crowd: &mut Crowd, writers: &mut [Writer], changes: usize, round: usize) -> Result<Run> {
    let people = crowd.len();
    let mut run = Run::default();
    // Of each change: when it was sent, when it was answered, and how many have heard of it.
    let mut sent: Vec<Instant> = Vec::new();
    let mut answered: Vec<Option<Instant>> = vec![None; changes];
    let mut arrived: Vec<(usize, Instant)> = Vec::new();
    let start = Instant::now() + PACE;
    let end = start + PACE * changes as u32 + LATE;
    while arrived.len() < changes * people || answered.iter().any(Option::is_none) {
        let due = start + PACE * sent.len() as u32;
        let now = Instant::now();
        if sent.len() < changes && due <= now {
            let number = sent.len();
            let writer = writers.get_mut(number % WRITERS).context("no writer")?;
            writer.patch(number, round)?;
            sent.push(now);
            continue;
        }
        ensure!(
            now < end,
            "{} of {} arrived",
            arrived.len(),
            changes * people
        );
        let until = if sent.len() < changes { due } else { end };
        crowd.hear(until, |who, packet| {
            if let Some(writer) = who.checked_sub(people) {
                let writer = writers.get_mut(writer).context("no writer")?;
                let now = Instant::now();
                for number in writer.answers()? {
                    *answered.get_mut(number).context("no such change")? = Some(now);
                }
            } else if packet.starts_with(EVENT) {
                let change = number_of(packet, round).context("an event of nobody's")?;
                arrived.push((change, Instant::now()));
            }
            Ok(())
        })?;
    }
    let mut heard = vec![0; changes];
    for (change, at) in arrived {
        let (Some(sent), Some(Some(answered)), Some(heard)) = (
            sent.get(change),
            answered.get(change),
            heard.get_mut(change),
        ) else {
            bail!("an event of nobody's")
        };
        *heard += 1;
        // The screen may be told before the one who asked.
        run.answered.push(at.saturating_duration_since(*answered));
        run.sent.push(at - *sent);
    }
    ensure!(
        heard.iter().all(|heard| *heard == people),
        "an event was lost"
    );
    let answers = sent.iter().zip(answered.into_iter().flatten());
    run.answer = answers.map(|(sent, answered)| answered - *sent).collect();
    Ok(run)
}

const EVENT: &[u8] = br#"42["work_order_updated""#;

/// What is written into the order, with the change's number in it.
fn description(number: usize, round: usize) -> String {
    format!("change {number:08} of round {round:08}")
}

/// The change that an event is of.
fn number_of(event: &[u8], round: usize) -> Option<usize> {
    let event = std::str::from_utf8(event).ok()?;
    let (_, rest) = event.split_once(r#""description":"change "#)?;
    let (number, rest) = rest.split_at_checked(8)?;
    let is_of_round = rest.starts_with(&format!(" of round {round:08}"));
    number.parse().ok().filter(|_| is_of_round)
}

/// Someone who changes an order over a connection that is kept.
struct Writer {
    stream: TcpStream,
    head: String,
    /// The changes whose answers are still to come.
    waiting: VecDeque<usize>,
    answer: Vec<u8>,
}

impl Writer {
    fn connect(address: SocketAddr, order: u64, token: &str) -> Result<Writer> {
        let stream = std::net::TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let head = format!(
            "PATCH /api/work-orders/{order} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\n"
        );
        Ok(Writer {
            stream: TcpStream::from_std(stream),
            head,
            waiting: VecDeque::new(),
            answer: Vec::new(),
        })
    }

    fn patch(&mut self, number: usize, round: usize) -> Result<()> {
        ensure!(
            self.waiting.is_empty(),
            "no answer for {:?}",
            PACE * WRITERS as u32
        );
        let body = json!({"description": description(number, round)}).to_string();
        let request = format!("{}Content-Length: {}\r\n\r\n{body}", self.head, body.len());
        self.stream.write_all(request.as_bytes())?;
        self.waiting.push_back(number);
        Ok(())
    }

    /// Reads what has come; gives the changes that are answered by now.
    fn answers(&mut self) -> Result<Vec<usize>> {
        let mut buffer = [0; 8192];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => bail!("a writer's connection was closed"),
                Ok(count) => self
                    .answer
                    .extend_from_slice(buffer.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        let Some(length) = length(&self.answer)? else {
            return Ok(Vec::new());
        };
        ensure!(
            self.answer.starts_with(b"HTTP/1.1 200"),
            "answered {}",
            String::from_utf8_lossy(&self.answer)
        );
        if self.answer.len() < length {
            return Ok(Vec::new());
        }
        self.answer.clear();
        Ok(self.waiting.drain(..).collect())
    }
}

/// Bytes of an answer with its head, once that is there.
fn length(answer: &[u8]) -> Result<Option<usize>> {
    let end = b"\r\n\r\n";
    let Some(at) = answer.windows(end.len()).position(|part| part == end) else {
        return Ok(None);
    };
    let head = std::str::from_utf8(answer.get(..at).unwrap_or_default())?;
    let body = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let body: usize = body.context("no length")?.parse()?;
    Ok(Some(at + end.len() + body))
}

/// Appends a block at the pace and flushes it each time; gives how long that took.
fn flush(file: &Path, times: usize) -> Result<Vec<Duration>> {
    let mut file = File::options().create(true).append(true).open(file)?;
    let block = [0x5a; BLOCK];
    let start = Instant::now();
    let flushes = (1..=times).map(|number| {
        let due = start + PACE * number as u32;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let start = Instant::now();
        file.write_all(&block)?;
        file.sync_data()?;
        Ok(start.elapsed())
    });
    flushes.collect()
}

impl Person {
    /// A work order that everyone may see, as nobody has it yet.
    pub(crate) fn open_order(&mut self) -> Result<u64> {
        let list = self.ask("GET", "/api/work-orders?limit=100", &Value::Null)?;
        let mut list = list["data"].as_array().into_iter().flatten();
        let order = list.find(|order| order["technician_id"].is_null());
        order
            .and_then(|order| order["id"].as_u64())
            .context("no order without a technician")
    }
}
