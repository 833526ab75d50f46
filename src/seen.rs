//! When feeds changed, for readers who ask by date.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::model::time::Time;

/// When the content of an address was first seen as it is now. What is deleted, approved late or dated back changes a feed
/// without bringing anything newer, so its newest entry cannot date it.
#[derive(Debug, Default)]
pub struct Seen(Mutex<HashMap<String, (u64, Time)>>);

/// More addresses than this are not remembered; a forgotten one is dated anew, which costs its readers one answer.
const MAX_SEEN: usize = 2_000;

impl Seen {
    /// `digest` of what is at `path` now; the date is that of a whole second.
    pub fn since(&self, path: &str, digest: u64, now: Time) -> Time {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MAX_SEEN && !seen.contains_key(path) {
            seen.clear();
        }
        let second = Time(now.0 - now.0.rem_euclid(1000));
        let (known, since) = seen.entry(path.to_owned()).or_insert((digest, second));
        if *known != digest {
            // HTTP counts in seconds: two contents of one second must not bear the same date.
            *since = second.max(since.plus(1000));
            *known = digest;
        }
        *since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_that_changes_is_dated_anew_even_within_a_second() {
        let seen = Seen::default();
        assert_eq!(seen.since("/feed.xml", 1, Time(5_500)), Time(5_000));
        assert_eq!(seen.since("/feed.xml", 1, Time(9_000)), Time(5_000));
        assert_eq!(seen.since("/feed.xml", 2, Time(9_100)), Time(9_000));
        assert_eq!(seen.since("/feed.xml", 3, Time(9_200)), Time(10_000));
        assert_eq!(seen.since("/feed.rss", 3, Time(9_200)), Time(9_000));
    }
}
