//! Comments that came before the post that they are about: they wait, and are tried once more when all has been read.

use super::{
    Taker,
    batch::{PIECES, Written},
};
use crate::{
    error::Error,
    model::{incoming::On, remark::remark},
    store::{Importing, NewOldComment, Piece},
};

/// So many bytes of them are kept.
const MOST: usize = 48 << 20;
/// What is about as long as a comment's name, addresses and ids.
const BESIDE: usize = 700;

/// Those that wait.
#[derive(Default)]
pub(super) struct Early {
    comments: Vec<NewOldComment>,
    bytes: usize,
    /// How many there was no room for.
    left: u64,
    /// Whether no more posts come.
    is_over: bool,
}

impl Taker<'_> {
    /// Keeps a comment until its post may have come.
    pub(super) fn wait(&mut self, comment: Box<NewOldComment>) {
        // What knows a post by its address brings none.
        if self.early.is_over || matches!(comment.on, On::Path(_)) {
            return self.leave_on(comment.on);
        }
        let bytes = comment.source.len() + comment.html.len() + BESIDE;
        if self.early.bytes + bytes > MOST {
            self.early.left += 1;
            return;
        }
        self.early.bytes += bytes;
        self.early.comments.push(*comment);
    }

    /// Takes in those that waited.
    pub(super) async fn take_early(&mut self) -> Result<(), Error> {
        self.early.is_over = true;
        let mut comments = std::mem::take(&mut self.early.comments).into_iter();
        loop {
            let pieces: Vec<Piece> = comments.by_ref().take(PIECES).map(Box::new).map(Piece::Comment).collect();
            if pieces.is_empty() {
                break;
            }
            if self.wanted.is_trial {
                self.try_pieces(pieces).await?;
                continue;
            }
            let importing = Importing { fallback: self.owner, zone: &self.settings.zone, now: self.now };
            let brought = self.store.import(pieces, importing).await?;
            self.count_written(Written { brought, undrawn: Vec::new() });
        }
        if self.early.left > 0 {
            let what = remark("import-comments-early").put("n", self.early.left);
            self.line(self.library(), what, true);
        }
        Ok(())
    }
}
