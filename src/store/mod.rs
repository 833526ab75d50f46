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
mod comment;
mod import;
mod media;
mod open;
mod publish;
mod reader_post;
mod search;
mod settings;
#[cfg(test)]
mod statements;

use sqlx::{Sqlite, SqlitePool, Transaction};

pub use account::NewUser;
pub use admin_post::PostFilter;
pub use comment::Moderation;
pub use import::Imported;
pub use open::OpenError;
pub use publish::{SaveError, Saved};
pub use reader_post::Among;
pub use search::Found;

use crate::error::Result;

const BEGIN: &str = "BEGIN IMMEDIATE";

/// One writer, several readers. Each function answers one question or does one unit of work, in its own transaction.
#[derive(Clone, Debug)]
pub struct Store {
    readers: SqlitePool,
    writer: SqlitePool,
}

impl Store {
    /// Begins a write. Immediate, so that it waits its turn at the start and never fails half-way for being second.
    async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        match self.writer.begin_with(BEGIN).await {
            // A full disk or a failing one makes SQLite roll back by itself; sqlx then counts a transaction that is
            // gone, and would refuse every later one. A new connection counts from zero.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                self.writer.acquire().await?.close().await?;
                Ok(self.writer.begin_with(BEGIN).await?)
            }
            begun => Ok(begun?),
        }
    }

    /// Puts the write-ahead log into the file and closes every connection.
    pub async fn close(&self) {
        self.readers.close().await;
        if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await {
            tracing::warn!(%error, "the write-ahead log stays beside the database; the next start takes it in");
        }
        self.writer.close().await;
    }

    /// Lets the query planner look at what has grown; cheap when nothing has.
    pub async fn optimize(&self) -> Result<()> {
        sqlx::query("PRAGMA optimize").execute(&self.writer).await?;
        Ok(())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1 FROM settings LIMIT 1").execute(&self.readers).await?;
        Ok(())
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
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&store.writer).await.unwrap();
        // SQLite answers FULL at this many pages, as it does when the disk has no room.
        sqlx::query(sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}")))
            .execute(&store.writer)
            .await
            .unwrap();
        let long = Settings { description: "x".repeat(200_000), ..Settings::initial(Language::ENGLISH) };
        let refused = store.save_settings(&long).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
        store.save_settings(&Settings::initial(Language::ENGLISH)).await.unwrap();
        assert!(store.settings().await.unwrap().is_some());
    }
}
