//! The clock of the old blog: what its items show of it, for dates that are told by it alone.

use std::collections::BTreeMap;

use jiff::{
    civil::DateTime,
    tz::{Offset, TimeZone},
};

/// Dates that are kept in mind.
const MAX_SHOWN: usize = 200_000;
/// No clock is further from UTC, in seconds.
const MAX_OFFSET: i64 = 15 * 60 * 60;

/// How far the old blog's clock was from UTC, and when.
pub(super) struct Clock {
    /// The new blog's.
    zone: TimeZone,
    shown: BTreeMap<DateTime, Offset>,
}

impl Clock {
    pub(super) fn new(zone: TimeZone) -> Self {
        Self { zone, shown: BTreeMap::new() }
    }

    /// Notes a moment that is told by both clocks.
    pub(super) fn note(&mut self, local: DateTime, utc: DateTime) {
        let seconds = local.duration_since(utc).as_secs();
        let offset = i32::try_from(seconds).ok().filter(|_| seconds.abs() <= MAX_OFFSET && seconds % 900 == 0);
        if let Some(offset) = offset.and_then(|seconds| Offset::from_seconds(seconds).ok())
            && self.shown.len() < MAX_SHOWN
        {
            self.shown.insert(local, offset);
        }
    }

    /// The zone of a date that is told by that clock alone: as the nearest date before it shows, else the one behind it. The new
    /// blog's where that showed the same, since it knows of summers.
    pub(super) fn at(&self, local: DateTime) -> TimeZone {
        let before = self.shown.range(..=local).next_back();
        let Some((shown, offset)) = before.or_else(|| self.shown.range(local..).next()) else {
            return self.zone.clone();
        };
        let here = shown.to_zoned_datetime(self.zone.clone()).map(|here| here.offset());
        if here.is_ok_and(|here| here == *offset) { self.zone.clone() } else { TimeZone::fixed(*offset) }
    }
}
