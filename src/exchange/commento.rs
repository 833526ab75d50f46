//! Commento's export: one JSON with the comments and those who wrote them.

use std::{collections::HashMap, path::Path, sync::atomic::AtomicU64};

use serde_json::Value;

use super::{
    input::{self, name_of, path_of, some},
    json::{self, is_set, text},
};
use crate::model::{
    incoming::{Body, Comment, Fault, Item, On, Refused, Shelf, Tell},
    remark::{Remark, remark},
};

/// The most that a file holds once it is unpacked.
const MAX_BYTES: u64 = 256 << 20;

/// Reads an export, packed or not; twice, since the people come last.
pub fn read(source: &Path, counted: &AtomicU64, tell: &mut Tell<'_>) -> Result<(), Refused> {
    let place = name_of(source);
    let mut people: HashMap<String, Value> = HashMap::new();
    let mut comments = 0_u64;
    json::walk(input::open(source, MAX_BYTES, counted, input::GLANCE)?, &place, &mut |table, row| {
        match table {
            "commenters" => drop(people.insert(text(&row, "commenterHex"), row)),
            "comments" => comments += 1,
            _ => {}
        }
        Ok(())
    })?;
    if comments == 0 {
        return Err(input::bad(source, remark("import-commento-none")));
    }
    json::walk(input::open(source, MAX_BYTES, counted, 1)?, &place, &mut |table, row| {
        if table == "comments" {
            tell(comment(&place, &row, &people))?;
        }
        Ok(())
    })
}

fn comment(place: &str, row: &Value, people: &HashMap<String, Value>) -> Item {
    let id = text(row, "commentHex");
    let fault = |what: Remark| Item::Fault(Fault { place: place.to_owned(), what, is_skipped: true });
    let (Some(path), false) = (path_of(&text(row, "url")), id.is_empty()) else {
        return fault(remark("import-comment-no-page").put("id", &id));
    };
    let Some(at) = input::time(&text(row, "creationDate")) else {
        return fault(remark("import-comment-no-date").put("id", &id));
    };
    let nobody = Value::Null;
    let person = people.get(&text(row, "commenterHex")).unwrap_or(&nobody);
    let link = |name| some(&text(person, name)).filter(|value| value != "undefined");
    let markdown = text(row, "markdown");
    Item::Comment(Box::new(Comment {
        origin: format!("commento:{id}"),
        on: On::Path(path),
        parent: some(&text(row, "parentHex"))
            .filter(|parent| parent != "root")
            .map(|parent| format!("commento:{parent}")),
        name: link("name").filter(|name| name != "Anonymous").unwrap_or_default(),
        email: link("email"),
        website: link("link"),
        network: None,
        text: if markdown.is_empty() { Body::html(text(row, "html")) } else { Body::Markdown(markdown) },
        at,
        state: match text(row, "state").as_str() {
            _ if is_set(row, "deleted") => Shelf::Trash,
            "approved" => Shelf::Approved,
            "flagged" | "spam" => Shelf::Spam,
            _ => Shelf::Held,
        },
        is_owner: is_set(person, "isModerator"),
        is_pinned: false,
    }))
}
