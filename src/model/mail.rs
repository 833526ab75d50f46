//! Mail: how it leaves, what waits to be sent, what people asked to be told, and what the links in it do.

use std::fmt;

use super::{
    comment::CommentState,
    ids::{CommentId, MailId, PostId, UserId},
    listing::Cursor,
    time::Time,
};

/// How a connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum Security {
    /// From the first byte.
    Tls,
    /// After asking for it.
    StartTls,
    /// Not at all: for a server on the same machine.
    None,
}

impl Security {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Tls, Self::StartTls, Self::None];

    /// As in the form, in the configuration and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::StartTls => "starttls",
            Self::None => "none",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }

    /// Where servers usually listen for it.
    pub fn port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::StartTls => 587,
            Self::None => 25,
        }
    }
}

/// The server that takes mail from us.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Smtp {
    /// Name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Empty: it wants no sign-in.
    pub user: String,
    /// Told to the server and to nobody else.
    pub password: String,
    /// The address that mails come from.
    pub sender: String,
}

/// Without the password: what is printed may be logged.
impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}:{} ({})", self.user, self.host, self.port, self.security.as_str())
    }
}

/// What a mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum MailKind {
    /// To whoever asked to be told of new comments: here is one.
    Reply,
    /// To an address that somebody typed: do you want these mails?
    Confirm,
    /// To a comment's author: it was published.
    Published,
    /// To a comment's author: it was not.
    Refused,
    /// To an editor: a new comment.
    Notice,
    /// To an editor: the new comments of an hour or a day.
    Digest,
    /// To an address: the link to everything that is stored under it.
    Data,
}

impl MailKind {
    /// As in the database and in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Confirm => "confirm",
            Self::Published => "published",
            Self::Refused => "refused",
            Self::Notice => "notice",
            Self::Digest => "digest",
            Self::Data => "data",
        }
    }
}

/// How far a mail has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum MailState {
    /// For its first try, or the next.
    Waiting,
    /// A try is under way, or was cut short.
    Sending,
    /// The server took it.
    Sent,
    /// Given up.
    Failed,
    /// What it told of was gone before it was sent.
    Withdrawn,
}

impl MailState {
    /// As in the database and in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A mail whose time has come.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DueMail {
    /// Row id.
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// To whom.
    pub recipient: String,
    /// The editor who is told.
    pub user_id: Option<UserId>,
    /// Of which post it tells.
    pub post_id: Option<PostId>,
    /// Of which comment; `None` also where that has gone.
    pub comment_id: Option<CommentId>,
    /// Tries, this one included.
    pub tries: u32,
    /// When it was queued.
    pub created_at: Time,
}

/// A mail in the owner's log.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LoggedMail {
    /// Row id.
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// To whom.
    pub recipient: String,
    /// How far it has come.
    pub state: MailState,
    /// Tries so far.
    pub tries: u32,
    /// When the next try comes, where one does.
    pub next_at: Time,
    /// The server's last words.
    pub reply: String,
    /// When it was queued.
    pub created_at: Time,
}

impl LoggedMail {
    /// Its place in the log.
    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.created_at, id: self.id.0 }
    }

    /// Whether it can be tried again by hand.
    pub fn is_failed(&self) -> bool {
        self.state == MailState::Failed
    }
}

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
            Self::Unsubscribe => "unsubscribe",
            Self::Data => "data",
        }
    }

    /// How long it is good for, in days.
    pub fn days(self) -> i64 {
        match self {
            Self::Approve | Self::Spam | Self::Delete => 14,
            Self::Confirm => 7,
            Self::Unsubscribe => 365,
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

/// What mails say of a comment.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MailedComment {
    /// Row id.
    pub id: CommentId,
    /// Where it is in its life.
    pub state: CommentState,
    /// As typed, cleaned.
    pub name: String,
    /// For editors alone.
    pub email: Option<String>,
    /// http or https.
    pub website: Option<String>,
    /// Markdown, as typed.
    pub source: String,
    /// The sender's network, for editors alone.
    pub network: String,
    /// Why it waits.
    pub reason: String,
    /// When it was acknowledged.
    pub created_at: Time,
}

/// What mails say of a post.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MailedPost {
    /// `urn:uuid` of the post.
    pub uuid: String,
    /// Its title.
    pub title: String,
    /// Its permalink without leading slash, where readers see it.
    pub path: Option<String>,
}

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
