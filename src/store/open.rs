//! Opening: tells a Laman database from anything else before touching it, creates it whole or not at all, migrates it.

use std::{
    fs::{self, OpenOptions},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    migrate::{Migration, MigrationType, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    Store,
    backup::{self, BackupError, Over},
    network,
    partial::{folder_of, open_or_make, with_ending},
    proof,
    write::Writer,
};

/// "Lamn": written into the file's header, so that no other program's database is taken for ours.
const APPLICATION_ID: u32 = 0x4c61_6d6e;

/// Versions before this one can lose committed pages in WAL mode (the WAL-reset bug).
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// What a backup that is made before a migration is called: this, and the version of the schema in it.
static BEFORE: &str = ".before-migration-";
/// So many of these are kept.
const KEPT: usize = 2;

const MADE: &str = "SELECT version FROM _sqlx_migrations ORDER BY version";
const NOTE_PROGRAM: &str = "INSERT INTO program (id, version) VALUES (1, $1) \
     ON CONFLICT (id) DO UPDATE SET version = excluded.version";

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "blog", include_str!("../../migrations/0001_blog.sql")),
    (2, "flat", include_str!("../../migrations/0002_flat.sql")),
    (3, "counts", include_str!("../../migrations/0003_counts.sql")),
    (4, "own", include_str!("../../migrations/0004_own.sql")),
    (5, "judge", include_str!("../../migrations/0005_judge.sql")),
    (6, "mail", include_str!("../../migrations/0006_mail.sql")),
    (7, "queue", include_str!("../../migrations/0007_queue.sql")),
    (8, "judge", include_str!("../../migrations/0008_judge.sql")),
    (9, "path", include_str!("../../migrations/0009_path.sql")),
    (10, "mail", include_str!("../../migrations/0010_mail.sql")),
    (12, "media", include_str!("../../migrations/0012_media.sql")),
    (13, "revision", include_str!("../../migrations/0013_revision.sql")),
    (14, "desk", include_str!("../../migrations/0014_desk.sql")),
    (15, "outside", include_str!("../../migrations/0015_outside.sql")),
    (16, "people", include_str!("../../migrations/0016_people.sql")),
    (17, "views", include_str!("../../migrations/0017_views.sql")),
    (18, "appearance", include_str!("../../migrations/0018_appearance.sql")),
    (19, "import", include_str!("../../migrations/0019_import.sql")),
    (20, "backup", include_str!("../../migrations/0020_backup.sql")),
    (21, "thread", include_str!("../../migrations/0021_thread.sql")),
    (22, "import job", include_str!("../../migrations/0022_import_job.sql")),
    (23, "import comment", include_str!("../../migrations/0023_import_comment.sql")),
    (24, "hand user", include_str!("../../migrations/0024_hand_user.sql")),
    (25, "import site", include_str!("../../migrations/0025_import_site.sql")),
    (26, "media use", include_str!("../../migrations/0026_media_use.sql")),
    (27, "cover caption", include_str!("../../migrations/0027_cover_caption.sql")),
    (28, "backup mail", include_str!("../../migrations/0028_backup_mail.sql")),
    (29, "tag name", include_str!("../../migrations/0029_tag_name.sql")),
];

/// Readers work side by side; more than a few only wake each other up.
const READERS: u32 = 6;

/// Why the database could not be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file is something else.
    #[error("{0} is not a Laman database; name another with --database, or move that file away")]
    NotLaman(PathBuf),
    /// The file is empty.
    #[error("{0} is empty: restore it from a backup, or remove it to begin a new blog")]
    Empty(PathBuf),
    /// A later version of the program has migrated it.
    #[error("{0} was written by {1}; run that version, or restore an older backup")]
    Newer(PathBuf, String),
    /// The folder or the file cannot be read or written.
    #[error("cannot open {0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    /// The file is ours, and broken.
    #[error("{0} is damaged: restore it from a backup; the file was left as it is")]
    Damaged(PathBuf),
    /// SQLite refuses.
    #[error("cannot open {0}: {1}")]
    Sqlite(PathBuf, #[source] sqlx::Error),
    /// A migration failed; all that were made with it were rolled back.
    #[error(
        "cannot bring {0} up to date ({1}); nothing in it was changed. Go on with the version of Laman that you had, \
         and tell its makers"
    )]
    Migrate(PathBuf, #[source] sqlx::migrate::MigrateError),
    /// It was not brought up to date, since it could not be backed up before.
    #[error("{0} is not brought up to date without a backup, and there is none: {1}")]
    NoBackup(PathBuf, #[source] Box<BackupError>),
    /// Linked against a library that can lose data.
    #[error("SQLite {0} can lose data; Laman needs 3.51.3 or later")]
    OldSqlite(String),
}

impl OpenError {
    /// The same about another path.
    pub(super) fn about(self, path: &Path) -> Self {
        let path = path.to_owned();
        match self {
            Self::NotLaman(_) => Self::NotLaman(path),
            Self::Empty(_) => Self::Empty(path),
            Self::Newer(_, by) => Self::Newer(path, by),
            Self::Io(_, error) => Self::Io(path, error),
            Self::Damaged(_) => Self::Damaged(path),
            Self::Sqlite(_, error) => Self::Sqlite(path, error),
            other => other,
        }
    }

    pub(super) fn of(path: &Path, error: sqlx::Error) -> Self {
        // SQLite's CORRUPT 11 and NOTADB 26.
        let is_damage = error
            .as_database_error()
            .and_then(|database| database.code())
            .is_some_and(|code| code.parse::<i32>().is_ok_and(|code| matches!(code & 0xff, 11 | 26)));
        if is_damage { Self::Damaged(path.to_owned()) } else { Self::Sqlite(path.to_owned(), error) }
    }
}

impl Store {
    /// Whether what is at `path` can be opened, or made if there is nothing: looks, and leaves no trace of having looked. `true`:
    /// opening it brings it up to date first.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn check(path: &Path) -> Result<bool, OpenError> {
        check_library(path).await?;
        match fs::symlink_metadata(path) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(OpenError::Io(path.to_owned(), error)),
        }
        check_header(path)?;
        check_writable(path)?;
        Ok(check_version(path).await? < known_version())
    }

    /// Opens the database at `path`, creating it if there is no file.
    ///
    /// # Errors
    /// See [`OpenError`]; whatever was there is left as it was.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        Self::open_by(path, MIGRATIONS).await
    }

    async fn open_by(path: &Path, migrations: &[(i64, &'static str, &'static str)]) -> Result<Self, OpenError> {
        Self::check(path).await?;
        if fs::symlink_metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            create(path).await?;
        }

        let sqlite = |error| OpenError::of(path, error);
        let writing = options(path)
            .pragma("cache_size", "-16000")
            .optimize_on_close(true, 400)
            // The log is taken in after those who wrote have been told: see `write`.
            .pragma("wal_autocheckpoint", "0");
        // By a connection that leaves nothing behind where it fails, not even what it learned of the tables.
        let mut migrating = options(path).pragma("cache_size", "-16000").connect().await.map_err(sqlite)?;
        let migrated = migrate(path, &mut migrating, migrations).await;
        migrating.close().await.map_err(sqlite)?;
        migrated?;
        let writer = writing.connect().await.map_err(sqlite)?;
        let readers = SqlitePoolOptions::new()
            // All at once: later, when file handles are short, is too late.
            .min_connections(READERS)
            .max_connections(READERS)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .acquire_timeout(Duration::from_secs(5))
            // Each has its own, in KiB; behind it the system keeps the file in memory, for all.
            .connect_with(options(path).read_only(true).pragma("cache_size", "-2000"))
            .await
            .map_err(sqlite)?;
        let networks = network::key(&readers).await.map_err(sqlite)?;
        let writer = Writer::new(writer, writing).await.map_err(sqlite)?;
        Ok(Self {
            readers,
            writer,
            networks,
            orders: Arc::default(),
            file: path.into(),
            backing_up: Arc::default(),
            importing: Arc::default(),
        })
    }
}

/// Acknowledged means on disk: FULL syncs the log at every commit, which NORMAL does not.
pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("trusted_schema", "off")
        .statement_cache_capacity(256)
        .log_statements(tracing::log::LevelFilter::Off)
}

fn migrator(migrations: &[(i64, &'static str, &'static str)]) -> Migrator {
    Migrator::with_migrations(
        migrations
            .iter()
            .map(|(version, name, sql)| {
                Migration::new(*version, (*name).into(), MigrationType::Simple, sqlx::SqlStr::from_static(sql), false)
            })
            .collect(),
    )
}

/// The newest version of the schema that is known here.
pub(super) fn known_version() -> i64 {
    MIGRATIONS.iter().map(|(version, ..)| *version).max().unwrap_or(0)
}

/// The schema of this version, as it is made.
pub(super) async fn schema_of(version: i64) -> sqlx::Result<proof::Schema> {
    let mut memory = SqliteConnectOptions::new().in_memory(true).foreign_keys(true).connect().await?;
    let migrations = MIGRATIONS.iter().filter(|(made, ..)| *made <= version).copied();
    for (_, _, sql) in migrations {
        sqlx::raw_sql(sqlx::SqlStr::from_static(sql)).execute(&mut memory).await?;
    }
    let schema = proof::schema(&mut memory).await?;
    memory.close().await?;
    Ok(schema)
}

/// Brings the database up to date, all of it or nothing, with a backup of what it was beside it.
async fn migrate(
    path: &Path,
    writer: &mut SqliteConnection,
    migrations: &[(i64, &'static str, &'static str)],
) -> Result<(), OpenError> {
    let sqlite = |error| OpenError::of(path, error);
    let failed = |error| OpenError::Migrate(path.to_owned(), error);
    let made: Vec<i64> = sqlx::query_scalar(MADE).fetch_all(&mut *writer).await.map_err(sqlite)?;
    if migrations.iter().any(|(known, ..)| !made.contains(known)) {
        let version = made.last().copied().unwrap_or_default();
        let to = with_ending(path, &format!("{BEFORE}{version:04}"));
        tracing::info!(backup = %to.display(), "backing the blog up before it is brought up to date");
        let backed_up = backup::back_up(path, &to, Over::Replace, |_| {}).await;
        backed_up.map_err(|error| OpenError::NoBackup(path.to_owned(), Box::new(error)))?;
        drop_old_backups(path);
        // In one transaction, with a savepoint for each: that a database works between two of them is not promised.
        let mut all = writer.begin_with("BEGIN IMMEDIATE").await.map_err(sqlite)?;
        migrator(migrations).run(&mut *all).await.map_err(failed)?;
        all.commit().await.map_err(sqlite)?;
    } else {
        // Sees that those that were made are those that are known.
        migrator(migrations).run(&mut *writer).await.map_err(failed)?;
    }
    let program = env!("CARGO_PKG_VERSION");
    if proof::program(writer).await.map_err(sqlite)?.as_deref() != Some(program) {
        sqlx::query(NOTE_PROGRAM).bind(program).execute(writer).await.map_err(sqlite)?;
    }
    Ok(())
}

/// Keeps the last two of those that were made before migrations.
fn drop_old_backups(path: &Path) {
    let name = with_ending(Path::new(path.file_name().unwrap_or_default()), BEFORE);
    let Ok(files) = fs::read_dir(folder_of(path)) else { return };
    let mut backups: Vec<PathBuf> = files
        .flatten()
        .filter(|file| {
            let file = file.file_name();
            let rest = file.to_str().zip(name.to_str()).and_then(|(file, name)| file.strip_prefix(name));
            rest.is_some_and(|rest| rest.len() == 4 && rest.bytes().all(|byte| byte.is_ascii_digit()))
        })
        .map(|file| file.path())
        .collect();
    backups.sort();
    for old in backups.iter().rev().skip(KEPT) {
        if let Err(error) = fs::remove_file(old) {
            tracing::warn!(%error, file = %old.display(), "an old backup could not be removed");
        }
    }
}

/// Beside the database, never over it: a crash in here leaves no half-made blog under the real name.
async fn create(path: &Path) -> Result<(), OpenError> {
    let io = |error| OpenError::Io(path.to_owned(), error);
    let sqlite = |error| OpenError::of(path, error);
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".creating");
    let unfinished = PathBuf::from(unfinished);
    let file = open_or_make(&unfinished, 0o600).map_err(io)?;
    // Two commands may begin the same blog: the second waits here and then finds it made.
    file.lock().map_err(io)?;
    if path.exists() {
        return Ok(());
    }
    // What a crash left is begun anew.
    file.set_len(0).map_err(io)?;
    let mut connection = options(&unfinished)
        .journal_mode(SqliteJournalMode::Delete)
        .pragma("application_id", APPLICATION_ID.to_string())
        .connect()
        .await
        .map_err(sqlite)?;
    migrator(MIGRATIONS).run(&mut connection).await.map_err(|error| OpenError::Migrate(path.to_owned(), error))?;
    connection.close().await.map_err(sqlite)?;
    fs::rename(&unfinished, path).map_err(io)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
    }
    Ok(())
}

/// Reads the first 100 bytes (SQLite's header, section 1.3 of its file format) without SQLite, which would already
/// replay a foreign write-ahead log.
pub(super) fn check_header(path: &Path) -> Result<(), OpenError> {
    let io = |error| OpenError::Io(path.to_owned(), error);
    if !fs::metadata(path).map_err(io)?.is_file() {
        return Err(OpenError::NotLaman(path.to_owned()));
    }
    let mut header = Vec::with_capacity(100);
    fs::File::open(path).map_err(io)?.take(100).read_to_end(&mut header).map_err(io)?;
    if header.is_empty() {
        return Err(OpenError::Empty(path.to_owned()));
    }
    let is_ours = header.starts_with(b"SQLite format 3\0") && header.get(68..72) == Some(&APPLICATION_ID.to_be_bytes());
    if is_ours { Ok(()) } else { Err(OpenError::NotLaman(path.to_owned())) }
}

fn check_writable(path: &Path) -> Result<(), OpenError> {
    OpenOptions::new().write(true).open(path).map(drop).map_err(|error| OpenError::Io(path.to_owned(), error))
}

/// Whether SQLite's companions lie beside the file: another process has it open, or a crash left its log. Only where
/// there are none can it be read as immutable, which is how SQLite reads without making them.
fn is_in_use(path: &Path) -> bool {
    ["-wal", "-shm"].iter().any(|ending| {
        let mut companion = path.as_os_str().to_owned();
        companion.push(ending);
        Path::new(&companion).exists()
    })
}

async fn check_version(path: &Path) -> Result<i64, OpenError> {
    let sqlite = |error| OpenError::of(path, error);
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(!is_in_use(path))
        .busy_timeout(Duration::from_secs(5))
        .connect()
        .await
        .map_err(sqlite)?;
    let version = proof::version(&mut connection).await.map_err(sqlite)?;
    let is_newer = version > known_version();
    let by = if is_newer { Some(proof::written_by(&mut connection).await.map_err(sqlite)?) } else { None };
    connection.close().await.map_err(sqlite)?;
    by.map_or(Ok(version), |by| Err(OpenError::Newer(path.to_owned(), by)))
}

async fn check_library(path: &Path) -> Result<(), OpenError> {
    let sqlite = |error| OpenError::of(path, error);
    let mut memory = SqliteConnection::connect("sqlite::memory:").await.map_err(sqlite)?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut memory).await.map_err(sqlite)?;
    memory.close().await.map_err(sqlite)?;
    if is_safe(&version) { Ok(()) } else { Err(OpenError::OldSqlite(version)) }
}

fn is_safe(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next()) >= OLDEST_SQLITE
}

#[cfg(test)]
statements!(MADE, NOTE_PROGRAM);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{
            ids::{PostId, TagId, UserId},
            listing::From,
            post::{PostKind, PostState},
            search::Term,
            time::Time,
        },
        store::{Among, PostFilter},
    };

    #[test]
    fn an_sqlite_that_can_lose_pages_is_refused() {
        for (version, safe) in
            [("3.51.3", true), ("3.51.2", false), ("3.52.0", true), ("4.0.0", true), ("3.46.1", false)]
        {
            assert_eq!(is_safe(version), safe, "{version}");
        }
    }

    #[tokio::test]
    async fn files_of_an_older_version_come_out_as_they_went_in() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("laman.db");
        let mut old = options(&file)
            .create_if_missing(true)
            .pragma("application_id", APPLICATION_ID.to_string())
            .connect()
            .await
            .unwrap();
        let before: Vec<_> = MIGRATIONS.iter().filter(|(version, ..)| *version < 12).copied().collect();
        migrator(&before).run(&mut old).await.unwrap();
        let part = crate::store::PART;
        let bytes = |length: usize| (0..length).map(|at| (at * 7 / 3) as u8).collect::<Vec<_>>();
        let lengths = [1, part - 1, part, part + 1, 3 * part + 5];
        for (number, length) in lengths.into_iter().enumerate() {
            let add = "INSERT INTO media VALUES ($1, 'a.jpg', 'image/jpeg', 900, 600, $2, 5)";
            sqlx::query(add).bind(format!("{number:032}")).bind(bytes(length)).execute(&mut old).await.unwrap();
        }
        old.close().await.unwrap();

        let store = Store::open(&file).await.unwrap();
        for (number, length) in lengths.into_iter().enumerate() {
            let media = store.media(&format!("{number:032}")).await.unwrap().unwrap();
            assert_eq!((media.name.as_str(), media.length, media.width), ("a.jpg", length as i64, 900));
            assert_eq!(store.media_bytes(&media.hash, media.length).await.unwrap(), bytes(length));
        }
        assert!(store.unscaled_media().await.unwrap().is_some(), "their smaller widths are still to be made");
    }

    #[tokio::test]
    async fn a_blog_of_the_first_version_is_brought_up_to_date_with_everything_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("laman.db");
        let mut first = options(&file)
            .create_if_missing(true)
            .pragma("application_id", APPLICATION_ID.to_string())
            .connect()
            .await
            .unwrap();
        migrator(&MIGRATIONS[..1]).run(&mut first).await.unwrap();
        // Live ones, a draft, one scheduled, one in the trash, a page; a thread with a blank in it.
        let rows = "
        INSERT INTO user (id, name, slug, skeleton, role, created_at) VALUES (1, 'Aminah', 'aminah', 'aminah', 'author', 0);
        INSERT INTO post (id, uuid, kind, state, trashed_at, slug, path, title, source, html, lead, renderer, excerpt,
            summary, words, comments, comment_count, published_at, first_live_at, created_at, saved_at, version) VALUES
            (1, 'u1', 'post', 'published', NULL, '', '2020/01/one', 'One', 's1', '<p>h1</p>', '<p>l1</p>', 7, 'e1', 'y1', 1, 'open', 2, 100, 100, 0, 0, 1),
            (2, 'u2', 'post', 'published', NULL, '', '2020/01/two', 'Two', 's2', '<p>h2</p>', NULL, 7, '', 'y2', 1, 'open', 0, 200, 200, 0, 0, 1),
            (3, 'u3', 'post', 'draft', NULL, '', NULL, 'Draft', 's3', '', NULL, 7, '', '', 1, 'open', 0, NULL, NULL, 0, 5, 1),
            (4, 'u4', 'post', 'published', NULL, '', '2021/02/later', 'Later', 's4', '', NULL, 7, '', '', 1, 'open', 0, 9000, 9000, 0, 0, 1),
            (5, 'u5', 'post', 'published', 50, '', '2020/01/away', 'Away', 's5', '', NULL, 7, '', '', 1, 'open', 0, 150, 150, 0, 0, 1),
            (6, 'u6', 'page', 'published', NULL, '', 'about', 'About', 's6', '<p>h6</p>', NULL, 7, '', 'y6', 1, 'closed', 0, 10, 10, 0, 0, 1);
        INSERT INTO post_author SELECT id, 1, 0 FROM post;
        INSERT INTO tag VALUES (1, 'Tag', 'tag');
        INSERT INTO post_tag SELECT id, 1, 0 FROM post;
        INSERT INTO redirect VALUES ('old', 1);
        INSERT INTO post_search (rowid, title, body, tags) SELECT id, title, 'words', 'Tag' FROM post;
        INSERT INTO comment (id, uuid, post_id, parent_id, state, name, source, html, network, reason, created_at) VALUES
            (1, 'c1', 1, NULL, 'approved', 'Ali', 'a', '<p>a</p>', '', '', 1),
            (2, 'c2', 1, NULL, 'held', 'Ali', 'b', '<p>b</p>', '', '', 2),
            (3, 'c3', 1, 2, 'approved', 'Siti', 'c', '<p>c</p>', '', '', 3),
            (4, 'c4', 1, NULL, 'spam', 'X', 'd', '<p>d</p>', '', '', 4)";
        sqlx::raw_sql(rows).execute(&mut first).await.unwrap();
        first.close().await.unwrap();

        let store = Store::open(&file).await.unwrap();
        let now = Time(1000);
        let titles = async |among| {
            let posts = store.posts(among, From::Newest, 10, now).await.unwrap().items;
            posts.into_iter().map(|post| (post.title, post.body, post.is_cut)).collect::<Vec<_>>()
        };
        let live = [("Two", "<p>h2</p>", false), ("One", "<p>l1</p>", true)];
        let live = live.map(|(title, body, is_cut)| (title.to_owned(), body.to_owned(), is_cut));
        for among in [Among::All, Among::Tag(TagId(1)), Among::Author(UserId(1))] {
            assert_eq!(titles(among).await, live, "{among:?}");
        }
        let one = store.published_post("2020/01/one", now).await.unwrap().unwrap();
        assert_eq!((one.body.as_str(), one.summary.as_str(), one.comment_count), ("<p>h1</p>", "y1", 2));
        let (older, newer) = store.neighbours(&one, now).await.unwrap();
        assert_eq!((older.is_none(), newer.unwrap().title), (true, "Two".to_owned()));
        let thread = store.thread(PostId(1)).await.unwrap();
        assert_eq!(thread.iter().map(|comment| comment.id.0).collect::<Vec<_>>(), [1, 2, 3]);
        let sought = |word: &str, is_beginning| Term {
            quoted: format!("\"{word}\""),
            words: vec![word.to_owned()],
            is_beginning,
        };
        let months = async |now| {
            let months = store.months("", now).await.unwrap();
            months.into_iter().map(|month| (month.month, month.posts)).collect::<Vec<_>>()
        };
        assert_eq!(months(now).await, [("2020/01".to_owned(), 2)]);
        assert_eq!(months(Time(9000)).await, [("2021/02".to_owned(), 1), ("2020/01".to_owned(), 2)]);
        assert_eq!(store.redirect_for("old", now).await.unwrap().as_deref(), Some("2020/01/one"));
        assert_eq!(store.search(&[sought("words", false)], 1, now).await.unwrap().items.len(), 3);
        assert_eq!(store.search(&[sought("tw", true)], 1, now).await.unwrap().items[0].title, "Two");
        for (state, title) in [(PostState::Draft, "Draft"), (PostState::Scheduled, "Later"), (PostState::Trash, "Away")]
        {
            let filter = PostFilter { state: Some(state), ..PostFilter::of(PostKind::Post) };
            let rows = store.post_rows(&filter, From::Newest, now).await.unwrap().items;
            assert_eq!(rows.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(), [title]);
        }
        let stored = store.stored_post(PostId(1)).await.unwrap().unwrap();
        assert_eq!((stored.source.as_str(), stored.excerpt.as_str()), ("s1", "e1"));
        assert!(store.restore_post(PostId(5), now).await.unwrap());
        assert_eq!(months(now).await, [("2020/01".to_owned(), 3)]);
    }

    /// A database of this version of the schema, and nothing in it.
    async fn database_of(file: &Path, version: i64) {
        let mut old = options(file)
            .create_if_missing(true)
            .pragma("application_id", APPLICATION_ID.to_string())
            .connect()
            .await
            .unwrap();
        let before: Vec<_> = MIGRATIONS.iter().filter(|(known, ..)| *known <= version).copied().collect();
        migrator(&before).run(&mut old).await.unwrap();
        old.close().await.unwrap();
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn a_migration_that_fails_leaves_the_database_as_it_was_and_a_backup_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("laman.db");
        database_of(&file, 15).await;
        let before = fs::read(&file).unwrap();
        let mut migrations = MIGRATIONS.to_vec();
        migrations.push((9999, "wrong", "CREATE TABLE good (id INTEGER) STRICT; INSERT INTO nowhere VALUES (1)"));
        for _ in 0..2 {
            let said = Store::open_by(&file, &migrations).await.unwrap_err().to_string();
            for part in
                ["laman.db up to date", "nowhere", "nothing in it was changed", "the version of Laman that you had"]
            {
                assert!(said.contains(part), "{part}: {said}");
            }
            // Not even those that went well are there: it is what the program before can go on with.
            assert!(fs::read(&file).unwrap() == before);
            assert_eq!(names(folder.path()), ["laman.db", "laman.db.before-migration-0015"]);
        }
        let mut kept = options(&folder.path().join("laman.db.before-migration-0015")).connect().await.unwrap();
        assert_eq!(proof::version(&mut kept).await.unwrap(), 15);
        kept.close().await.unwrap();
        // The next program knows better.
        Store::open(&file).await.unwrap().close().await;
    }

    #[tokio::test]
    async fn the_last_two_backups_before_migrations_are_kept_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("laman.db");
        let others =
            ["laman.db.before-migration-0003.zst", "laman.db.before-migration-mine", "other.db.before-migration-0001"];
        for name in ["laman.db.before-migration-0002", "laman.db.before-migration-0009"].iter().chain(&others) {
            fs::write(folder.path().join(name), "kept").unwrap();
        }
        database_of(&file, 15).await;
        Store::open(&file).await.unwrap().close().await;
        let mut wanted = vec!["laman.db", "laman.db.before-migration-0009", "laman.db.before-migration-0015"];
        wanted.extend(others);
        wanted.sort_unstable();
        assert_eq!(names(folder.path()), wanted);
        // Where there is nothing to do, nothing is copied.
        fs::remove_file(folder.path().join("laman.db.before-migration-0015")).unwrap();
        Store::open(&file).await.unwrap().close().await;
        assert!(!folder.path().join("laman.db.before-migration-0015").exists());
    }

    #[tokio::test]
    async fn a_database_of_a_newer_program_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("laman.db");
        Store::open(&file).await.unwrap().close().await;
        let mut newer = options(&file).connect().await.unwrap();
        let rows = "UPDATE program SET version = '99.1.0';
            INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'x', 1, x'00', 0)";
        sqlx::raw_sql(rows).execute(&mut newer).await.unwrap();
        newer.close().await.unwrap();
        let said = Store::open(&file).await.unwrap_err().to_string();
        assert!(said.contains("Laman 99.1.0") && said.contains("run that version"), "{said}");
    }
}
