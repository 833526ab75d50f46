//! Comments: as readers see them, and as moderators do.

use std::net::IpAddr;

use super::{
    ids::{CommentId, PostId, UserId},
    listing::Cursor,
    time::Time,
    wish::Wish,
};

/// Where a comment is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, serde::Deserialize)]
#[sqlx(rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum CommentState {
    /// Readers see it.
    Approved,
    /// Waits for a moderator.
    Held,
    /// Kept from readers.
    Spam,
    /// Its words are gone; a tombstone holds its replies together.
    Deleted,
}

impl CommentState {
    /// As in addresses, in the database and in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Held => "held",
            Self::Spam => "spam",
            Self::Deleted => "deleted",
        }
    }
}

/// A comment as far as the order of its thread goes.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(from = "(i64, Option<i64>, u8, i64)")]
pub struct Node {
    /// Row id.
    pub id: CommentId,
    /// What it replies to.
    pub parent_id: Option<CommentId>,
    /// Stands first in its thread.
    pub is_pinned: bool,
    /// When it was sent.
    pub created_at: Time,
}

impl Node {
    /// Its place among others: the oldest first.
    pub fn place(&self) -> (Time, CommentId) {
        (self.created_at, self.id)
    }
}

impl From<(i64, Option<i64>, u8, i64)> for Node {
    /// As the database gives it.
    fn from((id, parent_id, is_pinned, created_at): (i64, Option<i64>, u8, i64)) -> Self {
        Self {
            id: CommentId(id),
            parent_id: parent_id.map(CommentId),
            is_pinned: is_pinned != 0,
            created_at: Time(created_at),
        }
    }
}

/// A comment in its thread. The words of one that is not approved are blank: it stands only for its replies.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Comment {
    /// Row id; `#comment-ID`.
    pub id: CommentId,
    /// Names the comment in feeds for ever.
    pub uuid: String,
    /// What it replies to.
    pub parent_id: Option<CommentId>,
    /// Whether readers see its words.
    pub is_approved: bool,
    /// Written by the blog's own people, signed in.
    pub is_own: bool,
    /// Stands first in its thread.
    pub is_pinned: bool,
    /// As typed, cleaned.
    pub name: String,
    /// http or https.
    pub website: Option<String>,
    /// Safe HTML.
    pub html: String,
    /// When it was acknowledged.
    pub created_at: Time,
    /// When it was changed after others may have answered it.
    pub edited_at: Option<Time>,
}

impl Comment {
    /// For the order of its thread.
    pub fn node(&self) -> Node {
        Node { id: self.id, parent_id: self.parent_id, is_pinned: self.is_pinned, created_at: self.created_at }
    }
}

/// A comment as whoever wrote it sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwnComment {
    /// Row id.
    pub id: CommentId,
    /// Its post.
    pub post_id: PostId,
    /// What it replies to.
    pub parent_id: Option<CommentId>,
    /// Where it is in its life.
    pub state: CommentState,
    /// As typed, cleaned.
    pub name: String,
    /// Shown to moderators only.
    pub email: Option<String>,
    /// http or https.
    pub website: Option<String>,
    /// As typed.
    pub source: String,
    /// The sender's network.
    pub network: String,
    /// Safe HTML.
    pub html: String,
    /// When it was acknowledged.
    pub created_at: Time,
    /// When it was changed after others may have answered it.
    pub edited_at: Option<Time>,
    /// Whether anything answers it.
    pub has_replies: bool,
}

/// Other words for a comment, judged.
#[derive(Clone, Debug)]
pub struct EditedComment {
    /// Where it was when it was judged.
    pub before: CommentState,
    /// Where it is from now on.
    pub state: CommentState,
    /// Names of the reasons for which it is held, apart by spaces.
    pub reason: String,
    /// As typed.
    pub source: String,
    /// Of what makes it the same as another: see `rules::digest`.
    pub digest: i64,
    /// Safe HTML.
    pub html: String,
    /// Whether it is shown as edited, and what it said before is kept.
    pub is_marked: bool,
}

/// A comment in a feed, with the post that it belongs to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FeedComment {
    /// The comment.
    #[sqlx(flatten)]
    pub comment: Comment,
    /// `urn:uuid` of the post.
    pub post_uuid: String,
    /// The post's permalink without its leading slash.
    pub post_path: String,
    /// The post's title.
    pub post_title: String,
    /// `urn:uuid` of the comment that it replies to, if that is approved.
    pub parent_uuid: Option<String>,
}

/// A comment as a moderator sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ModeratedComment {
    /// Row id.
    pub id: CommentId,
    /// Where it is in its life.
    pub state: CommentState,
    /// Written by the blog's own people.
    pub is_own: bool,
    /// As typed, cleaned.
    pub name: String,
    /// Shown to moderators only.
    pub email: Option<String>,
    /// http or https.
    pub website: Option<String>,
    /// Safe HTML.
    pub html: String,
    /// The sender's network.
    pub network: String,
    /// Why it was judged so: see `rules::judge::Reason`; apart by spaces.
    pub reason: String,
    /// When it was acknowledged.
    pub created_at: Time,
    /// Its post.
    pub post_id: PostId,
    /// Title of its post.
    pub post_title: String,
    /// Permalink of its post, if it has one.
    pub post_path: Option<String>,
    /// Name of the one replied to.
    pub parent_name: Option<String>,
}

impl ModeratedComment {
    /// Its place in the moderators' lists.
    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.created_at, id: self.id.0 }
    }
}

/// A comment on its way to the store, judged.
#[derive(Clone, Debug)]
pub struct NewComment {
    /// Names the comment in feeds for ever.
    pub uuid: String,
    /// Where it goes.
    pub post_id: PostId,
    /// What it replies to.
    pub parent_id: Option<CommentId>,
    /// Approved, held or spam.
    pub state: CommentState,
    /// The signed-in user who wrote it.
    pub user_id: Option<UserId>,
    /// Cleaned, visible.
    pub name: String,
    /// Shown to moderators only.
    pub email: Option<String>,
    /// http or https.
    pub website: Option<String>,
    /// As typed.
    pub source: String,
    /// Of what makes it the same as another: see `rules::digest`.
    pub digest: i64,
    /// Safe HTML.
    pub html: String,
    /// The sender's network.
    pub network: String,
    /// Why it was judged so: see `rules::judge::Reason`; apart by spaces.
    pub reason: String,
    /// SHA-256 of the author's link, where one was given.
    pub secret_hash: Option<String>,
    /// What its author asks to be mailed.
    pub wishes: Vec<Wish>,
}

/// What of a comment the judge reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Written {
    /// Cleaned, visible.
    pub name: String,
    /// As kept: lower case.
    pub email: Option<String>,
    /// http or https.
    pub website: Option<String>,
    /// As typed.
    pub source: String,
    /// The sender's network, as it is kept.
    pub network: String,
    /// The sender's address: known of what comes now, and never kept.
    #[sqlx(skip)]
    pub address: Option<IpAddr>,
}

/// What a comment was taught to the filter as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Lesson {
    /// A moderator approved it.
    Ham,
    /// A moderator called it spam.
    Spam,
}

/// A comment that came lately, with what it takes to judge it again.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PastComment {
    /// What it says.
    #[sqlx(flatten)]
    pub written: Written,
    /// Where it is now.
    pub state: CommentState,
    /// Written by the blog's own people.
    pub is_own: bool,
    /// As it was judged: reasons apart by spaces.
    pub reason: String,
    /// When it was acknowledged.
    pub created_at: Time,
    /// When its post went live, if it did.
    pub published_at: Option<Time>,
    /// How many by the same name and e-mail address had been approved by then; no more than a few are counted.
    pub approved_before: u32,
    /// What it taught.
    pub trained: Option<Lesson>,
    /// When it taught that.
    pub trained_at: Option<Time>,
}
