//! Formats of other systems, read into [`crate::model::incoming::Item`]s.

pub mod blogger;
pub mod commento;
pub mod csv;
pub mod disqus;
pub mod front_matter;
pub mod ghost;
mod input;
pub mod isso;
mod json;
pub mod laman;
pub mod markdown;
mod months;
pub mod remark42;
pub mod sniff;
pub mod wordpress;
mod xml;

use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
    path::{Path, PathBuf},
    sync::atomic::AtomicU64,
};

use jiff::tz::TimeZone;
use url::Url;

use crate::{
    model::{
        import::Format,
        incoming::{Body, Dialect, Refused, Source, Tell},
        media,
        remark::{Remark, remark},
    },
    picture::{self, short},
    rules::old_address,
    text::{slug, unhtml},
};

/// How files are named that are no pictures and that the blog keeps. What they are is told by what is in them.
const FILES: [&str; 13] =
    ["pdf", "zip", "mp3", "ogg", "oga", "opus", "m4a", "m4b", "wav", "flac", "mp4", "m4v", "webm"];

/// Warnings that a part of a text is not in its body: its original is to be kept.
pub const LEFT_OF_TEXT: [&str; 2] = ["import-card-left", "import-text-unread"];

/// Reads one file.
type Reader = fn(&Path, &AtomicU64, &mut Tell<'_>) -> Result<(), Refused>;

/// Reads `sources`, which belong to one blog; tells everything in them, and counts the bytes that it has read. `site`: where that
/// blog was, for formats that do not say it.
///
/// # Errors
/// Where the rest cannot be read.
pub fn read(
    format: Format,
    sources: &[PathBuf],
    site: Option<&Url>,
    zone: &TimeZone,
    counted: &AtomicU64,
    tell: &mut Tell<'_>,
) -> Result<(), Refused> {
    // Blogger's reader looks for its own, beside their pictures.
    let exports = || sniff::exports(format, sources);
    let each = |read: Reader, tell: &mut Tell<'_>| exports()?.iter().try_for_each(|source| read(source, counted, tell));
    match format {
        Format::Blogger => sources.iter().try_for_each(|source| blogger::read(source, site, zone, counted, tell)),
        Format::Commento => each(commento::read, tell),
        Format::Disqus => each(disqus::read, tell),
        Format::Ghost => {
            exports()?.iter().try_for_each(|source| ghost::read(source, site, counted, tell))?;
            sources.iter().try_for_each(|source| ghost::redirects::read(source, site, tell))
        }
        Format::Isso => each(isso::read, tell),
        Format::Remark42 => each(remark42::read, tell),
        Format::Markdown => sources.iter().try_for_each(|source| markdown::tell(source, site, zone, tell)),
        Format::Wordpress => wordpress::read(&exports()?, zone, counted, tell),
    }
}

/// How much a reader of this format counts, all in all: some look at everything twice. 0 where that is not known.
pub fn counts(format: Format, sources: &[PathBuf]) -> u64 {
    if format == Format::Markdown {
        return 0;
    }
    let exports = sniff::exports(format, sources).unwrap_or_default();
    let bytes: u64 = exports.iter().filter_map(|path| input::length(path).ok()).sum();
    match format {
        Format::Ghost => bytes * 2,
        Format::Commento | Format::Wordpress => bytes + bytes / input::GLANCE,
        _ => bytes,
    }
}

/// A text as Markdown, and what was lost by that.
pub fn markdown_of(body: &Body) -> (String, Vec<Remark>) {
    let (html, mut lost) = match body {
        Body::Markdown(text) => return (text.clone(), Vec::new()),
        Body::Html { html, dialect: Dialect::WordPress } => wordpress::body::html(html),
        Body::Html { html, dialect: Dialect::Blogger } => blogger::body::html(html),
        Body::Html { html, dialect: Dialect::Ghost } => ghost::body::html(html),
        Body::Html { html, dialect: Dialect::Plain } => (html.clone(), Vec::new()),
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
    let mut bytes = Vec::new();
    Ok(copy(source, picture::MAX_BYTES as u64, &mut bytes)?.then_some(bytes))
}

/// Copies a file that is no longer than `most`; `false`: it is.
///
/// # Errors
/// When it cannot be read, or what it goes into not be written.
pub fn copy(source: &Source, most: u64, into: &mut dyn Write) -> io::Result<bool> {
    let mut limited = |from: &mut dyn Read| Ok(io::copy(&mut from.take(most + 1), into)? <= most);
    match source {
        Source::Bytes(bytes) => limited(&mut bytes.as_slice()),
        Source::Path(path) => limited(&mut File::open(path)?),
        Source::Zipped { archive, name } => {
            let mut archive = zip::ZipArchive::new(BufReader::new(File::open(archive)?))?;
            limited(&mut archive.by_name(name)?)
        }
        Source::Elsewhere => Err(io::Error::other(remark("missed-elsewhere"))),
    }
}

/// A host by which a blog is known, with `www.` before it or not.
pub fn bare(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// A host of a blog, by which it is known however it was asked for: Blogger answers in each country by a name of its own.
pub fn own_host(host: &str) -> String {
    let host = bare(host).to_ascii_lowercase();
    let is_short = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    match host.split_once(".blogspot.") {
        Some((name, end)) if is_short(end.trim_start_matches("com.").trim_start_matches("co.")) => {
            format!("{name}.blogspot.com")
        }
        _ => host,
    }
}

/// Hosts that keep the pictures of a system's blogs, whatever those are called; with a leading dot, all below one.
pub fn picture_hosts(format: Format) -> &'static [&'static str] {
    if format == Format::Blogger { &blogger::body::HOSTS } else { &[] }
}

/// Whether an address is one at which Blogger keeps pictures, which need no ending.
pub fn is_bloggers_picture(address: &str) -> bool {
    blogger::body::sized(address, "s0").is_some()
}

/// The addresses at which a picture may be larger than at this one, largest first, and this one.
pub fn sizes(address: &str) -> Vec<String> {
    let mut sizes: Vec<String> = blogger::body::sized(address, "s0").into_iter().collect();
    sizes.extend(old_address::full_size(address));
    sizes.push(address.to_owned());
    sizes.dedup();
    sizes
}

/// Whether a file or an address is named like a picture.
pub fn has_picture_ending(name: &str) -> bool {
    let path = name.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ["png", "jpg", "jpeg", "gif", "webp", "svg"].contains(&ending.as_str()))
}

/// Whether an address is that of a file that was uploaded to WordPress or Ghost, and of a kind that may be kept here.
pub fn is_uploaded_file(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let is_ours = path.find("/media/").and_then(|at| media::hash_in(path.get(at..)?)).is_some();
    has_file_ending(address)
        && (is_ours || wordpress::UPLOADS.iter().chain(&ghost::UPLOADS).any(|sign| path.contains(sign)))
}

/// Whether an address is that of anything that was uploaded to WordPress or Ghost.
pub fn is_upload(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let signs = wordpress::UPLOADS.iter().chain(&ghost::UPLOADS).chain(&ghost::PICTURES);
    path.contains('.') && signs.into_iter().any(|sign| path.contains(sign))
}

/// Whether a file or an address is named like a file that may be kept here and is no picture.
pub fn has_file_ending(name: &str) -> bool {
    let path = name.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| FILES.contains(&ending.as_str()))
}

#[cfg(test)]
mod tests;
