//! A slice of a long list, and where it goes on.

use std::{fmt, str::FromStr};

use super::time::Time;

/// A place in an order of time: it stays where it is while rows are added around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The moment of the row at this place.
    pub at: Time,
    /// Its id, which orders rows of the same moment.
    pub id: i64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.at.0, self.id)
    }
}

impl FromStr for Cursor {
    type Err = ();

    /// Strict: only what [`Display`](fmt::Display) writes, so that a place has one address.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, id) = text.split_once('_').ok_or(())?;
        let cursor = Self { at: Time(at.parse().map_err(drop)?), id: id.parse().map_err(drop)? };
        if cursor.to_string() == text { Ok(cursor) } else { Err(()) }
    }
}

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The newest.
    Newest,
    /// What comes before this place in time.
    OlderThan(Cursor),
    /// What comes after this place in time, nearest first in the asking, newest first in the answer.
    NewerThan(Cursor),
}

impl From {
    /// The place that rows are asked for from, when the newest are those up to `end`.
    pub fn cursor(self, end: Time) -> Cursor {
        match self {
            Self::Newest => Cursor { at: end, id: i64::MAX },
            Self::OlderThan(cursor) | Self::NewerThan(cursor) => cursor,
        }
    }

    /// The same part of a list that begins with the oldest.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Newest => Self::Newest,
            Self::OlderThan(cursor) => Self::NewerThan(cursor),
            Self::NewerThan(cursor) => Self::OlderThan(cursor),
        }
    }

    /// Whether rows are asked for towards the newest.
    pub fn is_upwards(self) -> bool {
        matches!(self, Self::NewerThan(_))
    }
}

/// Newest first, with the places to go on from.
#[derive(Clone, Debug)]
pub struct Listing<T> {
    /// At most as many as asked for.
    pub items: Vec<T>,
    /// Ask [`From::NewerThan`] this; `None` at the newest end.
    pub newer: Option<Cursor>,
    /// Ask [`From::OlderThan`] this; `None` at the oldest end.
    pub older: Option<Cursor>,
}

impl<T> Listing<T> {
    /// Takes rows in the order of the asking, asked for with a limit of `size + 1`: the one too many tells that there
    /// are more. `cursor` tells a row's place.
    pub fn new(mut items: Vec<T>, from: From, size: usize, cursor: impl Fn(&T) -> Cursor) -> Self {
        let has_more = items.len() > size;
        items.truncate(size);
        // Behind us there is at least the row that the cursor was taken from.
        let (has_newer, has_older) = match from {
            From::Newest => (false, has_more),
            From::OlderThan(_) => (true, has_more),
            From::NewerThan(_) => {
                items.reverse();
                (has_more, true)
            }
        };
        let newer = items.first().filter(|_| has_newer).map(&cursor);
        let older = items.last().filter(|_| has_older).map(&cursor);
        Self { items, newer, older }
    }

    /// Of a list that begins with the oldest: what goes on from it is newer.
    #[must_use]
    pub fn mirrored(self) -> Self {
        Self { items: self.items, newer: self.older, older: self.newer }
    }
}

/// A numbered slice, for lists in which a place has no lasting name (ranked results).
#[derive(Clone, Debug)]
pub struct Numbered<T> {
    /// At most as many as asked for.
    pub items: Vec<T>,
    /// This slice's number, from 1.
    pub page: u32,
    /// Whether a further one holds anything.
    pub has_more: bool,
}

impl<T> Numbered<T> {
    /// Takes the rows of slice `page`, asked for with a limit of `size + 1`: the one too many tells that there are more.
    pub fn new(mut items: Vec<T>, page: u32, size: usize) -> Self {
        let has_more = items.len() > size;
        items.truncate(size);
        Self { items, page, has_more }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_what_it_writes_and_nothing_else() {
        let cursor = Cursor { at: Time(-5), id: 7 };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for bad in ["", "_", "1_", "_1", "1_1abc", "a_1", "1_2_3", "01_1", "1_+1"] {
            assert_eq!(bad.parse::<Cursor>(), Err(()), "{bad:?}");
        }
    }
}
