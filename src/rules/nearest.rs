//! Which address is most like one that leads nowhere.

/// Last parts of addresses that other systems add: what stands before them names the post.
const TAILS: &[&str] = &["feed", "amp", "index", "page", "comments", "trackback", "rss", "atom"];
/// Less alike than this is not like it at all.
const ALIKE: f64 = 0.5;
const MAX_WORDS: usize = 6;

/// The part of an address that names something: the last that is neither a number nor another system's addition.
fn name(path: &str) -> String {
    let part = path.trim_matches('/').rsplit('/').map(|part| {
        let part = part.strip_suffix(".html").or_else(|| part.strip_suffix(".htm")).unwrap_or(part);
        part.to_lowercase()
    });
    part.into_iter()
        .find(|part| !TAILS.contains(&part.as_str()) && part.bytes().any(|byte| !byte.is_ascii_digit()))
        .unwrap_or_default()
}

/// The words to look for something like this address by, longest first: rare ones are long.
pub fn words(path: &str) -> Vec<String> {
    let name = name(path);
    let mut words: Vec<String> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().count() > 2)
        .map(str::to_owned)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words.truncate(MAX_WORDS);
    words
}

/// Which of these addresses is most like `path`; the first of those that are equally so. `None`: none is.
pub fn nearest<'a>(path: &str, addresses: impl IntoIterator<Item = &'a str>) -> Option<usize> {
    let wanted = pairs(&name(path));
    let mut best = None;
    for (place, address) in addresses.into_iter().enumerate() {
        let likeness = likeness(&wanted, &pairs(&name(address)));
        if likeness >= ALIKE && best.is_none_or(|(_, so_far)| likeness > so_far) {
            best = Some((place, likeness));
        }
    }
    best.map(|(place, _)| place)
}

/// Letters with their neighbours, the beginning and the end among them, in order.
fn pairs(name: &str) -> Vec<(char, char)> {
    let letters: Vec<char> = std::iter::once('^').chain(name.chars()).chain(std::iter::once('$')).collect();
    let mut pairs: Vec<(char, char)> = letters.iter().copied().zip(letters.iter().copied().skip(1)).collect();
    pairs.sort_unstable();
    pairs
}

/// What both have, against what they have together: 0 to 1 (Sørensen and Dice).
fn likeness(one: &[(char, char)], other: &[(char, char)]) -> f64 {
    let (mut left, mut right, mut common) = (one.iter().peekable(), other.iter().peekable(), 0);
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                common += 1;
                left.next();
                right.next();
            }
        }
    }
    f64::from(2 * common) / (one.len() + other.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_nearest_address_has_the_most_similar_name() {
        let addresses = ["2023/02/hello-world", "2023/02/hello-garden", "about", "2024/01/rust-1-29"];
        for (path, expected) in [
            ("blog/hello-world.html", Some(0)),
            ("2019/03/helo-wrold", Some(0)),
            ("hello-garden/feed", Some(1)),
            ("2019/12/", None),
            ("About-Us", Some(2)),
            ("archives/2024/rust-1.29", Some(3)),
            ("something-else-entirely", None),
            ("", None),
        ] {
            assert_eq!(nearest(path, addresses), expected, "{path:?}");
        }
    }

    #[test]
    fn words_to_look_for_are_those_of_the_name() {
        assert_eq!(words("2019/03/a-walk-in-the-garden.html"), ["garden", "walk", "the"]);
        assert_eq!(words("blog/café/feed"), ["café"]);
        assert!(words("2019/03").is_empty());
    }

    proptest! {
        #[test]
        fn an_address_is_nearest_to_itself(path in "[a-z]{3,20}", other in "[0-9a-z/.-]{0,20}") {
            prop_assume!(!TAILS.contains(&path.as_str()));
            prop_assert_eq!(nearest(&path, [path.as_str(), other.as_str()]), Some(0));
        }

        #[test]
        fn any_text_is_compared(path in ".{0,40}", other in ".{0,40}") {
            let _ = (words(&path), nearest(&path, [other.as_str()]));
        }
    }
}
