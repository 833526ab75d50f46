//! Out: a snapshot of the store, piece by piece, to whoever writes it down.

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use tokio::sync::mpsc::{Receiver, Sender};

use super::{Failed, file_of};
use crate::{
    error::Error,
    exchange::laman::{self, MANIFEST, Row, page, sink::Piece, sink::Sink},
    model::time::Time,
    rules::token::ContentHash,
    store::{PARTS, Part, Snapshot, Store},
};

/// Pieces that may wait to be written.
pub const WAITING: usize = 8;

/// What goes along.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// What posts were once, too.
    pub has_revisions: bool,
    /// When it is made.
    pub now: Time,
}

/// Hands the blog over, ending with [`Piece::End`]. `tell` hears how many rows are done, and of how many.
///
/// # Errors
/// When the database refuses, or nobody takes the pieces any more.
pub async fn pack(store: &Store, wish: Wish, to: &Sender<Piece>, tell: impl Fn(u64, u64)) -> Result<(), Failed> {
    let zone = store.settings().await?.map_or(TimeZone::UTC, |settings| settings.zone);
    let mut out = Out::new(store.snapshot().await?, to, zone, tell);
    let parts: Vec<Part> = PARTS.into_iter().filter(|part| wish.has_revisions || *part != Part::Revisions).collect();
    let counts = out.expect(&parts).await?;
    let mut manifest = json!({ "made_at": wish.now.0 });
    if let Some(row) = manifest.as_object_mut() {
        row.insert("format".to_owned(), laman::FORMAT.into());
        row.insert("version".to_owned(), laman::VERSION.into());
        row.insert("program".to_owned(), env!("CARGO_PKG_VERSION").into());
        row.insert("counts".to_owned(), counts.into());
        laman::write_times(row, &out.zone);
    }
    out.send(Piece::File(MANIFEST.to_owned())).await?;
    out.send(Piece::Bytes(format!("{manifest:#}\n").into_bytes())).await?;
    for part in parts {
        match part {
            Part::Posts => out.posts().await?,
            Part::Media => {
                out.lines(part).await?;
                out.files().await?;
            }
            _ => out.lines(part).await?,
        }
    }
    out.send(Piece::End).await
}

/// A snapshot on its way.
pub(super) struct Out<'a, T> {
    pub(super) snapshot: Snapshot,
    to: &'a Sender<Piece>,
    zone: TimeZone,
    tell: T,
    done: u64,
    all: u64,
}

impl<'a, T: Fn(u64, u64)> Out<'a, T> {
    pub(super) fn new(snapshot: Snapshot, to: &'a Sender<Piece>, zone: TimeZone, tell: T) -> Self {
        Self { snapshot, to, zone, tell, done: 0, all: 0 }
    }

    /// Counts what is to come.
    pub(super) async fn expect(&mut self, parts: &[Part]) -> Result<Row, Failed> {
        let mut counts = Row::new();
        for part in parts {
            let count = self.snapshot.count(*part).await?;
            self.all += u64::try_from(count).unwrap_or_default();
            counts.insert(file_of(*part).trim_end_matches(".jsonl").to_owned(), count.into());
        }
        Ok(counts)
    }

    pub(super) async fn send(&self, piece: Piece) -> Result<(), Failed> {
        self.to.send(piece).await.map_err(|_| Failed::Unwritten("whoever took it has stopped".to_owned()))
    }

    pub(super) async fn text(&self, text: String) -> Result<(), Failed> {
        self.send(Piece::Bytes(text.into_bytes())).await
    }

    /// The rows after one, and the key of their last.
    pub(super) async fn some(&mut self, part: Part, after: &str) -> Result<Option<(String, Vec<Row>)>, Failed> {
        let rows = self.keyed(part, after).await?;
        let Some((last, _)) = rows.last() else { return Ok(None) };
        Ok(Some((last.clone(), rows.into_iter().map(|(_, row)| row).collect())))
    }

    /// The rows after one, each with its key.
    pub(super) async fn keyed(&mut self, part: Part, after: &str) -> Result<Vec<(String, Row)>, Failed> {
        let rows = self.snapshot.rows(part, after).await?;
        rows.into_iter().map(|(key, json)| Ok((key, self.read(&json)?))).collect()
    }

    /// A row as it stands in an archive.
    pub(super) fn read(&self, json: &str) -> Result<Row, Failed> {
        let mut row: Row = serde_json::from_str(json).map_err(|error| Error::Internal(error.to_string()))?;
        laman::write_times(&mut row, &self.zone);
        Ok(row)
    }

    pub(super) fn count(&mut self, rows: usize) {
        self.done += rows as u64;
        (self.tell)(self.done, self.all);
    }

    /// A line for each row.
    async fn lines(&mut self, part: Part) -> Result<(), Failed> {
        self.send(Piece::File(file_of(part).to_owned())).await?;
        let mut after = String::new();
        while let Some((last, rows)) = self.some(part, &after).await? {
            let lines: String = rows.iter().map(|row| format!("{}\n", Line(row))).collect();
            self.send(Piece::Bytes(lines.into_bytes())).await?;
            self.count(rows.len());
            after = last;
        }
        Ok(())
    }

    /// A file for each post.
    async fn posts(&mut self) -> Result<(), Failed> {
        let mut after = String::new();
        while let Some((last, rows)) = self.some(Part::Posts, &after).await? {
            for row in &rows {
                self.send(Piece::File(laman::file_of(row))).await?;
                self.send(Piece::Bytes(page::write(row).into_bytes())).await?;
            }
            self.count(rows.len());
            after = last;
        }
        Ok(())
    }

    /// Pictures and files as they are.
    async fn files(&mut self) -> Result<(), Failed> {
        let mut after = String::new();
        while let Some((last, rows)) = self.some(Part::Media, &after).await? {
            for row in &rows {
                let word = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default();
                let length = row.get("length").and_then(Value::as_u64).unwrap_or_default();
                self.send(Piece::File(laman::file_of_media(word("hash"), word("name")))).await?;
                let (mut sent, mut position, mut hashed) = (0, 0, ContentHash::default());
                while sent < length {
                    let bytes = self.snapshot.media_part(word("hash"), position).await?;
                    sent += bytes.len() as u64;
                    position += 1;
                    hashed.add(&bytes);
                    self.send(Piece::Bytes(bytes)).await?;
                }
                if hashed.finish() != word("hash") {
                    // The rest is worth having all the same.
                    let name = word("name");
                    tracing::warn!("{name} is not as it was uploaded, and no import will take it: see laman check");
                }
            }
            after = last;
        }
        Ok(())
    }
}

/// A row on one line.
struct Line<'a>(&'a Row);

impl std::fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&serde_json::to_string(self.0).map_err(|_| std::fmt::Error)?)
    }
}

/// Writes what comes; blocks. Whatever ends before [`Piece::End`] is no archive.
///
/// # Errors
/// When it cannot be written, or ended too early.
pub fn write<W: std::io::Write>(mut sink: Sink<W>, mut from: Receiver<Piece>) -> std::io::Result<Option<W>> {
    while let Some(piece) = from.blocking_recv() {
        sink.put(&piece)?;
        if piece == Piece::End {
            return sink.finish();
        }
    }
    Err(std::io::Error::other("it ended too early"))
}

/// Likewise, as a zip or as one plain file to whoever takes its bytes.
///
/// # Errors
/// As above.
pub fn write_to<W: std::io::Write>(to: W, is_zip: bool, from: Receiver<Piece>) -> std::io::Result<()> {
    let sink = if is_zip { Sink::zip(to) } else { Sink::Plain(to) };
    write(sink, from)?.map_or(Ok(()), |mut to| to.flush())
}
