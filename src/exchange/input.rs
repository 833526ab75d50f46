//! Files of other systems as they come in: packed or not, read no further than is sane.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use flate2::read::MultiGzDecoder;
use url::Url;

use crate::model::{
    incoming::Refused,
    remark::{Remark, heard, remark},
    time::Time,
};

/// How a file is named in what is wrong with it.
pub(super) fn name_of(source: &Path) -> String {
    source.file_name().map_or_else(|| source.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// What is wrong with a file as a whole.
pub(super) fn bad(source: &Path, what: Remark) -> Refused {
    Refused::Bad { place: name_of(source), what }
}

/// That the system does not let something be read.
pub(super) fn unreadable(error: &io::Error) -> Remark {
    remark("import-unreadable").because([heard(error)])
}

/// The bytes of a file, unpacked when it is packed with gzip; an error after `limit` of them.
pub(super) fn open(source: &Path, limit: u64) -> Result<impl Read, Refused> {
    let failed = |error: io::Error| bad(source, unreadable(&error));
    let start = head(source, 2).map_err(failed)?;
    let file = BufReader::with_capacity(64 * 1024, File::open(source).map_err(failed)?);
    let inner: Box<dyn Read> =
        if start.starts_with(b"\x1f\x8b") { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    Ok(Limited { inner, left: limit })
}

/// The first bytes of a file.
pub(super) fn head(source: &Path, length: u64) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    File::open(source)?.take(length).read_to_end(&mut start)?;
    Ok(start)
}

/// Fails after so many bytes, instead of looking like a file that ends there.
pub(super) struct Limited<R> {
    pub(super) inner: R,
    pub(super) left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::other(remark("import-too-much")));
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(into.len());
        let read = self.inner.read(into.get_mut(..most).unwrap_or_default())?;
        self.left -= read as u64;
        Ok(read)
    }
}

/// Counts what is read.
pub(super) struct Counted<'a, R> {
    pub(super) inner: R,
    pub(super) counted: &'a AtomicU64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.counted.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Of what a first look reads, one byte in so many counts: it is quick, and the bar that shows how far an import is would jump.
pub(super) const GLANCE: u64 = 8;

/// Counts what is read at a first look.
pub(super) struct Glanced<'a, R> {
    inner: R,
    counted: &'a AtomicU64,
    over: u64,
}

impl<'a, R> Glanced<'a, R> {
    pub(super) fn new(inner: R, counted: &'a AtomicU64) -> Self {
        Self { inner, counted, over: 0 }
    }
}

impl<R: Read> Read for Glanced<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.over += read as u64;
        self.counted.fetch_add(self.over / GLANCE, Ordering::Relaxed);
        self.over %= GLANCE;
        Ok(read)
    }
}

/// A moment as RFC 3339 writes it, and the near ones that exports use; without a zone it is UTC.
pub(super) fn time(text: &str) -> Option<Time> {
    let text = text.trim();
    let stamp: Option<jiff::Timestamp> = text.parse().ok();
    let stamp = stamp.or_else(|| {
        let civil: jiff::civil::DateTime = text.trim_end_matches('Z').parse().ok()?;
        civil.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    });
    stamp.map(Time::from)
}

/// The path of an address, or of a path, as old paths are written: decoded, without the leading slash; with the query where that is
/// the address.
pub(super) fn path_of(address: &str) -> Option<String> {
    let base = Url::parse("http://old.invalid/").ok()?;
    let url = base.join(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let path =
        percent_encoding::percent_decode_str(url.path().trim_start_matches('/')).decode_utf8_lossy().into_owned();
    match url.query() {
        Some(query) if path.is_empty() && !query.is_empty() => Some(format!("?{query}")),
        _ => Some(path),
    }
}

/// One line of plain text, `None` when nothing is on it.
pub(super) fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
