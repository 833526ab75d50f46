//! Bringing together what two people made of one text.

use std::ops::Range;

use super::diff::{Change, changes, lines, tokens};

/// A stretch of the text that came of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Changed by one of them at most, or by both alike.
    Settled(String),
    /// Changed by both, each in another way: a person has to choose.
    Contested {
        /// As one has it.
        ours: String,
        /// As the other has it.
        theirs: String,
    },
}

/// What `ours` and `theirs` make together of the `base` that both came from, in order; neighbouring parts are of different kinds. What
/// only one of them changed is taken as they have it; where both changed the same lines, the same is tried with words.
pub fn merge(base: &str, ours: &str, theirs: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    join(&mut parts, [base, ours, theirs], lines, |parts, texts| {
        let mut inner = Vec::new();
        join(&mut inner, texts, tokens, |inner, texts| inner.push(contested(texts)));
        match inner.as_slice() {
            [] => {}
            [Part::Settled(text)] => settle(parts, text),
            // Whole lines are easier to choose from than halves of sentences.
            _ => parts.push(contested(texts)),
        }
    });
    parts
}

fn contested([_, ours, theirs]: [&str; 3]) -> Part {
    Part::Contested { ours: ours.to_owned(), theirs: theirs.to_owned() }
}

fn settle(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        _ if text.is_empty() => {}
        Some(Part::Settled(before)) => before.push_str(text),
        _ => parts.push(Part::Settled(text.to_owned())),
    }
}

/// Three texts as tokens, what each of two made of the first, and what to do where both changed the same.
fn join<'a>(
    parts: &mut Vec<Part>,
    texts: [&'a str; 3],
    tokens: impl Fn(&'a str) -> Vec<&'a str>,
    mut contest: impl FnMut(&mut Vec<Part>, [&'a str; 3]),
) {
    let [base, ours, theirs] = texts.map(Tokens::of(&tokens));
    let (mut by_us, mut by_them) = (Side::new(&base, &ours), Side::new(&base, &theirs));
    let mut at = 0;
    while let Some(start) = by_us.next_start().into_iter().chain(by_them.next_start()).min() {
        settle(parts, base.text(at..start));
        // As far as changes of the one reach into changes of the other.
        let mut end = start;
        let (us_from, them_from) = (by_us.place(start), by_them.place(start));
        while by_us.take(start, &mut end) | by_them.take(start, &mut end) {}
        let us = ours.text(us_from..by_us.place(end));
        let them = theirs.text(them_from..by_them.place(end));
        let was = base.text(start..end);
        if us == them || them == was {
            settle(parts, us);
        } else if us == was {
            settle(parts, them);
        } else {
            contest(parts, [was, us, them]);
        }
        at = end;
    }
    settle(parts, base.text(at..base.count()));
}

/// A text, and where each of its tokens begins.
struct Tokens<'a> {
    text: &'a str,
    tokens: Vec<&'a str>,
    starts: Vec<usize>,
}

impl<'a> Tokens<'a> {
    fn of(tokens: &impl Fn(&'a str) -> Vec<&'a str>) -> impl Fn(&'a str) -> Self {
        move |text| {
            let tokens = tokens(text);
            let mut byte = 0;
            let mut starts = vec![0];
            for token in &tokens {
                byte += token.len();
                starts.push(byte);
            }
            Self { text, tokens, starts }
        }
    }

    fn count(&self) -> usize {
        self.tokens.len()
    }

    fn text(&self, range: Range<usize>) -> &'a str {
        let byte = |token: usize| self.starts.get(token).copied().unwrap_or(self.text.len());
        self.text.get(byte(range.start)..byte(range.end)).unwrap_or_default()
    }
}

/// What one of two made of the base, and how much of it has been taken.
struct Side {
    changes: std::iter::Peekable<std::vec::IntoIter<Change>>,
    /// How far this side's places are ahead of the base's, after what has been taken.
    ahead: isize,
}

impl Side {
    fn new(base: &Tokens<'_>, side: &Tokens<'_>) -> Self {
        Self { changes: changes(&base.tokens, &side.tokens).into_iter().peekable(), ahead: 0 }
    }

    fn next_start(&mut self) -> Option<usize> {
        self.changes.peek().map(|(base, _)| base.start)
    }

    /// The place in this side of a place in the base that no change is left before.
    fn place(&self, base: usize) -> usize {
        base.saturating_add_signed(self.ahead)
    }

    /// Takes the next change when it begins within the stretch, or where that begins, and stretches it.
    fn take(&mut self, start: usize, end: &mut usize) -> bool {
        let within = |(base, _): &Change| base.start < *end || base.start == start;
        let Some((base, side)) = self.changes.next_if(within) else { return false };
        self.ahead += side.len() as isize - base.len() as isize;
        *end = base.end.max(*end);
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn settled(base: &str, ours: &str, theirs: &str) -> Option<String> {
        match merge(base, ours, theirs).as_slice() {
            [] => Some(String::new()),
            [Part::Settled(text)] => Some(text.clone()),
            _ => None,
        }
    }

    #[test]
    fn what_each_changed_in_another_place_is_taken_from_each() {
        let base = "One.\n\nTwo.\n\nThree.\n";
        let merged = settled(base, "One!\n\nTwo.\n\nThree.\n", "One.\n\nTwo.\n\nThree?\n\nFour.\n");
        assert_eq!(merged.as_deref(), Some("One!\n\nTwo.\n\nThree?\n\nFour.\n"));
        let merged =
            settled("The old house stands there.\n", "The new house stands there.\n", "The old house stood there.\n");
        assert_eq!(merged.as_deref(), Some("The new house stood there.\n"), "also within a line");
        assert_eq!(settled("a\nb\n", "b\n", "a\nb\nc\n").as_deref(), Some("b\nc\n"));
    }

    #[test]
    fn what_both_changed_is_left_to_a_person_in_whole_lines() {
        assert_eq!(
            merge("Start.\nThe old house.\nEnd.\n", "Start.\nThe new house.\nEnd.\n", "Start.\nThe red house.\nEnd.\n"),
            [
                Part::Settled("Start.\n".to_owned()),
                Part::Contested { ours: "The new house.\n".to_owned(), theirs: "The red house.\n".to_owned() },
                Part::Settled("End.\n".to_owned()),
            ]
        );
        assert!(settled("a\n", "a\nb\n", "a\nc\n").is_none(), "both added at one place");
        assert!(settled("a\nb\n", "a\n", "a\nB\n").is_none(), "removed by one, changed by the other");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_of_what_either_wrote(
            base in "([ab]{1,2}[ \n]){0,8}", ours in "([abx]{1,2}[ \n]){0,8}", theirs in "([aby]{1,2}[ \n]){0,8}"
        ) {
            prop_assert_eq!(settled(&base, &ours, &base), Some(ours.clone()));
            prop_assert_eq!(settled(&base, &base, &theirs), Some(theirs.clone()));
            prop_assert_eq!(settled(&base, &ours, &ours), Some(ours.clone()));
            let parts = merge(&base, &ours, &theirs);
            let all: String = parts.iter().map(|part| match part {
                Part::Settled(text) => text.clone(),
                Part::Contested { ours, theirs } => format!("{ours}{theirs}"),
            }).collect();
            prop_assert!(all.matches('x').count() >= ours.matches('x').count());
            prop_assert!(all.matches('y').count() >= theirs.matches('y').count());
        }

        #[test]
        fn any_three_texts_can_be_brought_together(base in any::<String>(), ours in any::<String>(), theirs in any::<String>()) {
            let _ = merge(&base, &ours, &theirs);
        }
    }
}
