//! Formats of other systems, read into [`crate::model::entry::Entry`].

pub mod front_matter;
pub mod markdown;
pub mod picture;

use crate::text::slug;

/// The first words of `text`, for messages.
fn short(text: &str) -> String {
    let mut short: String = text.chars().take(80).filter(|letter| !letter.is_control()).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
