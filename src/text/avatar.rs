//! The mark beside a comment, made of its author's name alone: nobody else is asked for a picture.

/// How many colours the style sheet knows.
const HUES: u32 = 12;

/// One or two letters of a name: the first of its first and last words, or one where the script does not part words so.
pub fn initials(name: &str) -> String {
    let first_of = |word: &str| word.chars().find(|character| character.is_alphanumeric());
    let mut letters = name.split_whitespace().filter_map(first_of);
    let Some(first) = letters.next() else { return String::new() };
    let last = letters.next_back().filter(|last| has_capitals(first) && has_capitals(*last));
    first.to_uppercase().take(1).chain(last.into_iter().flat_map(|last| last.to_uppercase().take(1))).collect()
}

/// Whether letters of this script stand alone as initials: Latin, Greek, Cyrillic and such.
fn has_capitals(letter: char) -> bool {
    letter.is_lowercase() || letter.is_uppercase()
}

/// Which of the colours a name has: always the same, however it is capitalised (FNV-1a).
pub fn hue(name: &str) -> u32 {
    let bytes = name.chars().flat_map(char::to_lowercase).map(u32::from);
    bytes.fold(0x811c_9dc5_u32, |hash, letter| (hash ^ letter).wrapping_mul(0x0100_0193)) % HUES
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_gives_one_or_two_letters() {
        for (name, letters) in [
            ("Siti", "S"),
            ("siti binti rahman", "SR"),
            ("Ærøskøbing", "Æ"),
            ("山田 太郎", "山"),
            ("محمد علي", "م"),
            ("Ольга Ли", "ОЛ"),
            ("🌺 hibiscus", "H"),
            ("straße ß", "SS"),
            ("!!!", ""),
            ("", ""),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }

    #[test]
    fn a_name_keeps_its_colour_however_it_is_capitalised() {
        assert_eq!(hue("Siti Rahman"), hue("siti RAHMAN"));
        let some: std::collections::BTreeSet<_> = ["Siti", "Omar", "Bo", "Wei", "Ana", "Li"].map(hue).into();
        assert!(some.len() > 2);
    }

    proptest! {
        #[test]
        fn no_name_gives_more_than_two_letters(name in "\\PC{0,20}") {
            prop_assert!(initials(&name).chars().count() <= 2);
            prop_assert!(hue(&name) < HUES);
        }
    }
}
