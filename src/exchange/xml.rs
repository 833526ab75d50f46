//! XML from anywhere, piece by piece: bounded in memory and depth, without entities of its own, whatever its bytes are.

use std::{
    borrow::Cow,
    io::{self, BufRead, Read},
};

use quick_xml::{
    Reader,
    escape::resolve_html5_entity,
    events::{BytesStart, Event},
};

use crate::model::{
    incoming::{Fault, Item, Refused, Stop, Tell},
    remark::{Remark, heard, remark, words},
};

/// Between two pieces no more than this is read: the longest text.
const MAX_PIECE: usize = 32 * 1024 * 1024;
/// Elements within elements.
const MAX_DEPTH: usize = 64;
/// The longest name of an entity.
const MAX_NAME: usize = 32;
const CHUNK: usize = 64 * 1024;

/// What comes next.
pub(super) enum Piece<'a> {
    /// An element begins.
    Open {
        /// With its prefix.
        name: &'a str,
        /// In the order of the file.
        attributes: &'a [(String, String)],
    },
    /// Part of a text, its escapes undone.
    Text(&'a str),
    /// Part of a text in which nothing was escaped.
    Data(&'a str),
    /// The element ends that was opened last.
    Close,
}

/// Tells every piece of `source`. `place` names it in what is wrong. How many of the bytes were no text: control
/// characters, which are left out, and what is no UTF-8, for which a sign stands.
pub(super) fn walk(
    source: impl Read,
    place: &str,
    on: &mut dyn FnMut(u64, Piece<'_>) -> Result<(), Refused>,
) -> Result<u64, Refused> {
    let mut reader = Reader::from_reader(Clean::new(source));
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.check_end_names = true;
    let mut buffer = Vec::new();
    let mut depth = 0;
    loop {
        let at = reader.buffer_position();
        let bad = |what: Remark| Refused::Bad { place: format!("{place}, byte {at}"), what };
        buffer.clear();
        reader.get_mut().budget = MAX_PIECE;
        let event = reader.read_event_into(&mut buffer).map_err(|error| match error {
            quick_xml::Error::Syntax(_) => bad(remark("import-cut-off")),
            quick_xml::Error::Io(error) => bad(remark("import-no-xml").because([heard(&error)])),
            error => bad(remark("import-no-xml").because([words(error)])),
        })?;
        match event {
            Event::Start(start) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(bad(remark("import-nested")));
                }
                open(at, &start, on)?;
            }
            Event::Empty(start) => {
                open(at, &start, on)?;
                on(at, Piece::Close)?;
            }
            Event::End(_) => {
                depth -= 1;
                on(at, Piece::Close)?;
            }
            Event::Text(text) => on(at, Piece::Text(&text))?,
            Event::CData(text) => on(at, Piece::Data(&text))?,
            Event::GeneralRef(name) => match name.resolve_char_ref() {
                Ok(Some(letter)) => on(at, Piece::Text(letter.encode_utf8(&mut [0; 4])))?,
                _ => match resolve_html5_entity(&name) {
                    Some(text) => on(at, Piece::Text(text))?,
                    None => on(at, Piece::Text(&format!("&{};", &*name)))?,
                },
            },
            Event::DocType(_) => return Err(bad(remark("import-doctype"))),
            Event::Decl(decl) => {
                let encoding = decl.encoding().and_then(Result::ok);
                if encoding
                    .is_some_and(|name| !name.eq_ignore_ascii_case("utf-8") && !name.eq_ignore_ascii_case("us-ascii"))
                {
                    return Err(bad(remark("import-not-utf8")));
                }
            }
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof if depth > 0 => return Err(bad(remark("import-cut-off"))),
            Event::Eof => return Ok(reader.get_ref().odd),
        }
    }
}

/// A text whose letters were escaped once more than they should be; no tag is made by it.
pub(super) fn undone(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        whole.push_str(before);
        let name = after.split_once(';').filter(|(name, _)| name.len() <= MAX_NAME);
        let letters = name.and_then(|(name, behind)| Some((letters(name)?, behind)));
        whole.push_str(letters.as_ref().map_or("&", |(letters, _)| letters));
        rest = letters.map_or(after, |(_, behind)| behind);
    }
    whole.push_str(rest);
    Cow::Owned(whole)
}

/// What an entity stands for.
fn letters(name: &str) -> Option<String> {
    let Some(number) = name.strip_prefix('#') else { return resolve_html5_entity(name).map(str::to_owned) };
    let hex = number.strip_prefix(['x', 'X']).map(|hex| u32::from_str_radix(hex, 16));
    let letter = char::from_u32(hex.unwrap_or_else(|| number.parse()).ok()?)?;
    (!letter.is_control()).then(|| letter.to_string())
}

/// Tells that bytes of a file were no text, if any were.
pub(super) fn tell_odd(place: &str, odd: u64, tell: &mut Tell<'_>) -> Result<(), Stop> {
    if odd == 0 {
        return Ok(());
    }
    let what = remark("import-odd-bytes").put("count", odd);
    tell(Item::Fault(Fault { place: place.to_owned(), what, is_skipped: false }))
}

fn open(
    at: u64,
    start: &BytesStart<'_>,
    on: &mut dyn FnMut(u64, Piece<'_>) -> Result<(), Refused>,
) -> Result<(), Refused> {
    let attributes: Vec<(String, String)> = start
        .attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        .map(|attribute| {
            let value = quick_xml::escape::unescape(&attribute.value);
            (attribute.key.0.to_owned(), value.map_or_else(|_| attribute.value.to_string(), |value| value.into_owned()))
        })
        .collect();
    on(at, Piece::Open { name: start.name().0, attributes: &attributes })
}

/// Bytes that are UTF-8 and hold no control character, whatever came; no more of them than the budget.
struct Clean<R> {
    source: R,
    /// What came and is not looked at yet: part of a letter.
    raw: Vec<u8>,
    clean: Vec<u8>,
    at: usize,
    budget: usize,
    /// Bytes that were no text.
    odd: u64,
}

impl<R: Read> Clean<R> {
    fn new(source: R) -> Self {
        Self { source, raw: Vec::new(), clean: Vec::new(), at: 0, budget: MAX_PIECE, odd: 0 }
    }

    /// Gives how many bytes came: 0 at the end.
    fn refill(&mut self) -> io::Result<usize> {
        self.clean.clear();
        self.at = 0;
        let before = self.raw.len();
        self.raw.resize(before + CHUNK, 0);
        let tail = self.raw.get_mut(before..).unwrap_or_default();
        let came = self.source.read(tail);
        self.raw.truncate(before + came.as_ref().map_or(0, |came| *came));
        let came = came?;
        let mut kept = 0;
        for part in self.raw.utf8_chunks() {
            let good = part.valid();
            let before = self.clean.len();
            self.clean.extend(good.bytes().filter(|byte| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r')));
            self.odd += (good.len() + before - self.clean.len()) as u64;
            kept += good.len();
            let bad = part.invalid();
            let is_last = kept + bad.len() == self.raw.len();
            if bad.is_empty() || (is_last && came > 0 && bad.len() < 4) {
                // The rest of the letter may be to come.
                continue;
            }
            self.clean.extend("\u{fffd}".as_bytes());
            kept += bad.len();
            self.odd += bad.len() as u64;
        }
        self.raw.drain(..kept.min(self.raw.len()));
        Ok(came)
    }
}

impl<R: Read> Read for Clean<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut ready = self.fill_buf()?;
        let read = ready.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for Clean<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.clean.len() {
            if self.refill()? == 0 && self.clean.is_empty() {
                break;
            }
        }
        if self.budget == 0 {
            return Err(io::Error::other(remark("import-long-text")));
        }
        Ok(self.clean.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, read: usize) {
        self.at += read;
        self.budget = self.budget.saturating_sub(read);
    }
}
