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

/// What someone may do; `rules::permission` says it in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, clap::ValueEnum)]
#[sqlx(rename_all = "lowercase")]
pub enum Role {
    /// Everything, settings included.
    Owner,
    /// All posts, pages, comments and media.
    Editor,
    /// Their own posts, which they publish.
    Author,
    /// Their own drafts, which an editor publishes.
    Contributor,
}

impl Role {
    /// From the most that may be done to the least.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Editor, Self::Author, Self::Contributor];

    /// As in forms, on the command line and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Editor => "editor",
            Self::Author => "author",
            Self::Contributor => "contributor",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
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

/// Whether a text has the form of an e-mail address: one `@`, a host with a dot, nothing that a header could not hold.
pub fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let is_plain =
        |part: &str| part.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\\\"@".contains(c));
    text.len() <= 254
        && !local.is_empty()
        && local.len() <= 64
        && is_plain(local)
        && is_plain(host)
        && host.contains('.')
        && host.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
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

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn an_address_has_one_at_and_a_host_with_a_dot() {
        for good in ["a@b.example", "first.last+tag@sub.blog.example", "käse@müller.example"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "@b.example",
            "a@",
            "a@b..example",
            "a@@b.example",
            "a b@c.example",
            "a@b.example\nBcc: c",
            "<a@b.example>",
            "a@-b.example",
        ] {
            assert!(!is_email(bad), "{bad:?}");
        }
    }
}
