//! Between what people type into the search box, what SQLite's FTS5 understands, and what a page may show of its answer.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::model::search::Term;

/// The most terms that one search takes; what follows them is left out.
const MAX_TERMS: usize = 16;

/// The longest term, in characters; a longer one is cut, and then found as a beginning.
const MAX_TERM: usize = 64;

/// How many words of a text stand under a result, and how many of them before its first hit.
const SNIPPET: usize = 32;
const BEFORE_HIT: usize = 6;

/// What stands before a hit, until it is a mark.
const HIT_STARTS: char = '\u{2}';

/// What stands after a hit.
const HIT_ENDS: char = '\u{3}';

/// What a reader typed, term by term; `None` when there is no word in it.
///
/// Every word must occur; `"words in quotes"` must occur side by side; the last word may be the beginning of one, unless a space or a
/// quote ends the input. Nothing that is typed reaches FTS5 as syntax: each term goes in double quotes, with those inside it doubled.
pub fn terms(input: &str) -> Option<Vec<Term>> {
    let mut terms: Vec<String> = Vec::new();
    let mut term = String::new();
    let mut quoted = false;
    // NFC like the text that is searched. Four times what sixteen long terms need: more is not even looked at.
    for character in input.chars().take(4 * MAX_TERMS * MAX_TERM).nfc() {
        let is_quote = matches!(character, '"' | '“' | '”' | '„' | '«' | '»');
        // A control character parts words like a space, a NUL among them: it would end the string for SQLite.
        if is_quote || (!quoted && (character.is_whitespace() || character.is_control())) {
            terms.push(std::mem::take(&mut term));
            quoted ^= is_quote;
        } else {
            term.push(if character.is_control() { ' ' } else { character });
        }
    }
    let unfinished = !term.trim_end().is_empty() && !term.ends_with(char::is_whitespace);
    terms.push(term);

    let last = terms.len() - 1;
    let mut found = Vec::new();
    let wordy = terms.iter().enumerate().filter(|(_, term)| term.contains(char::is_alphanumeric)).take(MAX_TERMS);
    for (index, term) in wordy {
        let cut: String = term.trim().chars().take(MAX_TERM).collect();
        // One Latin letter would begin half of all words: costly to look up and of no use.
        let telling = cut.chars().filter(|c| c.is_alphanumeric()).count() > 1 || !cut.is_ascii();
        found.push(Term {
            quoted: format!("\"{}\"", cut.replace('"', "\"\"")),
            words: words(&cut).into_iter().map(|(_, word)| word).collect(),
            is_beginning: (index == last && unfinished && telling) || cut.len() < term.trim().len(),
        });
    }
    (!found.is_empty()).then_some(found)
}

/// The words of a text with their places, as SQLite's `unicode61 remove_diacritics 2` takes them apart.
fn words(text: &str) -> Vec<(Range<usize>, String)> {
    let mut words: Vec<(Range<usize>, String)> = Vec::new();
    let mut is_inside = false;
    for (at, character) in text.char_indices() {
        let belongs = character.is_alphanumeric() || (is_inside && is_combining_mark(character));
        if belongs {
            if !is_inside {
                words.push((at..at, String::new()));
            }
            if let Some((place, word)) = words.last_mut() {
                place.end = at + character.len_utf8();
                match character {
                    'a'..='z' | '0'..='9' => word.push(character),
                    _ => word.extend(character.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase)),
                }
            }
        }
        is_inside = belongs;
    }
    words
}

/// The part of a text that has most of the terms, as safe HTML with `<mark>` around each hit; its beginning where none is.
pub fn snippet(text: &str, terms: &[Term]) -> String {
    let words = words(text);
    let mut hits: Vec<(Range<usize>, usize)> = Vec::new();
    for (which, term) in terms.iter().enumerate().filter(|(_, term)| !term.words.is_empty()) {
        let is_hit = |here: &[(Range<usize>, String)]| {
            let last = term.words.len() - 1;
            here.iter().zip(&term.words).enumerate().all(|(place, ((_, word), sought))| {
                word == sought || (place == last && term.is_beginning && word.starts_with(sought.as_str()))
            })
        };
        let length = term.words.len();
        let starts = words.windows(length).enumerate().filter(|(_, here)| is_hit(here));
        hits.extend(starts.map(|(start, _)| (start..start + length, which)));
    }
    hits.sort_by_key(|(place, _)| place.start);

    let mut first = 0;
    let mut most = 0;
    for (index, (start, _)) in hits.iter().enumerate() {
        let mut seen = vec![false; terms.len()];
        let near = hits[index..].iter().take_while(|(place, _)| place.end <= start.start + SNIPPET - BEFORE_HIT);
        near.for_each(|(_, which)| seen[*which] = true);
        let kinds = seen.into_iter().filter(|seen| *seen).count();
        if kinds > most {
            (first, most) = (start.start.saturating_sub(BEFORE_HIT), kinds);
        }
    }
    // What is after it as far as there is any, what is before it for the rest.
    let first = first.min(words.len().saturating_sub(SNIPPET));
    let end = words.len().min(first + SNIPPET);

    let mut cut = String::new();
    let mut at = if first == 0 { 0 } else { words[first].0.start };
    if first > 0 {
        cut.push('…');
    }
    for (place, _) in hits.iter().filter(|(place, _)| place.start >= first && place.end <= end) {
        let (start, stop) = (words[place.start].0.start, words[place.end - 1].0.end);
        // Of hits that overlap the first is marked.
        if start >= at {
            cut.push_str(&text[at..start]);
            cut.push(HIT_STARTS);
            cut.push_str(&text[start..stop]);
            cut.push(HIT_ENDS);
            at = stop;
        }
    }
    if end == words.len() {
        cut.push_str(&text[at..]);
    } else {
        cut.push_str(&text[at..words[end - 1].0.end.max(at)]);
        cut.push('…');
    }
    marked(&cut)
}

/// A text with U+0002 and U+0003 around each hit, as safe HTML with `<mark>`.
fn marked(snippet: &str) -> String {
    let mut html = String::with_capacity(snippet.len() + 32);
    let mut open = false;
    for character in snippet.chars() {
        match character {
            HIT_STARTS if !open => {
                html.push_str("<mark>");
                open = true;
            }
            HIT_ENDS if open => {
                html.push_str("</mark>");
                open = false;
            }
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other if other.is_control() && !other.is_whitespace() => {}
            other => html.push(other),
        }
    }
    if open {
        html.push_str("</mark>");
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fts_query(typed: &str) -> Option<String> {
        let star = |term: &Term| if term.is_beginning { "*" } else { "" };
        Some(
            terms(typed)?.iter().map(|term| format!("{}{}", term.quoted, star(term))).collect::<Vec<_>>().join(" AND "),
        )
    }

    #[test]
    fn typed_text_becomes_a_safe_expression() {
        for (typed, expected) in [
            ("hello", Some(r#""hello"*"#)),
            ("hello ", Some(r#""hello""#)),
            ("two words", Some(r#""two" AND "words"*"#)),
            (r#""two words""#, Some(r#""two words""#)),
            (r#""two words" more"#, Some(r#""two words" AND "more"*"#)),
            (r#"say "two wor"#, Some(r#""say" AND "two wor"*"#)),
            ("«deux mots»", Some(r#""deux mots""#)),
            ("c++", Some(r#""c++""#)),
            ("a", Some(r#""a""#)),
            ("猫", Some(r#""猫"*"#)),
            ("don't", Some(r#""don't"*"#)),
            ("NOT x) OR title:* NEAR(", Some(r#""NOT" AND "x)" AND "OR" AND "title:*" AND "NEAR("*"#)),
            ("a\0b\u{1}c", Some(r#""a" AND "b" AND "c""#)),
            ("cafe\u{301}", Some("\"café\"*")),
            ("", None),
            ("   ", None),
            (r#"" "" """#, None),
            ("- + * ( ) : ^ ~", None),
        ] {
            assert_eq!(fts_query(typed).as_deref(), expected, "{typed:?}");
        }
    }

    #[test]
    fn a_search_has_an_end() {
        let many = fts_query(&"word ".repeat(1000)).expect("there are words in it");
        assert_eq!(many.matches("\"word\"").count(), MAX_TERMS);
        let long = fts_query(&"x".repeat(100_000)).expect("there is a word in it");
        assert_eq!(long, format!("\"{}\"*", "x".repeat(MAX_TERM)));
    }

    #[test]
    fn a_snippet_is_the_part_that_has_most_of_what_was_sought() {
        let shown = |text: &str, typed: &str| snippet(text, &terms(typed).expect("there are words in it"));
        assert_eq!(shown("A Café & more", "cafe "), "A <mark>Café</mark> &amp; more");
        assert_eq!(shown("the redder red house", "red"), "the <mark>redder</mark> <mark>red</mark> house");
        assert_eq!(shown("the redder red house", "\"red house\""), "the redder <mark>red house</mark>");
        assert_eq!(shown("don't", "don't "), "<mark>don&#39;t</mark>");
        assert_eq!(shown("nothing of it", "tree"), "nothing of it");
        assert_eq!(shown("", "tree"), "");
        let long = format!("tree {}house tree {}", "x ".repeat(50), "y ".repeat(50));
        let both = shown(&long, "tree house");
        assert!(both.starts_with("…x ") && both.ends_with(" y…"), "{both}");
        assert!(both.contains("<mark>house</mark> <mark>tree</mark>"), "{both}");
    }

    #[test]
    fn hits_are_marked_and_everything_else_is_escaped() {
        assert_eq!(marked("a \u{2}hit\u{3} <b>&\"'"), "a <mark>hit</mark> &lt;b&gt;&amp;&quot;&#39;");
        assert_eq!(marked("\u{3}x\u{2}\u{2}y"), "x<mark>y</mark>");
        assert_eq!(marked("<\u{2}script\u{3}>"), "&lt;<mark>script</mark>&gt;");
        assert_eq!(marked("\0\u{1b}[31m"), "[31m");
    }

    proptest! {
        #[test]
        fn quotes_always_pair_and_only_the_end_has_a_star(typed in "[\"a-z0-9 *():^\\x00-\\x1f-]{0,80}") {
            if let Some(expression) = fts_query(&typed) {
                for part in expression.split(" AND ") {
                    let inner = part.strip_suffix('*').unwrap_or(part);
                    let inner = inner.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                    prop_assert!(inner.is_some_and(|term| !term.replace("\"\"", "").contains('"')), "{expression}");
                }
                prop_assert!(!expression.contains(char::is_control));
            }
        }

        #[test]
        fn any_text_has_a_snippet_for_anything_that_is_sought(text in "[ab éÉ\u{301}<.'猫]{0,80}", typed in "[ab é\"']{0,9}") {
            let shown = terms(&typed).map(|terms| snippet(&text, &terms)).unwrap_or_default();
            prop_assert_eq!(shown.matches("<mark>").count(), shown.matches("</mark>").count());
        }

        #[test]
        fn marks_always_pair(snippet in "[\\x02\\x03<>&a]{0,60}") {
            let html = marked(&snippet);
            prop_assert_eq!(html.matches("<mark>").count(), html.matches("</mark>").count());
            prop_assert!(!html.replace("<mark>", "").replace("</mark>", "").contains(['<', '>']));
        }
    }
}
