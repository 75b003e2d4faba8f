//! A run of the model: people write, clients come and go, the server dies, and everything is taken down.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use shopbell_protocol::{Role, Timestamp};
use shopbell_testkit::history::{History, Record};

use crate::{
    clients::{Client, rest},
    model::{Bug, Member, PEOPLE, Shop},
};

const STEPS: usize = 600;

pub(crate) struct Run {
    pub(crate) chance: u64,
    pub(crate) now: i64,
    pub(crate) bug: Option<Bug>,
    pub(crate) shops: BTreeMap<i64, Shop>,
    /// As things were a few writes ago.
    pub(crate) earlier: BTreeMap<i64, Shop>,
    pub(crate) clients: Vec<Client>,
    pub(crate) records: Vec<Record>,
    pub(crate) payloads: HashMap<String, i64>,
    pub(crate) ops: i64,
    pub(crate) orders: i64,
    /// The last one typing, by room.
    pub(crate) typing: BTreeMap<String, Value>,
}

/// What comes of this seed, with or without a bug.
pub(crate) fn run(seed: u64, bug: Option<Bug>) -> History {
    let shop = |id| {
        (
            id,
            Shop {
                id,
                ..Shop::default()
            },
        )
    };
    let shops = BTreeMap::from([shop(1), shop(2)]);
    let mut run = Run {
        chance: seed,
        now: 1_000_000,
        bug,
        earlier: shops.clone(),
        shops,
        clients: Vec::new(),
        records: Vec::new(),
        payloads: HashMap::new(),
        ops: 0,
        orders: 0,
        typing: BTreeMap::new(),
    };
    for member in PEOPLE {
        let Member { id, shop, role } = member;
        run.records.push(Record::Person { id, shop, role });
        run.clients.push(Client::new(id, member));
    }
    // The admin of shop 1 has two tabs.
    run.clients.push(Client::new(100, PEOPLE[0]));
    for client in 0..run.clients.len() {
        run.connect(client);
    }
    for step in 0..STEPS {
        run.step(step);
    }
    run.finish();
    History {
        records: run.records,
    }
}

impl Run {
    /// From 0 to below `end`: splitmix64.
    pub(crate) fn upto(&mut self, end: usize) -> usize {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }

    pub(crate) fn tick(&mut self) -> i64 {
        self.now += 10 + i64::try_from(self.upto(200)).unwrap();
        self.now
    }

    pub(crate) fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    pub(crate) fn step(&mut self, step: usize) {
        let client = self.upto(self.clients.len());
        match self.upto(100) {
            0..54 => self.write(),
            54..59 => self.disconnect(client),
            59..69 => self.connect(client),
            69..80 => self.typing(client),
            80..91 => self.room(client),
            91..94 => self.read(),
            94 => self.turn_away(client),
            95 => self.kill(false),
            96 => self.kill(true),
            // A tunnel: long enough for a lost right to count.
            _ => self.now += 10_000,
        }
        if step == STEPS / 2 {
            self.disable();
        }
    }

    /// Brings every connection of a shop up to its head.
    pub(crate) fn deliver(&mut self, shop: i64) {
        self.tick();
        for client in 0..self.clients.len() {
            if self.clients[client].is_connected && self.clients[client].member.shop == shop {
                self.catch_up(client);
            }
        }
    }

    pub(crate) fn catch_up(&mut self, client: usize) {
        let Client {
            member, position, ..
        } = self.clients[client];
        let shop = &self.shops[&member.shop];
        let from = shop.rows.partition_point(|row| row.seq <= position);
        let mut events: Vec<_> = shop.rows[from..]
            .iter()
            .filter_map(|row| Some((row.name, shop.show(row, member, self.bug)?)))
            .collect();
        self.clients[client].position = shop.head;
        if self.has(Bug::MixShops) && member.shop == 2 {
            let stray = self.shops[&1]
                .rows
                .iter()
                .find(|row| row.name == "work_order_updated" && row.seq > position);
            events.extend(stray.map(|row| (row.name, row.payload.clone())));
        }
        if self.has(Bug::Invent) && self.upto(20) == 0 {
            let at = Timestamp::from_millis(self.now).to_string();
            let payload = json!({"workOrderId": 1, "timestamp": at, "seq": self.shops[&member.shop].head + 1});
            events.push(("work_order_removed", payload));
        }
        if self.has(Bug::Reverse) {
            events.reverse();
        }
        if self.has(Bug::Skip) && self.upto(10) == 0 {
            events.pop();
        }
        if self.has(Bug::SendTwice) && self.upto(10) == 0 {
            events.extend(events.last().cloned());
        }
        for (name, payload) in events {
            self.hand(client, name, &payload);
        }
    }

    pub(crate) fn hand(&mut self, client: usize, name: &str, payload: &Value) {
        let next = i64::try_from(self.payloads.len()).unwrap();
        let id = *self
            .payloads
            .entry(format!("{name} {payload}"))
            .or_insert(next);
        if id == next {
            self.records.push(Record::Payload {
                id,
                name: name.to_owned(),
                body: payload.clone(),
            });
        }
        let (at, bug, client) = (self.now, self.bug, &mut self.clients[client]);
        if bug != Some(Bug::ForgetEvent) || id % 5 != 0 {
            client.apply(name, payload);
        }
        self.records.push(Record::Event {
            client: client.id,
            connection: client.connection,
            payload: id,
            at,
        });
    }

    pub(crate) fn connect(&mut self, client: usize) {
        let at = self.tick();
        let recovered = self.upto(2) == 0;
        let it = &mut self.clients[client];
        if it.is_connected || it.is_gone {
            return;
        }
        let recovered = recovered && it.connection > 0;
        it.connection += 1;
        it.is_connected = true;
        let (id, connection, member) = (it.id, it.connection, it.member);
        self.records.push(Record::Connect {
            client: id,
            person: member.id,
            connection,
            recovered,
            at,
        });
        if recovered {
            if self.has(Bug::ReplayTyping) {
                self.clients[client]
                    .rooms
                    .iter()
                    .filter_map(|room| self.typing.get(room).cloned())
                    .collect::<Vec<_>>()
                    .iter()
                    .for_each(|typing| self.hand(client, "user_typing_start", typing));
            }
            self.catch_up(client);
            return;
        }
        self.clients[client].rooms.clear();
        let stale = self.has(Bug::StaleSnapshot);
        let shop = if stale {
            &self.earlier[&member.shop]
        } else {
            &self.shops[&member.shop]
        };
        let state = rest(shop, member);
        let seq = self.shops[&member.shop].head;
        let version = |order: &Value| {
            (
                order["id"].as_i64().unwrap(),
                order["version"].as_i64().unwrap(),
            )
        };
        let orders = state.orders.iter().map(version).collect();
        self.records.push(Record::Resync {
            client: id,
            seq,
            at,
            orders,
        });
        self.clients[client].replace(&state);
        self.clients[client].position = seq;
    }

    pub(crate) fn disconnect(&mut self, client: usize) {
        let at = self.tick();
        let client = &mut self.clients[client];
        if client.is_connected {
            client.is_connected = false;
            self.records.push(Record::Disconnect {
                client: client.id,
                at,
            });
        }
    }

    pub(crate) fn kill(&mut self, is_power: bool) {
        let at = self.tick();
        self.records.push(if is_power {
            Record::PowerLoss { at }
        } else {
            Record::Kill { at }
        });
        let forgets = if is_power {
            self.has(Bug::SynchronousNormal)
        } else {
            self.has(Bug::ForgetAtKill)
        };
        for client in 0..self.clients.len() {
            self.disconnect(client);
        }
        if forgets {
            self.shops = self.earlier.clone();
        }
    }

    /// Takes a technician's account away.
    pub(crate) fn disable(&mut self) {
        let person = 8;
        let at = self.tick();
        self.records.push(Record::Disabled { person, at });
        if self.has(Bug::MissRevocation) {
            return;
        }
        for client in (0..self.clients.len())
            .filter(|client| self.clients[*client].member.id == person)
            .collect::<Vec<_>>()
        {
            self.clients[client].is_gone = true;
            self.disconnect(client);
        }
    }

    /// Everyone comes back, and the truth is taken down.
    pub(crate) fn finish(&mut self) {
        self.now += 10_000;
        for client in 0..self.clients.len() {
            self.connect(client);
        }
        let at = self.tick();
        for shop in [1, 2] {
            let mut people: Vec<_> = self
                .clients
                .iter()
                .filter(|client| client.is_connected && client.member.shop == shop)
                .map(|client| client.member.id)
                .collect();
            if self.has(Bug::KeepPresence) && shop == 1 {
                people.push(8);
            }
            self.records.push(Record::Online { shop, people, at });
        }
        for client in &self.clients {
            for room in &client.rooms {
                let people = self
                    .clients
                    .iter()
                    .filter(|other| other.is_connected && other.rooms.contains(room))
                    .map(|other| other.member.id)
                    .collect();
                self.records.push(Record::Viewers {
                    room: room.clone(),
                    people,
                    at,
                });
            }
        }
        for member in PEOPLE.iter().filter(|member| member.id != 8) {
            self.records.push(Record::Rest {
                person: member.id,
                state: rest(&self.shops[&member.shop], *member),
            });
        }
        for client in self.clients.iter().filter(|client| client.is_connected) {
            self.records.push(Record::State {
                client: client.id,
                state: client.state(),
            });
        }
        for (shop, is) in &self.shops {
            for row in &is.rows {
                self.records.push(Record::Journal {
                    shop: *shop,
                    seq: row.seq,
                    name: row.name.to_owned(),
                    payload: row.payload.clone(),
                    audience: row.audience.clone(),
                });
            }
        }
        self.records.push(Record::End { at });
    }
}

#[test]
fn the_model_does_all_of_it() {
    let history = run(1, None);
    let is_there = |what: fn(&Record) -> bool| assert!(history.records.iter().any(what));
    is_there(|record| {
        matches!(
            record,
            Record::Connect {
                recovered: true,
                ..
            }
        )
    });
    is_there(|record| matches!(record, Record::Kill { .. }));
    is_there(|record| matches!(record, Record::PowerLoss { .. }));
    is_there(|record| matches!(record, Record::Join { .. }));
    is_there(|record| matches!(record, Record::Write(write) if !write.reads.is_empty()));
    is_there(
        |record| matches!(record, Record::Payload { name, .. } if name == "user_typing_start"),
    );
    assert!(
        PEOPLE
            .iter()
            .any(|member| member.role == Role::Technician && member.shop == 2)
    );
}
