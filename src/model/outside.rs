//! The outside service that is asked whether a comment is spam: where it is, what it is asked, what it answers.

use std::fmt;

use super::{ids::CommentId, time::Time};

/// The service whose way of asking others have taken over.
pub const AKISMET: &str = "https://rest.akismet.com/1.1";

/// A service that is asked.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Service {
    /// `https://…`, without a slash at its end.
    pub address: String,
    /// Told to the service and to nobody else.
    pub key: String,
}

/// Without the key: what is printed may be logged.
impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

/// What a service said last.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Said {
    /// Its words, or the system's.
    pub words: String,
    /// When.
    pub at: Time,
}

/// How a question about a comment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is none.
    Ham,
    /// It is spam.
    Spam,
    /// It is spam that nobody need look at.
    Discard,
    /// None came, however often it was asked.
    Silence,
    /// The owner wants it asked no more.
    Unasked,
}

/// What the service is told where a moderator decided otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Correction {
    /// It is none.
    Ham,
    /// It is spam.
    Spam,
}

/// A comment that the service is to be asked about now, or told of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DueCheck {
    /// Row id.
    pub comment_id: CommentId,
    /// Names it from the first.
    pub uuid: String,
    /// Tries, this one included.
    pub tries: u32,
    /// When this try counts as lost: an answer that comes later, or to other words, is none.
    pub until: Time,
    /// `None`: it is asked.
    pub correction: Option<Correction>,
    /// As typed, cleaned.
    pub name: String,
    /// As kept: lower case.
    pub email: Option<String>,
    /// http or https.
    pub website: Option<String>,
    /// As typed.
    pub source: String,
    /// As it was judged: reasons apart by spaces.
    pub reason: String,
    /// Whether it answers another.
    pub is_reply: bool,
    /// When it was acknowledged.
    pub created_at: Time,
    /// Permalink of its post, without its leading slash.
    pub post_path: Option<String>,
}
