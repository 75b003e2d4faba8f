//! What is on its way: an event is, until each of its receivers has it.

use std::collections::VecDeque;

use super::frame::Tick;

/// Counts, for some rooms, what was published and what has come.
#[derive(Debug, Default)]
pub(crate) struct Flight {
    rooms: Vec<Room>,
    clients: Vec<Client>,
    /// Events that somebody has not got yet.
    under_way: usize,
    pub(crate) counts: Counts,
}

/// What has come, and what should have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) delivered: u64,
    /// Never came.
    pub(crate) lost: u64,
    /// Came again, or was never sent.
    pub(crate) wrong: u64,
    /// Came after a later one.
    pub(crate) late: u64,
}

#[derive(Debug)]
struct Room {
    members: u32,
    published: u64,
    /// How many receivers are still without it, of each event from the oldest that is under way on.
    missing: VecDeque<u32>,
}

#[derive(Debug)]
struct Client {
    room: usize,
    /// The lowest number of an event of its room that has not come.
    next: u64,
    /// Which of those after it have: the lowest bit is for the one next to it.
    ahead: u64,
}

impl Flight {
    /// Clients in rooms, given the room of each.
    pub(crate) fn new(rooms: usize, clients: impl Iterator<Item = usize>) -> Flight {
        let mut flight = Flight::default();
        flight.rooms.resize_with(rooms, || Room {
            members: 0,
            published: 0,
            missing: VecDeque::new(),
        });
        for room in clients {
            flight.clients.push(Client {
                room,
                next: 0,
                ahead: 0,
            });
            if let Some(room) = flight.rooms.get_mut(room) {
                room.members += 1;
            }
        }
        flight
    }

    /// Events that somebody has not got yet.
    pub(crate) fn under_way(&self) -> usize {
        self.under_way
    }

    /// Notes that an event goes to a room; gives its number.
    pub(crate) fn publish(&mut self, room: usize) -> u64 {
        let Some(room) = self.rooms.get_mut(room) else {
            return 0;
        };
        let number = room.published;
        room.published += 1;
        if room.members > 0 {
            room.missing.push_back(room.members);
            self.under_way += 1;
        }
        number
    }

    /// Notes that an event came to a client.
    pub(crate) fn hear(&mut self, client: usize, tick: Tick) {
        let Some(client) = self.clients.get_mut(client) else {
            return;
        };
        let Some(room) = self.rooms.get_mut(client.room) else {
            return;
        };
        // More than 64 are never under way.
        let ahead = match tick.number.checked_sub(client.next) {
            Some(ahead @ 0..64) if tick.number < room.published => ahead,
            _ => {
                self.counts.wrong += 1;
                return;
            }
        };
        if ahead == 0 {
            self.counts.late += u64::from(client.ahead != 0);
            let more = client.ahead.trailing_ones();
            client.next += 1 + u64::from(more);
            client.ahead = client.ahead.checked_shr(more + 1).unwrap_or(0);
        } else {
            let bit = 1 << (ahead - 1);
            if client.ahead & bit != 0 {
                self.counts.wrong += 1;
                return;
            }
            self.counts.late += u64::from(client.ahead > bit);
            client.ahead |= bit;
        }
        self.counts.delivered += 1;
        let oldest = room.published - room.missing.len() as u64;
        let place = tick.number.checked_sub(oldest).map(|place| place as usize);
        if let Some(missing) = place.and_then(|place| room.missing.get_mut(place)) {
            *missing -= 1;
            self.under_way -= usize::from(*missing == 0);
        }
        while room.missing.front() == Some(&0) {
            room.missing.pop_front();
        }
    }

    /// Counts as lost what has not come.
    pub(crate) fn give_up(&mut self) {
        for room in &mut self.rooms {
            let missing = room.missing.drain(..).map(u64::from);
            self.counts.lost += missing.sum::<u64>();
        }
        for client in &mut self.clients {
            if let Some(room) = self.rooms.get(client.room) {
                client.next = room.published;
                client.ahead = 0;
            }
        }
        self.under_way = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tick(number: u64) -> Tick {
        Tick { stamp: 0, number }
    }

    #[test]
    fn an_event_is_under_way_until_all_have_it() {
        let mut flight = Flight::new(1, [0, 0, 0].into_iter());
        assert_eq!(flight.publish(0), 0);
        assert_eq!(flight.publish(0), 1);
        for (client, number, under_way) in [
            (0, 0, 2),
            (0, 1, 2),
            (1, 0, 2),
            (2, 0, 1),
            (2, 1, 1),
            (1, 1, 0),
        ] {
            flight.hear(client, tick(number));
            assert_eq!(
                flight.under_way(),
                under_way,
                "client {client} has {number}"
            );
        }
        let counts = Counts {
            delivered: 6,
            lost: 0,
            wrong: 0,
            late: 0,
        };
        assert_eq!(flight.counts, counts);
    }

    #[test]
    fn each_room_has_numbers_of_its_own() {
        let mut flight = Flight::new(2, [0, 1].into_iter());
        assert_eq!((flight.publish(0), flight.publish(1)), (0, 0));
        flight.hear(1, tick(0));
        assert_eq!(flight.under_way(), 1);
        flight.hear(0, tick(0));
        assert_eq!(flight.under_way(), 0);
    }

    #[test]
    fn what_comes_late_is_no_loss_and_what_comes_again_is_wrong() {
        let mut flight = Flight::new(1, [0].into_iter());
        for _ in 0..4 {
            flight.publish(0);
        }
        for (number, under_way) in [
            (2, 3),
            (1, 2),
            (2, 2),
            (0, 1),
            (1, 1),
            (7, 1),
            (3, 0),
            (3, 0),
        ] {
            flight.hear(0, tick(number));
            assert_eq!(flight.under_way(), under_way, "{number} came");
        }
        let counts = Counts {
            delivered: 4,
            lost: 0,
            wrong: 4,
            late: 2,
        };
        assert_eq!(flight.counts, counts);
    }

    #[test]
    fn what_never_comes_is_lost_once() {
        let mut flight = Flight::new(1, [0, 0].into_iter());
        flight.publish(0);
        flight.publish(0);
        flight.hear(0, tick(0));
        flight.give_up();
        let counts = Counts {
            delivered: 1,
            lost: 3,
            wrong: 0,
            late: 0,
        };
        assert_eq!((flight.under_way(), flight.counts), (0, counts));
        // The next is counted as ever.
        flight.publish(0);
        flight.hear(0, tick(2));
        flight.hear(1, tick(2));
        assert_eq!((flight.under_way(), flight.counts.lost), (0, 3));
    }
}
