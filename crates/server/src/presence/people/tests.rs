use proptest::prelude::*;

use super::*;

const ORDER: WorkOrderId = WorkOrderId(7);
const ROOM: Room = Room::WorkOrder(ORDER);

fn actor(id: i64, role: Role) -> Actor {
    Actor {
        shop: ShopId(1),
        id: UserId(id),
        role,
        name: format!("Person {id}"),
    }
}

fn tarik() -> Actor {
    actor(3, Role::Technician)
}

#[test]
fn several_tabs_are_one_person() {
    let (mut people, now) = (People::default(), Instant::now());
    assert_eq!(
        people.connected(&tarik(), "a", now),
        [Edge::Online(tarik())]
    );
    assert_eq!(people.connected(&tarik(), "b", now), []);
    people.disconnected(&tarik(), "a", now);
    assert_eq!(people.forget(&tarik(), "a", now), []);
    people.disconnected(&tarik(), "b", now);
    assert!(people.is_online(ShopId(1), UserId(3)), "within the grace");
    assert_eq!(people.online(ShopId(1)), [(tarik(), 0)]);
    assert_eq!(people.forget(&tarik(), "b", now), [Edge::Offline(tarik())]);
    assert_eq!(people.count(), 0);
}

#[test]
fn who_comes_back_within_the_grace_was_never_gone() {
    let (mut people, now) = (People::default(), Instant::now());
    people.connected(&tarik(), "a", now);
    people.disconnected(&tarik(), "a", now);
    assert_eq!(people.connected(&tarik(), "b", now), []);
    assert_eq!(people.forget(&tarik(), "a", now), []);
}

#[test]
fn a_tab_that_comes_back_as_itself_does_what_it_did_and_is_not_forgotten() {
    let (mut people, now) = (People::default(), Instant::now());
    people.connected(&tarik(), "a", now);
    people.joined(&tarik(), "a", ROOM);
    people.views(&tarik(), "a", ORDER, ViewerStatus::Editing);
    people.disconnected(&tarik(), "a", now);
    assert_eq!(people.resumed(&tarik(), "a", &[ROOM], now), []);
    assert_eq!(people.forget(&tarik(), "a", now), [], "it is there again");
    let viewers = people.viewers(&actor(1, Role::Admin), ROOM);
    assert_eq!(viewers[0].status, ViewerStatus::Editing);

    // It goes once more, and its room is no longer its own when it comes back.
    let later = now + Duration::from_secs(2);
    people.disconnected(&tarik(), "a", later);
    assert_eq!(
        people.forget(&tarik(), "a", now),
        [],
        "the grace of the first time"
    );
    assert_eq!(
        people.resumed(&tarik(), "a", &[], later),
        [Edge::Viewer(tarik(), ORDER, ViewerStatus::Left)]
    );
    assert_eq!(people.viewers(&actor(1, Role::Admin), ROOM), []);
}

#[test]
fn a_tab_that_comes_back_after_the_grace_is_in_its_rooms_again() {
    let (mut people, now) = (People::default(), Instant::now());
    assert_eq!(
        people.resumed(&tarik(), "a", &[ROOM], now),
        [Edge::Online(tarik())]
    );
    let viewers = people.viewers(&actor(1, Role::Admin), ROOM);
    assert_eq!(viewers[0].status, ViewerStatus::Viewing);
}

#[test]
fn one_who_comes_back_in_another_role_goes_from_the_old_ones_sight() {
    let (mut people, now) = (People::default(), Instant::now());
    people.connected(&tarik(), "a", now);
    let manager = actor(3, Role::Manager);
    let edges = people.connected(&manager, "b", now);
    assert_eq!(edges, [Edge::Offline(tarik()), Edge::Online(manager)]);
}

#[test]
fn the_most_active_tab_counts_and_the_last_one_leaves() {
    let (mut people, now) = (People::default(), Instant::now());
    people.connected(&tarik(), "a", now);
    people.connected(&tarik(), "b", now);
    let edge = |status| Some(Edge::Viewer(tarik(), ORDER, status));
    assert_eq!(
        people.views(&tarik(), "a", ORDER, ViewerStatus::Editing),
        edge(ViewerStatus::Editing)
    );
    assert_eq!(
        people.views(&tarik(), "b", ORDER, ViewerStatus::Idle),
        edge(ViewerStatus::Editing)
    );
    assert_eq!(people.left(&tarik(), "a", ROOM), edge(ViewerStatus::Idle));
    assert_eq!(people.left(&tarik(), "a", ROOM), None);
    people.disconnected(&tarik(), "b", now);
    assert_eq!(
        people.forget(&tarik(), "b", now),
        [edge(ViewerStatus::Left).unwrap()]
    );
}

#[test]
fn viewers_are_who_is_in_the_room_and_what_they_say_but_not_oneself() {
    let (mut people, now) = (People::default(), Instant::now());
    let (ana, marko) = (actor(1, Role::Admin), actor(2, Role::Manager));
    for person in [&ana, &marko, &tarik()] {
        people.connected(person, "a", now);
        people.joined(person, "a", ROOM);
    }
    people.views(&tarik(), "a", ORDER, ViewerStatus::Away);
    let viewers = |people: &People| -> Vec<_> {
        let viewers = people.viewers(&ana, ROOM).into_iter();
        viewers
            .map(|viewer| (viewer.user_id.0, viewer.status))
            .collect()
    };
    let both = [(2, ViewerStatus::Viewing), (3, ViewerStatus::Away)];
    assert_eq!(viewers(&people), both);
    people.disconnected(&marko, "a", now);
    people.disconnected(&tarik(), "a", now);
    assert_eq!(viewers(&people), both, "within the grace");
    people.forget(&marko, "a", now);
    assert_eq!(viewers(&people), both[1..]);
}

#[test]
fn a_snapshot_has_the_scope_of_user_online() {
    let (mut people, now) = (People::default(), Instant::now());
    let staff = [
        actor(1, Role::Admin),
        actor(2, Role::Manager),
        tarik(),
        actor(4, Role::Technician),
        actor(5, Role::FrontDesk),
    ];
    for person in &staff {
        people.connected(person, "tab", now);
    }
    people.connected(
        &Actor {
            shop: ShopId(2),
            ..actor(9, Role::Admin)
        },
        "tab",
        now,
    );
    let sees = |reader: &Actor| {
        people
            .snapshot(reader, now)
            .iter()
            .map(|user| user.user_id.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(sees(&staff[0]), [2, 3, 4, 5]);
    assert_eq!(sees(&staff[1]), [1, 3, 4, 5]);
    assert_eq!(sees(&staff[2]), [4]);
    assert_eq!(sees(&staff[4]), [0_i64; 0]);
}

#[test]
fn one_who_did_nothing_for_five_minutes_is_idle() {
    let (mut people, start) = (People::default(), Instant::now());
    people.connected(&tarik(), "a", start);
    let status = |people: &People, after: u64| {
        people.snapshot(&actor(1, Role::Admin), start + Duration::from_secs(after))[0].status
    };
    assert_eq!(status(&people, 299), Activity::Active);
    assert_eq!(status(&people, 300), Activity::Idle);
    people.active(&tarik(), "a", start + Duration::from_secs(300));
    assert_eq!(status(&people, 301), Activity::Active);
}

proptest! {
    /// Whatever opens and closes: `online` and `offline` alternate, and agree with whether there is a tab.
    #[test]
    fn random_opens_and_closes_give_no_false_edge(deeds in proptest::collection::vec((0..4_u8, 0..4_u8), 1..1000)) {
        let (mut people, now) = (People::default(), Instant::now());
        let mut tabs: HashMap<String, bool> = HashMap::new();
        let mut online = false;
        for (deed, tab) in deeds {
            let tab = tab.to_string();
            let edges = match (deed, tabs.get(&tab).copied()) {
                (0, None) => {
                    tabs.insert(tab.clone(), true);
                    people.connected(&tarik(), &tab, now)
                }
                (1, Some(true)) => {
                    tabs.insert(tab.clone(), false);
                    people.disconnected(&tarik(), &tab, now);
                    Vec::new()
                }
                (2, Some(false)) => {
                    tabs.remove(&tab);
                    people.forget(&tarik(), &tab, now)
                }
                (3, Some(false)) => {
                    tabs.insert(tab.clone(), true);
                    people.resumed(&tarik(), &tab, &[], now)
                }
                _ => Vec::new(),
            };
            for edge in edges {
                let now_online = matches!(edge, Edge::Online(_));
                prop_assert_ne!(now_online, online);
                online = now_online;
            }
            prop_assert_eq!(online, !tabs.is_empty());
            prop_assert_eq!(people.is_online(ShopId(1), UserId(3)), online);
        }
    }
}
