//! How long it takes to be told everything after an absence of 10,000 events: by `sync`, by session recovery, and by REST.

#![expect(
    clippy::indexing_slicing,
    reason = "what a JSON value does not have is null"
)]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::http::Person;
use crate::program::{Data, Database};
use crate::server::build;
use crate::socket::Socket;
use crate::start::Spread;

/// Orders in one bulk change; one event each.
const BULK: usize = 100;

/// How to measure.
pub(crate) struct Options {
    pub(crate) database: Database,
    /// How much was missed.
    pub(crate) events: usize,
    pub(crate) runs: usize,
}

/// Builds the program, has it write the journal, and asks for all of it in each of the ways; gives a table.
pub(crate) fn run(options: &Options) -> Result<String> {
    let Options {
        database,
        events,
        runs,
    } = options;
    let program = build("shopbell", "--bin", "shopbell")?;
    let data = Data::fresh(*database)?;
    let (_program, address) = data.serve(&program)?;
    let mut person = Person::admin(address)?;
    let absent = Absent::leave(address, &person)?;
    let mut missed = Missed {
        after: absent.after,
        head: absent.after,
    };
    missed.head += write(&mut person, *events)?;

    let (mut synced, mut recovered, mut paged) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..*runs {
        synced.push(sync(address, &person, &missed)?);
        recovered.push(absent.come_back(address, &person, &missed)?);
        paged.push(pages(&mut person, &missed)?);
    }
    let mut table = format!(
        "{}: {events} events missed, medians of {runs} runs\n\n\
         | way | seconds (least–greatest) | events/s |\n| --- | --- | --- |\n",
        database.name()
    );
    for (way, times) in [
        ("`sync` until its ack", synced),
        ("session recovery until the last event", recovered),
        ("`GET /api/events`, all pages", paged),
    ] {
        let Spread {
            least,
            median,
            most,
        } = Spread::of(times);
        let seconds = median.as_secs_f64();
        table += &format!(
            "| {way} | {seconds:.3} ({:.3}–{:.3}) | {:.0} |\n",
            least.as_secs_f64(),
            most.as_secs_f64(),
            *events as f64 / seconds
        );
    }
    Ok(table)
}

/// What is to be told: all after one place up to another.
struct Missed {
    after: u64,
    head: u64,
}

impl Missed {
    /// Fails unless these are the events, each once and in order.
    fn check(&self, seqs: impl Iterator<Item = Option<u64>>) -> Result<()> {
        let mut next = self.after + 1;
        for seq in seqs {
            ensure!(seq == Some(next), "{seq:?} came instead of {next}");
            next += 1;
        }
        ensure!(
            next == self.head + 1,
            "the events after {next} did not come"
        );
        Ok(())
    }

    /// The same for packets; others among them, such as the greeting, do not count.
    fn check_packets(&self, packets: &[String]) -> Result<()> {
        let seqs = packets
            .iter()
            .filter(|packet| packet.starts_with(EVENT))
            .map(|packet| parsed(packet).map(|event| event[1]["seq"].as_u64()));
        self.check(seqs.collect::<Result<Vec<_>>>()?.into_iter())
    }
}

const EVENT: &str = r#"42["work_order_updated""#;
const GREETING: &str = r#"42["notification_count_updated""#;

/// Changes orders until the journal is longer by that many events; gives how many those were.
fn write(person: &mut Person, events: usize) -> Result<u64> {
    let orders = person.orders()?;
    let mut missing = events;
    for round in 0_u64.. {
        let ids = orders.get(..missing.min(BULK).min(orders.len()));
        let ids = ids.filter(|ids| !ids.is_empty()).context("no orders")?;
        // A cost price is shown to few, and nobody is notified: one event for each order.
        let cost = format!("{}.00", 1000 + round);
        let body = json!({"ids": ids, "changes": {"cost_total": cost}});
        person.ask("PATCH", "/api/work-orders/bulk", &body)?;
        missing -= ids.len();
        if missing == 0 {
            break;
        }
    }
    Ok(events as u64)
}

/// Asks for what was missed on a fresh connection that has settled.
fn sync(address: SocketAddr, person: &Person, missed: &Missed) -> Result<Duration> {
    let mut socket = Socket::connect(address, &json!({"token": person.token}))?;
    socket.find(r#"42["presence_snapshot""#)?;
    let mut packets = Vec::new();
    let start = Instant::now();
    socket.send(&format!(r#"420["sync",{{"after":{}}}]"#, missed.after))?;
    let ack = loop {
        let packet = socket.next()?;
        if packet.starts_with("430") {
            break packet;
        }
        packets.push(packet);
    };
    let took = start.elapsed();
    let ack = parsed(&ack)?;
    ensure!(ack[0]["to"] == missed.head, "answered {ack}");
    missed.check_packets(&packets)?;
    Ok(took)
}

/// A client that was connected once.
struct Absent {
    pid: Value,
    offset: Value,
    after: u64,
}

impl Absent {
    /// Connects, and breaks the connection.
    fn leave(address: SocketAddr, person: &Person) -> Result<Absent> {
        let mut socket = Socket::connect(address, &json!({"token": person.token}))?;
        let connected = parsed(&socket.find("40")?)?;
        let greeting = parsed(&socket.find(GREETING)?)?;
        Ok(Absent {
            pid: connected["pid"].clone(),
            offset: greeting[2].clone(),
            after: greeting[1]["seq"].as_u64().context("no place")?,
        })
    }

    /// Recovers the session: from the first byte to the last event.
    fn come_back(&self, address: SocketAddr, person: &Person, missed: &Missed) -> Result<Duration> {
        let auth = json!({"token": person.token, "pid": self.pid, "offset": self.offset});
        let last = format!(r#""seq":{}"#, missed.head);
        let mut packets = Vec::new();
        let start = Instant::now();
        let mut socket = Socket::connect(address, &auth)?;
        loop {
            let packet = socket.next()?;
            let is_last = packet.starts_with(EVENT) && packet.contains(&last);
            packets.push(packet);
            if is_last {
                break;
            }
        }
        let took = start.elapsed();
        let connected = packets.iter().find(|packet| packet.starts_with("40"));
        let connected = parsed(connected.context("no answer to CONNECT")?)?;
        ensure!(
            connected["pid"] == self.pid,
            "the session was not recovered"
        );
        missed.check_packets(&packets)?;
        Ok(took)
    }
}

/// Reads page after page until the head.
fn pages(person: &mut Person, missed: &Missed) -> Result<Duration> {
    let (mut pages, mut after) = (Vec::new(), missed.after);
    let start = Instant::now();
    while after < missed.head {
        let path = format!("/api/events?after={after}&limit=100");
        let page = person.ask("GET", &path, &Value::Null)?;
        after = page["next"].as_u64().context("no next")?;
        pages.push(page);
    }
    let took = start.elapsed();
    let events = pages
        .iter()
        .flat_map(|page| page["data"].as_array().into_iter().flatten());
    missed.check(events.map(|event| event["seq"].as_u64()))?;
    Ok(took)
}

/// What a packet carries.
fn parsed(packet: &str) -> Result<Value> {
    let start = packet.find(['[', '{']).context("a packet without data")?;
    Ok(serde_json::from_str(
        packet.get(start..).unwrap_or_default(),
    )?)
}
