//! A slice of a long list, and where it goes on.

use std::{fmt, str::FromStr};

use super::{ids::PostId, time::Time};

/// A place in the order of publication: it stays where it is while posts are added around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Publication of the post at this place.
    pub at: Time,
    /// Its id, which orders posts of the same moment.
    pub id: PostId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.at.0, self.id)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, id) = text.split_once('_').ok_or(())?;
        Ok(Self { at: Time(at.parse().map_err(drop)?), id: id.parse().map_err(drop)? })
    }
}

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The newest.
    Newest,
    /// What was published before this place.
    OlderThan(Cursor),
    /// What was published after this place, nearest first in the asking, newest first in the answer.
    NewerThan(Cursor),
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

/// A numbered slice, for lists in which a place has no lasting name (ranked results, the admin's tables).
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
        let cursor = Cursor { at: Time(-5), id: PostId(7) };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for bad in ["", "_", "1_", "_1", "1_1abc", "a_1", "1_2_3"] {
            assert_eq!(bad.parse::<Cursor>(), Err(()), "{bad:?}");
        }
    }
}
