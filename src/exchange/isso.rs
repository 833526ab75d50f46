//! Isso's database: its comments and the pages that they stand below. The one place outside of the store that speaks SQL, to a
//! database that is not ours.

use std::{collections::HashMap, path::Path, sync::atomic::AtomicU64, time::Duration};

use sqlx::{ConnectOptions, Connection, FromRow, SqliteConnection, sqlite::SqliteConnectOptions};

use super::input::{self, name_of, path_of, some};
use crate::{
    model::{
        incoming::{Body, Comment, Fault, Item, On, Refused, Shelf, Tell},
        remark::{Remark, remark, words},
        time::Time,
    },
    text::markdown,
};

/// That its two tables are tables, and that nothing in them is computed.
const TABLES: &str = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('threads', 'comments') \
     AND sql NOT LIKE '%GENERATED%' AND sql NOT LIKE '% AS (%' AND sql NOT LIKE '% AS(%' AND sql NOT LIKE '%VIRTUAL%'";

/// Whether a page of the file is damaged.
const SOUND: &str = "PRAGMA quick_check(1)";

/// The next comments, whatever is stored as what.
const COMMENTS: &str = "SELECT c.id AS id, CAST(t.uri AS BLOB) AS uri, CAST(c.parent AS INTEGER) AS parent, \
     CAST(c.created AS REAL) AS created, CAST(c.mode AS INTEGER) AS mode, CAST(c.remote_addr AS BLOB) AS network, \
     substr(CAST(c.text AS BLOB), 1, 262144) AS text, substr(CAST(c.author AS BLOB), 1, 1000) AS author, \
     substr(CAST(c.email AS BLOB), 1, 1000) AS email, substr(CAST(c.website AS BLOB), 1, 2000) AS website \
     FROM comments c LEFT JOIN threads t ON t.id = c.tid WHERE c.id > $1 ORDER BY c.id LIMIT 200";

/// A comment; texts are bytes, since nothing says that they are UTF-8.
#[derive(FromRow)]
struct Row {
    id: i64,
    uri: Option<Vec<u8>>,
    parent: Option<i64>,
    created: Option<f64>,
    mode: Option<i64>,
    network: Option<Vec<u8>>,
    text: Option<Vec<u8>>,
    author: Option<Vec<u8>>,
    email: Option<Vec<u8>>,
    website: Option<Vec<u8>>,
}

/// Reads a database, which is opened to be read alone. To be called where blocking is allowed.
pub fn read(source: &Path, _counted: &AtomicU64, tell: &mut Tell<'_>) -> Result<(), Refused> {
    let failed = |error: std::io::Error| input::bad(source, input::unreadable(&error));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let mut connection = runtime.block_on(open(source))?;
    let mut last = i64::MIN;
    let done = loop {
        // What is told may have to wait, and must not do so within a runtime.
        let rows = match runtime.block_on(more(&mut connection, source, last)) {
            Ok(rows) => rows,
            Err(refused) => break Err(refused),
        };
        let Some(end) = rows.last() else { break Ok(()) };
        last = end.id;
        if let Err(stop) = rows.into_iter().try_for_each(|row| tell(item(&name_of(source), row))) {
            break Err(stop.into());
        }
    };
    // Nothing was written: how it is closed changes nothing.
    let _ = runtime.block_on(connection.close());
    done
}

fn damaged(source: &Path, error: &sqlx::Error) -> Refused {
    input::bad(source, remark("import-isso-sqlite").because([words(error)]))
}

/// Opens one that is sound.
async fn open(source: &Path) -> Result<SqliteConnection, Refused> {
    let damaged = |error: sqlx::Error| damaged(source, &error);
    let mut connection = SqliteConnectOptions::new()
        .filename(source)
        .read_only(true)
        .immutable(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .disable_statement_logging()
        .connect()
        .await
        .map_err(damaged)?;
    let tables: i64 = sqlx::query_scalar(TABLES).fetch_one(&mut connection).await.map_err(damaged)?;
    if tables != 2 {
        return Err(input::bad(source, remark("import-isso-none")));
    }
    let sound: String = sqlx::query_scalar(SOUND).fetch_one(&mut connection).await.map_err(damaged)?;
    if sound != "ok" {
        return Err(input::bad(source, remark("import-damaged").because([words(sound)])));
    }
    Ok(connection)
}

/// The next comments after one.
async fn more(connection: &mut SqliteConnection, source: &Path, after: i64) -> Result<Vec<Row>, Refused> {
    let rows = sqlx::query_as(COMMENTS).bind(after).fetch_all(connection).await;
    rows.map_err(|error| damaged(source, &error))
}

/// Markdown, in which HTML counted.
fn written(text: String) -> Body {
    let has_tags = text.contains("</") || text.contains("<br") || text.contains("<img");
    match has_tags.then(|| markdown::post(&text, &HashMap::new(), "said")) {
        Some(Ok(drawn)) => Body::html(drawn.html),
        _ => Body::Markdown(text),
    }
}

fn item(place: &str, row: Row) -> Item {
    let id = row.id;
    let fault = |what: Remark| Item::Fault(Fault { place: place.to_owned(), what, is_skipped: true });
    let words = |bytes: Option<Vec<u8>>| String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
    let Some(path) = row.uri.map(|uri| words(Some(uri))).as_deref().and_then(path_of) else {
        return fault(remark("import-comment-no-page").put("id", id));
    };
    let Some(created) = row.created.filter(|at| at.is_finite() && at.abs() < 1e11) else {
        return fault(remark("import-comment-no-date").put("id", id));
    };
    let text = |bytes| some(&words(bytes));
    Item::Comment(Box::new(Comment {
        origin: format!("isso:{path}:{id}"),
        on: On::Path(path.clone()),
        parent: row.parent.map(|parent| format!("isso:{path}:{parent}")),
        name: text(row.author).unwrap_or_default(),
        email: text(row.email),
        website: text(row.website),
        network: text(row.network),
        text: written(words(row.text)),
        // Seconds with a fraction; milliseconds of any year that a clock shows have room.
        at: Time((created * 1000.0) as i64),
        state: match row.mode {
            Some(1) => Shelf::Approved,
            Some(4) => Shelf::Trash,
            _ => Shelf::Held,
        },
        is_owner: false,
        is_pinned: false,
    }))
}
