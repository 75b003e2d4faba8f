//! Things that know their own id.

use std::hash::{BuildHasher as _, RandomState};

use hashbrown::HashTable;

/// What is found by an id that it carries itself.
pub(crate) trait HasId {
    fn id(&self) -> &str;
}

/// Things by their ids, which are stored nowhere but in them.
pub(crate) struct ById<T> {
    table: HashTable<T>,
    hasher: RandomState,
}

impl<T: HasId> ById<T> {
    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.table
            .find(self.hasher.hash_one(id), |thing| thing.id() == id)
    }

    /// Adds a thing; returns the one of the same id that was there.
    pub(crate) fn insert(&mut self, thing: T) -> Option<T> {
        let replaced = self.remove(thing.id());
        let hasher = &self.hasher;
        let hash = hasher.hash_one(thing.id());
        self.table
            .insert_unique(hash, thing, |thing| hasher.hash_one(thing.id()));
        replaced
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        let hasher = &self.hasher;
        let found = self
            .table
            .find_entry(hasher.hash_one(id), |thing| thing.id() == id);
        let (thing, _) = found.ok()?.remove();
        // The memory of a crowd goes with it.
        if self.table.len() < self.table.capacity() / 4 {
            let room = self.table.len() * 2;
            self.table
                .shrink_to(room, |thing| hasher.hash_one(thing.id()));
        }
        Some(thing)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.table.iter()
    }
}

impl<T> Default for ById<T> {
    fn default() -> ById<T> {
        ById {
            table: HashTable::new(),
            hasher: RandomState::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl HasId for (String, u32) {
        fn id(&self) -> &str {
            &self.0
        }
    }

    #[test]
    fn a_thing_is_found_until_it_is_removed_and_replaces_its_like() {
        let mut things = ById::default();
        for number in 0..1000 {
            assert_eq!(things.insert((number.to_string(), number)), None);
        }
        assert_eq!(things.insert(("7".into(), 70)), Some(("7".into(), 7)));
        assert_eq!(things.len(), 1000);
        assert_eq!(things.get("7"), Some(&("7".into(), 70)));
        assert_eq!(things.get("1000"), None);
        let before = things.table.capacity();
        for number in 10..1000 {
            assert_eq!(
                things.remove(&number.to_string()),
                Some((number.to_string(), number))
            );
        }
        assert_eq!(things.remove("10"), None);
        assert_eq!(things.values().count(), 10);
        assert!(things.table.capacity() < before / 10);
        assert!((0..10).all(|number| things.get(&number.to_string()).is_some()));
    }
}
