//! The months under which an old blog listed its posts, and those in which they are by the clock of this one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use crate::model::time::Time;

/// `2020/01` there, and the same here.
#[derive(Default)]
pub(super) struct Months(BTreeMap<String, BTreeSet<String>>);

impl Months {
    /// Takes in a post that was listed under this month.
    pub(super) fn note(&mut self, there: String, at: Time, zone: &TimeZone) {
        let here = at.in_zone(zone).strftime("%Y/%m").to_string();
        self.0.entry(there).or_default().insert(here);
    }

    /// Each with the one that its posts are in here: the same if some are, else the first.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(there, here)| {
            let here = here.get(there).or_else(|| here.first())?;
            Some((there.as_str(), here.as_str()))
        })
    }
}
