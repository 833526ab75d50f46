//! Who reads, counted in memory until it is written: by page and day. Of a reader a hash is held for the day, in memory alone,
//! made with a salt that is thrown away with it.

use std::{
    collections::{HashMap, HashSet, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    net::IpAddr,
};

use jiff::{ToSpan, tz::TimeZone};

use crate::model::{
    reading::{Count, OTHERS, Tally, day_number},
    time::Time,
};

/// So many pages and hosts are told apart until they are written.
const MAX_PAGES: usize = 2000;
const MAX_HOSTS: usize = 200;
/// So many marks of readers are held: a few MiB. Who comes beyond them is counted by views alone.
const MAX_MARKS: usize = 200_000;

/// What programs call themselves that are no readers, in lower case, by their first two letters: this is asked of each view.
fn programs(first_two: [u8; 2]) -> &'static [&'static str] {
    match &first_two {
        b"ar" => &["archiver"],
        b"bo" => &["bot"],
        b"ch" => &["check"],
        b"cr" => &["crawl"],
        b"cu" => &["curl"],
        b"fa" => &["facebookexternalhit"],
        b"fe" => &["feed", "fetch"],
        b"he" => &["headless"],
        // What stands behind it is an address, and no browser gives one.
        b"ht" => &["http"],
        b"li" => &["lighthouse"],
        b"mo" => &["monitor"],
        b"pr" => &["preview", "probe"],
        b"py" => &["python"],
        b"sc" => &["scan", "scrap"],
        b"sl" => &["slurp"],
        b"sp" => &["spider"],
        b"up" => &["uptime"],
        b"wg" => &["wget"],
        _ => &[],
    }
}

/// Whether this is what a browser calls itself: all of them begin alike.
pub fn is_browser(agent: &str) -> bool {
    let Some(rest) = agent.strip_prefix("Mozilla/").or_else(|| agent.strip_prefix("Opera/")) else { return false };
    let bytes = rest.as_bytes();
    let is_program = |(at, pair): (usize, &[u8])| {
        let &[first, second] = pair else { return false };
        // Makes small letters of large ones; of other signs others, which begin no word either.
        programs([first | 0x20, second | 0x20])
            .iter()
            .any(|word| bytes.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes())))
    };
    !bytes.windows(2).enumerate().any(is_program)
}

/// What has not been written yet.
#[derive(Debug)]
pub struct Readers {
    is_on: bool,
    zone: TimeZone,
    /// Today begins and ends then.
    since: Time,
    until: Time,
    day: i64,
    salt: [u8; 16],
    marks: HashSet<u64>,
    all: Count,
    pages: HashMap<i64, Count>,
    hosts: HashMap<String, i64>,
    /// Of days that are over.
    past: Vec<Tally>,
}

impl Default for Readers {
    /// Nothing is counted until it is known what the owner wants.
    fn default() -> Self {
        Self {
            is_on: false,
            zone: TimeZone::UTC,
            since: Time(0),
            until: Time(0),
            day: 0,
            salt: [0; 16],
            marks: HashSet::new(),
            all: Count::default(),
            pages: HashMap::new(),
            hosts: HashMap::new(),
            past: Vec::new(),
        }
    }
}

impl Readers {
    /// Counts from now on, or no longer; days are those of `zone`.
    pub fn set(&mut self, is_on: bool, zone: &TimeZone) {
        if !is_on {
            self.marks = HashSet::new();
        }
        self.is_on = is_on;
        if self.zone != *zone {
            self.zone = zone.clone();
            // The next view looks what day it is.
            self.until = self.since;
        }
    }

    /// Whether anything is counted.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Counts one view of a page by whoever came from `address` with this browser, led by a page of `host` or by none.
    pub fn note(&mut self, page: i64, address: IpAddr, agent: &str, host: &str, now: Time) {
        if !self.is_on || ((now < self.since || now >= self.until) && self.turn(now).is_none()) {
            return;
        }
        let mut hasher = DefaultHasher::new();
        (self.salt, address, agent).hash(&mut hasher);
        let reader = hasher.finish();
        let is_new = self.mark(reader);
        let is_new_here = self.mark(reader.rotate_left(17) ^ page.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15));
        self.all.views += 1;
        self.all.readers += i64::from(is_new);
        let page = if self.pages.len() < MAX_PAGES || self.pages.contains_key(&page) { page } else { OTHERS };
        let count = self.pages.entry(page).or_default();
        count.views += 1;
        count.readers += i64::from(is_new_here);
        if let Some(views) = self.hosts.get_mut(host) {
            *views += 1;
        } else if !host.is_empty() {
            let host = if self.hosts.len() < MAX_HOSTS { host } else { "" };
            *self.hosts.entry(host.to_owned()).or_default() += 1;
        }
    }

    /// Whether this mark is new.
    fn mark(&mut self, mark: u64) -> bool {
        if self.marks.len() < MAX_MARKS { self.marks.insert(mark) } else { false }
    }

    /// Begins a day: nobody can tell its readers from those of the day before. `None`: the system gives no randomness.
    fn turn(&mut self, now: Time) -> Option<()> {
        let date = now.in_zone(&self.zone).date();
        let start =
            |date: jiff::civil::Date| Some(Time::from(date.to_zoned_datetime(self.zone.clone()).ok()?.timestamp()));
        let (since, until) = (start(date)?, start(date.checked_add(1.day()).ok()?)?);
        let day = day_number(date);
        if day != self.day || self.salt == [0; 16] {
            self.keep();
            self.marks.clear();
            getrandom::fill(&mut self.salt).ok()?;
        }
        (self.since, self.until, self.day) = (since, until, day);
        Some(())
    }

    /// Lays what was counted today to what is to be written.
    fn keep(&mut self) {
        if self.all.views > 0 {
            self.past.push(Tally {
                day: self.day,
                all: std::mem::take(&mut self.all),
                pages: self.pages.drain().collect(),
                hosts: self.hosts.drain().collect(),
            });
        }
    }

    /// Everything, to be written; nothing is left but who was here today.
    pub fn take(&mut self) -> Vec<Tally> {
        self.keep();
        std::mem::take(&mut self.past)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                          Version/18.5 Mobile/15E148 Safari/604.1";
    const HOUR: i64 = 3_600_000;

    fn readers(zone: &str) -> Readers {
        let mut readers = Readers::default();
        readers.set(true, &TimeZone::get(zone).unwrap());
        readers
    }

    fn from(last: u8) -> IpAddr {
        IpAddr::from([198, 51, 100, last])
    }

    #[test]
    fn browsers_are_told_from_programs() {
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 \
                      Safari/537.36 Edg/137.0.0.0";
        for browser in [FIREFOX, SAFARI, chrome] {
            assert!(is_browser(browser), "{browser}");
        }
        for program in [
            "",
            "curl/8.5.0",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36",
            "Mozilla/5.0 (compatible; Yahoo! Slurp)",
            "Feedly/1.0",
        ] {
            assert!(!is_browser(program), "{program}");
        }
    }

    #[test]
    fn views_are_counted_and_readers_once_a_day_for_all_and_for_each_page() {
        let mut readers = readers("UTC");
        let now = Time(20 * 24 * HOUR);
        readers.note(1, from(1), FIREFOX, "example.org", now);
        readers.note(1, from(1), FIREFOX, "", now);
        readers.note(2, from(1), FIREFOX, "example.org", now);
        readers.note(1, from(1), SAFARI, "", now);
        readers.note(1, from(2), FIREFOX, "", now);
        let mut tally = readers.take();
        tally[0].pages.sort_by_key(|(page, _)| *page);
        let count = |views, readers| Count { views, readers };
        let expected = Tally {
            day: 19_700_121,
            all: count(5, 3),
            pages: vec![(1, count(4, 3)), (2, count(1, 1))],
            hosts: vec![("example.org".to_owned(), 2)],
        };
        assert_eq!(tally, [expected]);
        // What is written is not written again, and who was here is not new.
        readers.note(1, from(1), FIREFOX, "", now);
        assert_eq!(readers.take()[0].all, count(1, 0));
        assert_eq!(readers.take(), []);
    }

    #[test]
    fn a_day_begins_and_ends_in_the_blogs_zone_and_knows_nothing_of_the_one_before() {
        let mut readers = readers("Asia/Kuala_Lumpur");
        // 23:30 and 00:30 there.
        let late = Time::from("2023-02-11T15:30:00Z".parse::<jiff::Timestamp>().unwrap());
        readers.note(1, from(1), FIREFOX, "", late);
        readers.note(1, from(1), FIREFOX, "", late.plus(HOUR));
        let days: Vec<_> = readers.take().iter().map(|tally| (tally.day, tally.all.readers)).collect();
        assert_eq!(days, [(20_230_211, 1), (20_230_212, 1)]);
    }

    #[test]
    fn nothing_is_counted_once_it_is_switched_off() {
        let mut readers = readers("UTC");
        readers.set(false, &TimeZone::UTC);
        readers.note(1, from(1), FIREFOX, "", Time(0));
        assert_eq!(readers.take(), []);
    }

    #[test]
    fn what_is_held_has_an_end() {
        let mut readers = readers("UTC");
        for number in 0..MAX_PAGES as i64 + 500 {
            readers.note(number, from(1), FIREFOX, &format!("h{number}"), Time(0));
        }
        let tally = readers.take().remove(0);
        assert_eq!((tally.pages.len(), tally.hosts.len()), (MAX_PAGES + 1, MAX_HOSTS + 1));
        assert_eq!(tally.pages.iter().map(|(_, count)| count.views).sum::<i64>(), MAX_PAGES as i64 + 500);
    }
}
