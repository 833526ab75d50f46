//! What people ask to be mailed.

/// When an editor is mailed about new comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Notice {
    /// Never.
    None,
    /// At once.
    Once,
    /// Once an hour, if there are any.
    Hourly,
    /// Once a day.
    Daily,
}

impl Notice {
    /// In the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::None, Self::Once, Self::Hourly, Self::Daily];

    /// As in the form and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Once => "once",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
        }
    }
}

/// What a commenter asks to be mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Wish {
    /// Replies to this comment.
    Replies,
    /// Every new comment under the post.
    Thread,
    /// Whether this comment is published.
    Verdict,
}

impl Wish {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Replies, Self::Thread, Self::Verdict];

    /// As in the form and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replies => "replies",
            Self::Thread => "thread",
            Self::Verdict => "verdict",
        }
    }
}
