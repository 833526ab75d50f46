//! Mail: how it leaves, what waits to be sent, and what it tells of.

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

/// What the configuration says of mail.
#[derive(Clone, Debug, Default)]
pub struct MailConfig {
    /// The server that takes mail; `None`: the one that the owner names, if any.
    pub smtp: Option<Smtp>,
    /// Certificates, in PEM, of an authority that is believed beside those that everybody believes.
    pub ca: Option<String>,
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
    /// To a comment's author: the link to change it.
    Own,
    /// To an editor: a new comment.
    Notice,
    /// To an editor: the new comments of an hour or a day.
    Digest,
    /// To the owner: comments come so fast that all of them wait.
    Storm,
    /// To an address: the link to everything that is stored under it.
    Data,
    /// To somebody who is asked to join.
    Join,
    /// To one of us: the link to a new password.
    Reset,
    /// To the owner: a backup that was due could not be made.
    Backup,
}

impl MailKind {
    /// As in the database and in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Confirm => "confirm",
            Self::Published => "published",
            Self::Refused => "refused",
            Self::Own => "own",
            Self::Notice => "notice",
            Self::Digest => "digest",
            Self::Storm => "storm",
            Self::Data => "data",
            Self::Join => "join",
            Self::Reset => "reset",
            Self::Backup => "backup",
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
