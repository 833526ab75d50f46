//! Posts and comments as tables, for whoever counts and sorts them elsewhere.

use jiff::tz::TimeZone;
use serde_json::Value;
use tokio::sync::mpsc::Sender;

use super::{Failed, out::Out};
use crate::{
    exchange::{
        csv,
        laman::{Row, sink::Piece},
    },
    store::{Part, Store},
};

const POSTS: &[&str] = &[
    "id",
    "kind",
    "state",
    "title",
    "path",
    "published_at",
    "updated_at",
    "created_at",
    "trashed_at",
    "authors",
    "tags",
    "comments",
    "excerpt",
    "description",
    "language",
    "source",
];
const COMMENTS: &[&str] = &[
    "id",
    "post",
    "parent",
    "state",
    "name",
    "email",
    "website",
    "created_at",
    "edited_at",
    "trashed_at",
    "pinned_at",
    "reason",
    "text",
];

/// Hands over `posts.csv` and `comments.csv`, ending with [`Piece::End`].
///
/// # Errors
/// When the database refuses, or nobody takes the pieces any more.
pub async fn pack(store: &Store, to: &Sender<Piece>, tell: impl Fn(u64, u64)) -> Result<(), Failed> {
    let zone = store.settings().await?.map_or(TimeZone::UTC, |settings| settings.zone);
    let mut out = Out::new(store.snapshot().await?, to, zone, tell);
    let sheets = [(Part::Posts, "posts.csv", POSTS), (Part::Comments, "comments.csv", COMMENTS)];
    out.expect(&[Part::Posts, Part::Comments]).await?;
    for (part, name, columns) in sheets {
        out.send(Piece::File(name.to_owned())).await?;
        out.send(Piece::Bytes(csv::MARK.to_vec())).await?;
        out.send(Piece::Bytes(csv::line(columns.iter().copied()).into_bytes())).await?;
        let mut after = String::new();
        while let Some((last, rows)) = out.some(part, &after).await? {
            let lines: String = rows.iter().map(|row| line(row, columns)).collect();
            out.send(Piece::Bytes(lines.into_bytes())).await?;
            out.count(rows.len());
            after = last;
        }
    }
    out.send(Piece::End).await
}

fn line(row: &Row, columns: &[&str]) -> String {
    let cells: Vec<String> = columns.iter().map(|key| row.get(*key).map(cell).unwrap_or_default()).collect();
    csv::line(cells.iter().map(String::as_str))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(words) => words.iter().map(cell).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
