//! The one writing connection: the transaction that is open on it, and the log behind it.

use std::sync::{Arc, atomic::Ordering};

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::watch;

use super::{WriteCounts, not_now};
use crate::{
    error::{Error, Result},
    model::change::{Change, Changes},
};

/// Pages in the log (of 4 KiB each) at which it is taken into the file.
pub(super) const LOG_PAGES: i64 = 4_000;
/// The log is looked at after so many transactions.
const LOOK_EVERY: u32 = 4;

const OPEN: &str = "BEGIN IMMEDIATE; SAVEPOINT work";
const NEXT: &str = "RELEASE work; SAVEPOINT work";
const UNDO: &str = "ROLLBACK TO work";
const ONLY_SAVEPOINT: &str = "SAVEPOINT work";
/// Refused inside a transaction: so it tells whether there is one.
const PROBE: &str = "BEGIN";
const COMMIT: &str = "COMMIT";
pub(super) const ROLLBACK: &str = "ROLLBACK";
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

/// What whoever has the turn holds.
#[derive(Debug)]
pub(super) struct Pen {
    options: SqliteConnectOptions,
    /// `None`: it failed in a way that leaves its state open; the next write makes a new one.
    pub(super) connection: Option<SqliteConnection>,
    pub(super) batch: Option<Batch>,
    data_version: Option<i64>,
    /// Size of the log, in pages, at which it is looked after.
    look_at: i64,
    /// Transactions since the log was looked at.
    unlooked: u32,
    is_closed: bool,
}

/// An open transaction.
#[derive(Debug)]
pub(super) struct Batch {
    /// Of the writes that are done.
    changes: Vec<Change>,
    last: Last,
    /// Whether somebody waits in line to end it.
    pub(super) has_end: bool,
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

/// What everybody whose write was in it is told.
pub(super) type Told = std::result::Result<(), Arc<str>>;

impl Batch {
    /// Notes that the write whose turn it is has done its work; gives where it will be told whether that is on disk.
    pub(super) fn done(&mut self, change: Change) -> watch::Receiver<Option<Told>> {
        self.last = Last::Done;
        self.changes.push(change);
        self.told.subscribe()
    }
}

impl Pen {
    /// Over `connection`, which `options` made.
    pub(super) async fn new(mut connection: SqliteConnection, options: SqliteConnectOptions) -> sqlx::Result<Self> {
        // What others write from here on is noted.
        let data_version = Some(sqlx::query_scalar(DATA_VERSION).fetch_one(&mut connection).await?);
        sqlx::query(UNDO_IN_MEMORY).execute(&mut connection).await?;
        let (options, connection) = (options.pragma("temp_store", "memory"), Some(connection));
        Ok(Self { options, connection, batch: None, data_version, look_at: LOG_PAGES, unlooked: 0, is_closed: false })
    }

    /// Whether another process has written since this was asked last.
    pub(super) async fn others_wrote(&mut self) -> Result<bool> {
        let version: i64 = sqlx::query_scalar(DATA_VERSION).fetch_one(self.connection().await?).await?;
        Ok(self.data_version.replace(version) != Some(version))
    }

    pub(super) async fn optimize(&mut self) -> Result<()> {
        self.run(OPTIMIZE).await
    }

    /// Takes the log into the file and closes the connection; there is none after it.
    pub(super) async fn close(&mut self) {
        self.is_closed = true;
        if let Err(error) = self.run(EMPTY_LOG).await {
            tracing::warn!(%error, "the write-ahead log stays beside the database; the next start takes it in");
        }
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database did not close well");
        }
    }

    pub(super) async fn connection(&mut self) -> Result<&mut SqliteConnection> {
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
    pub(super) async fn begin(&mut self) -> Result<()> {
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
    pub(super) async fn end(&mut self, changes: &Changes, counts: &WriteCounts) {
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
    pub(super) async fn look_after_log(&mut self, counts: &WriteCounts) {
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
