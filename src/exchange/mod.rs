//! Formats of other systems, read into [`crate::model::incoming::Item`]s.

pub mod blogger;
pub mod commento;
pub mod disqus;
pub mod front_matter;
pub mod ghost;
mod input;
pub mod isso;
mod json;
pub mod markdown;
pub mod remark42;
pub mod sniff;
pub mod wordpress;
mod xml;

use crate::{picture::short, text::slug};

/// Whether a file or an address is named like a picture.
fn has_picture_ending(name: &str) -> bool {
    let path = name.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ["png", "jpg", "jpeg", "gif", "webp", "svg"].contains(&ending.as_str()))
}
