//! What the owner decides about the blog.

use jiff::tz::TimeZone;

use super::language::Language;

/// The title and description are plain text; the zone is checked when it is read and when it is written.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Names the blog in feeds, whatever its address becomes.
    pub uuid: String,
    /// The blog's name.
    pub title: String,
    /// One line under the name; may be empty.
    pub description: String,
    /// Of the posts and of every word around them.
    pub language: Language,
    /// Days begin and end in this zone.
    pub zone: TimeZone,
    /// IANA name of `zone`.
    pub zone_name: String,
    /// 1 to 50.
    pub posts_per_page: u32,
    /// Whose comments wait for a moderator.
    pub comment_hold: CommentHold,
    /// The switch that stops all comments.
    pub comments_open: bool,
    /// For so long an unanswered comment may be changed without a mark.
    pub edit_minutes: u32,
    /// How many comments to a post, with all their replies, stand on one page. 1 to 500.
    pub comments_per_page: u32,
    /// Whether the newest comment to a post stands first.
    pub newest_comments_first: bool,
}

impl Settings {
    /// What a blog is until its owner says otherwise; each call names another blog.
    pub fn initial(language: Language) -> Self {
        Self {
            uuid: uuid::Uuid::new_v4().to_string(),
            title: "Laman".to_owned(),
            description: String::new(),
            language,
            zone: TimeZone::UTC,
            zone_name: "UTC".to_owned(),
            posts_per_page: 10,
            comment_hold: CommentHold::First,
            comments_open: true,
            edit_minutes: 15,
            comments_per_page: 50,
            newest_comments_first: false,
        }
    }
}

/// Whose comments wait for a moderator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, serde::Deserialize)]
#[sqlx(rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum CommentHold {
    /// Everybody's.
    All,
    /// Theirs who had no comment approved before.
    First,
    /// Nobody's, but for what looks like spam.
    None,
}

impl CommentHold {
    /// As in the form and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::First => "first",
            Self::None => "none",
        }
    }
}
