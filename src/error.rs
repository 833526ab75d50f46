//! What can go wrong, in a handful of kinds; who shows it decides on the words.

/// Anything that keeps a request or a command from being done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the asker may not know of it.
    #[error("not found")]
    NotFound,
    /// Something lived there, and was deleted for good.
    #[error("gone")]
    Gone,
    /// The request cannot be read: a wrong id, a malformed form.
    #[error("the request could not be read: {0}")]
    BadRequest(&'static str),
    /// More was sent than is taken.
    #[error("too large")]
    TooLarge,
    /// Signed in, but this is for others.
    #[error("not allowed")]
    Forbidden,
    /// Nobody has set the blog up yet.
    #[error("the blog is not set up yet")]
    NotSetUp,
    /// Sent too often; try again after so many seconds.
    #[error("too many requests")]
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// Too much is under way; try again in a moment.
    #[error("too much is under way")]
    Busy,
    /// The disk is full, cannot be written, or the database is held by another for too long: nothing was changed.
    #[error("the database cannot be used now: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A fault of ours or of the machine.
    #[error("{0}")]
    Internal(String),
}

/// Shorthand.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<sqlx::Error> for Error {
    /// Sorts the database's refusals by who can do something about them.
    fn from(error: sqlx::Error) -> Self {
        // SQLite's primary result codes: BUSY 5, LOCKED 6, READONLY 8, IOERR 10, FULL 13, CANTOPEN 14.
        let primary_code = match &error {
            sqlx::Error::Database(database) => {
                database.code().and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff)
            }
            _ => None,
        };
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            error @ (sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) => Self::Unavailable(error),
            error if primary_code.is_some_and(|code| matches!(code, 5 | 6 | 8 | 10 | 13 | 14)) => {
                Self::Unavailable(error)
            }
            error => Self::Internal(error.to_string()),
        }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::Internal(format!("template: {error}"))
    }
}

impl From<tokio::task::JoinError> for Error {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Internal(error.to_string())
    }
}
