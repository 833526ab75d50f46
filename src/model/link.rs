//! What the links in mails do.

use super::{
    ids::{CommentId, PostId, UserId},
    time::Time,
};

/// What a link in a mail does, once its page's button is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum LinkAct {
    /// Publishes a comment.
    Approve,
    /// Puts a comment among spam.
    Spam,
    /// Deletes a comment.
    Delete,
    /// Says yes to mails to this address.
    Confirm,
    /// Opens a comment to whoever wrote it, without a button.
    Own,
    /// Ends all mail to this address, for ever.
    Never,
    /// Ends the mails to this address about a post, or all.
    Unsubscribe,
    /// Shows everything that is stored under this address.
    Data,
}

impl LinkAct {
    /// As in the database and in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Spam => "spam",
            Self::Delete => "delete",
            Self::Confirm => "confirm",
            Self::Own => "own",
            Self::Never => "never",
            Self::Unsubscribe => "unsubscribe",
            Self::Data => "data",
        }
    }

    /// How long it is good for, in days.
    pub fn days(self) -> i64 {
        match self {
            Self::Approve | Self::Spam | Self::Delete => 14,
            Self::Confirm => 7,
            // As long as browsers keep a cookie.
            Self::Own => 400,
            Self::Never | Self::Unsubscribe => 365,
            Self::Data => 1,
        }
    }
}

/// A link in a mail: whoever has its token may do what it does.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Link {
    /// SHA-256 of the token.
    pub token_hash: String,
    /// What it does.
    pub act: LinkAct,
    /// To whom it was mailed.
    pub email: String,
    /// The editor to whom it was mailed.
    pub user_id: Option<UserId>,
    /// About which post.
    pub post_id: Option<PostId>,
    /// To which comment.
    pub comment_id: Option<CommentId>,
    /// From then on it does nothing.
    pub expires_at: Time,
}
