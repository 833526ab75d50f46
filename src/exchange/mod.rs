//! Formats of other systems, read into [`crate::model::incoming::Item`]s.

pub mod front_matter;
pub mod markdown;
pub mod wordpress;
mod xml;

use std::{
    fs::File,
    io::{self, Read},
    path::PathBuf,
    sync::atomic::AtomicU64,
};

use jiff::tz::TimeZone;

use crate::{
    model::incoming::{Body, Dialect, Refused, Source, Tell},
    picture::{self, short},
    text::{slug, unhtml},
};

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A folder of Markdown.
    Markdown,
    /// WXR.
    Wordpress,
}

impl Format {
    /// What its origins begin with, and what it is called on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Wordpress => "wordpress",
        }
    }
}

/// Reads `sources`, which belong to one blog; tells everything in them, and counts the bytes that it has read.
///
/// # Errors
/// Where the rest cannot be read.
pub fn read(
    format: Format,
    sources: &[PathBuf],
    zone: &TimeZone,
    counted: &AtomicU64,
    tell: &mut Tell<'_>,
) -> Result<(), Refused> {
    match format {
        Format::Markdown => sources.iter().try_for_each(|source| markdown::tell(source, zone, tell)),
        Format::Wordpress => wordpress::read(sources, zone, counted, tell),
    }
}

/// How often a reader of this format goes through its source.
pub fn looks(format: Format) -> u64 {
    if format == Format::Wordpress { 2 } else { 1 }
}

/// A text as Markdown, and what was lost by that, a line each.
pub fn markdown_of(body: &Body) -> (String, Vec<String>) {
    let (html, mut lost) = match body {
        Body::Markdown(text) => return (text.clone(), Vec::new()),
        Body::Html { html, dialect: Dialect::WordPress } => wordpress::body::html(html),
        Body::Html { html, .. } => (html.clone(), Vec::new()),
    };
    let made = unhtml::markdown(&html);
    lost.extend(made.lost);
    (made.markdown, lost)
}

/// The bytes of a picture; `None` where it is too large to be one.
///
/// # Errors
/// When it cannot be read.
pub fn bytes(source: &Source) -> io::Result<Option<Vec<u8>>> {
    let limited = |reader: &mut dyn Read| {
        let mut bytes = Vec::new();
        reader.take(picture::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        Ok((bytes.len() <= picture::MAX_BYTES).then_some(bytes))
    };
    match source {
        Source::Bytes(bytes) => Ok(Some(bytes.clone())),
        Source::Path(path) => limited(&mut File::open(path)?),
        Source::Zipped { archive, name } => {
            let mut archive = zip::ZipArchive::new(File::open(archive)?)?;
            limited(&mut archive.by_name(name)?)
        }
        Source::Elsewhere => Err(io::Error::other("it is only at the old blog")),
    }
}
