//! Which system a file or a folder comes from, told by how it begins and what is in it; and which files of a folder or a zip are what
//! that system exported.

use std::{
    fs::{self, File},
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use super::{
    input,
    laman::source::{list, stays_inside},
};
use crate::model::{
    import::Format,
    incoming::Refused,
    remark::{Remark, remark, words},
};

/// How much of a file is looked at.
const HEAD: u64 = 64 * 1024;
/// So many files of a folder or a zip are looked into.
const MAX_LOOKED: usize = 1000;
/// The file of Blogger's archives in which a blog is.
pub(super) const OF_BLOGGER: &str = "feed.atom";
/// Folders that hold machinery, whatever is in them.
const MACHINERY: [&str; 3] = ["__MACOSX", "node_modules", "themes"];

/// Where `source` comes from; `None` when nothing tells, or it cannot be read.
pub fn format(source: &Path) -> Option<Format> {
    let is_folder = fs::metadata(source).ok()?.is_dir();
    if is_folder || input::head(source, 2).ok()? == *b"PK" {
        return of_many(source).or(is_folder.then_some(Format::Markdown));
    }
    of_file(source)
}

/// The files of `sources` that are exports of this format: what is no folder and no zip is one. Markdown is in many files, and a
/// database of Isso's is one.
///
/// # Errors
/// When one cannot be read, or holds none.
pub fn exports(format: Format, sources: &[PathBuf]) -> Result<Vec<PathBuf>, Refused> {
    let mut found = Vec::new();
    for source in sources {
        let is_folder = source.is_dir();
        let is_many = is_folder || input::head(source, 2).is_ok_and(|start| start == *b"PK");
        if !is_many || matches!(format, Format::Markdown | Format::Isso) {
            found.push(source.clone());
            continue;
        }
        let before = found.len();
        let is_wanted =
            |path: &PathBuf| format == Format::Blogger && path.ends_with(OF_BLOGGER) || of_file(path) == Some(format);
        found.extend(looked_into(&names(source)?).map(|name| source.join(name)).filter(is_wanted));
        if found.len() == before {
            return Err(input::bad(source, none(format)));
        }
    }
    Ok(found)
}

/// The files of a folder or a zip, in order; none that leads out of it.
///
/// # Errors
/// When it cannot be read.
pub fn names(source: &Path) -> Result<Vec<String>, Refused> {
    let mut names = Vec::new();
    if source.is_dir() {
        let listed = list(source, "", &mut names);
        listed.map_err(|error| input::bad(source, input::unreadable(&error)))?;
    } else {
        let file = File::open(source).map_err(|error| input::bad(source, input::unreadable(&error)))?;
        let archive = ZipArchive::new(BufReader::new(file));
        let archive = archive.map_err(|error| input::bad(source, remark("import-no-zip").because([words(error)])))?;
        names.extend(archive.file_names().filter(|name| stays_inside(name)).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

fn none(format: Format) -> Remark {
    match format {
        Format::Blogger => remark("import-blogger-no-feed"),
        _ => remark("import-none-in-it"),
    }
}

/// Files that may be exports.
fn looked_into(names: &[String]) -> impl Iterator<Item = &String> {
    let may_be = |name: &&String| {
        let mut parts = name.split('/');
        let is_named = [".xml", ".json", ".gz", ".atom"].iter().any(|ending| name.ends_with(ending));
        is_named && !parts.any(is_machinery)
    };
    names.iter().filter(may_be).take(MAX_LOOKED)
}

fn is_machinery(part: &str) -> bool {
    part.starts_with('.') || MACHINERY.contains(&part)
}

/// Of what is in a folder or a zip; texts in it tell more than what else lies beside them.
fn of_many(source: &Path) -> Option<Format> {
    let names = names(source).ok()?;
    let is_text = |name: &String| {
        let is_marked = name.ends_with(".md") || name.ends_with(".markdown") || name.contains("_posts/");
        is_marked && !name.split('/').any(is_machinery)
    };
    if names.iter().any(|name| name.rsplit('/').next() == Some(OF_BLOGGER)) {
        return Some(Format::Blogger);
    }
    if names.iter().any(is_text) {
        return Some(Format::Markdown);
    }
    looked_into(&names).find_map(|name| of_file(&source.join(name)))
}

/// Whether a file is a text in an encoding of which nothing here is told.
pub fn is_utf16(source: &Path) -> bool {
    input::head(source, 2).is_ok_and(|start| input::UTF16.contains(&start.as_slice()))
}

/// Of one file.
fn of_file(source: &Path) -> Option<Format> {
    let mut start = input::head(source, HEAD).ok()?;
    if start.starts_with(b"SQLite format 3\0") {
        return Some(Format::Isso);
    }
    if start.starts_with(b"\x1f\x8b") {
        let mut inner = Vec::new();
        // What ends early still tells what it is.
        let _ = MultiGzDecoder::new(start.as_slice()).take(HEAD).read_to_end(&mut inner);
        start = inner;
    }
    of_text(&String::from_utf8_lossy(&start))
}

fn of_text(start: &str) -> Option<Format> {
    let start = start.trim_start_matches('\u{feff}').trim_start();
    let has = |mark: &str| start.contains(mark);
    if start.starts_with('<') {
        return if has("wordpress.org/export/") {
            Some(Format::Wordpress)
        } else if has("http://disqus.com") || has("<disqus") {
            Some(Format::Disqus)
        } else if has("<feed")
            && (has("blogger.com") || has("schemas.google.com/blogger") || has("schemas.google.com/g/2005"))
        {
            Some(Format::Blogger)
        } else {
            None
        };
    }
    if !start.starts_with('{') {
        return None;
    }
    let first = start.lines().next().unwrap_or_default();
    let is_head = serde_json::from_str::<serde_json::Value>(first).is_ok_and(|head| {
        head.get("version").is_some() && (head.get("users").is_some() || head.get("posts").is_some())
    });
    if has("\"commentHex\"") || has("\"commenterHex\"") {
        Some(Format::Commento)
    } else if is_head && !has("\"data\"") {
        Some(Format::Remark42)
    } else if has("\"db\"") || (has("\"data\"") && has("\"meta\"")) || has("\"exported_on\"") {
        Some(Format::Ghost)
    } else if has("\"comments\"") && has("\"version\"") {
        Some(Format::Commento)
    } else {
        None
    }
}
