//! How much is read: numbers by day, which say nothing of anybody.

use jiff::civil::Date;

/// The home page, among the pages that are counted.
pub const HOME: i64 = 0;
/// Any list: a tag, an author, the archive.
pub const LISTS: i64 = -1;
/// Posts beyond so many on one day.
pub const OTHERS: i64 = -2;

/// A day as a number: 2023-02-11 is 20230211.
pub fn day_number(date: Date) -> i64 {
    (i64::from(date.year()) * 100 + i64::from(date.month())) * 100 + i64::from(date.day())
}

/// The day of a number; of a month, its first.
pub fn date_of(day: i64) -> Option<Date> {
    let part = |number: i64| i8::try_from(number % 100).ok();
    Date::new(i16::try_from(day / 10_000).ok()?, part(day / 100)?, part(day)?.max(1)).ok()
}

/// Views, and different readers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Count {
    /// How often it was shown.
    pub views: i64,
    /// To how many, each counted once a day.
    pub readers: i64,
}

/// What was counted of one day and is to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// [`day_number`]
    pub day: i64,
    /// Of all pages together.
    pub all: Count,
    /// By post, or [`HOME`], [`LISTS`], [`OTHERS`].
    pub pages: Vec<(i64, Count)>,
    /// Views by the host of the page that led here; empty: hosts beyond so many.
    pub hosts: Vec<(String, i64)>,
}

/// What was read on one day, or in a month that is long past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DayCount {
    /// [`day_number`]; of a month, day 0.
    pub day: i64,
    /// How much.
    #[sqlx(flatten)]
    pub count: Count,
}

/// How much one page was read.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PageCount {
    /// A post, or [`HOME`], [`LISTS`], [`OTHERS`].
    pub page: i64,
    /// How much.
    #[sqlx(flatten)]
    pub count: Count,
    /// `None`: no post, or one that is deleted.
    pub title: Option<String>,
}

/// How many came from one host.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct HostCount {
    /// Empty: hosts beyond so many on one day.
    pub host: String,
    /// How often.
    pub views: i64,
}
