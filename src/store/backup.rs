//! Backups: a copy of the database as it stood at one moment, made while others read and write, and proved before it gets
//! its name.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::{
    Store,
    open::{OpenError, check_header, options},
    partial::{Partial, Waiting, folder_of, room_in, wants_packing, with_ending},
    proof::{self, Counts, Disproof},
};

/// On a busy blog the moment for a snapshot is waited for so long.
const WAIT: Duration = Duration::from_secs(60);
/// How often it is looked whether the copy has begun: until then nobody writes.
const BEGUN: Duration = Duration::from_millis(1);
/// How often it is told how far the copy is.
const TELL: Duration = Duration::from_millis(100);
/// Left free on the disk, for whatever else is written there.
const MARGIN: u64 = 16 * 1024 * 1024;

const HOLD: &str = "BEGIN IMMEDIATE";
const BEGIN: &str = "BEGIN";
const LOOK: &str = "SELECT count(*) FROM sqlite_schema";
const SIZE: &str = "SELECT (page_count - freelist_count) * page_size \
                    FROM pragma_page_count CROSS JOIN pragma_freelist_count CROSS JOIN pragma_page_size";
const COPY: &str = "VACUUM INTO $1";

/// How far a backup, or what comes back from one, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many of so many bytes are copied.
    Copying(u64, u64),
    /// The copy is looked at.
    Proving,
    /// So many of so many bytes are packed.
    Packing(u64, u64),
}

/// Whether a file that bears the name already may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// It stays, and there is no backup.
    Keep,
    /// The new one takes its place.
    Replace,
}

/// A backup that is on disk and was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// Of the file.
    pub bytes: u64,
    /// Tables whose rows were counted, here and there.
    pub tables: usize,
    /// Rows in all of them.
    pub rows: i64,
}

/// Why there is no backup. What was begun of one is gone.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Nothing is written over.
    #[error("there is a file {0} already; name another, or move that one away")]
    Exists(PathBuf),
    /// By another process.
    #[error("{0} is being written by another laman; wait for it to end")]
    Busy(PathBuf),
    /// The disk is too full.
    #[error("{folder} has room for {} MB, and {} MB are needed; make room there, or name another folder", has / 1_000_000, needs.div_ceil(1_000_000))]
    NoRoom {
        /// Where the backup was to go.
        folder: PathBuf,
        /// Bytes that it may take while it is made.
        needs: u64,
        /// Bytes that there are.
        has: u64,
    },
    /// It cannot be written.
    #[error("cannot write {0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// The database is no database of ours, or cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The copy is not what it should be; most often since the database is not.
    #[error("the copy of {0} is not sound, and was removed ({1}); see what laman check says")]
    Unsound(PathBuf, String),
}

/// How many bytes can still be written beside a file.
///
/// # Errors
/// The system's.
pub fn room_beside(file: &Path) -> io::Result<u64> {
    room_in(folder_of(file))
}

impl BackupError {
    /// A word for its kind.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Exists(_) => "exists",
            Self::Busy(_) => "busy",
            Self::NoRoom { .. } => "no-room",
            Self::Io(..) => "io",
            Self::Open(_) => "open",
            Self::Unsound(..) => "unsound",
        }
    }
}

impl Store {
    /// Backs this blog up: see [`back_up`].
    ///
    /// # Errors
    /// See [`BackupError`].
    pub async fn back_up(
        &self,
        to: &Path,
        over: Over,
        tell: impl Fn(Step) + Clone + Send + 'static,
    ) -> Result<BackedUp, BackupError> {
        back_up(&self.file, to, over, tell).await
    }
}

/// Copies the database to `to`, packed where that name ends in `.zst`. Readers and writers go on, but for the milliseconds in
/// which the copy begins. It is proved before it gets its name: sound, and with as many rows in each table as the original
/// had at that very moment.
///
/// # Errors
/// See [`BackupError`].
pub async fn back_up(
    database: &Path,
    to: &Path,
    over: Over,
    tell: impl Fn(Step) + Clone + Send + 'static,
) -> Result<BackedUp, BackupError> {
    check_header(database)?;
    let io = |error| BackupError::Io(to.to_owned(), error);
    let begin = |ending| {
        let partial = Partial::begin(with_ending(to, ending)).map_err(io)?;
        partial.ok_or_else(|| BackupError::Busy(to.to_owned()))
    };
    let is_there = || over == Over::Keep && to.symlink_metadata().is_ok();
    if is_there() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let waiting = Waiting::default();
    let mut partial = begin(".partial")?;
    let counts = copy(database, to, &partial, &tell).await.map_err(|error| match error {
        Copying::Sqlite(error) => OpenError::of(database, error).into(),
        Copying::Backup(error) => error,
    })?;
    tell(Step::Proving);
    let proved = proof::prove(&partial.path).await.map_err(|error| match error {
        Disproof::Open(error) => error.into(),
        Disproof::Sqlite(error) => BackupError::Unsound(database.to_owned(), error.to_string()),
        Disproof::Unsound(why) => BackupError::Unsound(database.to_owned(), why),
    })?;
    if let Some(why) = difference(&counts, &proved) {
        return Err(BackupError::Unsound(database.to_owned(), why));
    }
    if wants_packing(to) {
        let (packed, of) = (begin(".packing")?, partial.len());
        let waited = waiting.other_end();
        let packing = tokio::task::spawn_blocking(move || {
            packed.pack(&partial.path, &|done| {
                tell(Step::Packing(done, of));
                waited.still()
            })?;
            Ok(packed)
        });
        partial = packing.await.map_err(io::Error::from).and_then(|packed| packed).map_err(io)?;
    }
    if is_there() {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let bytes = partial.len();
    let name = to.to_owned();
    let finishing = tokio::task::spawn_blocking(move || partial.finish(&name));
    finishing.await.map_err(io::Error::from).and_then(|done| done).map_err(io)?;
    Ok(BackedUp { bytes, tables: counts.len(), rows: counts.values().sum() })
}

enum Copying {
    Sqlite(sqlx::Error),
    Backup(BackupError),
}

impl From<sqlx::Error> for Copying {
    fn from(error: sqlx::Error) -> Self {
        Self::Sqlite(error)
    }
}

/// Whether a database of so many bytes can be backed up where so many are free: one that is packed lies there whole before.
fn check_room(to: &Path, size: u64, has: u64) -> Result<(), BackupError> {
    let needs = if wants_packing(to) { size.saturating_mul(2) } else { size }.saturating_add(MARGIN);
    if has < needs { Err(BackupError::NoRoom { folder: folder_of(to).to_owned(), needs, has }) } else { Ok(()) }
}

/// Copies the database as it stands, and counts its rows as they stand then. The copy has a snapshot of its own, which is
/// not to be had for counting: so a second one is taken before it, and nobody writes until the copy has begun.
async fn copy(database: &Path, to: &Path, partial: &Partial, tell: &(impl Fn(Step) + Send)) -> Result<Counts, Copying> {
    let io = |error| Copying::Backup(BackupError::Io(to.to_owned(), error));
    let target = partial.path.to_str().ok_or_else(|| io(io::Error::other("its name is not UTF-8")))?.to_owned();
    // The one that may write comes first: after it the file is as the others want it.
    let mut holder = options(database).busy_timeout(WAIT).connect().await?;
    let mut witness = options(database).read_only(true).connect().await?;
    // Little is held in memory of what is written: that a copy has begun is seen by the size of its file.
    let mut copier = options(database).read_only(true).pragma("cache_size", "-512").connect().await?;
    sqlx::query(HOLD).execute(&mut holder).await?;
    sqlx::query(BEGIN).execute(&mut witness).await?;
    sqlx::query(LOOK).execute(&mut witness).await?;
    let size: i64 = sqlx::query_scalar(SIZE).fetch_one(&mut witness).await?;
    let size = u64::try_from(size).unwrap_or_default();
    let has = room_in(folder_of(to)).map_err(io)?;
    check_room(to, size, has).map_err(Copying::Backup)?;
    let mut held: Option<SqliteConnection> = Some(holder);
    {
        let mut copying = std::pin::pin!(sqlx::query(COPY).bind(target).execute(&mut copier));
        loop {
            tokio::select! {
                done = &mut copying => break done.map(drop)?,
                () = tokio::time::sleep(if held.is_some() { BEGUN } else { TELL }) => {
                    let done = partial.len();
                    if done > 0 && let Some(holder) = held.take() {
                        holder.close().await?;
                    }
                    tell(Step::Copying(done.min(size), size));
                }
            }
        }
    }
    if let Some(holder) = held {
        holder.close().await?;
    }
    let counts = proof::counts(&mut witness).await?;
    witness.close().await?;
    copier.close().await?;
    Ok(counts)
}

/// The first table in which there are not as many rows.
fn difference(original: &Counts, copy: &Counts) -> Option<String> {
    let tables = original.keys().chain(copy.keys());
    let mut unequal = tables.filter(|table| original.get(*table) != copy.get(*table));
    unequal.next().map(|table| {
        let rows = |counts: &Counts| counts.get(table).map_or("no".to_owned(), ToString::to_string);
        format!("{table} has {} rows, and {} in the copy", rows(original), rows(copy))
    })
}

#[cfg(test)]
statements!(HOLD, BEGIN, LOOK, SIZE, COPY);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_not_begun_where_there_is_no_room_for_it_and_the_refusal_says_how_much_there_must_be() {
        let of = |name, has| check_room(Path::new(name), 100_000_000, has).map_err(|error| error.to_string());
        assert!(of("/b/x.db", 100_000_000 + MARGIN).is_ok() && of("/b/x.db.zst", 200_000_000 + MARGIN).is_ok());
        let refused = of("/b/x.db.zst", 150_000_000).unwrap_err();
        assert!(refused.contains("/b has room for 150 MB, and 217 MB are needed"), "{refused}");
        assert!(of("/b/x.db", 100_000_000).is_err());
        assert!(check_room(Path::new("x.zst"), u64::MAX, u64::MAX - 1).is_err());
    }
}
