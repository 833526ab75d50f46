//! The moderators' queue: where comments lie, which of them are asked for, and what is decided about them.

use super::{
    comment::ModeratedComment,
    ids::{PostId, UserId},
    time::Time,
};

/// Where a comment lies for its moderators. A tombstone, whose words are gone, lies nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Shelf {
    /// Waits for a moderator.
    Held,
    /// Readers see it.
    Approved,
    /// Kept from readers.
    Spam,
    /// Deleted, and kept for a while: it can be taken out again.
    Trash,
}

impl Shelf {
    /// Every one, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Held, Self::Approved, Self::Spam, Self::Trash];

    /// As in addresses, in the database and in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Approved => "approved",
            Self::Spam => "spam",
            Self::Trash => "trash",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shelf| shelf.as_str() == name)
    }
}

/// Whose comments are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    All,
    /// Those on one post.
    Post(PostId),
    /// Those that came with this e-mail address.
    Email(String),
    /// Those that came from this network.
    Network(String),
}

/// What a moderator decides about comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Moderation {
    /// Show it to readers.
    Approve,
    /// Let it wait.
    Hold,
    /// Keep it from readers as spam.
    Spam,
    /// Throw it away, so that it can still be taken out of the trash.
    Trash,
    /// Take it out of the trash, to where it was.
    Restore,
    /// Remove it for good; where it has replies, leave a tombstone without its words.
    Delete,
}

impl Moderation {
    const ALL: [Self; 6] = [Self::Approve, Self::Hold, Self::Spam, Self::Trash, Self::Restore, Self::Delete];

    /// As in forms, in the database and in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Hold => "hold",
            Self::Spam => "spam",
            Self::Trash => "trash",
            Self::Restore => "restore",
            Self::Delete => "delete",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.as_str() == name)
    }

    /// What a moderator may decide about what lies there, the likeliest first.
    pub fn on(shelf: Shelf) -> &'static [Self] {
        match shelf {
            Shelf::Held => &[Self::Approve, Self::Spam, Self::Trash],
            Shelf::Approved => &[Self::Hold, Self::Spam, Self::Trash],
            Shelf::Spam => &[Self::Approve, Self::Hold, Self::Trash],
            Shelf::Trash => &[Self::Restore, Self::Spam],
        }
    }
}

/// So many of a kind are counted, and no more.
pub const COUNTED: i64 = 100;

/// A comment in the queue, with what a moderator wants to know before deciding. Counts go to [`COUNTED`].
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct QueuedComment {
    /// The comment.
    #[sqlx(flatten)]
    pub comment: ModeratedComment,
    /// Whether it answers another.
    pub is_reply: bool,
    /// The beginning of what it answers, as it was typed.
    pub parent_text: Option<String>,
    /// Whether it stands first in its thread.
    pub is_pinned: bool,
    /// Whether readers may comment on its post.
    pub is_open: bool,
    /// Others with its e-mail address that were approved.
    pub email_approved: i64,
    /// Others with its e-mail address that are spam.
    pub email_spam: i64,
    /// Others from its network that were approved.
    pub network_approved: i64,
    /// Others from its network that are spam.
    pub network_spam: i64,
}

/// A comment as its page at the desk shows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DeskComment {
    /// The comment.
    #[sqlx(flatten)]
    pub comment: ModeratedComment,
    /// As it was typed.
    pub source: String,
    /// Where it lies; a tombstone lies nowhere.
    pub shelf: Option<Shelf>,
}

/// What a comment said before.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Revision {
    /// Safe HTML.
    pub html: String,
    /// When other words took their place.
    pub replaced_at: Time,
    /// Who of the blog replaced them; `None`: their author did.
    pub user_name: Option<String>,
}

/// What was decided at once, about one comment or many.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Moderated {
    /// Row id.
    pub id: i64,
    /// What was decided.
    pub decision: Moderation,
    /// How many comments it moved.
    pub comments: i64,
    /// Whether it can be undone.
    pub can_be_undone: bool,
}

/// Who decides, and when.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// `None`: somebody who holds a link for it.
    pub user: Option<UserId>,
    /// The moment.
    pub now: Time,
}

/// Nobody who is known, then.
impl From<Time> for By {
    fn from(now: Time) -> Self {
        Self { user: None, now }
    }
}

/// How long what nobody needs is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Retention {
    /// After so many days spam and trash are deleted for good.
    pub discard_days: i64,
    /// After so many days the network of a comment's sender is forgotten.
    pub network_days: i64,
}
