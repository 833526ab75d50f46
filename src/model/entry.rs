//! One post or page as it comes in from another system, before the store gives it ids.

use std::path::PathBuf;

use super::{incoming::Cover, time::Time};

/// What an importer found: everything in the blog's own terms, with the body in Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What names this entry in its source, the same in every run: a second import finds the first by it.
    pub origin: String,
    /// Whether it becomes a page (`/slug`) instead of a post (`/YYYY/MM/slug`).
    pub is_page: bool,
    /// Title, plain text.
    pub title: String,
    /// Last part of the new address, already a valid slug.
    pub slug: String,
    /// Markdown, or HTML; its pictures are named as in `pictures[..].references`.
    pub body: String,
    /// Whether that is HTML.
    pub is_html: bool,
    /// The excerpt that the source gives, plain text.
    pub excerpt: Option<String>,
    /// Tags, as written.
    pub tags: Vec<String>,
    /// Those of them that are categories.
    pub categories: Vec<String>,
    /// Names of the authors, in order; empty when the source names none.
    pub authors: Vec<String>,
    /// When it was published; `None` only for drafts.
    pub published_at: Option<Time>,
    /// When it was last changed.
    pub changed: Option<Time>,
    /// Drafts stay drafts.
    pub is_draft: bool,
    /// When readers were no longer to see it.
    pub expires: Option<Time>,
    /// BCP 47, where its source names one.
    pub language: Option<String>,
    /// Paths that the entry had, without the leading and trailing slash: `2018/09/13/Rust-1.29.html`.
    pub old_paths: Vec<String>,
    /// The pictures that the body shows, and the one above it.
    pub pictures: Vec<Picture>,
    /// The picture above it.
    pub cover: Option<Cover>,
    /// Pictures that it shows and that are not here: they may be in another folder, or at the old site.
    pub elsewhere: Vec<String>,
    /// Files that are no pictures, by how the body names them.
    pub files: Vec<(String, PathBuf)>,
}

/// A picture, cleaned of metadata and ready to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// How the body names it, each spelling once: `gats-reactions.png`, `./gats-reactions.png`.
    pub references: Vec<String>,
    /// Paths that it had, as in [`Entry::old_paths`].
    pub old_paths: Vec<String>,
    /// File name for its new address: lower case, `[a-z0-9-]+` with the extension that belongs to its type.
    pub name: String,
    /// What its bytes are, never what its name claims.
    pub kind: PictureKind,
    /// Width in CSS pixels, after orientation.
    pub width: u32,
    /// Height in CSS pixels, after orientation.
    pub height: u32,
    /// Whether it moves.
    pub is_animated: bool,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The picture formats that the blog keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// JPEG
    Jpeg,
    /// PNG
    Png,
    /// GIF
    Gif,
    /// WebP
    Webp,
    /// SVG: drawn in `<img>`, never opened as a document.
    Svg,
}

impl PictureKind {
    /// By its media type.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        [Self::Jpeg, Self::Png, Self::Gif, Self::Webp, Self::Svg]
            .into_iter()
            .find(|kind| kind.media_type() == media_type)
    }

    /// The media type it is served with.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Svg => "image/svg+xml",
        }
    }

    /// The ending of its file name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Svg => "svg",
        }
    }
}
