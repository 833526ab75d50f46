//! Files of other systems as they come in: packed or not, within a zip or not, read no further than is sane. The path of what is
//! within a zip goes on behind the zip's own.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use flate2::{bufread::DeflateDecoder, bufread::MultiGzDecoder};
use url::Url;
use zip::{CompressionMethod, ZipArchive};

use crate::model::{
    incoming::Refused,
    remark::{Remark, heard, remark},
    time::Time,
};

/// How a text in UTF-16 begins.
pub(super) const UTF16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

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

/// The bytes of a file, unpacked when it is packed with gzip; an error after `limit` of them. Of those of the file itself one in
/// `each` is counted.
pub(super) fn open<'a>(
    source: &Path,
    limit: u64,
    counted: &'a AtomicU64,
    each: u64,
) -> Result<impl Read + use<'a>, Refused> {
    let failed = |error: io::Error| bad(source, unreadable(&error));
    let mut file = opened(source, counted, each).map_err(failed)?;
    let start = file.fill_buf().map_err(failed)?;
    let (is_packed, has_mark) = (start.starts_with(b"\x1f\x8b"), start.starts_with(b"\xef\xbb\xbf"));
    if UTF16.iter().any(|mark| start.starts_with(mark)) {
        return Err(bad(source, remark("import-not-utf8")));
    }
    if has_mark {
        file.consume(3);
    }
    let inner: Box<dyn Read + 'a> = if is_packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    Ok(Limited { inner, left: limit })
}

/// The first bytes of a file, as they are.
pub(super) fn head(source: &Path, length: u64) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    opened(source, &AtomicU64::default(), 1)?.take(length).read_to_end(&mut start)?;
    Ok(start)
}

/// How many bytes of the disk hold a file.
pub(super) fn length(source: &Path) -> io::Result<u64> {
    match zip_of(source) {
        Some((zip, name)) => Ok(member(zip, name)?.length),
        None => Ok(source.metadata()?.len()),
    }
}

fn opened<'a>(source: &Path, counted: &'a AtomicU64, each: u64) -> io::Result<Box<dyn BufRead + 'a>> {
    const AT_ONCE: usize = 64 * 1024;
    let Some((zip, name)) = zip_of(source) else {
        // A pipe would be waited for, and can be read but once.
        if !source.metadata()?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let file = Counted::new(File::open(source)?, counted, each);
        return Ok(Box::new(BufReader::with_capacity(AT_ONCE, file)));
    };
    let member = member(zip, name)?;
    let mut file = File::open(zip)?;
    file.seek(SeekFrom::Start(member.start))?;
    let file = BufReader::with_capacity(AT_ONCE, Counted::new(file.take(member.length), counted, each));
    Ok(match member.method {
        CompressionMethod::Stored => Box::new(file),
        _ => Box::new(BufReader::with_capacity(AT_ONCE, DeflateDecoder::new(file))),
    })
}

/// The zip that a path leads into, and the name in it.
fn zip_of(source: &Path) -> Option<(&Path, &str)> {
    let zip = source.ancestors().skip(1).find(|folder| folder.is_file())?;
    Some((zip, source.strip_prefix(zip).ok()?.to_str()?))
}

/// Where in a zip a file of it stands.
struct Member {
    start: u64,
    length: u64,
    method: CompressionMethod,
}

fn member(zip: &Path, name: &str) -> io::Result<Member> {
    let mut archive = ZipArchive::new(BufReader::new(File::open(zip)?))?;
    let file = archive.by_name(name)?;
    let method = file.compression();
    let is_plain = matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated);
    match file.data_start() {
        Some(start) if is_plain && !file.encrypted() && !file.is_symlink() => {
            Ok(Member { start, length: file.compressed_size(), method })
        }
        _ => Err(io::Error::other(remark("import-zip-no-plain-file"))),
    }
}

/// Fails after so many bytes, instead of looking like a file that ends there.
struct Limited<R> {
    inner: R,
    left: u64,
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

/// Of what a first look reads, one byte in so many counts: it is quick, and the bar that shows how far an import is would jump.
pub(super) const GLANCE: u64 = 8;

/// Counts what is read, one byte in `each`.
struct Counted<'a, R> {
    inner: R,
    counted: &'a AtomicU64,
    each: u64,
    over: u64,
}

impl<'a, R> Counted<'a, R> {
    fn new(inner: R, counted: &'a AtomicU64, each: u64) -> Self {
        Self { inner, counted, each: each.max(1), over: 0 }
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.over += read as u64;
        self.counted.fetch_add(self.over / self.each, Ordering::Relaxed);
        self.over %= self.each;
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
    // The file that servers give out for a folder.
    let path = path.strip_suffix("/index.html").map(|folder| format!("{folder}/")).unwrap_or(path);
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
