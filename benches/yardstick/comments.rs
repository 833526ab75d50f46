//! Comments written one by one, as a plain program would, and the comments that a server said it had kept.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use laman::{rules::digest, text::markdown};
use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use uuid::Uuid;

use super::Result;

/// As in the store.
pub async fn connect(database: &Path) -> Result<SqliteConnection> {
    Ok(SqliteConnectOptions::new()
        .filename(database)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("trusted_schema", "off")
        .pragma("cache_size", "-16000")
        .statement_cache_capacity(256)
        .disable_statement_logging()
        .connect()
        .await?)
}

/// Inserts into the blog's own table, under a hundred posts in turn, for so long; prints inserts a second.
pub async fn insert(database: &Path, time: Duration) -> Result<()> {
    let mut connection = connect(database).await?;
    let posts: Vec<i64> =
        sqlx::query_scalar("SELECT id FROM post ORDER BY id DESC LIMIT 100").fetch_all(&mut connection).await?;
    let text = "What the plain loop has to say, and it says so again and again.";
    let html = markdown::comment(text)?;
    let started = Instant::now();
    let mut written = 0_u64;
    for post in posts.iter().cycle() {
        if started.elapsed() >= time {
            break;
        }
        let uuid = Uuid::new_v4().to_string();
        let name = format!("Reader {uuid}");
        sqlx::query(
            "INSERT INTO comment (uuid, post_id, parent_id, state, user_id, name, email, website, source, html, network, \
             reason, secret_hash, created_at, digest) VALUES ($1, $2, NULL, 'approved', NULL, $3, NULL, NULL, $4, $5, \
             '203.0.113.0/24', '', $6, $7, $8)",
        )
        .bind(&uuid)
        .bind(post)
        .bind(&name)
        .bind(text)
        .bind(&html)
        .bind(None::<String>)
        .bind(1_735_689_600_000 + i64::try_from(written)?)
        .bind(digest::comment(&name, None, text))
        .execute(&mut connection)
        .await?;
        written += 1;
    }
    println!("{:.1}", written as f64 / started.elapsed().as_secs_f64());
    connection.close().await?;
    Ok(())
}

/// Looks for every comment whose id stands on a line of the file `ids`; prints how many there are.
pub async fn acknowledged(database: &Path, ids: &Path) -> Result<()> {
    let mut connection = connect(database).await?;
    let (mut found, mut missing) = (0_u64, 0_u64);
    for id in fs::read_to_string(ids)?.lines() {
        let there: i64 = sqlx::query_scalar("SELECT count(*) FROM comment WHERE id = $1 AND state = 'approved'")
            .bind(id.parse::<i64>()?)
            .fetch_one(&mut connection)
            .await?;
        if there == 1 { found += 1 } else { missing += 1 }
    }
    connection.close().await?;
    if missing > 0 {
        return Err(format!("{missing} comments were acknowledged and are not in the database; {found} are").into());
    }
    println!("{found}");
    Ok(())
}
