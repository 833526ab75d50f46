//! Writing: those who come while another is at it share its transaction, and its one sync of the disk.
//!
//! There is one connection that writes. A write waits for its turn on it, works within a savepoint of the transaction that
//! is open (or opens one), and gives the connection to the next. Behind whoever stands in line by then waits the end of the
//! transaction; each write is told only when it is over. A write that comes alone is its own transaction and waits for
//! nobody. What has come into the log is taken into the file afterwards, when everybody has been told. Here is the line;
//! the transaction itself is the business of the pen, which whoever has the turn holds.

mod pen;

use std::{
    io,
    ops::{Deref, DerefMut},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{
    runtime::Handle,
    sync::{Mutex, Notify, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore},
};

use self::pen::{Batch, Pen};
use crate::{
    error::{Error, Result},
    model::change::{Change, Changes},
};

/// More writes than this do not wait: they would wait in vain.
const PLACES: usize = 256;
/// The longest wait for a turn. Longer than SQLite waits for another process, so that its answer comes first.
const PATIENCE: Duration = Duration::from_secs(8);

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
    /// Woken when a write that has something to ask the outside service is on disk.
    pub(super) asked: Arc<Notify>,
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

impl Writer {
    /// Over `connection`, which `options` made, and by which they make another where it fails.
    pub(super) async fn new(connection: SqliteConnection, options: SqliteConnectOptions) -> sqlx::Result<Self> {
        Ok(Self {
            pen: Arc::new(Mutex::new(Pen::new(connection, options).await?)),
            places: Arc::new(Semaphore::new(PLACES)),
            changes: Arc::default(),
            counts: Arc::default(),
            mailing: Arc::default(),
            asked: Arc::default(),
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
        let mut write =
            Write { pen: Some(pen), writer: self.clone(), has_mail: false, has_check: false, _place: place };
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
        if self.turn().await?.others_wrote().await? {
            self.changes.note(&Change::Everything);
        }
        Ok(())
    }

    pub(super) async fn optimize(&self) -> Result<()> {
        self.turn().await?.optimize().await
    }

    /// Takes the log into the file and closes the connection.
    pub(super) async fn close(&self) {
        // Whoever comes now is refused, and does not open it anew.
        self.places.close();
        let mut pen = self.pen.lock().await;
        pen.end(&self.changes, &self.counts).await;
        pen.close().await;
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

/// A write on its turn; derefs to the connection. Dropped before [`Write::commit`], it leaves nothing behind.
pub(super) struct Write {
    /// `None` once the turn is over.
    pen: Option<OwnedMutexGuard<Pen>>,
    writer: Writer,
    /// Whether it queued a mail.
    has_mail: bool,
    /// Whether it has something to ask the outside service.
    has_check: bool,
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

    /// Has whoever asks the outside service woken when this write is on disk.
    pub(super) fn note_check(&mut self) {
        self.has_check = true;
    }

    /// Ends its turn and waits until it is on disk, and until those who keep pages know what it changed.
    pub(super) async fn commit(mut self, change: Change) -> Result<()> {
        let mut told = {
            let batch = self.pen()?.batch.as_mut();
            batch.ok_or_else(|| Error::Internal("a write has no transaction".to_owned()))?.done(change)
        };
        self.leave();
        let told = told.wait_for(Option::is_some).await.map_err(|_| not_now("the transaction was given up"))?;
        match told.as_ref() {
            Some(Ok(())) => {
                if self.has_mail {
                    self.writer.mailing.queued.notify_one();
                }
                if self.has_check {
                    self.writer.asked.notify_one();
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
mod tests;
