//! Pictures and files as the blog keeps them.

use std::collections::BTreeSet;

use super::{
    ids::{MediaId, PostId, UserId},
    time::Time,
};

/// The widths that a larger picture is also kept in, in pixels, as WebP; and its own, where that is among them.
pub const WIDTHS: [u32; 4] = [480, 800, 1200, 1800];

/// The last of them.
const WIDEST: u32 = WIDTHS[3];

/// The media types that are made smaller.
const SCALED: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

/// What a file is, if it is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A document.
    Pdf,
    /// An archive.
    Zip,
    /// A document in an archive.
    Docx,
    /// A table in an archive.
    Xlsx,
    /// Slides in an archive.
    Pptx,
    /// A text document in an archive.
    Odt,
    /// A book in an archive.
    Epub,
    /// Sound.
    Mp3,
    /// Sound.
    Ogg,
    /// Sound.
    M4a,
    /// Sound.
    Wav,
    /// Sound.
    Flac,
    /// A film.
    Mp4,
    /// A film.
    Webm,
}

impl FileKind {
    /// The media type it is served with, and the ending of its name, without the dot.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Pdf => ("application/pdf", "pdf"),
            Self::Zip => ("application/zip", "zip"),
            Self::Docx => ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
            Self::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
            Self::Pptx => ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
            Self::Odt => ("application/vnd.oasis.opendocument.text", "odt"),
            Self::Epub => ("application/epub+zip", "epub"),
            Self::Mp3 => ("audio/mpeg", "mp3"),
            Self::Ogg => ("audio/ogg", "ogg"),
            Self::M4a => ("audio/mp4", "m4a"),
            Self::Wav => ("audio/wav", "wav"),
            Self::Flac => ("audio/flac", "flac"),
            Self::Mp4 => ("video/mp4", "mp4"),
            Self::Webm => ("video/webm", "webm"),
        }
    }
}

/// Whether it can be shown in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum MediaKind {
    /// Yes.
    Picture,
    /// No: it is linked to.
    File,
}

/// What is needed to serve a file.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Media {
    /// First half of the SHA-256 of its bytes, in hex: the address.
    pub hash: String,
    /// File name of the address.
    pub name: String,
    /// Media type, from the content.
    pub media_type: String,
    /// Pixels; 0 for what has none.
    pub width: u32,
    /// Whether it moves.
    pub is_animated: bool,
    /// Bytes.
    pub length: i64,
}

impl Media {
    /// The widths in which it is also kept, once they are made.
    pub fn widths(&self) -> impl Iterator<Item = u32> {
        widths(&self.media_type, self.is_animated, self.width)
    }
}

/// The widths that a picture is also kept in: those below its own, and its own, unless it is larger or smaller than all.
pub fn widths(media_type: &str, is_animated: bool, width: u32) -> impl Iterator<Item = u32> {
    let is_scaled = SCALED.contains(&media_type) && !is_animated;
    let own = (WIDTHS[0] < width && width <= WIDEST).then_some(width);
    WIDTHS.into_iter().filter(move |smaller| *smaller < width).chain(own).filter(move |_| is_scaled)
}

/// A picture in a smaller width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Pixels.
    pub width: u32,
    /// WebP; empty where the picture as it is weighs less.
    pub bytes: Vec<u8>,
}

/// What a post's HTML says of a picture that it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Shown {
    /// First half of the SHA-256, in hex.
    pub hash: String,
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels.
    pub height: u32,
    /// Media type, from the content.
    pub media_type: String,
    /// Whether it moves.
    pub is_animated: bool,
    /// `#rrggbb`, which holds its place.
    pub colour: Option<String>,
    /// What the library says that it shows; empty: nothing.
    pub alt: String,
}

impl Shown {
    /// One of which no more is known than its size.
    pub fn sized(width: u32, height: u32) -> Self {
        Self { width, height, ..Self::default() }
    }

    /// The widths in which it is also kept.
    pub fn widths(&self) -> impl Iterator<Item = u32> {
        widths(&self.media_type, self.is_animated, self.width)
    }

    /// The widths that a browser may choose from, as `srcset`; empty: it has but one.
    pub fn sources(&self) -> String {
        let each = self.widths().map(|width| format!("{} {width}w", variant_address(&self.hash, width)));
        each.collect::<Vec<_>>().join(", ")
    }

    /// Whether pictures of its kind are made smaller.
    pub fn can_be_scaled(&self) -> bool {
        SCALED.contains(&self.media_type.as_str()) && !self.is_animated
    }

    /// The class that gives its place about its colour: `c` and a third of red, green and blue each, from 0 to 2.
    pub fn colour_class(&self) -> Option<String> {
        let digits = self.colour.as_deref()?.strip_prefix('#')?;
        let thirds: Option<String> = [0, 2, 4]
            .into_iter()
            .map(|at| u32::from_str_radix(digits.get(at..at + 2)?, 16).ok())
            .map(|channel| char::from_digit(channel? * 3 / 256, 10))
            .collect();
        thirds.map(|thirds| format!("c{thirds}"))
    }
}

/// A file on its way into the blog.
#[derive(Clone, Debug)]
pub struct NewMedia {
    /// As in [`Media`].
    pub hash: String,
    /// As in [`Media`].
    pub name: String,
    /// Picture or file.
    pub kind: MediaKind,
    /// As in [`Media`].
    pub media_type: &'static str,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Bytes.
    pub length: i64,
    /// As in [`Shown`].
    pub colour: Option<String>,
    /// Whether it moves.
    pub is_animated: bool,
    /// The same hash of the bytes that were sent: cleaning changes them.
    pub origin_hash: String,
}

impl NewMedia {
    /// One that is no picture: it is kept as it came.
    pub fn file(hash: String, name: String, kind: FileKind, length: u64) -> Self {
        Self {
            origin_hash: hash.clone(),
            hash,
            name,
            kind: MediaKind::File,
            media_type: kind.names().0,
            width: 0,
            height: 0,
            length: i64::try_from(length).unwrap_or(i64::MAX),
            colour: None,
            is_animated: false,
        }
    }
}

/// A file in the library.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MediaRow {
    /// Row id.
    pub id: MediaId,
    /// As in [`Media`].
    pub hash: String,
    /// As in [`Media`].
    pub name: String,
    /// Picture or file.
    pub kind: MediaKind,
    /// As in [`Media`].
    pub media_type: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Bytes.
    pub length: i64,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// What stands under it.
    pub caption: String,
    /// Who made it.
    pub credit: String,
    /// Whether it moves.
    pub is_animated: bool,
    /// Whose upload it is, if that is known.
    pub uploaded_by: Option<UserId>,
    /// When it came.
    pub created_at: Time,
    /// Posts and pages in which it is, and the look of the blog.
    pub uses: i64,
    /// Whether it is in what is typed beside a post, in what a post was once, or somebody's face.
    pub is_behind: bool,
}

impl MediaRow {
    /// Where it is.
    pub fn address(&self) -> String {
        address(&self.hash, &self.name)
    }

    /// Whether it must not go: something shows it, or can show it again.
    pub fn is_needed(&self) -> bool {
        self.uses > 0 || self.is_behind
    }

    /// Whether it can be shown in a page.
    pub fn is_picture(&self) -> bool {
        self.kind == MediaKind::Picture
    }

    /// The address of what stands for it in a list: its smallest width, or itself.
    pub fn thumbnail(&self) -> String {
        match widths(&self.media_type, self.is_animated, self.width).next() {
            Some(width) => variant_address(&self.hash, width),
            None => self.address(),
        }
    }

    /// What puts it into a text.
    pub fn markdown(&self) -> String {
        if !self.is_picture() {
            return format!("[{}]({})", self.name, self.address());
        }
        let plain = |text: &str| text.replace(['[', ']', '\\'], " ");
        let quoted = |text: &str| text.replace(['"', '\\', '|'], "'");
        let title = match (quoted(&self.caption), quoted(&self.credit)) {
            (caption, credit) if caption.is_empty() && credit.is_empty() => String::new(),
            (caption, credit) if credit.is_empty() => format!(" \"{caption}\""),
            (caption, credit) => format!(" \"{caption} | {credit}\""),
        };
        format!("![{}]({}{title})", plain(&self.alt), self.address())
    }
}

/// A post that a file is in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UsedIn {
    /// Row id.
    pub id: PostId,
    /// Plain text; may be empty.
    pub title: String,
}

/// Where a file is needed, beside the look of the blog.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    /// In the text of a post, or as its cover.
    pub posts: Vec<UsedIn>,
    /// In what is typed for a post but not yet what readers see.
    pub changes: Vec<UsedIn>,
    /// In what a post was once, and can be again.
    pub revisions: Vec<UsedIn>,
    /// The names of those whose picture it is.
    pub faces: Vec<String>,
}

impl Uses {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.posts.is_empty() && self.changes.is_empty() && self.revisions.is_empty() && self.faces.is_empty()
    }
}

/// Which files the library shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shelf {
    /// All.
    #[default]
    All,
    /// What can be shown.
    Pictures,
    /// What is linked to.
    Files,
    /// What is in no post.
    Unused,
    /// Pictures that say nothing to those who do not see them.
    NoAlt,
}

impl Shelf {
    /// Each, in the order of the tabs.
    pub const EACH: [Self; 5] = [Self::All, Self::Pictures, Self::Files, Self::Unused, Self::NoAlt];

    /// The one of a query; all for what names none.
    pub fn named(name: &str) -> Self {
        Self::EACH.into_iter().find(|shelf| shelf.as_str() == name).unwrap_or_default()
    }

    /// As in the query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Pictures => "pictures",
            Self::Files => "files",
            Self::Unused => "unused",
            Self::NoAlt => "no-alt",
        }
    }
}

/// The address of a file: it names its content.
pub fn address(hash: &str, name: &str) -> String {
    format!("/media/{hash}/{name}")
}

/// The address of a picture in a smaller width.
pub fn variant_address(hash: &str, width: u32) -> String {
    format!("/media/{hash}/{width}.webp")
}

/// The width that a name of [`variant_address`] says.
pub fn variant_width(name: &str) -> Option<u32> {
    let width = name.strip_suffix(".webp")?.parse().ok()?;
    (1..=WIDEST).contains(&width).then_some(width).filter(|width| format!("{width}.webp") == name)
}

/// The hash in an address made by [`address`].
pub fn hash_in(address: &str) -> Option<&str> {
    let hash = address.strip_prefix("/media/")?.split('/').next()?;
    let is_hash = hash.len() == 32 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_hash.then_some(hash)
}

/// The hashes in all addresses of files in `text`, each once.
pub fn hashes_in(text: &str) -> BTreeSet<&str> {
    text.match_indices("/media/").filter_map(|(at, _)| hash_in(text.get(at..at + 39)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_in_a_text_is_found() {
        let (a, b) = ("0123456789abcdef0123456789abcdef", "ffffffffffffffffffffffffffffffff");
        let text =
            format!("![](/media/{b}/b.png) é /media/{a}/480.webp <img src=\"https://x.example/media/{b}\"> /media/{a}");
        assert_eq!(Vec::from_iter(hashes_in(&text)), [a, b]);
        assert!(hashes_in("/media/ /media/0123 /media/éééééééééééééééééééé /media/x").is_empty());
    }

    #[test]
    fn a_picture_is_kept_in_the_widths_up_to_its_own() {
        let shown = |media_type: &str, width, is_animated| {
            let media_type = media_type.to_owned();
            Shown { media_type, is_animated, ..Shown::sized(width, 10) }.widths().collect::<Vec<_>>()
        };
        assert_eq!(shown("image/jpeg", 1200, false), [480, 800, 1200]);
        assert_eq!(shown("image/jpeg", 1800, false), WIDTHS);
        assert_eq!(shown("image/png", 4000, false), WIDTHS);
        for (media_type, width, is_animated) in [
            ("image/webp", 480, false),
            ("image/webp", 4000, true),
            ("image/gif", 900, false),
            ("image/svg+xml", 900, false),
        ] {
            assert_eq!(shown(media_type, width, is_animated), [0; 0], "{media_type}");
        }
    }

    #[test]
    fn a_colour_has_one_of_twenty_seven_classes() {
        for (colour, class) in [("#000000", "c000"), ("#ff8000", "c210"), ("#55aaff", "c012"), ("#56abff", "c122")] {
            let shown = Shown { colour: Some(colour.to_owned()), ..Shown::default() };
            assert_eq!(shown.colour_class().as_deref(), Some(class), "{colour}");
        }
        for none in ["", "#", "#12", "red", "#ééé"] {
            assert_eq!(Shown { colour: Some(none.to_owned()), ..Shown::default() }.colour_class(), None, "{none}");
        }
    }

    #[test]
    fn addresses_are_read_as_they_are_written() {
        let hash = "0123456789abcdef0123456789abcdef";
        assert_eq!(hash_in(&address(hash, "a.png")), Some(hash));
        assert_eq!(hash_in("/media/a.png"), None);
        assert_eq!(hash_in("/media/0123456789ABCDEF0123456789ABCDEF/a.png"), None);
        assert_eq!(variant_width("480.webp"), Some(480));
        for none in ["1801.webp", "0.webp", "0480.webp", "480.png", "+480.webp", ".webp"] {
            assert_eq!(variant_width(none), None, "{none}");
        }
    }
}
