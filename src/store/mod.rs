//! The database: every SQL statement lives in this room, a file per thing; this one opens and migrates.

/// Lists the statements of a file, for the test that prepares every one of them.
#[cfg(test)]
macro_rules! statements {
    ($($name:ident),+ $(,)?) => {
        pub(super) fn statements() -> Vec<(&'static str, &'static str)> {
            let mut all = Vec::new();
            $(all.extend(super::statements::Texts::texts(&$name).into_iter().map(|text| (stringify!($name), text)));)+
            all
        }
    };
}

mod account;
mod admin_post;
mod appearance;
mod audit;
mod backup;
mod check;
mod comment;
mod conversation;
mod deed;
mod draft;
mod dump;
mod gone;
mod hand;
mod health;
mod import;
mod import_comment;
mod import_job;
mod intake;
mod judge;
mod library;
mod link;
mod mail;
mod media;
mod moderate;
mod network;
mod open;
mod order;
mod own_comment;
mod partial;
mod people;
mod person;
mod profile;
mod proof;
mod publish;
mod queue;
mod reader_post;
mod reading;
mod redirect;
mod redraw;
mod restore;
mod revision;
mod rows;
mod schedule;
mod search;
mod settings;
#[cfg(test)]
mod statements;
mod sweep;
mod wish;
mod working;
mod write;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use sqlx::SqlitePool;
use tokio::sync::Notify;

use self::write::{Write, Writer};
pub use account::NewUser;
pub use admin_post::PostFilter;
pub use backup::{BackedUp, BackupError, Over, Step, back_up, room_beside};
pub use comment::Added;
pub use deed::Doer;
pub use dump::{PARTS, Part, Snapshot};
pub use health::Finding;
pub use import::{Brought, Imported, Importing, KnownEntry, NamedAuthor, NewEntry, Piece};
pub use import_comment::{NewOldComment, Placed};
pub use intake::Intake;
pub use judge::Learned;
pub use mail::Tried;
pub use media::{KeptMedia, PART};
pub use moderate::AT_ONCE;
pub use open::OpenError;
pub use partial::{folder_of, open_or_make, remove_partial, try_folder};
pub use people::Ruled;
pub use profile::MAX_PASSKEYS;
pub use publish::{SaveError, Saved};
pub use queue::SCANNED;
pub use reader_post::Among;
pub use redraw::{OldText, Redrawn};
pub use restore::{RestoreError, Restored, restore};
pub use schedule::note_backup_by_command;
pub use search::Found;
pub use write::WriteCounts;

use crate::{error::Result, model::change::Changes, rules::network::Key};

/// One writer, several readers. Each function answers one question or does one unit of work, in its own transaction.
#[derive(Clone, Debug)]
pub struct Store {
    readers: SqlitePool,
    writer: Writer,
    networks: Arc<Key>,
    orders: Arc<order::Orders>,
    /// Where the database is.
    file: Arc<Path>,
    /// Woken when a backup is asked for, or its schedule is another.
    backing_up: Arc<Notify>,
    /// Woken when something is to be brought in.
    importing: Arc<Notify>,
}

impl Store {
    /// Begins a write, on its turn. It ends with [`Write::commit`], which wants to know what it changed for readers.
    async fn write(&self) -> Result<Write> {
        self.writer.write().await
    }

    /// A path beside the database: its own with this at the end.
    pub fn beside(&self, ending: &str) -> PathBuf {
        let mut path = self.file.as_os_str().to_owned();
        path.push(ending);
        path.into()
    }

    /// What writes have changed for readers: those of this process at once, those of others when
    /// [`Store::look_for_others`] has been called.
    pub fn changes(&self) -> &Arc<Changes> {
        &self.writer.changes
    }

    /// What has been written since the start.
    pub fn write_counts(&self) -> &WriteCounts {
        &self.writer.counts
    }

    /// Notes whether another process has written.
    pub async fn look_for_others(&self) -> Result<()> {
        self.writer.look_for_others().await
    }

    /// Puts the write-ahead log into the file and closes every connection.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Lets the query planner look at what has grown; cheap when nothing has.
    pub async fn optimize(&self) -> Result<()> {
        self.writer.optimize().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        error::Error,
        model::{language::Language, settings::Settings},
    };

    #[tokio::test]
    async fn after_a_full_disk_is_emptied_the_next_write_succeeds() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("laman.db")).await.unwrap();
        // SQLite answers FULL at this many pages, as it does when the disk has no room.
        store
            .writer
            .with(async |connection| {
                let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut *connection).await.unwrap();
                let bound = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
                sqlx::query(bound).execute(connection).await.unwrap();
            })
            .await;
        let long = Settings { description: "x".repeat(200_000), ..Settings::initial(Language::ENGLISH) };
        let refused = store.save_settings(&long).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
        store.save_settings(&Settings::initial(Language::ENGLISH)).await.unwrap();
        assert!(store.settings().await.unwrap().is_some());
    }
}
