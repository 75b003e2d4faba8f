//! The jobs of one session that wait for their turn.

use std::collections::VecDeque;

/// Jobs that may wait.
const MAX_JOBS: usize = 64;

/// Jobs in order, each with the bytes that the client sent for it. Owns no memory while empty.
#[derive(Debug)]
pub(super) struct Inbox<J>(VecDeque<(J, usize)>);

impl<J> Inbox<J> {
    pub(super) fn push(&mut self, job: J, bytes: usize) {
        self.0.push_back((job, bytes));
    }

    /// The next job.
    pub(super) fn pop(&mut self) -> Option<J> {
        let next = self.0.pop_front();
        if self.0.is_empty() {
            *self = Inbox::default();
        }
        next.map(|(job, _)| job)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether nothing more is to be read from the client for now: 64 jobs wait, or some of
    /// `max_bytes` together. What is read when there is room may be one message longer than that.
    pub(super) fn is_full(&self, max_bytes: usize) -> bool {
        self.0.len() >= MAX_JOBS
            || (!self.0.is_empty()
                && self.0.iter().map(|(_, bytes)| bytes).sum::<usize>() >= max_bytes)
    }
}

impl<J> Default for Inbox<J> {
    fn default() -> Inbox<J> {
        Inbox(VecDeque::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_full_of_jobs_or_of_bytes() {
        let mut inbox = Inbox::default();
        for job in 0..MAX_JOBS {
            assert!(!inbox.is_full(100));
            inbox.push(job, 1);
        }
        assert!(inbox.is_full(100));
        assert_eq!(inbox.pop(), Some(0));
        assert!(!inbox.is_full(100));
        inbox.pop();
        inbox.push(64, 37);
        assert!(!inbox.is_full(100));
        inbox.pop();
        inbox.push(65, 2);
        assert!(inbox.is_full(100));
        while inbox.pop().is_some() {}
        assert_eq!(inbox.0.capacity(), 0);
    }
}
