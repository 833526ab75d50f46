//! A moment, as the database keeps it.

use jiff::{Timestamp, tz::TimeZone};

/// A day, in milliseconds.
pub const DAY_MILLIS: i64 = 24 * 3_600_000;

/// Milliseconds since 1970-01-01T00:00:00Z. What the store writes, the feeds format and tests move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Time(pub i64);

impl Time {
    /// This moment as a `jiff` value; a number beyond jiff's years (-9999 to 9999) is drawn to the nearest end.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }

    /// The calendar day and clock time that `zone` shows at this moment.
    pub fn in_zone(self, zone: &TimeZone) -> jiff::ZonedDateTime {
        self.timestamp().to_zoned_datetime(zone.clone())
    }

    /// As `datetime-local` writes it: `2023-02-11T08:30`.
    pub fn typed_in(self, zone: &TimeZone) -> String {
        self.in_zone(zone).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// RFC 3339 in UTC, to the second: `2023-02-11T08:30:00Z`.
    pub fn rfc3339(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// The date of RSS 2.0 and mail (RFC 2822): `Sat, 11 Feb 2023 08:30:00 +0000`.
    pub fn rfc2822(self) -> String {
        self.timestamp().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
    }

    /// The date of HTTP headers (RFC 9110): `Sat, 11 Feb 2023 08:30:00 GMT`.
    pub fn http_date(self) -> String {
        self.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// Whole days since `earlier`; 0 if that is still to come.
    pub fn days_since(self, earlier: Self) -> u32 {
        u32::try_from(self.0.saturating_sub(earlier.0) / DAY_MILLIS).unwrap_or_default()
    }

    /// This moment moved by `millis`, kept within what an `i64` holds.
    #[must_use]
    pub fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self(at.as_millisecond())
    }
}
