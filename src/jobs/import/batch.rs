//! What is ready goes into the store a batch at a time, in its order, while the next one is made ready.

use std::collections::HashMap;

use tokio::task::JoinHandle;

use super::{Taker, comments, entry::place_of};
use crate::{
    error::Error,
    model::{
        incoming::{Comment, On},
        remark::{Remark, words},
        time::Time,
    },
    store::{Brought, Importing, NewEntry, Piece, Placed, Store},
    text::words::words as said,
};

/// So many entries and comments share a transaction, unless they are long: whoever writes meanwhile waits as long.
pub(super) const PIECES: usize = 100;
/// So many bytes of text.
const BYTES: usize = 1 << 20;

/// What waits to be written, and what is being written.
#[derive(Debug, Default)]
pub(super) struct Batch {
    waiting: Vec<Waiting>,
    bytes: usize,
    writing: Option<JoinHandle<Result<Written, Error>>>,
}

#[derive(Debug)]
enum Waiting {
    Entry(Box<NewEntry>),
    Comment(Box<Comment>),
}

#[derive(Debug)]
pub(super) struct Written {
    pub(super) brought: Vec<Brought>,
    /// Comments that cannot be, and why.
    pub(super) undrawn: Vec<(String, Remark)>,
}

impl Batch {
    pub(super) fn entry(&mut self, entry: NewEntry) {
        self.bytes += entry.content.source.len() + entry.content.html.len();
        self.waiting.push(Waiting::Entry(Box::new(entry)));
    }

    pub(super) fn comment(&mut self, comment: Box<Comment>) {
        self.bytes += comment.text.as_str().len();
        self.waiting.push(Waiting::Comment(comment));
    }

    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= PIECES || self.bytes >= BYTES
    }
}

impl Taker<'_> {
    /// Begins to write what waits, once what was being written is in the store.
    pub(super) async fn flush(&mut self) -> Result<(), Error> {
        self.settle().await?;
        self.batch.bytes = 0;
        let mut waiting = std::mem::take(&mut self.batch.waiting);
        let origins: Vec<&str> = waiting
            .iter()
            .filter_map(|waiting| match waiting {
                Waiting::Entry(_) => None,
                Waiting::Comment(comment) => Some(comment.origin.as_str()),
            })
            .collect();
        let known = self.store.known_comments(&origins).await?;
        let before = waiting.len();
        waiting.retain(|waiting| match waiting {
            Waiting::Entry(_) => true,
            Waiting::Comment(comment) => {
                known.get(&comment.origin).is_none_or(|digest| *digest != comments::told(comment))
            }
        });
        self.report.known_comments += (before - waiting.len()) as u64;
        if self.wanted.is_trial {
            self.try_comments(waiting, &known).await?;
        } else if !waiting.is_empty() {
            let (store, zone) = (self.store.clone(), self.settings.zone.clone());
            let (fallback, now) = (self.owner, self.now);
            let nobody = self.nobody();
            self.batch.writing = Some(tokio::spawn(async move {
                write(&store, waiting, nobody, Importing { fallback, zone: &zone, now }).await
            }));
        }
        Ok(())
    }

    /// Waits for what is being written, and counts it.
    pub(super) async fn settle(&mut self) -> Result<(), Error> {
        let Some(writing) = self.batch.writing.take() else { return Ok(()) };
        self.count_written(writing.await??);
        Ok(())
    }

    pub(super) fn count_written(&mut self, Written { brought, undrawn }: Written) {
        self.leave(undrawn);
        for brought in brought {
            match brought {
                Brought::Entry(entry, Ok(imported)) => self.taken(&entry, imported),
                Brought::Entry(entry, Err(error)) => self.line(place_of(&entry), words(error), true),
                Brought::Comment(comment, Placed::Added) => self.count(comment.shelf),
                Brought::Comment(_, Placed::Updated) => self.report.updated_comments += 1,
                Brought::Comment(_, Placed::Known) => self.report.known_comments += 1,
                Brought::Comment(comment, Placed::NoPost) => self.wait(comment),
            }
        }
    }

    /// Counts comments that would come.
    async fn try_comments(&mut self, waiting: Vec<Waiting>, known: &HashMap<String, String>) -> Result<(), Error> {
        let (pieces, undrawn) = drawn(waiting, self.nobody(), self.now).await?;
        self.leave(undrawn);
        let mut new = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let Piece::Comment(comment) = piece else { continue };
            if known.contains_key(&comment.origin) {
                let is_update = self.store.would_update(&comment).await?;
                *(if is_update { &mut self.report.updated_comments } else { &mut self.report.known_comments }) += 1;
                continue;
            }
            new.push(Piece::Comment(comment));
        }
        self.try_pieces(new).await
    }

    /// Counts those of the comments that would come whose posts are there, or would be.
    pub(super) async fn try_pieces(&mut self, pieces: Vec<Piece>) -> Result<(), Error> {
        for piece in pieces {
            let Piece::Comment(comment) = piece else { continue };
            let has_post = match &comment.on {
                On::Entry(origin) if self.tried.has(origin) => true,
                On::Entry(origin) => self.store.known_entry(origin).await?.is_some_and(|known| known.post_id.is_some()),
                On::Path(path) => self.store.post_once_at(path).await?.is_some(),
            };
            match has_post {
                _ if self.tried.has(&comment.origin) => self.report.known_comments += 1,
                false => self.wait(comment),
                true => {
                    self.tried.is_first(&comment.origin);
                    self.count(comment.shelf);
                }
            }
        }
        Ok(())
    }

    /// The name of whoever gave none, in the language of the blog.
    fn nobody(&self) -> String {
        said(self.settings.language).t("comment-nobody")
    }

    fn leave(&mut self, undrawn: Vec<(String, Remark)>) {
        for (origin, why) in undrawn {
            self.line(origin, why, true);
        }
    }

    /// Remembers that there is no post where a comment was.
    pub(super) fn leave_on(&mut self, on: On) {
        let place = match on {
            On::Path(path) => format!("/{path}"),
            On::Entry(origin) => origin,
        };
        *self.no_posts.entry(place).or_default() += 1;
    }
}

async fn write(
    store: &Store,
    waiting: Vec<Waiting>,
    nobody: String,
    importing: Importing<'_>,
) -> Result<Written, Error> {
    let (pieces, undrawn) = drawn(waiting, nobody, importing.now).await?;
    Ok(Written { brought: store.import(pieces, importing).await?, undrawn })
}

/// What can be written; and comments that cannot be, and why.
async fn drawn(waiting: Vec<Waiting>, nobody: String, now: Time) -> Result<(Vec<Piece>, Vec<(String, Remark)>), Error> {
    let drawn = tokio::task::spawn_blocking(move || {
        let (mut pieces, mut undrawn) = (Vec::with_capacity(waiting.len()), Vec::new());
        for waiting in waiting {
            match waiting {
                Waiting::Entry(entry) => pieces.push(Piece::Entry(entry)),
                Waiting::Comment(comment) => match comments::draw(&comment, &nobody, now) {
                    Ok(drawn) => pieces.push(Piece::Comment(Box::new(drawn))),
                    Err(why) => undrawn.push(why),
                },
            }
        }
        (pieces, undrawn)
    });
    Ok(drawn.await?)
}
