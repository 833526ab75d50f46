//! Plain text: cleaned as it comes in, counted, shortened, and compared by how it looks.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, char::is_combining_mark, is_nfc_quick};

use super::letters::{is_ideographic, is_invisible, is_joiner, is_selector, is_xml, reorders, without_strays};

/// Words that one minute of reading takes.
const WORDS_A_MINUTE: usize = 230;

/// The beginning of `text` on one line, at most `max_chars` characters, cut at a word and then ended with an ellipsis.
pub fn excerpt(text: &str, max_chars: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let space = usize::from(length > 0);
        let wide = word.chars().count();
        // One character is kept for the ellipsis, unless this word ends the text exactly.
        if length + space + wide > max_chars {
            let room = max_chars.saturating_sub(1);
            // A word that would leave the line nearly empty (an address, or a script without spaces) is cut inside.
            if length * 2 < room {
                line.extend(std::iter::repeat_n(' ', space));
                line.extend(whole_characters(word, room.saturating_sub(length + space)));
            }
            loop {
                line.truncate(line.trim_end_matches([' ', ',', ';', ':', '-', '–', '—']).len());
                if line.chars().count() <= room {
                    break;
                }
                line.truncate(line.rfind(' ').unwrap_or(0));
            }
            line.push('…');
            break;
        }
        line.extend(std::iter::repeat_n(' ', space));
        line.push_str(word);
        length += space + wide;
    }
    if max_chars == 0 { String::new() } else { line }
}

/// The first `count` characters, without a letter at the end whose marks would be left behind.
fn whole_characters(word: &str, count: usize) -> impl Iterator<Item = char> {
    let letters: Vec<char> = word.chars().take(count + 1).collect();
    let mut end = count.min(letters.len());
    while end > 0 && letters.get(end).is_some_and(|next| is_combining_mark(*next) || *next == '\u{200d}') {
        end -= 1;
    }
    letters.into_iter().take(end)
}

/// How many words `text` has. Chinese and Japanese put no spaces between words: there each character counts.
pub fn words(text: &str) -> usize {
    let mut count = 0;
    let mut inside = false;
    for character in text.chars() {
        if is_ideographic(character) {
            count += 1;
            inside = false;
        } else if character.is_whitespace() {
            inside = false;
        } else if !inside && character.is_alphanumeric() {
            count += 1;
            inside = true;
        }
    }
    count
}

/// Minutes that reading so many words takes, at least one.
pub fn reading_minutes(words: usize) -> usize {
    words.div_ceil(WORDS_A_MINUTE).max(1)
}

/// A name or title: one line, nothing invisible in it, empty when nothing visible remains.
///
/// Removed are controls, marks that reorder what follows (bidi), fillers and zero-width characters, except where a script or an emoji
/// needs them (Persian, Hindi, 👩‍💻, 🏴󠁧󠁢󠁷󠁬󠁳󠁿); white space becomes single spaces.
pub fn clean_line(input: &str) -> String {
    let kept = without_strays(&composed(input), |character| match character {
        // The ideographic space is how Japanese names are written; the others are all one.
        '\u{3000}' => Some('\u{3000}'),
        // A braille cell without dots looks like a space.
        '\u{2800}' => Some(' '),
        other if other.is_whitespace() => Some(' '),
        other if is_invisible(other) || other.is_control() => None,
        other => Some(other),
    });
    let mut line = String::with_capacity(kept.len());
    for character in composed(&kept) {
        if character.is_whitespace() && (line.is_empty() || line.ends_with(char::is_whitespace)) {
            continue;
        }
        line.push(character);
    }
    line.truncate(line.trim_end().len());
    if line.chars().all(|c| is_combining_mark(c) || is_joiner(c) || is_selector(c) || c.is_whitespace()) {
        line.clear();
    }
    line
}

/// Text of many lines as it is stored: NFC, lines ended with LF; NUL, controls and what reorders text (bidi) removed; tabs kept.
pub fn clean_text(input: &str) -> String {
    let kept = without_strays(&composed(&input.replace("\r\n", "\n")), |character| match character {
        '\n' | '\t' => Some(character),
        '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\u{feff}' => None,
        other if other.is_control() || reorders(other) => None,
        other => Some(other),
    });
    if is_composed(&kept) { kept } else { kept.nfc().collect() }
}

/// Whether `text` is NFC for certain: nearly every text is, and composing it again costs more than looking.
fn is_composed(text: &str) -> bool {
    is_nfc_quick(text.chars()) == IsNormalized::Yes
}

/// The characters of `text` in NFC.
fn composed(text: &str) -> Vec<char> {
    if is_composed(text) { text.chars().collect() } else { text.nfc().collect() }
}

/// What two names have in common that look alike: `Αdmin` with a Greek letter, `ＡＤＭＩＮ`, `ad min` and `admin` all give the same.
///
/// Only for comparing, never for showing. Differences of case fall away, and so do spaces, signs, accents, everything invisible, and the difference of
/// `I`, `l`, `i` and `1`, which case and fonts make one.
pub fn skeleton(name: &str) -> String {
    let prototype: String = unicode_security::skeleton(&name.nfkc().collect::<String>()).collect();
    // Upper case first joins what lower case alone leaves apart: ß and ss, ς and σ.
    let folded: String = prototype.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc().collect();
    let again: String = unicode_security::skeleton(&folded).collect();
    again
        .chars()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|c| c.is_alphanumeric() && !is_invisible(*c))
        .map(|c| if matches!(c, 'i' | 'ı') { 'l' } else { c })
        .collect()
}

/// `text` without the characters that XML 1.0 forbids even as references.
pub fn xml_safe(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_xml) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| is_xml(*c)).collect())
}

#[cfg(test)]
mod tests {
    use super::{
        super::letters::{MAX_MARKS, MAX_OWN_MARKS},
        *,
    };
    use proptest::prelude::*;

    #[test]
    fn excerpts_end_at_a_word() {
        let text = "The quick brown\n\nfox jumps over the lazy dog.";
        assert_eq!(excerpt(text, 100), "The quick brown fox jumps over the lazy dog.");
        assert_eq!(excerpt(text, 44), "The quick brown fox jumps over the lazy dog.");
        assert_eq!(excerpt(text, 43), "The quick brown fox jumps over the lazy…");
        assert_eq!(excerpt("One, two, three", 9), "One, two…");
        assert_eq!(excerpt("猫".repeat(50).as_str(), 10), format!("{}…", "猫".repeat(9)));
        assert_eq!(excerpt("", 10), "");
        assert_eq!(excerpt("word", 0), "");
        assert_eq!(excerpt("word", 1), "…");
        assert_eq!(excerpt("abcde\u{301}fgh", 6), "abcd…", "an accent stays with its letter");
    }

    #[test]
    fn words_are_counted_in_every_script() {
        for (text, count) in [
            ("", 0),
            ("one", 1),
            ("don't stop — the state-of-the-art!", 4),
            ("日本語 test", 4),
            ("안녕 세계", 2),
            ("- * ...", 0),
            ("1 2 3", 3),
        ] {
            assert_eq!(words(text), count, "{text}");
        }
        assert_eq!((reading_minutes(0), reading_minutes(230), reading_minutes(231)), (1, 1, 2));
    }

    #[test]
    fn names_keep_what_their_script_needs() {
        for name in [
            "Ana María Núñez-O'Brien",
            "علی‌رضا",
            "क्‍ष",
            "ന്‍",
            "👩‍💻 Dev",
            "🏴󠁧󠁢󠁷󠁬󠁳󠁿",
            "❤️",
            "1️⃣",
            "👋🏽",
            "🏳️‍🌈",
            "山田　太郎",
            "Nguyễn Thị Ánh",
            "葛󠄀城",
            "ཧཱུྃ",
            "בְּרֵאשִׁ֖ית",
            "김철수",
        ] {
            let name: String = name.nfc().collect();
            assert_eq!(clean_line(&name), name, "{}", name.escape_unicode());
        }
    }

    #[test]
    fn names_lose_what_hides_or_reorders() {
        for (name, expected) in [
            ("  A \t\n B\u{a0}\u{2003}C ", "A B C"),
            ("Ad\u{200b}min\u{ad}\u{feff}", "Admin"),
            ("Ad\u{200d}min\u{200c}", "Admin"),
            ("Admin\u{fe0f}", "Admin"),
            ("\u{202e}nimdA\u{202c}\u{2066}x\u{2069}\u{200f}", "nimdAx"),
            ("Admin\u{e0041}\u{e007f}", "Admin"),
            ("A\0\u{1b}[31m\u{9b}B", "A[31mB"),
            ("\u{3164}\u{115f}\u{2800}\u{ffa0}", ""),
            ("\u{200d}\u{fe0f} \u{301}", ""),
            ("e\u{34f}\u{301}", "é"),
            ("", ""),
        ] {
            assert_eq!(clean_line(name), expected, "{}", name.escape_unicode());
        }
    }

    #[test]
    fn marks_do_not_pile_up() {
        let zalgo = clean_line(&format!("Z{}a", "\u{316}".repeat(200)));
        assert_eq!(zalgo.chars().count(), 2 + MAX_MARKS);
        let text = clean_text(&format!("क{}\nb", "\u{901}".repeat(200)));
        assert_eq!(text.chars().count(), 3 + MAX_OWN_MARKS);
    }

    #[test]
    fn text_keeps_its_lines_and_loses_its_controls() {
        assert_eq!(clean_text("a\r\nb\rc\u{2028}d\te\0\u{7}\u{202e}f\u{2067}"), "a\nb\nc\nd\tef");
        assert_eq!(clean_text("\u{feff}cafe\u{301} 👩‍💻 می‌خواهم"), "café 👩‍💻 می‌خواهم");
    }

    #[test]
    fn names_that_look_alike_have_one_skeleton() {
        let admin = skeleton("Alice Admin");
        for alike in [
            "alice admin",
            "ALICE ADMIN",
            "AIice Admin",
            "A1ice Admin",
            "Аlісе Аdmіn",
            "Αlice Admin",
            "Ａｌｉｃｅ　Ａｄｍｉｎ",
            "Al\u{200b}ice\u{2060}Ad\u{ad}min",
            "AliceAdmin",
            "𝐀𝐥𝐢𝐜𝐞 𝐀𝐝𝐦𝐢𝐧",
            "Alice\u{3164}Admin",
            "Alice\u{fe0f} Ad\u{200d}min",
        ] {
            assert_eq!(skeleton(alike), admin, "{alike}");
        }
        for other in ["Alicia Admin", "Bob", "Alice Admin 2", ""] {
            assert_ne!(skeleton(other), admin, "{other}");
        }
        assert_eq!(skeleton("Straße"), skeleton("STRASSE"));
    }

    #[test]
    fn xml_gets_only_what_it_allows() {
        assert!(matches!(xml_safe("plain\t\n text 🦀"), Cow::Borrowed(_)));
        assert_eq!(xml_safe("a\0b\u{b}c\u{fffe}d\u{ffff}e"), "abcde");
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(input in "(\\PC|[\\u{0}-\\u{1f}\\u{300}-\\u{320}\\u{200b}-\\u{2069}\\u{fe0f}\\u{e0001}🏴👩a ]){0,40}") {
            let line = clean_line(&input);
            prop_assert_eq!(&clean_line(&line), &line);
            prop_assert!(!line.chars().any(|c| c.is_control() || is_invisible(c)));
            let text = clean_text(&input);
            prop_assert_eq!(&clean_text(&text), &text);
            let forbidden = ['\0', '\r', '\u{202e}'];
            prop_assert!(!text.contains(forbidden));
        }

        #[test]
        fn excerpts_are_never_too_long(text in "\\PC{0,60}", most in 0_usize..40) {
            prop_assert!(excerpt(&text, most).chars().count() <= most);
        }

        #[test]
        fn the_skeleton_of_any_name_can_be_made(name in "\\PC{0,40}") {
            let drawn = skeleton(&name);
            prop_assert!(!drawn.contains(char::is_whitespace));
        }
    }
}
