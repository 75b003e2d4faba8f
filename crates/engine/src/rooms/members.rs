//! The members of one room, each in a place that it keeps.

/// A list with holes: a place is stable while its member stays, so that a walk by index is too.
pub(super) struct Members<M> {
    places: Vec<Option<Place<M>>>,
    holes: Vec<u32>,
    /// How many have ever joined.
    joins: u64,
}

struct Place<M> {
    member: M,
    /// How many had joined before.
    joins: u64,
}

impl<M> Default for Members<M> {
    fn default() -> Members<M> {
        Members {
            places: Vec::new(),
            holes: Vec::new(),
            joins: 0,
        }
    }
}

impl<M: Clone> Members<M> {
    pub(super) fn len(&self) -> usize {
        self.places.len() - self.holes.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many have ever joined: see [`Members::copy_from`].
    pub(super) fn joins(&self) -> u64 {
        self.joins
    }

    /// Gives the member a place.
    pub(super) fn insert(&mut self, member: M) -> usize {
        let member = Place {
            member,
            joins: self.joins,
        };
        self.joins += 1;
        while let Some(hole) = self.holes.pop() {
            if let Some(place) = self.places.get_mut(hole as usize) {
                *place = Some(member);
                return hole as usize;
            }
        }
        self.places.push(Some(member));
        self.places.len() - 1
    }

    /// Frees a place.
    pub(super) fn remove(&mut self, place: usize) {
        if let Some(member) = self.places.get_mut(place)
            && member.take().is_some()
        {
            self.holes.push(place as u32);
        }
        if self.is_empty() {
            *self = Members {
                joins: self.joins,
                ..Members::default()
            };
        }
    }

    /// Calls `each` for up to `count` members from place `from` on, passing over those who joined
    /// after the first `joins`; returns the place to go on from, `None` at the end.
    pub(super) fn each_from(
        &self,
        from: usize,
        count: usize,
        joins: u64,
        mut each: impl FnMut(M),
    ) -> Option<usize> {
        let mut met = 0;
        for (place, member) in self.places.iter().enumerate().skip(from) {
            if met == count {
                return Some(place);
            }
            if let Some(place) = member
                && place.joins < joins
            {
                each(place.member.clone());
                met += 1;
            }
        }
        None
    }
}
