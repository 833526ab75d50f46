//! The blog's own people.

use super::{ids::UserId, time::Time};

/// Someone who can sign in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct User {
    /// Row id.
    pub id: UserId,
    /// As readers see it.
    pub name: String,
    /// `/author/SLUG`.
    pub slug: String,
    /// The sign-in name; readers never see it. `None`: cannot sign in.
    pub email: Option<String>,
    /// What they may do.
    pub role: Role,
}

/// What someone may do. `Author` is a name under posts that cannot sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, clap::ValueEnum)]
#[sqlx(rename_all = "lowercase")]
pub enum Role {
    /// Everything, settings included.
    Owner,
    /// Posts, pages and comments.
    Editor,
    /// Nothing: named by an import.
    #[value(skip)]
    Author,
}

impl Role {
    /// As on the command line and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Editor => "editor",
            Self::Author => "author",
        }
    }
}

/// The name under a post.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Author {
    /// Plain text.
    pub name: String,
    /// `/author/SLUG`.
    pub slug: String,
}

/// What signing in compares against.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Credentials {
    /// Whose they are.
    pub user_id: UserId,
    /// PHC string.
    pub password_hash: String,
}

/// How long a session lives without being used: 30 days.
pub const SESSION_IDLE_MILLIS: i64 = 30 * 24 * 3_600_000;
/// How long a session lives however much it is used: 180 days.
pub const SESSION_LIFE_MILLIS: i64 = 180 * 24 * 3_600_000;

/// A signed-in user and when they were last noted as seen.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SessionUser {
    /// Who it is.
    #[sqlx(flatten)]
    pub user: User,
    /// Written at most every few minutes.
    pub seen_at: Time,
}
