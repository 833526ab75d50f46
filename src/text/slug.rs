//! The last part of an address: made from a title, or checked when somebody gives it.

use std::collections::{HashMap, HashSet};

use deunicode::deunicode_char;

/// The longest slug that is made, in characters; one that is given may be up to [`MAX_GIVEN`].
const MAX_MADE: usize = 80;

/// So many characters of a tag that spells nothing are told apart.
const MAX_NUMBERS: usize = 10;

/// The longest slug that somebody may give: old addresses come with imports.
const MAX_GIVEN: usize = 200;

/// A slug of `[a-z0-9-]`, at most 80 characters, cut at a word where one ends.
///
/// Letters of other scripts are spelled in Latin ones. **Empty when nothing remains** (a title of nothing but punctuation): the caller
/// has to choose another, such as the date.
pub fn slug(text: &str) -> String {
    let mut made = String::with_capacity(MAX_MADE + 16);
    'text: for character in text.chars() {
        // An apostrophe joins ("what's new" is `whats-new`), everything else that is no letter or digit parts.
        if matches!(character, '\'' | '’' | '‘' | 'ʼ' | '`') {
            continue;
        }
        for letter in deunicode_char(character).unwrap_or(" ").chars() {
            if letter.is_ascii_alphanumeric() {
                made.push(letter.to_ascii_lowercase());
            } else if letter != '\'' && !made.is_empty() && !made.ends_with('-') {
                made.push('-');
            }
            // One character more than fits shows whether the last word is whole.
            if made.len() > MAX_MADE {
                break 'text;
            }
        }
    }
    if made.len() > MAX_MADE {
        let end = made[..=MAX_MADE].rfind('-').unwrap_or(MAX_MADE);
        made.truncate(end);
    }
    made.truncate(made.trim_end_matches('-').len());
    made
}

/// The slug of a tag: that of its name, with the signs spelled that tell names apart (`C++`, `C#`, `.NET`).
///
/// Of a name that spells nothing (`★★`) it is its characters' numbers; empty for an empty name alone.
pub fn tag(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len() + 16);
    let (mut before, mut letters) = (' ', name.chars().peekable());
    while let Some(letter) = letters.next() {
        let is_behind_word = before.is_alphanumeric() || matches!(before, '+' | '#');
        let is_before_word = letters.peek().is_some_and(|after| after.is_alphanumeric());
        match letter {
            '+' if is_behind_word => spelled.push_str(" plus "),
            '#' if is_behind_word => spelled.push_str(" sharp "),
            '.' if !before.is_alphanumeric() && is_before_word => spelled.push_str(" dot "),
            other => spelled.push(other),
        }
        before = letter;
    }
    let made = slug(&spelled);
    if !made.is_empty() {
        return made;
    }
    let is_seen = |letter: &char| !letter.is_whitespace() && !letter.is_control();
    let numbers = name.chars().filter(is_seen).take(MAX_NUMBERS).map(|letter| format!("u{:x}", u32::from(letter)));
    numbers.collect::<Vec<_>>().join("-")
}

/// Whether `text` may be a slug: ASCII letters and digits, `-`, `_` and `.`, not beginning with a dot, not too long.
///
/// Wider than what [`slug`] makes, since old addresses such as `Rust-1.29` have to stay reachable.
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_GIVEN
        && !text.starts_with('.')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// `base`, or with the first number behind it that is not among `taken`; `counts` remembers how far each base has come.
pub fn numbered(base: String, taken: &HashSet<String>, counts: &mut HashMap<String, usize>) -> String {
    let mut unique = base.clone();
    while taken.contains(&unique) {
        let count = counts.entry(base.clone()).or_insert(1);
        *count += 1;
        unique = format!("{base}-{count}");
    }
    unique
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn titles_become_readable_addresses() {
        for (title, expected) in [
            ("Hello, World!", "hello-world"),
            ("What's new in Rust 1.29?", "whats-new-in-rust-1-29"),
            ("  Über -- größe  ", "uber-grosse"),
            ("Ελληνικά", "ellenika"),
            ("Привет, мир", "privet-mir"),
            ("北京", "bei-jing"),
            ("C++ & C#", "c-c"),
            ("🦀", "crab"),
            ("\u{0}a\u{202e}b\u{7}c", "abc"),
        ] {
            assert_eq!(slug(title), expected, "{title}");
        }
    }

    #[test]
    fn a_title_without_letters_gives_an_empty_slug() {
        for title in ["", "   ", "!?…", "---", "\u{e000}"] {
            assert_eq!(slug(title), "", "{title:?}");
        }
    }

    #[test]
    fn tags_that_differ_by_a_sign_have_slugs_that_differ() {
        for (name, expected) in [
            ("C", "c"),
            ("C++", "c-plus-plus"),
            ("C#", "c-sharp"),
            ("F# news", "f-sharp-news"),
            (".NET", "dot-net"),
            ("ASP.NET", "asp-net"),
            ("Vue.js", "vue-js"),
            ("#throwback", "throwback"),
            ("1 + 1", "1-1"),
            ("Google+", "google-plus"),
            ("Tips & Tricks", "tips-tricks"),
            ("Café", "cafe"),
            ("★★", "u2605-u2605"),
            ("❤", "heart"),
            ("", ""),
            (" \u{7}", ""),
        ] {
            assert_eq!(tag(name), expected, "{name}");
        }
        assert!(tag(&"★".repeat(500)).len() <= MAX_MADE && tag(&"\u{10fffd}".repeat(500)).len() <= MAX_MADE);
    }

    #[test]
    fn long_titles_are_cut_at_a_word() {
        assert_eq!(
            slug(&"lorem ipsum ".repeat(20)),
            "lorem-ipsum-lorem-ipsum-lorem-ipsum-lorem-ipsum-lorem-ipsum-lorem-ipsum-lorem"
        );
        assert_eq!(slug(&"x".repeat(500)), "x".repeat(80));
        let exact = format!("{}-{}", "a".repeat(40), "b".repeat(39));
        assert_eq!(slug(&exact), exact);
    }

    #[test]
    fn given_slugs_may_be_what_imports_bring_and_nothing_dangerous() {
        for good in ["Rust-1.29", "a", "_x_", "2018-edition", "incr-comp.html"] {
            assert!(is_slug(good), "{good}");
        }
        for bad in
            ["", ".", "..", ".htaccess", "a/b", "a b", "a%2fb", "é", "a\n", "a\0", "\"><script>", "a?b", "a#b", "a\\b"]
        {
            assert!(!is_slug(bad), "{bad:?}");
        }
        assert!(is_slug(&"x".repeat(MAX_GIVEN)) && !is_slug(&"x".repeat(MAX_GIVEN + 1)));
    }

    proptest! {
        #[test]
        fn what_is_made_is_short_valid_and_stays_as_it_is(title in "\\PC{0,200}") {
            let made = slug(&title);
            prop_assert!(made.is_empty() || is_slug(&made));
            prop_assert!(made.len() <= MAX_MADE);
            prop_assert!(!made.starts_with('-') && !made.ends_with('-') && !made.contains("--"));
            prop_assert_eq!(slug(&made), made);
            let tagged = tag(&title);
            prop_assert!(tagged.is_empty() || is_slug(&tagged) && tagged.len() <= MAX_MADE);
            prop_assert_eq!(tag(&tagged), tagged);
        }
    }
}
