//! The whole blog as an archive: out of the store, and back into another.

pub mod back;
mod check;
pub mod out;
pub mod sheets;
pub mod wordpress;

use tokio::sync::mpsc::Sender;

use crate::{
    exchange::laman::sink::Piece,
    model::{incoming::Refused, time::Time},
    store::{Part, Store},
};

/// As what a blog leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// All of it, to be brought back.
    Archive {
        /// What posts were once, too.
        has_revisions: bool,
    },
    /// Posts and comments as tables.
    Tables,
    /// What WordPress's importer reads.
    WordPress,
}

/// Hands the blog over, ending with [`Piece::End`]. `base`: its address. `tell` hears how many rows are done, and of how many.
///
/// # Errors
/// When the database refuses, or nobody takes the pieces any more.
pub async fn pack(
    store: &Store,
    base: &str,
    format: Format,
    now: Time,
    to: &Sender<Piece>,
    tell: impl Fn(u64, u64),
) -> Result<(), Failed> {
    match format {
        Format::Archive { has_revisions } => out::pack(store, out::Wish { has_revisions, now }, to, tell).await,
        Format::Tables => sheets::pack(store, to, tell).await,
        Format::WordPress => wordpress::pack(store, base, now, to, tell).await,
    }
}

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
        Part::ImportedPosts => "imported-posts.jsonl",
        Part::ImportedComments => "imported-comments.jsonl",
        Part::ImportedPictures => "imported-pictures.jsonl",
        Part::ImportedAddresses => "imported-addresses.jsonl",
        Part::Originals => "originals.jsonl",
    }
}
