//! What people do in the model, with the answers that they get.

use serde_json::json;
use shopbell_protocol::Timestamp;
use shopbell_testkit::history::{Outcome, Record, Write};

use crate::{
    clients::{Client, rest},
    model::{Act, Bug, technicians},
    run::Run,
};

impl Run {
    pub(crate) fn act(&mut self) -> (i64, Act) {
        let shop = 1 + i64::from(self.upto(4) == 0);
        let people = technicians(shop);
        let chosen = self.upto(people.len() + 1);
        let technician = people.get(chosen).copied();
        let orders: Vec<_> = self.shops[&shop].orders.keys().copied().collect();
        let kind = if orders.is_empty() { 0 } else { self.upto(10) };
        if kind < 2 {
            self.orders += 1;
            return (
                shop,
                Act::Open {
                    id: self.orders,
                    technician,
                },
            );
        }
        let id = orders[self.upto(orders.len())];
        let unread = self.shops[&shop]
            .notifications
            .iter()
            .find_map(|(person, rows)| {
                let (id, _) = rows.iter().find(|(_, row)| row["is_read"] == false)?;
                Some(Act::Read {
                    person: *person,
                    id: *id,
                })
            });
        let act = match (kind, unread) {
            (2..5, _) => Act::Describe { id },
            (5, _) => Act::Note { id },
            (6, Some(read)) => read,
            _ => Act::Assign { id, technician },
        };
        (shop, act)
    }

    pub(crate) fn write(&mut self) {
        let (shop, act) = self.act();
        self.ops += 1;
        let mark = format!("mark-{}", self.ops);
        // Now and then an answer is lost: it was done, or never arrived. Then the same is asked again.
        match self.upto(12) {
            0 => {
                self.attempt(shop, &act, &mark, Outcome::Unknown, true);
                self.attempt(shop, &act, &mark, Outcome::Ok, true);
            }
            1 => {
                self.attempt(shop, &act, &mark, Outcome::Unknown, false);
                self.attempt(shop, &act, &mark, Outcome::Ok, true);
            }
            2 => {
                let done = self.has(Bug::WriteRefused);
                self.attempt(shop, &act, &mark, Outcome::Refused, done);
            }
            _ => self.attempt(shop, &act, &mark, Outcome::Ok, true),
        }
    }

    pub(crate) fn attempt(
        &mut self,
        shop: i64,
        act: &Act,
        mark: &str,
        outcome: Outcome,
        arrives: bool,
    ) {
        let start = self.tick();
        if self.upto(6) == 0 {
            self.earlier = self.shops.clone();
        }
        let before = self.shops[&shop].head;
        let mut seq = None;
        if arrives {
            let known = self.shops[&shop].keys.get(mark).copied();
            seq = known.filter(|_| !self.has(Bug::ForgetKeys));
            if seq.is_none() {
                seq = Some(self.commit(shop, act, mark));
            }
        }
        if self.has(Bug::PublishBeforeCommit) {
            self.deliver(shop);
            let start = self.tick();
            self.records.push(Record::Read {
                shop,
                seq: before,
                start,
                end: start,
            });
        }
        let end = self.tick();
        let person = if let Act::Read { person, .. } = act {
            *person
        } else {
            1
        };
        let (reads, mark) = match act {
            Act::Read { id, .. } => (vec![*id], None),
            Act::Assign { .. } => (Vec::new(), None),
            _ => (Vec::new(), Some(mark.to_owned())),
        };
        let seq = seq.map(|seq| {
            if self.has(Bug::AnswerOldSeq) {
                seq - 1
            } else {
                seq
            }
        });
        self.records.push(Record::Write(Write {
            op: self.ops,
            person,
            what: format!("{act:?}"),
            key: Some(format!("key-{}", self.ops)),
            mark,
            reads,
            start,
            end,
            outcome,
            seq: seq.filter(|_| outcome == Outcome::Ok),
        }));
        self.deliver(shop);
    }

    pub(crate) fn commit(&mut self, shop: i64, act: &Act, mark: &str) -> i64 {
        let (now, bug) = (self.now, self.bug);
        let skips = self.has(Bug::SkipNumber) && self.upto(10) == 0;
        let shop = self.shops.get_mut(&shop).unwrap();
        shop.head += i64::from(skips);
        let seq = shop.apply(act, mark, now, bug);
        shop.keys.insert(mark.to_owned(), seq);
        seq
    }

    /// Comes with a token that is none.
    pub(crate) fn turn_away(&mut self, client: usize) {
        if self.clients[client].is_connected {
            return;
        }
        self.clients[client].connection += 1;
        let Client {
            id: client_id,
            connection,
            member,
            ..
        } = self.clients[client];
        let at = self.tick();
        self.records.push(Record::Refused {
            client: client_id,
            connection,
            at,
        });
        let row = self.shops[&member.shop].rows.last().cloned();
        if let (Some(row), true) = (row, self.has(Bug::ReplayFirst)) {
            self.hand(client, row.name, &row.payload);
        }
    }

    pub(crate) fn room(&mut self, client: usize) {
        let at = self.tick();
        let member = self.clients[client].member;
        let Some(order) = rest(&self.shops[&member.shop], member)
            .orders
            .first()
            .cloned()
        else {
            return;
        };
        let room = format!("work_order_{}", order["id"]);
        let client = &mut self.clients[client];
        if !client.is_connected {
            return;
        }
        let id = client.id;
        let record = if client.rooms.remove(&room) {
            Record::Leave {
                client: id,
                room,
                at,
            }
        } else {
            client.rooms.insert(room.clone());
            Record::Join {
                client: id,
                room,
                at,
            }
        };
        self.records.push(record);
    }

    pub(crate) fn typing(&mut self, client: usize) {
        let at = self.tick();
        let Client {
            member,
            is_connected,
            ref rooms,
            ..
        } = self.clients[client];
        let Some(room) = rooms.first().cloned().filter(|_| is_connected) else {
            return;
        };
        let timestamp = Timestamp::from_millis(at).to_string();
        let payload =
            json!({"userId": member.id, "roomName": room, "message": null, "timestamp": timestamp});
        self.typing.insert(room.clone(), payload.clone());
        for other in 0..self.clients.len() {
            let it = &self.clients[other];
            let hears = it.rooms.contains(&room)
                || (self.has(Bug::TypeToAll) && it.member.shop == member.shop);
            if other != client && it.is_connected && hears {
                self.hand(other, "user_typing_start", &payload);
            }
        }
    }

    pub(crate) fn read(&mut self) {
        let start = self.tick();
        for (shop, is) in &self.shops {
            self.records.push(Record::Read {
                shop: *shop,
                seq: is.head,
                start,
                end: start,
            });
        }
    }
}
