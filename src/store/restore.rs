//! Putting a backup in the place of the database: proved first, in one step, and what was there is kept beside it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{ConnectOptions, Connection};

use super::{
    backup::Step,
    open::{OpenError, check_header, options},
    partial::{Partial, Waiting, folder_of, is_packed, room_in, wants_packing, with_ending},
    proof::{self, Disproof},
};
use crate::model::time::Time;

/// Refused while anybody else has the database open; takes the log into the file.
const ALONE: &str = "PRAGMA journal_mode = DELETE";

/// Why nothing was restored. The database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The backup is none, or cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The backup is damaged.
    #[error("{0} is damaged ({1}); restore another backup. The blog is as it was")]
    Unsound(PathBuf, String),
    /// Another program has the blog open.
    #[error("{0} is in use by another program: stop laman, then restore")]
    InUse(PathBuf),
    /// The file cannot be written, or there is no room.
    #[error("cannot write beside {0}: {1}. The blog is as it was")]
    Io(PathBuf, #[source] io::Error),
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Rows in all tables.
    pub rows: i64,
    /// Where the database that was there is now; `None`: there was none.
    pub before: Option<PathBuf>,
}

/// Puts the backup `from` in the place of `database`. Whoever calls holds the lock that a server holds.
///
/// # Errors
/// See [`RestoreError`].
pub async fn restore(
    from: &Path,
    database: &Path,
    now: Time,
    tell: impl Fn(Step) + Clone + Send + 'static,
) -> Result<Restored, RestoreError> {
    let io = |error| RestoreError::Io(database.to_owned(), error);
    let length = fs::metadata(from).map_err(|error| OpenError::Io(from.to_owned(), error))?.len();
    let is_packed = is_packed(from).map_err(|error| OpenError::Io(from.to_owned(), error))?;
    if !is_packed {
        check_header(from).map_err(|error| match error {
            OpenError::NotLaman(_) if wants_packing(from) => {
                RestoreError::Unsound(from.to_owned(), "it is not packed as its name says".to_owned())
            }
            error => error.into(),
        })?;
    }
    let room = room_in(folder_of(database)).map_err(io)?;
    if room < length {
        return Err(io(io::Error::other(format!(
            "{} MB of room are missing there",
            (length - room).div_ceil(1_000_000)
        ))));
    }
    let partial = Partial::begin(with_ending(database, ".restoring")).map_err(io)?;
    let partial = partial.ok_or_else(|| RestoreError::InUse(database.to_owned()))?;
    let (source, filled) = (from.to_owned(), tell.clone());
    let waiting = Waiting::default();
    let waited = waiting.other_end();
    let filling = tokio::task::spawn_blocking(move || {
        partial.fill(&source, &|done| {
            filled(Step::Copying(done, length));
            waited.still()
        })?;
        Ok(partial)
    });
    let partial =
        filling.await.map_err(io::Error::from).and_then(|filled| filled).map_err(|error| match error.kind() {
            // What is no packed file, or only part of one.
            io::ErrorKind::Other | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => {
                RestoreError::Unsound(from.to_owned(), error.to_string())
            }
            _ => io(error),
        })?;
    tell(Step::Proving);
    let counts = proof::prove(&partial.path).await.map_err(|error| match error {
        // It is the backup that is spoken of, not the copy of it.
        Disproof::Open(error) => error.about(from).into(),
        Disproof::Sqlite(error) => RestoreError::Unsound(from.to_owned(), error.to_string()),
        Disproof::Unsound(why) => RestoreError::Unsound(from.to_owned(), why),
    })?;
    partial.belong_like(if database.exists() { database } else { folder_of(database) });
    let before = set_aside(database, now).await?;
    partial.finish(database).map_err(io)?;
    Ok(Restored { rows: counts.values().sum(), before })
}

/// Gives the database that is there a second name, and takes away what belongs to it and not to its successor. It bears its
/// own name until the other takes it.
async fn set_aside(database: &Path, now: Time) -> Result<Option<PathBuf>, RestoreError> {
    let io = |error| RestoreError::Io(database.to_owned(), error);
    if database.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Ok(None);
    }
    // What is no database of ours is kept as it is.
    if check_header(database).is_ok() {
        leave(database).await?;
    }
    let kept = with_ending(database, &format!(".before-restore-{}", now.timestamp().strftime("%Y%m%d-%H%M%S")));
    if kept.symlink_metadata().is_ok() {
        return Err(io(io::Error::other(format!("there is a file {} already", kept.display()))));
    }
    // Not every file system knows second names.
    fs::hard_link(database, &kept).or_else(|_| fs::copy(database, &kept).map(drop)).map_err(io)?;
    for companion in ["-wal", "-shm"] {
        match fs::rename(with_ending(database, companion), with_ending(&kept, companion)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io(error)),
            _ => {}
        }
    }
    Ok(Some(kept))
}

/// Has the log in the file, and nobody at it. A database that is damaged keeps its log.
async fn leave(database: &Path) -> Result<(), RestoreError> {
    let alone = async {
        let mut connection = options(database).busy_timeout(Duration::ZERO).connect().await?;
        sqlx::query(ALONE).execute(&mut connection).await?;
        connection.close().await
    };
    match alone.await {
        Ok(()) => Ok(()),
        Err(error) => {
            // SQLite's BUSY 5 and LOCKED 6.
            let code =
                error.as_database_error().and_then(|error| error.code()).and_then(|code| code.parse::<i32>().ok());
            if code.is_some_and(|code| matches!(code & 0xff, 5 | 6)) {
                return Err(RestoreError::InUse(database.to_owned()));
            }
            tracing::warn!(%error, "the database that is replaced could not be closed well: it is kept with its log");
            Ok(())
        }
    }
}

#[cfg(test)]
statements!(ALONE);
