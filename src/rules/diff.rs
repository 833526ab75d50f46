//! What two texts differ in: the lines that changed, and within them the words.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

/// A stretch of text, and in which of two texts it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// In both.
    Same(&'a str),
    /// In the first alone.
    Removed(&'a str),
    /// In the second alone.
    Added(&'a str),
}

/// From `before` to `after`, in order: the pieces that are not added make `before`, those that are not removed make `after`.
/// The time grows with the length: on texts that have nothing in common the search for the shortest way is cut off.
pub fn words<'a>(before: &'a str, after: &'a str) -> Vec<Piece<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (lines(before), lines(after));
    let mut pieces = Vec::new();
    let (mut from, mut to) = (Place::default(), Place::default());
    for (old_lines, new_lines) in changes(&old, &new) {
        same(&mut pieces, from.pass(&old, old_lines.start, before));
        to.pass(&new, new_lines.start, after);
        within(&mut pieces, from.pass(&old, old_lines.end, before), to.pass(&new, new_lines.end, after));
    }
    same(&mut pieces, from.pass(&old, old.len(), before));
    pieces
}

/// What changed in lines that changed.
fn within<'a>(pieces: &mut Vec<Piece<'a>>, before: &'a str, after: &'a str) {
    let (old, new): (Vec<&str>, Vec<&str>) = (tokens(before), tokens(after));
    let (mut from, mut to) = (Place::default(), Place::default());
    for (old_words, new_words) in readable(changes(&old, &new), &old) {
        same(pieces, from.pass(&old, old_words.start, before));
        to.pass(&new, new_words.start, after);
        let (removed, added) = (from.pass(&old, old_words.end, before), to.pass(&new, new_words.end, after));
        if !removed.is_empty() {
            pieces.push(Piece::Removed(removed));
        }
        if !added.is_empty() {
            pieces.push(Piece::Added(added));
        }
    }
    same(pieces, from.pass(&old, old.len(), before));
}

fn same<'a>(pieces: &mut Vec<Piece<'a>>, text: &'a str) {
    if !text.is_empty() {
        pieces.push(Piece::Same(text));
    }
}

/// How far a text has been read, in tokens and in bytes.
#[derive(Default)]
struct Place {
    token: usize,
    byte: usize,
}

impl Place {
    /// Reads on to a token; gives what was passed.
    fn pass<'a>(&mut self, tokens: &[&str], to: usize, text: &'a str) -> &'a str {
        let start = self.byte;
        self.byte += tokens.get(self.token..to).unwrap_or_default().iter().map(|token| token.len()).sum::<usize>();
        self.token = to.max(self.token);
        text.get(start..self.byte).unwrap_or_default()
    }
}

/// Which tokens of `before` gave way to which of `after`.
pub(super) type Change = (Range<usize>, Range<usize>);

pub(super) fn changes(before: &[&str], after: &[&str]) -> Vec<Change> {
    let mut input = InternedInput::default();
    input.update_before(before.iter().copied());
    input.update_after(after.iter().copied());
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_no_heuristic(&input);
    let wide = |range: Range<u32>| range.start as usize..range.end as usize;
    diff.hunks().map(|hunk| (wide(hunk.before), wide(hunk.after))).collect()
}

/// Joins changes that only blanks stand between: a sentence written anew is one change, not a word here and a word there.
fn readable(changes: Vec<Change>, before: &[&str]) -> Vec<Change> {
    let mut joined: Vec<Change> = Vec::with_capacity(changes.len());
    for (old, new) in changes {
        match joined.last_mut() {
            Some((last_old, last_new))
                if before
                    .get(last_old.end..old.start)
                    .is_some_and(|gap| gap.iter().all(|token| token.trim().is_empty())) =>
            {
                last_old.end = old.end;
                last_new.end = new.end;
            }
            _ => joined.push((old, new)),
        }
    }
    joined
}

/// Lines, each with its end.
pub(super) fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Words, runs of blanks, and each sign by itself; so is each character of a writing that puts no blanks between words.
pub(super) fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let kind = Kind::of(first);
        let end = match kind {
            Kind::Sign => first.len_utf8(),
            _ => rest.find(|c| Kind::of(c) != kind).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after;
    }
    tokens
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Blank,
    Sign,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            '\n' => Self::Sign,
            c if c.is_whitespace() => Self::Blank,
            '\u{3000}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Self::Sign,
            // A mark over a letter is no letter, but belongs to it.
            c if c.is_alphanumeric() || !c.is_ascii() && !c.is_control() => Self::Word,
            _ => Self::Sign,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(before: &str, after: &str) -> String {
        let piece = |piece: &Piece<'_>| match piece {
            Piece::Same(text) => (*text).to_owned(),
            Piece::Removed(text) => format!("[-{text}-]"),
            Piece::Added(text) => format!("[+{text}+]"),
        };
        words(before, after).iter().map(piece).collect()
    }

    #[test]
    fn words_that_changed_are_told_from_those_that_stayed() {
        assert_eq!(shown("a quick fox\n", "a quick fox\n"), "a quick fox\n");
        assert_eq!(shown("", "new\n"), "[+new\n+]");
        assert_eq!(shown("a quick fox\nthen\n", "a slow fox\nthen\n"), "a [-quick-][+slow+] fox\nthen\n");
        assert_eq!(shown("one\ntwo\nthree\n", "one\nthree\n"), "one\n[-two\n-]three\n");
        assert_eq!(shown("It was late.", "It was late!"), "It was late[-.-][+!+]");
        assert_eq!(shown("the old grey house", "the new red house"), "the [-old grey-][+new red+] house");
        assert_eq!(shown("今日は雨", "今日は晴"), "今日は[-雨-][+晴+]");
        assert_eq!(shown("cafe\u{301} noir", "cafe\u{301} au lait"), "cafe\u{301} [-noir-][+au lait+]");
    }

    proptest! {
        #[test]
        fn the_pieces_make_both_texts_again(before in "([a-c é日\n.]{0,4} ?){0,20}", after in "([a-c é日\n.]{0,4} ?){0,20}") {
            let pieces = words(&before, &after);
            let one: String = pieces.iter().filter_map(|piece| match piece {
                Piece::Same(text) | Piece::Removed(text) => Some(*text),
                Piece::Added(_) => None,
            }).collect();
            let other: String = pieces.iter().filter_map(|piece| match piece {
                Piece::Same(text) | Piece::Added(text) => Some(*text),
                Piece::Removed(_) => None,
            }).collect();
            prop_assert_eq!(one, before);
            prop_assert_eq!(other, after);
        }

        #[test]
        fn any_two_texts_can_be_compared(before in any::<String>(), after in any::<String>()) {
            let kept: usize = words(&before, &after).iter().map(|piece| match piece {
                Piece::Same(text) => 2 * text.len(),
                Piece::Removed(text) | Piece::Added(text) => text.len(),
            }).sum();
            prop_assert_eq!(kept, before.len() + after.len());
        }
    }
}
