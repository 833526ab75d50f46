//! Backups as the owner wants them, and what came of each.

use super::time::Time;

/// How often a backup is made by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Every {
    /// Only when the owner asks for one.
    Never,
    /// Every night.
    Daily,
    /// In the night to Monday.
    Weekly,
}

impl Every {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Never, Self::Daily, Self::Weekly];

    /// As in the form, in the database and in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

/// Most that can be kept of them.
pub const MAX_KEPT: u32 = 100;

/// When backups are made, and where.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Schedule {
    /// How often.
    pub every: Every,
    /// 0 to 23, in the blog's zone.
    pub hour: u32,
    /// Where they go; empty: a folder beside the database.
    pub folder: String,
    /// How many stay, 1 to [`MAX_KEPT`].
    pub keep: u32,
    /// When this was decided; `None`: never.
    pub since: Option<Time>,
    /// When the owner asked for one that is not made yet.
    pub asked_at: Option<Time>,
}

/// A backup that was tried.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Tried {
    /// When.
    pub at: Time,
    /// Where it is.
    pub file: String,
    /// How large.
    pub bytes: i64,
    /// Rows in it, as many as there were in the blog.
    pub entries: i64,
    /// A word for why there is none; empty: it was made and proved.
    pub failure: String,
    /// The machine's own words for that; of one that was made, who made it: empty, or [`BY_COMMAND`].
    pub detail: String,
}

/// Made by `laman backup`: where it lies is up to whoever typed that.
pub const BY_COMMAND: &str = "command";

/// How it stands with the backups that the blog makes by itself, or when the owner asks for one.
#[derive(Clone, Debug)]
pub struct Standing {
    /// When they are made.
    pub schedule: Schedule,
    /// The last that was tried.
    pub tried: Option<Tried>,
    /// When the last was made and proved.
    pub made_at: Option<Time>,
}

/// What is wrong with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The last could not be made.
    Failed,
    /// None was made for two of its periods.
    Overdue,
}

impl Trouble {
    /// As in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Overdue => "overdue",
        }
    }
}

impl Tried {
    /// Whether it was made and proved.
    pub fn is_good(&self) -> bool {
        self.failure.is_empty()
    }

    /// Whether `laman backup` made it.
    pub fn is_by_command(&self) -> bool {
        self.is_good() && self.detail == BY_COMMAND
    }
}
