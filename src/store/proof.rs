//! Proving a file: that it is a blog's database, sound in every page, index and reference, with as many rows as it should have.

use std::{collections::BTreeMap, path::Path};

use sqlx::{ConnectOptions, Connection, QueryBuilder, Sqlite, SqliteConnection, sqlite::SqliteConnectOptions};

use super::open::{OpenError, check_header, known_version, schema_of};

const TABLES: &str = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow')";
/// The search index is among what it looks at.
pub(super) const INTEGRITY: &str = "PRAGMA integrity_check(20)";
pub(super) const BROKEN_REFERENCES: &str = "SELECT \"table\", count(*) FROM pragma_foreign_key_check GROUP BY 1";
const SCHEMA: &str = "SELECT name, type, coalesce(sql, '') FROM sqlite_schema \
     WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND tbl_name <> '_sqlx_migrations'";
const VERSION: &str = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations";
const HAS_PROGRAM: &str = "SELECT count(*) FROM sqlite_schema WHERE name = 'program'";
const PROGRAM: &str = "SELECT version FROM program";

/// Rows by table.
pub(super) type Counts = BTreeMap<String, i64>;

/// Kind and making of each table, index and trigger, by name.
pub(super) type Schema = BTreeMap<String, (String, String)>;

/// Why a file is no sound blog.
#[derive(Debug, thiserror::Error)]
pub(super) enum Disproof {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Sqlite(#[from] sqlx::Error),
    #[error("{0}")]
    Unsound(String),
}

/// Opens a file that nobody writes, looks at all of it, and counts its rows.
pub(super) async fn prove(file: &Path) -> Result<Counts, Disproof> {
    check_header(file)?;
    let mut connection = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true).connect().await?;
    let counts = look(&mut connection, file).await;
    connection.close().await?;
    counts
}

async fn look(connection: &mut SqliteConnection, file: &Path) -> Result<Counts, Disproof> {
    let version = version(connection).await?;
    if version > known_version() {
        return Err(OpenError::Newer(file.to_owned(), written_by(connection).await?).into());
    }
    let (there, made) = (schema(connection).await?, schema_of(version).await?);
    if let Some((name, (kind, _))) = made.iter().find(|(name, _)| !there.contains_key(*name)) {
        return Err(Disproof::Unsound(format!("the {kind} {name} is gone")));
    }
    let said: Vec<String> = sqlx::query_scalar(INTEGRITY).fetch_all(&mut *connection).await?;
    if said != ["ok"] {
        return Err(Disproof::Unsound(said.join("; ")));
    }
    let broken: Vec<(String, i64)> = sqlx::query_as(BROKEN_REFERENCES).fetch_all(&mut *connection).await?;
    if let Some((table, rows)) = broken.first() {
        return Err(Disproof::Unsound(format!("{rows} rows of {table} refer to what is not there")));
    }
    Ok(counts(connection).await?)
}

/// All that the schema has which is not SQLite's own.
pub(super) async fn schema(connection: &mut SqliteConnection) -> sqlx::Result<Schema> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(SCHEMA).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|(name, kind, sql)| (name, (kind, sql))).collect())
}

/// Whether a table is one that a search index keeps for itself.
pub(super) fn is_shadow(name: &str, schema: &Schema) -> bool {
    schema.iter().any(|(index, (_, sql))| {
        sql.starts_with("CREATE VIRTUAL TABLE")
            && name.strip_prefix(index.as_str()).is_some_and(|rest| rest.starts_with('_'))
    })
}

/// Of the schema that is there.
pub(super) async fn version(connection: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar(VERSION).fetch_one(connection).await
}

/// The version of the program that brought it up to date, if it says so.
pub(super) async fn program(connection: &mut SqliteConnection) -> sqlx::Result<Option<String>> {
    let has_program: i64 = sqlx::query_scalar(HAS_PROGRAM).fetch_one(&mut *connection).await?;
    if has_program == 0 {
        return Ok(None);
    }
    sqlx::query_scalar(PROGRAM).fetch_optional(connection).await
}

/// A name for the program that brought it further than this one knows.
pub(super) async fn written_by(connection: &mut SqliteConnection) -> sqlx::Result<String> {
    let program = program(connection).await?.filter(|version| version != env!("CARGO_PKG_VERSION"));
    Ok(program
        .map_or_else(|| "a newer version of Laman".to_owned(), |version| format!("a newer version, Laman {version}")))
}

/// How many rows each table has, those of the search index and of the schema among them.
pub(super) async fn counts(connection: &mut SqliteConnection) -> sqlx::Result<Counts> {
    let tables: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut *connection).await?;
    let mut counts = Counts::new();
    for table in tables {
        // Whatever the file calls its tables, the name stays within its quotes.
        let mut count = QueryBuilder::<Sqlite>::new("SELECT count(*) FROM main.\"");
        count.push(table.replace('"', "\"\"")).push('"');
        counts.insert(table, count.build_query_scalar().fetch_one(&mut *connection).await?);
    }
    Ok(counts)
}

#[cfg(test)]
statements!(TABLES, INTEGRITY, BROKEN_REFERENCES, SCHEMA, VERSION, HAS_PROGRAM, PROGRAM);
