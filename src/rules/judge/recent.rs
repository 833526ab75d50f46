//! What came lately: how much from one sender, how alike, how fast.

use std::collections::VecDeque;

use super::{bayes::hash, traits::Traits};
use crate::model::{comment::Written, time::Time};

/// So many are remembered.
pub const REMEMBERED: usize = 500;
/// What is counted by the minute is counted over so long.
pub const WINDOW_MILLIS: i64 = 10 * 60_000;
/// Texts with fewer words are alike by chance.
const MIN_WORDS: usize = 8;
/// Sketches of texts that differ in so few bits are of nearly the same words.
const ALIKE_BITS: u32 = 7;

/// The last comments, as far as it takes to compare the next with them.
#[derive(Clone, Debug, Default)]
pub struct Recent(VecDeque<Trace>);

/// What is remembered of a comment.
#[derive(Clone, Copy, Debug)]
pub struct Trace {
    at: Time,
    network: i64,
    name: i64,
    email: Option<i64>,
    /// `None`: too short to be compared.
    sketch: Option<u64>,
}

/// What else came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Company {
    /// From the same network, in ten minutes.
    pub from_network: u32,
    /// By the same name or e-mail address, in ten minutes.
    pub by_author: u32,
    /// With nearly the same words.
    pub alike: u32,
    /// Altogether, in ten minutes.
    pub arrived: u32,
}

impl Trace {
    /// Of a comment that comes now.
    pub fn of(written: &Written, traits: &Traits, now: Time) -> Self {
        Self {
            at: now,
            network: hash("", &written.network),
            name: hash("", &written.name),
            email: written.email.as_deref().map(|email| hash("", email)),
            sketch: sketch(&traits.words),
        }
    }
}

impl Recent {
    /// Remembers one.
    pub fn add(&mut self, trace: Trace) {
        if self.0.len() >= REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(trace);
    }

    /// What came lately, compared with this one.
    pub fn company(&self, trace: &Trace) -> Company {
        let mut company = Company::default();
        for other in &self.0 {
            let is_alike = |a: u64| trace.sketch.is_some_and(|b| (a ^ b).count_ones() <= ALIKE_BITS);
            company.alike += u32::from(other.sketch.is_some_and(is_alike));
            if is_within(other.at, trace.at) {
                company.arrived += 1;
                company.from_network += u32::from(other.network == trace.network);
                let same_email = other.email.is_some() && other.email == trace.email;
                company.by_author += u32::from(other.name == trace.name || same_email);
            }
        }
        company
    }

    /// How many arrived in the ten minutes before `now`.
    pub fn arrived(&self, now: Time) -> u32 {
        self.0.iter().filter(|trace| is_within(trace.at, now)).count() as u32
    }
}

fn is_within(at: Time, now: Time) -> bool {
    (now.0 - WINDOW_MILLIS..=now.0).contains(&at.0)
}

/// 64 bits that are nearly the same for nearly the same words (simhash of the words).
fn sketch(words: &[String]) -> Option<u64> {
    if words.len() < MIN_WORDS {
        return None;
    }
    let mut sums = [0_i32; 64];
    for word in words {
        let bits = hash("", word);
        for (place, sum) in sums.iter_mut().enumerate() {
            *sum += if bits >> place & 1 == 1 { 1 } else { -1 };
        }
    }
    Some(sums.iter().rev().fold(0, |bits, sum| bits << 1 | u64::from(*sum > 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(name: &str, email: Option<&str>, source: &str, network: &str, minute: i64) -> Trace {
        let written = Written {
            name: name.to_owned(),
            email: email.map(str::to_owned),
            website: None,
            source: source.to_owned(),
            network: network.to_owned(),
            address: None,
        };
        Trace::of(&written, &Traits::of_text(&written), Time(minute * 60_000))
    }

    #[test]
    fn what_came_in_ten_minutes_is_counted_by_network_and_author() {
        let mut recent = Recent::default();
        recent.add(trace("A", Some("a@x.y"), "one", "n1", 0));
        recent.add(trace("B", Some("a@x.y"), "two", "n1", 5));
        recent.add(trace("A", None, "three", "n2", 9));
        recent.add(trace("C", None, "four", "n3", 9));
        let company = recent.company(&trace("A", Some("a@x.y"), "five", "n1", 10));
        assert_eq!(company, Company { from_network: 2, by_author: 3, alike: 0, arrived: 4 });
        let later = recent.company(&trace("A", Some("a@x.y"), "five", "n1", 12));
        assert_eq!(later, Company { from_network: 1, by_author: 2, alike: 0, arrived: 3 });
        assert_eq!((recent.arrived(Time(10 * 60_000)), recent.arrived(Time(30 * 60_000))), (4, 0));
    }

    #[test]
    fn nearly_the_same_words_are_seen_whoever_sends_them() {
        let text = "Hello dear friends, I must tell everybody about the wonderful doctor who has cured my husband of his \
                    illness with herbs last year, write to him today and he will help you as he has helped me";
        let mut recent = Recent::default();
        recent.add(trace("A", None, text, "n1", 0));
        let alike = |text: &str| recent.company(&trace("B", None, text, "n2", 600)).alike;
        assert_eq!(alike(text), 1);
        assert_eq!(alike(&text.to_uppercase().replace(',', " …")), 1);
        assert_eq!(alike(&text.replace("husband", "mother")), 1);
        assert_eq!(alike(&text.replace("year", "month").replace("herbs", "roots")), 1);
        assert_eq!(
            alike("I have read this with pleasure, and yet the second table does not add up to what you say"),
            0
        );
        assert_eq!(alike("Hello dear friends"), 0);
    }

    #[test]
    fn memory_is_bounded() {
        let mut recent = Recent::default();
        for minute in 0..2 * REMEMBERED as i64 {
            recent.add(trace("A", None, "x", "n", minute));
        }
        assert_eq!(recent.0.len(), REMEMBERED);
    }
}
