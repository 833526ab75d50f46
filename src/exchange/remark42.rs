//! Remark42's backup: a line of JSON for each comment, packed; before them one of who is blocked and what is closed.

use std::{
    collections::HashSet,
    fs,
    io::{BufRead, BufReader, Read},
    path::Path,
    sync::atomic::AtomicU64,
};

use serde_json::Value;

use super::{
    input::{self, name_of, path_of, some},
    json::{is_set, text},
};
use crate::model::{
    incoming::{Body, Comment, Fault, Item, On, Refused, Shelf, Tell},
    remark::{Remark, remark},
    time::Time,
};

/// The most that a file holds once it is unpacked.
const MAX_BYTES: u64 = 8 << 30;

/// The longest line that is read.
const MAX_LINE: u64 = 1 << 20;

/// The longest first line.
const MAX_HEAD: u64 = 8 << 20;

/// The least that is left of a year, where somebody is blocked for ever.
const FOR_EVER: &str = "0001-01-01T00:00:00Z";

/// What the first line says.
#[derive(Default)]
struct Head {
    /// Ids of those whom readers did not see.
    blocked: HashSet<String>,
    /// Addresses of pages whose comments are closed.
    closed: Vec<String>,
}

impl Head {
    /// `made`: when the backup was.
    fn of(row: &Value, made: Option<Time>) -> Self {
        let list = |name| row.get(name).and_then(Value::as_array).into_iter().flatten();
        let is_blocked = |user: &&Value| {
            let Some(blocked) = user.get("blocked").filter(|blocked| is_set(blocked, "status")) else { return false };
            let until = some(&text(blocked, "until")).filter(|until| until != FOR_EVER).and_then(|at| input::time(&at));
            until.zip(made).is_none_or(|(until, made)| until > made)
        };
        Self {
            blocked: list("users").filter(is_blocked).filter_map(|user| some(&text(user, "id"))).collect(),
            closed: list("posts")
                .filter(|post| is_set(post, "read_only"))
                .filter_map(|post| path_of(&text(post, "url")))
                .collect(),
        }
    }
}

/// Reads a backup, packed or not.
pub fn read(source: &Path, counted: &AtomicU64, tell: &mut Tell<'_>) -> Result<(), Refused> {
    let place = name_of(source);
    let mut lines = BufReader::new(input::open(source, MAX_BYTES, counted, 1)?);
    let made = fs::metadata(source).and_then(|file| file.modified()).ok();
    let made = made.and_then(|made| jiff::Timestamp::try_from(made).ok()).map(Time::from);
    let (mut head, mut blocked) = (Head::default(), 0_u64);
    let mut number = 0_u64;
    let mut line = Vec::new();
    loop {
        line.clear();
        number += 1;
        let failed = |error: std::io::Error| Refused::Bad {
            place: format!("{place}, line {number}"),
            what: input::unreadable(&error),
        };
        let most = if number == 1 { MAX_HEAD } else { MAX_LINE };
        (&mut lines).take(most).read_until(b'\n', &mut line).map_err(failed)?;
        if line.is_empty() {
            break;
        }
        let mut is_cut = false;
        while !line.ends_with(b"\n") && line.len() as u64 == most {
            // The rest of a line that is too long.
            is_cut = true;
            let mut rest = Vec::new();
            (&mut lines).take(MAX_LINE).read_until(b'\n', &mut rest).map_err(failed)?;
            if rest.is_empty() || rest.ends_with(b"\n") {
                break;
            }
        }
        let row = if is_cut { None } else { serde_json::from_slice::<Value>(&line).ok() };
        let is_head = row.as_ref().is_some_and(|row| row.get("version").is_some() && row.get("locator").is_none());
        if number == 1 && !is_head {
            return Err(input::bad(source, remark("import-remark42-none")));
        }
        if let (true, Some(row)) = (is_head, &row) {
            head = Head::of(row, made);
            continue;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let fault =
            |what: Remark| Item::Fault(Fault { place: format!("{place}, line {number}"), what, is_skipped: true });
        let item = match &row {
            None if is_cut => fault(remark("import-long-line")),
            None => fault(remark("import-line-no-json")),
            Some(row) => comment(row).map_or_else(fault, |mut comment| {
                // Readers were told that it was deleted.
                if comment.state == Shelf::Approved && head.blocked.contains(&author(row)) {
                    comment.state = Shelf::Trash;
                    blocked += 1;
                }
                Item::Comment(Box::new(comment))
            }),
        };
        tell(item)?;
    }
    if number == 1 {
        return Err(input::bad(source, remark("import-empty")));
    }
    let mut say = |place, what| tell(Item::Fault(Fault { place, what, is_skipped: false }));
    if blocked > 0 {
        say(place, remark("import-blocked").put("n", blocked))?;
    }
    for page in head.closed {
        say(format!("/{page}"), remark("import-comments-closed"))?;
    }
    Ok(())
}

/// The id of whoever wrote a comment.
fn author(row: &Value) -> String {
    row.get("user").map(|user| text(user, "id")).unwrap_or_default()
}

fn comment(row: &Value) -> Result<Comment, Remark> {
    let id = some(&text(row, "id")).ok_or_else(|| remark("import-no-id"))?;
    let nothing = Value::Null;
    let part = |name| row.get(name).unwrap_or(&nothing);
    let url = some(&text(part("locator"), "url")).ok_or_else(|| remark("import-no-page"))?;
    let written = text(row, "orig");
    Ok(Comment {
        origin: format!("remark42:{id}"),
        on: On::Path(path_of(&url).ok_or_else(|| remark("import-no-page"))?),
        parent: some(&text(row, "pid")).map(|parent| format!("remark42:{parent}")),
        name: text(part("user"), "name").trim().to_owned(),
        email: None,
        website: None,
        network: None,
        text: if written.trim().is_empty() { Body::html(text(row, "text")) } else { Body::Markdown(written) },
        at: input::time(&text(row, "time")).ok_or_else(|| remark("import-no-date"))?,
        state: if is_set(row, "delete") || is_set(row, "deleted") { Shelf::Trash } else { Shelf::Approved },
        is_owner: is_set(part("user"), "admin"),
        is_pinned: is_set(row, "pin"),
    })
}
