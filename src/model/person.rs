//! What is kept of a person: everything under one e-mail address.

use super::{
    comment::CommentState,
    mail::{MailKind, MailState},
    time::Time,
    wish::Wish,
};

/// Everything that is kept under an e-mail address.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Lower case.
    pub email: String,
    /// When its holder said yes to mails.
    pub confirmed_at: Option<Time>,
    /// Oldest first.
    pub comments: Vec<KeptComment>,
    /// What was asked to be mailed.
    pub wishes: Vec<KeptWish>,
    /// What was mailed.
    pub mails: Vec<KeptMail>,
}

/// A comment with everything that its author left with it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KeptComment {
    /// Where it is in its life.
    pub state: CommentState,
    /// As typed, cleaned.
    pub name: String,
    /// http or https.
    pub website: Option<String>,
    /// Markdown, as typed.
    pub source: String,
    /// What it said before, oldest first.
    #[sqlx(json)]
    pub earlier: Vec<String>,
    /// The sender's network.
    pub network: String,
    /// When it was acknowledged.
    pub created_at: Time,
    /// Title of its post.
    pub post_title: String,
}

/// Something that was asked to be mailed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KeptWish {
    /// What.
    pub wish: Wish,
    /// Title of the post that it is about.
    pub post_title: String,
    /// When it was asked.
    pub created_at: Time,
}

/// A mail to the address.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KeptMail {
    /// What it is about.
    pub kind: MailKind,
    /// How far it has come.
    pub state: MailState,
    /// When it was queued.
    pub created_at: Time,
}
