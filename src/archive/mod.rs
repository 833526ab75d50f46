//! The whole blog as an archive: out of the store, and back into another.

pub mod back;
mod check;
pub mod out;
pub mod sheets;

use crate::{exchange::laman::Refused, store::Part};

/// Why there is no archive, or why one is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// What it is made of, or what is in it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The database.
    #[error(transparent)]
    Blog(#[from] crate::error::Error),
    /// Whoever takes it went away, or the disk is full.
    #[error("the archive could not be written: {0}")]
    Unwritten(String),
    /// An archive is taken into an empty blog only.
    #[error(
        "there are posts, comments or files in this blog; an archive is taken into a new database (--database FILE)"
    )]
    NotEmpty,
}

/// The file of a part; posts have one each.
fn file_of(part: Part) -> &'static str {
    match part {
        Part::Settings => "settings.jsonl",
        Part::People => "people.jsonl",
        Part::Media => "media.jsonl",
        Part::Appearance => "appearance.jsonl",
        Part::Posts => "posts",
        Part::Comments => "comments.jsonl",
        Part::Working => "unpublished-changes.jsonl",
        Part::Revisions => "revisions.jsonl",
        Part::Redirects => "redirects.jsonl",
        Part::Gone => "gone.jsonl",
        Part::Wishes => "subscriptions.jsonl",
        Part::Addresses => "confirmed-addresses.jsonl",
        Part::Unwanted => "no-mail.jsonl",
        Part::Lessons => "judge.jsonl",
    }
}
