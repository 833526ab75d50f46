//! What came of an import, by kind, and everything that a person should know of.

use serde::Serialize;

/// More lines than anybody reads are counted, not kept.
const MAX_LINES: usize = 20_000;

/// What came of an import; of a trial, what would.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether nothing was written.
    pub is_trial: bool,
    /// New posts that readers see, or will.
    pub posts: u64,
    /// New pages.
    pub pages: u64,
    /// New drafts.
    pub drafts: u64,
    /// Of the new posts, those whose time is to come.
    pub scheduled: u64,
    /// Brought up to date: changed there, not here.
    pub updated: u64,
    /// Known already, and left as they are.
    pub known: u64,
    /// Of those, changed or deleted here since they came.
    pub changed_here: u64,
    /// New comments that readers see.
    pub approved: u64,
    /// New comments that wait for a moderator.
    pub held: u64,
    /// New comments that are spam.
    pub spam: u64,
    /// New comments in the trash.
    pub trash: u64,
    /// Comments that came before.
    pub known_comments: u64,
    /// New pictures.
    pub pictures: u64,
    /// Pictures that texts show and that were not found.
    pub missing_pictures: u64,
    /// Texts of which something was lost: their originals are kept.
    pub originals: u64,
    /// Left out.
    pub skipped: u64,
    /// Brought along, but not as they were.
    pub warnings: u64,
    /// Everything that a person should know of, in the order in which it was found.
    pub lines: Vec<Line>,
}

/// Something that a person should know of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The post, or the file and the place in it.
    pub place: String,
    /// What is with it.
    pub what: String,
    /// Whether it was left out as a whole.
    pub is_skipped: bool,
}

impl Report {
    /// Comments that are new.
    pub fn comments(&self) -> u64 {
        self.approved + self.held + self.spam + self.trash
    }

    pub(super) fn add(&mut self, line: Line) {
        *(if line.is_skipped { &mut self.skipped } else { &mut self.warnings }) += 1;
        if self.lines.len() < MAX_LINES {
            self.lines.push(line);
        }
    }
}
