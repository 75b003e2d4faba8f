//! The members of one room, each in a place that it keeps.

/// A list with holes: a place is stable while its member stays, so that a walk by index is too.
pub(super) struct Members<M> {
    places: Vec<Option<M>>,
    holes: Vec<u32>,
}

impl<M> Default for Members<M> {
    fn default() -> Members<M> {
        Members {
            places: Vec::new(),
            holes: Vec::new(),
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

    /// Gives the member a place.
    pub(super) fn insert(&mut self, member: M) -> usize {
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
            *self = Members::default();
        }
    }

    /// Appends up to `count` members from place `from` on to `out`; returns the place to go on
    /// from.
    pub(super) fn copy_from(&self, from: usize, count: usize, out: &mut Vec<M>) -> usize {
        let mut next = from;
        for place in self.places.iter().skip(from) {
            if out.len() == count {
                break;
            }
            next += 1;
            out.extend(place.clone());
        }
        next
    }
}
