//! Writing: those who come while another is at it share its transaction, and its one sync of the disk.
//!
//! There is one connection that writes. A write waits for its turn on it, works within a savepoint of the transaction that
//! is open (or opens one), and gives the connection to the next. Behind whoever stands in line by then waits the end of the
//! transaction; each write is told only when it is over. A write that comes alone is its own transaction and waits for
//! nobody. What has come into the log is taken into the file afterwards, when everybody has been told.

use std::{
    io,
    ops::{Deref, DerefMut},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{
    runtime::Handle,
    sync::{Mutex, Notify, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, watch},
};

use crate::{
    error::{Error, Result},
    model::change::{Change, Changes},
};

/// More writes than this do not wait: they would wait in vain.
const PLACES: usize = 256;
/// The longest wait for a turn. Longer than SQLite waits for another process, so that its answer comes first.
const PATIENCE: Duration = Duration::from_secs(8);
/// Pages in the log (of 4 KiB each) at which it is taken into the file.
const LOG_PAGES: i64 = 4_000;
/// The log is looked at after so many transactions.
const LOOK_EVERY: u32 = 4;

const OPEN: &str = "BEGIN IMMEDIATE; SAVEPOINT work";
const NEXT: &str = "RELEASE work; SAVEPOINT work";
const UNDO: &str = "ROLLBACK TO work";
const ONLY_SAVEPOINT: &str = "SAVEPOINT work";
/// Refused inside a transaction: so it tells whether there is one.
const PROBE: &str = "BEGIN";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";
/// Changes when another process has written, and not when we have.
const DATA_VERSION: &str = "PRAGMA data_version";
const LOG_SIZE: &str = "PRAGMA wal_checkpoint(NOOP)";
const TAKE_IN: &str = "PRAGMA wal_checkpoint(PASSIVE)";
/// Waits for the readers of the old log to end …
const BEGIN_LOG_ANEW: &str = "PRAGMA wal_checkpoint(RESTART)";
/// … but not for one that stays: a back-up may read for minutes.
const SHORTLY: &str = "PRAGMA busy_timeout = 100";
const PATIENTLY: &str = "PRAGMA busy_timeout = 5000";
/// A savepoint keeps what the pages were before it, 64 KiB of that in memory and then in a file: a comment changes as many
/// pages, and all others of its transaction would write theirs into that file too. Set after migrating, which sorts whole
/// tables.
const UNDO_IN_MEMORY: &str = "PRAGMA temp_store = memory";
const EMPTY_LOG: &str = "PRAGMA wal_checkpoint(TRUNCATE)";
const OPTIMIZE: &str = "PRAGMA optimize";

/// What the writer has done since the start, for whoever watches.
#[derive(Debug, Default)]
pub struct WriteCounts {
    /// Transactions committed: each is one sync of the disk.
    pub commits: AtomicU64,
    /// Writes acknowledged.
    pub writes: AtomicU64,
    /// Writes that were turned away because too many were waiting.
    pub refused: AtomicU64,
    /// Times that the log was taken into the file.
    pub checkpoints: AtomicU64,
}

/// The one connection that writes, and the line before it.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pen: Arc<Mutex<Pen>>,
    places: Arc<Semaphore>,
    pub(super) changes: Arc<Changes>,
    pub(super) counts: Arc<WriteCounts>,
    pub(super) mailing: Arc<Mailing>,
}

/// Whether mails can leave, and who is told that one waits.
#[derive(Debug, Default)]
pub(super) struct Mailing {
    /// The configuration names a server.
    pub(super) is_configured: AtomicBool,
    /// The owner named one.
    pub(super) is_set: AtomicBool,
    /// Woken when a write that queued a mail is on disk.
    pub(super) queued: Notify,
}

impl Mailing {
    pub(super) fn works(&self) -> bool {
        self.is_configured.load(Ordering::Relaxed) || self.is_set.load(Ordering::Relaxed)
    }
}

/// What whoever has the turn holds.
#[derive(Debug)]
struct Pen {
    options: SqliteConnectOptions,
    /// `None`: it failed in a way that leaves its state open; the next write makes a new one.
    connection: Option<SqliteConnection>,
    batch: Option<Batch>,
    data_version: Option<i64>,
    /// Size of the log, in pages, at which it is looked after.
    look_at: i64,
    /// Transactions since the log was looked at.
    unlooked: u32,
    is_closed: bool,
}

/// An open transaction.
#[derive(Debug)]
struct Batch {
    /// Of the writes that are done.
    changes: Vec<Change>,
    last: Last,
    /// Whether somebody waits in line to end it.
    has_end: bool,
    /// Whether it was asked if there is a transaction, and the answer did not come: the asking may have opened one.
    is_doubtful: bool,
    told: watch::Sender<Option<Told>>,
}

/// How the savepoint stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    /// Its write is done.
    Done,
    /// Its write was given up, or is still at it.
    Open,
}

type Told = std::result::Result<(), Arc<str>>;

impl Writer {
    /// Over `connection`, which `options` made, and by which they make another where it fails.
    pub(super) async fn new(mut connection: SqliteConnection, options: SqliteConnectOptions) -> sqlx::Result<Self> {
        // What others write from here on is noted.
        let data_version = Some(sqlx::query_scalar(DATA_VERSION).fetch_one(&mut connection).await?);
        sqlx::query(UNDO_IN_MEMORY).execute(&mut connection).await?;
        let pen = Pen {
            options: options.pragma("temp_store", "memory"),
            connection: Some(connection),
            batch: None,
            data_version,
            look_at: LOG_PAGES,
            unlooked: 0,
            is_closed: false,
        };
        Ok(Self {
            pen: Arc::new(Mutex::new(pen)),
            places: Arc::new(Semaphore::new(PLACES)),
            changes: Arc::default(),
            counts: Arc::default(),
            mailing: Arc::default(),
        })
    }

    /// Waits for its turn and begins. [`Error::Busy`] when the line is too long.
    pub(super) async fn write(&self) -> Result<Write> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| {
            self.counts.refused.fetch_add(1, Ordering::Relaxed);
            Error::Busy
        })?;
        let pen = self.turn().await?;
        // From here on leaving by any way ends the transaction: see Drop.
        let mut write = Write { pen: Some(pen), writer: self.clone(), has_mail: false, _place: place };
        write.pen()?.begin().await?;
        Ok(write)
    }

    async fn turn(&self) -> Result<OwnedMutexGuard<Pen>> {
        tokio::time::timeout(PATIENCE, self.pen.clone().lock_owned())
            .await
            .map_err(|_| not_now("the database did not take the writes before this one"))
    }

    /// Puts the end of the transaction in line.
    fn end_later(&self, batch: &mut Batch) {
        if batch.has_end {
            return;
        }
        batch.has_end = true;
        let writer = self.clone();
        // On its own: a client that hangs up must not keep others from being told. Without a runtime the program is over.
        let Ok(runtime) = Handle::try_current() else { return };
        runtime.spawn(async move {
            let mut pen = writer.pen.lock().await;
            if let Some(batch) = &mut pen.batch {
                // Should this come to nothing, the next write puts another end in line.
                batch.has_end = false;
            }
            pen.end(&writer.changes, &writer.counts).await;
            pen.look_after_log(&writer.counts).await;
        });
    }

    /// Notes what other processes have written since the last time.
    pub(super) async fn look_for_others(&self) -> Result<()> {
        let mut pen = self.turn().await?;
        let version: i64 = sqlx::query_scalar(DATA_VERSION).fetch_one(pen.connection().await?).await?;
        let before = pen.data_version.replace(version);
        if before != Some(version) {
            self.changes.note(&Change::Everything);
        }
        Ok(())
    }

    pub(super) async fn optimize(&self) -> Result<()> {
        let mut pen = self.turn().await?;
        sqlx::query(OPTIMIZE).execute(pen.connection().await?).await?;
        Ok(())
    }

    /// Takes the log into the file and closes the connection.
    pub(super) async fn close(&self) {
        // Whoever comes now is refused, and does not open it anew.
        self.places.close();
        let mut pen = self.pen.lock().await;
        pen.end(&self.changes, &self.counts).await;
        pen.is_closed = true;
        if let Err(error) = pen.run(EMPTY_LOG).await {
            tracing::warn!(%error, "the write-ahead log stays beside the database; the next start takes it in");
        }
        if let Some(connection) = pen.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database did not close well");
        }
    }

    /// The connection itself, for tests that look at the file from inside.
    #[cfg(test)]
    pub(super) async fn with<T>(&self, work: impl AsyncFnOnce(&mut SqliteConnection) -> T) -> T {
        work(self.pen.lock().await.connection().await.expect("a connection")).await
    }
}

fn not_now(why: &str) -> Error {
    Error::Unavailable(sqlx::Error::Io(io::Error::other(why)))
}

impl Pen {
    async fn connection(&mut self) -> Result<&mut SqliteConnection> {
        if self.connection.is_none() {
            if self.is_closed {
                return Err(not_now("the database is closed"));
            }
            self.connection = Some(self.options.connect().await?);
            self.data_version = None;
        }
        self.connection.as_mut().ok_or_else(|| Error::Internal("a connection was made and is not there".to_owned()))
    }

    async fn run(&mut self, statement: &'static str) -> Result<()> {
        sqlx::query(statement).execute(self.connection().await?).await?;
        Ok(())
    }

    /// Makes a savepoint for the next write.
    async fn begin(&mut self) -> Result<()> {
        if let Some(batch) = &mut self.batch {
            let last = std::mem::replace(&mut batch.last, Last::Open);
            let gone_on = match last {
                Last::Done => self.run(NEXT).await,
                Last::Open => self.undo().await,
            };
            match gone_on {
                Ok(()) => return Ok(()),
                // SQLite rolled back by itself (a full disk, one that fails): those before this one are lost with it.
                Err(error) => self.lose(&error),
            }
        }
        self.batch = Some(Batch {
            changes: Vec::new(),
            last: Last::Open,
            has_end: false,
            is_doubtful: false,
            told: watch::channel(None).0,
        });
        let begun = self.run(OPEN).await;
        if begun.is_err() {
            self.batch = None;
            self.connection = None;
        }
        begun
    }

    /// Takes back what a write that was given up has done; its savepoint is the next one's.
    async fn undo(&mut self) -> Result<()> {
        let Err(error) = self.run(UNDO).await else { return Ok(()) };
        let was_doubtful = self.batch.as_mut().is_some_and(|batch| std::mem::replace(&mut batch.is_doubtful, true));
        if was_doubtful {
            return Err(error);
        }
        // Either the transaction is gone, or that write was given up before it had a savepoint.
        match self.run(PROBE).await {
            Ok(()) => {
                self.run(ROLLBACK).await?;
                Err(error)
            }
            Err(_) => {
                self.run(ONLY_SAVEPOINT).await?;
                if let Some(batch) = &mut self.batch {
                    batch.is_doubtful = false;
                }
                Ok(())
            }
        }
    }

    /// Ends the transaction and tells everybody whose write was in it.
    async fn end(&mut self, changes: &Changes, counts: &WriteCounts) {
        let Some(last) = self.batch.as_ref().map(|batch| batch.last) else { return };
        let ended = match last {
            Last::Done => Ok(()),
            Last::Open => self.undo().await,
        };
        let ended = match ended {
            Ok(()) => self.run(COMMIT).await,
            Err(error) => Err(error),
        };
        match ended {
            Ok(()) => {
                let Some(batch) = self.batch.take() else { return };
                for change in &batch.changes {
                    changes.note(change);
                }
                counts.commits.fetch_add(1, Ordering::Relaxed);
                counts.writes.fetch_add(batch.changes.len() as u64, Ordering::Relaxed);
                batch.told.send_replace(Some(Ok(())));
            }
            Err(error) => self.lose(&error),
        }
    }

    /// The transaction came to nothing: nobody is told otherwise. The connection goes with it, whatever its state.
    fn lose(&mut self, error: &Error) {
        tracing::warn!(%error, "a transaction was lost; nothing of it was acknowledged");
        self.connection = None;
        if let Some(batch) = self.batch.take() {
            batch.told.send_replace(Some(Err(error.to_string().into())));
        }
    }

    /// Takes the log into the file when it has grown, and has it begin anew; a reader that stays (another process's
    /// back-up) puts that off until it has grown by as much again.
    async fn look_after_log(&mut self, counts: &WriteCounts) {
        self.unlooked += 1;
        if self.unlooked < LOOK_EVERY {
            return;
        }
        self.unlooked = 0;
        let look_at = self.look_at;
        let looked: Result<()> = async {
            let connection = self.connection().await?;
            let (_, pages, _): (i64, i64, i64) = sqlx::query_as(LOG_SIZE).fetch_one(&mut *connection).await?;
            if pages < look_at {
                return Ok(());
            }
            let (_, pages, taken_in): (i64, i64, i64) = sqlx::query_as(TAKE_IN).fetch_one(&mut *connection).await?;
            counts.checkpoints.fetch_add(1, Ordering::Relaxed);
            let mut is_anew = false;
            if pages == taken_in {
                sqlx::query(SHORTLY).execute(&mut *connection).await?;
                let begun = sqlx::query_as(BEGIN_LOG_ANEW).fetch_one(&mut *connection).await;
                sqlx::query(PATIENTLY).execute(&mut *connection).await?;
                let (is_busy, _, _): (bool, i64, i64) = begun?;
                is_anew = !is_busy;
            }
            self.look_at = if is_anew { LOG_PAGES } else { pages + LOG_PAGES };
            Ok(())
        }
        .await;
        if let Err(error) = looked {
            tracing::warn!(%error, "the write-ahead log could not be taken in; it grows until it can");
            self.look_at += LOG_PAGES;
        }
    }
}

/// A write on its turn; derefs to the connection. Dropped before [`Write::commit`], it leaves nothing behind.
pub(super) struct Write {
    /// `None` once the turn is over.
    pen: Option<OwnedMutexGuard<Pen>>,
    writer: Writer,
    /// Whether it queued a mail.
    has_mail: bool,
    _place: OwnedSemaphorePermit,
}

impl Write {
    fn pen(&mut self) -> Result<&mut OwnedMutexGuard<Pen>> {
        self.pen.as_mut().ok_or_else(|| Error::Internal("a write went on after its end".to_owned()))
    }

    /// Whether mails can leave: nothing is queued where they cannot.
    pub(super) fn mails_work(&self) -> bool {
        self.writer.mailing.works()
    }

    /// Has whoever sends mails woken when this write is on disk.
    pub(super) fn note_mail(&mut self) {
        self.has_mail = true;
    }

    /// Ends its turn and waits until it is on disk, and until those who keep pages know what it changed.
    pub(super) async fn commit(mut self, change: Change) -> Result<()> {
        let mut told = {
            let batch = self.pen()?.batch.as_mut();
            let batch = batch.ok_or_else(|| Error::Internal("a write has no transaction".to_owned()))?;
            batch.last = Last::Done;
            batch.changes.push(change);
            batch.told.subscribe()
        };
        self.leave();
        let told = told.wait_for(Option::is_some).await.map_err(|_| not_now("the transaction was given up"))?;
        match told.as_ref() {
            Some(Ok(())) => {
                if self.has_mail {
                    self.writer.mailing.queued.notify_one();
                }
                Ok(())
            }
            Some(Err(why)) => Err(not_now(why)),
            None => Err(not_now("the transaction was given up")),
        }
    }

    fn leave(&mut self) {
        if let Some(mut pen) = self.pen.take()
            && let Some(batch) = &mut pen.batch
        {
            self.writer.end_later(batch);
        }
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Deref for Write {
    type Target = SqliteConnection;

    #[expect(clippy::expect_used, reason = "begin() put both there, and only what consumes a write takes them away")]
    fn deref(&self) -> &SqliteConnection {
        self.pen.as_ref().and_then(|pen| pen.connection.as_ref()).expect("a write has its connection")
    }
}

impl DerefMut for Write {
    #[expect(clippy::expect_used, reason = "as above")]
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.pen.as_mut().and_then(|pen| pen.connection.as_mut()).expect("a write has its connection")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{ids::PostId, language::Language, settings::Settings, time::Time},
        store::{Store, WriteCounts},
    };

    async fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("laman.db")).await.unwrap();
        store.save_settings(&Settings::initial(Language::ENGLISH)).await.unwrap();
        (folder, store)
    }

    const TAG: &str = "INSERT INTO tag (name, slug) VALUES ($1, $1)";
    const TAGS: &str = "SELECT count(*) FROM tag";

    async fn tag(write: &mut Write, slug: &str) -> sqlx::Result<()> {
        sqlx::query(TAG).bind(slug).execute(&mut **write).await.map(drop)
    }

    async fn tags(store: &Store) -> i64 {
        sqlx::query_scalar(TAGS).fetch_one(&store.readers).await.unwrap()
    }

    fn count(count: impl FnOnce(&WriteCounts) -> &AtomicU64, store: &Store) -> u64 {
        count(store.write_counts()).load(Ordering::Relaxed)
    }

    #[tokio::test]
    async fn those_who_come_while_another_writes_share_its_transaction() {
        let (_folder, store) = store().await;
        let commits = count(|counts| &counts.commits, &store);
        let mut first = store.write().await.unwrap();
        let others: Vec<_> = (0..20)
            .map(|number| {
                let store = store.clone();
                tokio::spawn(async move {
                    let mut write = store.write().await.unwrap();
                    tag(&mut write, &format!("tag-{number}")).await.unwrap();
                    write.commit(Change::Nothing).await
                })
            })
            .collect();
        // All of them stand in line.
        while store.writer.places.available_permits() > PLACES - 21 {
            tokio::task::yield_now().await;
        }
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        tag(&mut first, "first").await.unwrap();
        first.commit(Change::Nothing).await.unwrap();
        for other in others {
            other.await.unwrap().unwrap();
        }
        assert_eq!(tags(&store).await, 21);
        assert_eq!(count(|counts| &counts.commits, &store) - commits, 1);
    }

    #[tokio::test]
    async fn one_that_fails_or_is_given_up_harms_no_other() {
        let (_folder, store) = store().await;
        let mut writes = Vec::new();
        for number in 0..60 {
            let store = store.clone();
            writes.push(tokio::spawn(async move {
                let mut write = store.write().await.unwrap();
                tag(&mut write, &format!("tag-{number}")).await.unwrap();
                match number % 3 {
                    0 => write.commit(Change::Nothing).await.unwrap(),
                    // Refused by the database: the same slug again.
                    1 => assert!(tag(&mut write, &format!("tag-{number}")).await.is_err()),
                    // Given up in the midst of it.
                    _ => drop(write),
                }
            }));
        }
        for write in writes {
            write.await.unwrap();
        }
        let mut last = store.write().await.unwrap();
        tag(&mut last, "last").await.unwrap();
        last.commit(Change::Nothing).await.unwrap();
        assert_eq!(tags(&store).await, 21);
    }

    #[tokio::test]
    async fn a_client_that_hangs_up_at_any_moment_leaves_whole_writes_or_none() {
        let (_folder, store) = store().await;
        for patience in 0..80 {
            let waiting = {
                let store = store.clone();
                tokio::spawn(async move {
                    let mut write = store.write().await?;
                    tag(&mut write, &format!("left-{patience}")).await?;
                    tag(&mut write, &format!("right-{patience}")).await?;
                    write.commit(Change::Nothing).await
                })
            };
            for _ in 0..patience {
                tokio::task::yield_now().await;
            }
            waiting.abort();
            let mut write = store.write().await.unwrap();
            tag(&mut write, &format!("other-{patience}")).await.unwrap();
            write.commit(Change::Nothing).await.unwrap();
        }
        let (left, right, other): (i64, i64, i64) = sqlx::query_as(
            "SELECT count(*) FILTER (WHERE slug LIKE 'left-%'), count(*) FILTER (WHERE slug LIKE 'right-%'), \
             count(*) FILTER (WHERE slug LIKE 'other-%') FROM tag",
        )
        .fetch_one(&store.readers)
        .await
        .unwrap();
        assert_eq!((left, other), (right, 80));
    }

    #[tokio::test]
    async fn a_transaction_that_sqlite_gave_up_fails_all_its_writes_and_the_next_one_goes_on() {
        let (_folder, store) = store().await;
        let mut first = store.write().await.unwrap();
        tag(&mut first, "lost").await.unwrap();
        let second = tokio::spawn({
            let store = store.clone();
            async move {
                let mut write = store.write().await.unwrap();
                // As SQLite does by itself when the disk is full.
                sqlx::query(ROLLBACK).execute(&mut *write).await.unwrap();
                drop(write);
            }
        });
        while store.writer.places.available_permits() > PLACES - 2 {
            tokio::task::yield_now().await;
        }
        let told = first.commit(Change::Nothing).await;
        assert!(matches!(told, Err(Error::Unavailable(_))), "{told:?}");
        second.await.unwrap();
        let mut next = store.write().await.unwrap();
        tag(&mut next, "kept").await.unwrap();
        next.commit(Change::Nothing).await.unwrap();
        assert_eq!(tags(&store).await, 1);
    }

    #[tokio::test]
    async fn what_a_write_changed_is_noted_before_it_is_told_and_only_if_it_is_kept() {
        let (_folder, store) = store().await;
        let shows = crate::model::change::Shows::Post(PostId(1));
        let moment = store.changes().moment();
        let write = store.write().await.unwrap();
        drop(write);
        store.save_settings(&Settings::initial(Language::ENGLISH)).await.unwrap();
        let moment = {
            assert!(!store.changes().hold(shows, moment));
            store.changes().moment()
        };
        let write = store.write().await.unwrap();
        assert!(store.changes().hold(shows, moment));
        write.commit(Change::Thread(PostId(1))).await.unwrap();
        assert!(!store.changes().hold(shows, moment));
        assert!(!store.trash_post(PostId(1), Time(0)).await.unwrap());
    }

    #[tokio::test]
    async fn too_long_a_line_turns_the_next_one_away() {
        let (_folder, store) = store().await;
        let held = store.write().await.unwrap();
        let waiting = store.writer.places.clone().try_acquire_many_owned(PLACES as u32 - 1).unwrap();
        assert!(matches!(store.write().await, Err(Error::Busy)));
        drop((held, waiting));
        assert!(store.write().await.is_ok());
    }

    #[tokio::test]
    async fn the_log_is_taken_in_when_it_has_grown_and_begins_anew() {
        let (folder, store) = store().await;
        let text = "x".repeat(1 << 20);
        // Each is some 256 pages; the log may hold 4,000.
        for number in 0..100 {
            let mut write = store.write().await.unwrap();
            tag(&mut write, &format!("{number} {text}")).await.unwrap();
            write.commit(Change::Nothing).await.unwrap();
        }
        assert!(count(|counts| &counts.checkpoints, &store) >= 5);
        let log = std::fs::metadata(folder.path().join("laman.db-wal")).unwrap().len();
        assert!(log < 2 * LOG_PAGES as u64 * 4096, "{log} bytes");
    }

    #[tokio::test]
    async fn what_another_process_writes_is_noted_and_what_this_one_writes_is_not() {
        let (folder, store) = store().await;
        store.look_for_others().await.unwrap();
        let moment = store.changes().moment();
        let mut own = store.write().await.unwrap();
        tag(&mut own, "own").await.unwrap();
        own.commit(Change::Nothing).await.unwrap();
        store.look_for_others().await.unwrap();
        assert_eq!(store.changes().moment(), moment);
        let other = Store::open(&folder.path().join("laman.db")).await.unwrap();
        let mut theirs = other.write().await.unwrap();
        tag(&mut theirs, "theirs").await.unwrap();
        theirs.commit(Change::Nothing).await.unwrap();
        store.look_for_others().await.unwrap();
        assert_ne!(store.changes().moment(), moment);
    }
}
