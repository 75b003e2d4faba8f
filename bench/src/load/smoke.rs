//! The generator against the bare loop, on one thread each.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use mio::net::TcpListener;

use super::flight::Counts;
use super::{Dial, Latencies, Load, Paced, Rooms};

#[expect(dead_code, reason = "the program's entry is not called")]
#[path = "../bin/bare.rs"]
mod bare;

const CLIENTS: usize = 5;

/// The connected clients, and how to connect more.
fn connected(coalesce: bool) -> (Load, Rooms, Dial) {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let dial = Dial {
        address: listener.local_addr().unwrap(),
        token: "none".to_owned(),
        room: None,
        polling: false,
    };
    thread::spawn(move || bare::serve(listener, coalesce));
    let mut load = Load::new().unwrap();
    load.connect(vec![dial.clone(); 1 + CLIENTS]).unwrap();
    let rooms = Rooms::new(vec!["all".to_owned()], CLIENTS);
    (load, rooms, dial)
}

#[test]
fn every_client_gets_every_event_once() {
    for (coalesce, in_flight) in [(false, 1), (false, 4), (true, 4)] {
        let (mut load, mut rooms, _) = connected(coalesce);
        load.rounds(&mut rooms, in_flight, Duration::from_millis(20))
            .unwrap();
        let Counts {
            delivered,
            lost,
            wrong,
            late,
        } = rooms.counts();
        assert!(delivered > 0);
        assert_eq!(delivered % CLIENTS as u64, 0);
        assert_eq!((lost, wrong, late, load.closed), (0, 0, 0, 0));
    }
}

#[test]
fn events_come_by_the_clock_and_say_how_long_they_took() {
    let (mut load, mut rooms, _) = connected(false);
    let mut latencies = Latencies::default();
    let pace = Paced {
        per_second: 100.0,
        lasting: Duration::from_millis(50),
        backlog: 8,
    };
    load.paced(&mut rooms, pace, &mut latencies, None).unwrap();
    let delivered = rooms.counts().delivered;
    // Fewer if the machine was busy meanwhile.
    assert!((1..=5 * CLIENTS as u64).contains(&delivered), "{delivered}");
    let took = latencies.percentile(50);
    assert!(
        took > Duration::ZERO && took < Duration::from_secs(20),
        "{took:?}"
    );
}

#[test]
fn others_come_and_go_and_those_who_stay_hear_on() {
    let (mut load, mut rooms, dial) = connected(false);
    let gone = load
        .come_and_go(&[dial], Duration::from_millis(20))
        .unwrap();
    assert!(gone > 0);
    load.leave(1 + CLIENTS);
    load.rounds(&mut rooms, 1, Duration::from_millis(1))
        .unwrap();
    assert!(rooms.counts().delivered >= CLIENTS as u64);
    assert_eq!((rooms.counts().lost, load.closed), (0, 0));
}
