//! What the owner decides about the blog.

use jiff::tz::TimeZone;

use super::{
    language::Language,
    post::{PostComments, PostKind},
    time::{DAY_MILLIS, Time},
};

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
    /// How many posts feeds hold: 1 to 100.
    pub feed_posts: u32,
    /// Whether feeds hold whole posts, or only how they begin.
    pub feeds_are_full: bool,
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
    /// What makes a comment wait, or spam.
    pub policy: CommentPolicy,
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
            feed_posts: 20,
            feeds_are_full: true,
            comment_hold: CommentHold::First,
            comments_open: true,
            edit_minutes: 15,
            comments_per_page: 50,
            newest_comments_first: false,
            policy: CommentPolicy::default(),
        }
    }

    /// From when on readers cannot comment on what was published at this moment; pages stay open.
    pub fn closes_at(&self, kind: PostKind, published_at: Time) -> Option<Time> {
        let closes = kind == PostKind::Post && self.policy.close_after_days > 0;
        closes.then(|| published_at.plus(i64::from(self.policy.close_after_days) * DAY_MILLIS))
    }

    /// Whether readers may comment on a post now.
    pub fn takes_comments(&self, kind: PostKind, comments: PostComments, published_at: Time, now: Time) -> bool {
        self.comments_open
            && comments == PostComments::Open
            && self.closes_at(kind, published_at).is_none_or(|closes_at| now < closes_at)
    }
}

/// What makes a comment wait, or spam, beside [`CommentHold`]. Points are in tenths.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CommentPolicy {
    /// On older posts every comment waits; 0: on none.
    pub hold_after_days: u32,
    /// Older posts take no comments; 0: all do.
    pub close_after_days: u32,
    /// From so many points on a comment waits.
    pub hold_at: i32,
    /// From so many points on it is spam.
    pub spam_at: i32,
    /// When more than so many arrive in ten minutes, all wait; 0: never.
    pub storm_at: u32,
    /// Words, domains, addresses and networks that make a comment wait, one a line.
    pub hold_list: String,
    /// Likewise, that make it spam.
    pub spam_list: String,
    /// People who are as good as known, one a line: `Name <address>`, or an e-mail address.
    pub trust_list: String,
    /// Whether browsers are asked to work for a comment, which lowers its points.
    pub wants_work: bool,
}

impl Default for CommentPolicy {
    fn default() -> Self {
        Self {
            hold_after_days: 0,
            close_after_days: 0,
            hold_at: 20,
            spam_at: 50,
            storm_at: 60,
            hold_list: String::new(),
            spam_list: String::new(),
            trust_list: String::new(),
            wants_work: false,
        }
    }
}

/// The lists that moderators add to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// [`CommentPolicy::spam_list`]
    Spam,
    /// [`CommentPolicy::trust_list`]
    Trust,
}

impl List {
    /// As in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Trust => "trust",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Spam, Self::Trust].into_iter().find(|list| list.as_str() == name)
    }
}

/// Longest list, in characters.
pub const MAX_LIST: usize = 20_000;

impl CommentPolicy {
    /// What stands in a list.
    pub fn list(&self, list: List) -> &str {
        match list {
            List::Spam => &self.spam_list,
            List::Trust => &self.trust_list,
        }
    }

    /// Whether a line stands in a list.
    pub fn lists(&self, list: List, line: &str) -> bool {
        self.list(list).lines().any(|other| other.trim() == line)
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
