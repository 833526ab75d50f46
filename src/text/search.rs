//! Between what people type into the search box, what SQLite's FTS5 understands, and what a page may show of its answer.

use unicode_normalization::UnicodeNormalization;

/// The most terms that one search takes; what follows them is left out.
const MAX_TERMS: usize = 16;

/// The longest term, in characters; a longer one is cut, and then found as a beginning.
const MAX_TERM: usize = 64;

/// What SQLite puts before a hit: `snippet(fts, 0, char(2), char(3), …)`.
const HIT_STARTS: char = '\u{2}';

/// What SQLite puts after a hit.
const HIT_ENDS: char = '\u{3}';

/// FTS5 strings for what a reader typed, one for each word or words in quotes, with a star behind the beginning of one;
/// `None` when there is no word in it.
///
/// Every word must occur; `"words in quotes"` must occur side by side; the last word may be the beginning of one, unless a space or a
/// quote ends the input. Nothing that is typed reaches FTS5 as syntax: each term goes in double quotes, with those inside it doubled.
pub fn fts_words(input: &str) -> Option<Vec<String>> {
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
    let mut words = Vec::new();
    let wordy = terms.iter().enumerate().filter(|(_, term)| term.contains(char::is_alphanumeric)).take(MAX_TERMS);
    for (index, term) in wordy {
        let cut: String = term.trim().chars().take(MAX_TERM).collect();
        let mut word = format!("\"{}\"", cut.replace('"', "\"\""));
        // One Latin letter would begin half of all words: costly to look up and of no use.
        let telling = cut.chars().filter(|c| c.is_alphanumeric()).count() > 1 || !cut.is_ascii();
        if (index == last && unfinished && telling) || cut.len() < term.trim().len() {
            word.push('*');
        }
        words.push(word);
    }
    (!words.is_empty()).then_some(words)
}

/// A snippet as SQLite cuts it, with U+0002 and U+0003 around each hit, as safe HTML with `<mark>`.
pub fn marked(snippet: &str) -> String {
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
        Some(fts_words(typed)?.join(" AND "))
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
        fn marks_always_pair(snippet in "[\\x02\\x03<>&a]{0,60}") {
            let html = marked(&snippet);
            prop_assert_eq!(html.matches("<mark>").count(), html.matches("</mark>").count());
            prop_assert!(!html.replace("<mark>", "").replace("</mark>", "").contains(['<', '>']));
        }
    }
}
