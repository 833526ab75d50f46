//! What kinds of characters there are, as far as cleaning text needs to know.

use unicode_normalization::char::is_combining_mark;

/// Combining marks that one letter may carry, of those made for any script (U+0301 …); Vietnamese needs two, phonetics three.
pub(super) const MAX_MARKS: usize = 4;

/// Combining marks that one letter may carry when they belong to its script: Tibetan and cantillated Hebrew stack high.
pub(super) const MAX_OWN_MARKS: usize = 8;

/// Whether XML 1.0 lets `character` stand in a document.
pub(super) fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Whether `character` changes the direction of the text after it.
pub(super) fn reorders(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `letters` as `choose` keeps or replaces them, without joiners, selectors and tags where nothing needs them, and without more
/// combining marks than a letter can carry (a hundred of them would cover the lines above).
pub(super) fn without_strays(letters: &[char], choose: impl Fn(char) -> Option<char>) -> String {
    let mut kept = String::with_capacity(letters.len());
    let (mut marks, mut own_marks) = (0, 0);
    for (index, &character) in letters.iter().enumerate() {
        let before = kept.chars().next_back();
        let after = letters.get(index + 1).copied();
        if is_joiner(character) {
            if before.is_some_and(|before| joins(before, character, after)) {
                kept.push(character);
            }
            continue;
        }
        if is_selector(character) {
            if before.is_some_and(|before| varies(before, character)) {
                kept.push(character);
            }
            continue;
        }
        if is_tag(character) {
            if before.is_some_and(|before| before == '🏴' || (is_tag(before) && before != '\u{e007f}')) {
                kept.push(character);
            }
            continue;
        }
        if is_combining_mark(character) {
            let (count, most) =
                if is_common_mark(character) { (&mut marks, MAX_MARKS) } else { (&mut own_marks, MAX_OWN_MARKS) };
            *count += 1;
            if *count > most {
                continue;
            }
        } else {
            (marks, own_marks) = (0, 0);
        }
        kept.extend(choose(character));
    }
    kept
}

/// Whether a zero-width (non-)joiner between `before` and `after` shapes something.
fn joins(before: char, joiner: char, after: Option<char>) -> bool {
    let emoji = joiner == '\u{200d}' && (is_emoji(before) || is_selector(before)) && after.is_some_and(is_emoji);
    // After a virama it may also end the word: the chillu letters of Malayalam.
    emoji || (is_joining(before) && (after.is_some_and(is_joining) || (is_indic(before) && is_combining_mark(before))))
}

/// Whether `character` belongs to a script that uses the joiners.
fn is_joining(character: char) -> bool {
    is_indic(character)
        || matches!(character,
            '\u{620}'..='\u{74f}' | '\u{750}'..='\u{77f}' | '\u{7ca}'..='\u{7ff}' | '\u{840}'..='\u{85f}' | '\u{8a0}'..='\u{8ff}'
            | '\u{1800}'..='\u{18af}' | '\u{a840}'..='\u{a877}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
            | '\u{10ac0}'..='\u{10aff}' | '\u{10d00}'..='\u{10d3f}' | '\u{1e900}'..='\u{1e95f}')
}

/// Whether `character` belongs to a script of Brahmi's family.
fn is_indic(character: char) -> bool {
    matches!(character,
        '\u{900}'..='\u{df4}' | '\u{e81}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17f9}' | '\u{1900}'..='\u{1aad}'
        | '\u{1b00}'..='\u{1bff}' | '\u{a800}'..='\u{a82f}' | '\u{a880}'..='\u{a8ff}' | '\u{a980}'..='\u{a9df}'
        | '\u{aa60}'..='\u{aa7f}' | '\u{11000}'..='\u{11fff}')
}

/// Whether an emoji sequence may go on from or with `character`, a skin tone among them.
fn is_emoji(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Whether a variation selector after `before` chooses something: the colour form of an emoji, the shape of an ideograph.
fn varies(before: char, selector: char) -> bool {
    match selector {
        '\u{fe0e}' | '\u{fe0f}' => {
            is_emoji(before)
                || matches!(
                    before,
                    '#' | '*' | '0'..='9' | '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '〰' | '〽' | '㊗' | '㊙'
                )
        }
        '\u{180b}'..='\u{180f}' => matches!(before, '\u{1800}'..='\u{18af}'),
        _ => is_ideographic(before) || is_indic(before),
    }
}

/// Zero-width joiner and non-joiner.
pub(super) fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

/// Variation selectors, those of Mongolian too.
pub(super) fn is_selector(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Tag characters: part of three flags, else a way to hide text.
fn is_tag(character: char) -> bool {
    matches!(character, '\u{e0000}'..='\u{e007f}')
}

/// Combining marks that go with any script.
fn is_common_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Characters that draw nothing and join nothing: bidi marks, zero-width spaces, soft hyphens, fillers, noncharacters.
pub(super) fn is_invisible(character: char) -> bool {
    reorders(character)
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{200b}' | '\u{200e}'
            | '\u{200f}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{fffe}' | '\u{ffff}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0080}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
        || u32::from(character) & 0xfffe == 0xfffe
}

/// Chinese characters and Japanese syllables, which are written without spaces between words.
pub(super) fn is_ideographic(character: char) -> bool {
    matches!(character,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3fffd}')
}
