//! Bringing in a blog from elsewhere: its format, what the owner wants of it at the desk, how far it is, and what came of it.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

use serde::{Deserialize, Serialize};
use url::Url;

use super::{ids::UserId, remark::Remark, time::Time};

/// More lines than anybody reads are counted, not kept.
const MAX_LINES: usize = 20_000;

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Format {
    /// Blogger's feed, alone or in a Takeout archive, or its older export.
    Blogger,
    /// Commento's JSON.
    Commento,
    /// Disqus's XML.
    Disqus,
    /// Ghost's JSON.
    Ghost,
    /// Isso's database.
    Isso,
    /// A folder of Markdown.
    Markdown,
    /// Remark42's backup.
    Remark42,
    /// WXR.
    Wordpress,
}

impl Format {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Blogger,
        Self::Commento,
        Self::Disqus,
        Self::Ghost,
        Self::Isso,
        Self::Markdown,
        Self::Remark42,
        Self::Wordpress,
    ];

    /// What its origins begin with, and what it is called on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blogger => "blogger",
            Self::Commento => "commento",
            Self::Disqus => "disqus",
            Self::Ghost => "ghost",
            Self::Isso => "isso",
            Self::Markdown => "markdown",
            Self::Remark42 => "remark42",
            Self::Wordpress => "wordpress",
        }
    }
    /// As its makers write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blogger => "Blogger",
            Self::Commento => "Commento",
            Self::Disqus => "Disqus",
            Self::Ghost => "Ghost",
            Self::Isso => "Isso",
            Self::Markdown => "Markdown",
            Self::Remark42 => "Remark42",
            Self::Wordpress => "WordPress",
        }
    }
}

/// How far an import is.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes that were read.
    pub read: AtomicU64,
    /// Bytes that there are to read; 0: that is not known.
    pub of: AtomicU64,
    /// Entries that were taken in.
    pub entries: AtomicU64,
    is_stopped: AtomicBool,
}

impl Progress {
    /// Forgets that it was to go no further; before another one is asked for, which can then be stopped before it begins.
    pub fn go(&self) {
        self.is_stopped.store(false, Ordering::Relaxed);
    }

    /// From the beginning, with so many bytes to read.
    pub fn begin(&self, of: u64) {
        self.read.store(0, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
        self.entries.store(0, Ordering::Relaxed);
    }

    /// Asks that it go no further.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Whether it is to go no further.
    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }
}

/// What the owner wants brought in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewImport {
    /// What it is; `None`: to be found out.
    pub format: Option<Format>,
    /// The folder of files that were sent, which goes with them; empty: what is wanted is the machine's own.
    pub folder: String,
    /// Paths.
    pub sources: Vec<String>,
    /// Where the old blog was, as [`old_site`] takes it; empty: nobody said.
    pub site: String,
    /// A folder of pictures; empty: none.
    pub media: String,
    /// Whether pictures that are only at the old blog are asked for.
    pub is_fetching: bool,
    /// Other hosts that are asked, with spaces between them.
    pub hosts: String,
}

/// The address of an old blog, as somebody types it; `None`: it is none.
pub fn old_site(typed: &str) -> Option<Url> {
    let whole = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let mut site = Url::parse(&whole).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
    site.set_query(None);
    site.set_fragment(None);
    Some(site)
}

/// How an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Stand {
    /// Its turn comes.
    Waiting,
    /// It is under way.
    Running,
    /// It came to its end.
    Done,
    /// The owner stopped it.
    Stopped,
    /// It cannot be read, or not to its end.
    Refused,
    /// The program ended in the middle of it, or the database refused.
    Broken,
}

/// An import at the desk, the last that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ImportJob {
    /// Who asked for it.
    pub user_id: UserId,
    /// How it stands.
    pub stand: Stand,
    /// Whether nothing is to be written.
    pub is_trial: bool,
    /// As in [`NewImport`], or as it was found out.
    pub format: Option<Format>,
    /// As in [`NewImport`].
    pub folder: String,
    sources: String,
    /// As in [`NewImport`].
    pub site: String,
    /// As in [`NewImport`].
    pub media: String,
    /// As in [`NewImport`].
    pub is_fetching: bool,
    /// As in [`NewImport`].
    pub hosts: String,
    /// When it was asked for, or came to its end.
    pub at: Time,
    /// A word for why it was refused.
    pub why: String,
    /// The machine's own words for that.
    pub detail: String,
    report: String,
}

impl ImportJob {
    /// Whether it waits or is under way.
    pub fn is_open(&self) -> bool {
        matches!(self.stand, Stand::Waiting | Stand::Running)
    }

    /// Paths.
    pub fn sources(&self) -> Vec<PathBuf> {
        serde_json::from_str(&self.sources).unwrap_or_default()
    }

    /// What came of it, with its first lines.
    pub fn report(&self) -> Option<Report> {
        serde_json::from_str(&self.report).ok()
    }
}

/// How an import ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How it stands now.
    pub stand: Stand,
    /// As in [`ImportJob`].
    pub why: &'static str,
    /// As in [`ImportJob`].
    pub detail: String,
    /// What it was found to be.
    pub format: Option<Format>,
    /// What came of it.
    pub report: Option<Report>,
}

/// What came of an import; of a trial, what would.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Comments that were brought up to date.
    #[serde(default)]
    pub updated_comments: u64,
    /// New pictures.
    pub pictures: u64,
    /// New files that are no pictures.
    #[serde(default)]
    pub files: u64,
    /// Pictures that texts show and that were not found, each once.
    pub missing_pictures: u64,
    /// Texts of which something was lost: their originals are kept.
    pub originals: u64,
    /// Left out.
    pub skipped: u64,
    /// Brought along, but not as they were.
    pub warnings: u64,
    /// Everything that a person should know of, in the order in which it was found.
    pub lines: Vec<Line>,
    /// From where on the rest cannot be read, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Line>,
}

/// Something that a person should know of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The post, or the file and the place in it.
    pub place: String,
    /// What is with it.
    pub what: Remark,
    /// Whether it was left out as a whole.
    pub is_skipped: bool,
    /// What names the entry that it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

impl Report {
    /// Comments that are new.
    pub fn comments(&self) -> u64 {
        self.approved + self.held + self.spam + self.trash
    }

    /// Whether anything is here now that was not before.
    pub fn has_brought(&self) -> bool {
        let entries = self.posts + self.pages + self.drafts + self.updated;
        let all = entries + self.comments() + self.updated_comments + self.pictures + self.files;
        !self.is_trial && all > 0
    }

    /// Has the first lines alone: those that say what was left out before those of pictures and files that did not come.
    pub fn keep_first(&mut self, lines: usize) {
        self.lines.sort_by_key(|line| (!line.is_skipped, line.what.is_about_a_file()));
        self.lines.truncate(lines);
    }

    /// Adds a line, and counts it.
    pub fn add(&mut self, line: Line) {
        *(if line.is_skipped { &mut self.skipped } else { &mut self.warnings }) += 1;
        if self.lines.len() < MAX_LINES {
            self.lines.push(line);
        }
    }
}
