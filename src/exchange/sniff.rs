//! Which system a file or a folder comes from, told by how it begins and what is in it.

use std::{
    fs::{self, File},
    io::{BufReader, Read},
    path::Path,
};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use crate::model::import::Format;

/// How much of a file is looked at.
const HEAD: u64 = 64 * 1024;

/// Where `source` comes from; `None` when nothing tells, or it cannot be read.
pub fn format(source: &Path) -> Option<Format> {
    let about = fs::metadata(source).ok()?;
    if about.is_dir() {
        return Some(Format::Markdown);
    }
    let mut start = Vec::new();
    File::open(source).ok()?.take(HEAD).read_to_end(&mut start).ok()?;
    if start.starts_with(b"PK") {
        let archive = ZipArchive::new(BufReader::new(File::open(source).ok()?)).ok()?;
        let is_blogger = archive.file_names().any(|name| name.rsplit('/').next() == Some("feed.atom"));
        if is_blogger {
            return Some(Format::Blogger);
        }
        let has_texts = archive.file_names().any(|name| name.ends_with(".md") || name.ends_with(".markdown"));
        return (has_texts || archive.file_names().any(|name| name.contains("_posts/"))).then_some(Format::Markdown);
    }
    if start.starts_with(b"SQLite format 3\0") {
        return Some(Format::Isso);
    }
    if start.starts_with(b"\x1f\x8b") {
        let mut inner = Vec::new();
        // A backup that ends early still tells what it is.
        let _ = MultiGzDecoder::new(File::open(source).ok()?).take(HEAD).read_to_end(&mut inner);
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
