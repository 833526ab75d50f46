//! The blog's own people.

use super::{
    ids::UserId,
    listing::Cursor,
    time::{DAY_MILLIS, Time},
};

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

impl User {
    /// Whether another of them has the same name.
    pub fn has_namesake(&self, people: &[Self]) -> bool {
        people.iter().any(|other| other.id != self.id && other.name == self.name)
    }
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

/// One of the blog's people as the owner sees them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Person {
    /// Who it is.
    #[sqlx(flatten)]
    pub user: User,
    /// Since when they cannot sign in.
    pub disabled_at: Option<Time>,
    /// When they last used the desk.
    pub seen_at: Option<Time>,
    /// Whether an authenticator is asked for.
    pub has_second: bool,
    /// Posts with their name under them, in every state.
    pub posts: i64,
}

impl Person {
    /// Whether they are no more than a name under posts.
    pub fn is_name(&self) -> bool {
        self.user.email.is_none()
    }
}

/// Somebody who was asked to join and has not come yet.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Invitation {
    /// Lower case.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// The name under posts that becomes theirs.
    pub user_id: Option<UserId>,
    /// When they were asked.
    pub created_at: Time,
    /// From then on they cannot come any more.
    pub expires_at: Time,
}

/// What a one-time link through the door is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum KeyAct {
    /// To join.
    Join,
    /// To choose a new password.
    Reset,
}

impl KeyAct {
    /// How long it is good for, in milliseconds.
    pub fn life(self) -> i64 {
        match self {
            Self::Join => 7 * DAY_MILLIS,
            Self::Reset => 3_600_000,
        }
    }
}

/// What somebody shows of themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Profile {
    /// As readers see it.
    pub name: String,
    /// Plain text; may be empty.
    pub bio: String,
    /// http or https; may be empty.
    pub website: String,
    /// `/media/…`; empty: drawn initials.
    pub picture: String,
}

/// Where somebody is signed in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Device {
    /// Names the session to its holder; opens nothing.
    pub handle: String,
    /// Browser and system, as far as they are known.
    pub agent: String,
    /// /24 or /48.
    pub network: String,
    /// When it was opened.
    pub created_at: Time,
    /// When it was last used.
    pub seen_at: Time,
    /// Whether it is the one that asks.
    pub is_here: bool,
}

/// A key that signs in without a password.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Passkey {
    /// base64url.
    pub credential: String,
    /// Whose it is.
    pub user_id: UserId,
    /// As its owner calls it.
    pub name: String,
    /// COSE.
    pub public_key: Vec<u8>,
    /// How often it has signed, where it counts.
    pub counter: u32,
    /// When it was added.
    pub created_at: Time,
    /// When it last signed in.
    pub used_at: Option<Time>,
}

/// An authenticator that is asked for at the door.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Authenticator {
    /// What its codes are made of.
    pub secret: Vec<u8>,
    /// Of the last code that was taken.
    pub step: i64,
}

/// What the log tells of; each has its words, `log-…`.
pub const ACTS: &[&str] = &[
    "sign-in",
    "sign-in-failed",
    "reset-asked",
    "reset",
    "password",
    "profile",
    "add",
    "invite",
    "revoke",
    "join",
    "role-owner",
    "role-editor",
    "role-author",
    "role-contributor",
    "disable",
    "enable",
    "second-on",
    "second-off",
    "passkey-add",
    "passkey-remove",
    "save",
    "publish",
    "update",
    "unpublish",
    "bring-back",
    "discard",
    "trash",
    "restore",
    "posts-publish",
    "posts-unpublish",
    "posts-tag",
    "posts-untag",
    "posts-trash",
    "posts-restore",
    "posts-undo",
    "post-delete",
    "readers-on",
    "readers-off",
    "hand-in",
    "take-back",
    "share",
    "unshare",
    "settings",
    "settings-comments",
    "settings-appearance",
    "settings-reading",
    "settings-mail",
    "settings-outside",
    "settings-backup",
    "backup",
    "export",
    "import",
    "trust-line",
    "spam-line",
    "unlist-line",
    "redirect-add",
    "redirect-remove",
    "media-add",
    "media-replace",
    "media-delete",
    "comments-approve",
    "comments-hold",
    "comments-spam",
    "comments-trash",
    "comments-restore",
    "comments-delete",
    "comments-undo",
    "comment-edit",
    "comment-move",
    "comment-pin",
    "comment-unpin",
    "thread-open",
    "thread-close",
];

/// A line of the log.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Logged {
    /// Row id.
    pub id: i64,
    /// When.
    pub at: Time,
    /// Who; `None`: nobody who is known.
    pub name: Option<String>,
    /// What they did; a word of the family `log-`.
    pub act: String,
    /// To what or whom.
    pub subject: String,
}

impl Logged {
    /// Its place in the log.
    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.at, id: self.id }
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
