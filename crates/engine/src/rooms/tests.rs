use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

type Shared = Arc<u32>;

#[derive(Clone, Debug)]
enum Step {
    Join(usize, usize),
    Leave(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let pair = (0_usize..12, 0_usize..4);
    prop_oneof![
        pair.clone()
            .prop_map(|(member, room)| Step::Join(member, room)),
        pair.prop_map(|(member, room)| Step::Leave(member, room)),
    ]
}

proptest! {
    /// Against a model of plain sets.
    #[test]
    fn rooms_hold_who_joined_and_has_not_left(steps in vec(step(), 0..200)) {
        let names = ["a", "b", "c", "d"];
        let members: Vec<Shared> = (0..12).map(Arc::new).collect();
        let rooms = Rooms::<Shared>::default();
        let mut model: BTreeMap<(usize, usize), Membership<Shared>> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Join(member, room) => {
                    model.entry((member, room)).or_insert_with(|| rooms.join(names[room], members[member].clone(), || ()));
                }
                Step::Leave(member, room) => {
                    if let Some(membership) = model.remove(&(member, room)) {
                        rooms.leave(&membership);
                    }
                }
            }
            for (room, name) in names.iter().enumerate() {
                let expected: BTreeSet<u32> =
                    model.keys().filter(|key| key.1 == room).map(|key| key.0 as u32).collect();
                let found: Vec<u32> = rooms.members(name).iter().map(|member| **member).collect();
                prop_assert_eq!(found.len(), expected.len());
                prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
            }
        }
        let inhabited: BTreeSet<usize> = model.keys().map(|key| key.1).collect();
        prop_assert_eq!(rooms.by_name.read().len(), inhabited.len());
        for member in &members {
            let held = model.keys().filter(|key| key.0 == **member as usize).count();
            prop_assert_eq!(Arc::strong_count(member), 1 + held);
        }
    }

    /// Against a model that maps members to sets of events.
    #[test]
    fn targets_hold_each_member_once(adds in vec((0_usize..8, 0_u32..6), 0..60), excepted in vec(0_usize..8, 0..3)) {
        let members: Vec<Shared> = (0..8).map(Arc::new).collect();
        let mut targets = Targets::default();
        let mut model: BTreeMap<u32, u64> = BTreeMap::new();
        for (member, event) in adds {
            targets.add(members[member].clone(), 1 << event);
            *model.entry(member as u32).or_default() |= 1 << event;
        }
        for member in excepted {
            targets.except(&members[member]);
            model.remove(&(member as u32));
        }
        let list = targets.into_list();
        let found: BTreeMap<u32, u64> =
            list.iter().filter(|target| target.events != 0).map(|target| (*target.member, target.events)).collect();
        prop_assert_eq!(found, model);
    }
}

#[test]
fn who_stays_is_met_once_by_a_walk_though_others_come_and_go() {
    let rooms = Rooms::<Shared>::default();
    let places: Vec<_> = (0..1000)
        .map(|number| rooms.join("r", Arc::new(number), || ()))
        .collect();
    let mut met = Vec::new();
    let mut gone = places.iter().step_by(2);
    rooms.walk("r").visit(|member| {
        if *member % 2 == 1 {
            met.push(*member);
        }
        // All even ones leave while the walk goes on, and new even ones take their places.
        if let Some(place) = gone.next() {
            rooms.leave(place);
            rooms.join("r", Arc::new(2001), || ());
        }
    });
    // Those who joined meanwhile are odd too, and were not met.
    assert_eq!(
        met,
        (0..1000)
            .filter(|number| number % 2 == 1)
            .collect::<Vec<_>>()
    );
}

#[test]
fn what_follows_a_join_runs_before_the_room_can_be_walked() {
    let rooms = Arc::new(Rooms::<Shared>::default());
    let (entered, seen) = (
        std::sync::Barrier::new(2),
        std::sync::atomic::AtomicBool::new(false),
    );
    std::thread::scope(|scope| {
        scope.spawn(|| {
            rooms.join("r", Arc::new(1), || {
                entered.wait();
                std::thread::yield_now();
                seen.store(true, std::sync::atomic::Ordering::Release);
            });
        });
        entered.wait();
        rooms
            .walk("r")
            .visit(|_| assert!(seen.load(std::sync::atomic::Ordering::Acquire)));
    });
}

#[test]
fn the_memory_of_many_rooms_is_given_back_though_some_stay() {
    let rooms = Rooms::<Shared>::default();
    let mut memberships: Vec<_> = (0..10_000)
        .map(|number| rooms.join(&format!("r{number}"), Arc::new(number), || ()))
        .collect();
    assert!(rooms.by_name.read().capacity() >= 10_000);
    for membership in memberships.drain(10..) {
        rooms.leave(&membership);
    }
    assert_eq!(rooms.sizes().len(), 10);
    assert!(rooms.by_name.read().capacity() < 100);
}
