//! Formats of other systems, read into [`crate::model::entry::Entry`].

pub mod front_matter;
pub mod markdown;
pub mod picture;

/// The first words of `text`, for messages.
fn short(text: &str) -> String {
    let mut short: String = text.chars().take(80).filter(|letter| !letter.is_control()).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Stands in for `crate::text::slug`; the room switches over by replacing this module with `use crate::text::slug;`.
mod slug {
    /// Lower-case words joined by hyphens; empty when `words` has no letter or digit.
    pub fn slug(words: &str) -> String {
        let mut slug = String::with_capacity(words.len());
        for letter in deunicode::deunicode(words).chars() {
            if letter.is_ascii_alphanumeric() {
                slug.push(letter.to_ascii_lowercase());
            } else if letter != '\'' && !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        slug.truncate(slug.trim_end_matches('-').len());
        slug
    }

    /// Whether `part` can stand in an address as it is: `Rust-1.29` can, `..` and `a b` cannot.
    pub fn is_slug(part: &str) -> bool {
        let plain = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_' | b'.');
        part.len() <= 200
            && part.bytes().all(plain)
            && part.starts_with(|first: char| first.is_ascii_alphanumeric())
            && part.ends_with(|last: char| last.is_ascii_alphanumeric())
            && !part.contains("..")
    }
}
