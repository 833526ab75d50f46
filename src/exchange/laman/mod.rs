//! The archive of a blog of our own, as `docs/archive.md` describes it: names of its files, and rows as they stand in them.

pub mod page;
pub mod sink;
pub mod source;

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, Value};

use crate::model::{incoming::Refused, remark::words, time::Time};

/// What [`MANIFEST`] says that it is.
pub const FORMAT: &str = "laman";
/// Rises when what an older program knows would be misread.
pub const VERSION: u64 = 1;
/// The first file: what this is, and how many rows there are of each kind.
pub const MANIFEST: &str = "laman.json";
/// The folders in which posts and pages are.
pub const FOLDERS: [&str; 4] = ["posts/", "pages/", "drafts/", "trash/"];

/// A row of some kind.
pub type Row = Map<String, Value>;

/// Says where an archive is not what it should be, and what is wrong there.
pub fn refused(place: &str, what: impl ToString) -> Refused {
    Refused::Bad { place: place.to_owned(), what: words(what) }
}

/// Where a post or page stands.
pub fn file_of(row: &Row) -> String {
    let word = |key: &str| row.get(key).and_then(Value::as_str).filter(|word| !word.is_empty());
    let uuid = word("uuid").unwrap_or_default();
    match (word("path"), word("state"), row.get("trashed_at")) {
        (_, _, Some(at)) if !at.is_null() => format!("trash/{uuid}.md"),
        (Some(path), Some("published"), _) if word("kind") == Some("page") => format!("pages/{path}.md"),
        (Some(path), Some("published"), _) => format!("posts/{path}.md"),
        _ => format!("drafts/{uuid}.md"),
    }
}

/// Where the bytes of a file stand.
pub fn file_of_media(hash: &str, name: &str) -> String {
    format!("media/{hash}/{name}")
}

/// Times as people read them, with the offset of the blog's zone.
pub fn write_times(row: &mut Row, zone: &TimeZone) {
    each_time(row, &mut |value| {
        if let Some(millis) = value.as_i64()
            && let Some(text) = written(millis, zone)
        {
            *value = text.into();
        }
        Some(())
    });
}

/// Times as the database has them. `None`: one of them is none.
pub fn read_times(row: &mut Row) -> Option<()> {
    each_time(row, &mut |value| {
        if let Some(text) = value.as_str() {
            *value = Time::from(text.parse::<Timestamp>().ok()?).0.into();
        }
        Some(())
    })
}

/// A time beyond the years that can be written stays a number.
fn written(millis: i64, zone: &TimeZone) -> Option<String> {
    let at = Timestamp::from_millisecond(millis).ok()?;
    let is_whole = zone.to_offset(at).seconds() % 60 == 0;
    let zone = if is_whole { zone.clone() } else { TimeZone::UTC };
    let text = at.to_zoned_datetime(zone).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string();
    (text.parse::<Timestamp>().ok()? == at).then_some(text)
}

fn each_time(row: &mut Row, change: &mut dyn FnMut(&mut Value) -> Option<()>) -> Option<()> {
    for (key, value) in row.iter_mut() {
        if key.ends_with("_at") {
            change(value)?;
        } else if let Value::Array(rows) = value {
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                each_time(row, change)?;
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn times_come_back_as_they_went(millis in any::<i64>(), near in -4_000_000_000_000_i64..4_000_000_000_000, zone in 0_usize..3) {
            let zone = TimeZone::get(["UTC", "Asia/Kuala_Lumpur", "Africa/Monrovia"][zone]).unwrap();
            let row = serde_json::json!({ "created_at": millis, "edits": [{ "replaced_at": near }], "trashed_at": null });
            let mut there = row.as_object().unwrap().clone();
            write_times(&mut there, &zone);
            prop_assert!(there["edits"][0]["replaced_at"].is_string());
            read_times(&mut there).unwrap();
            prop_assert_eq!(Value::Object(there), row);
        }
    }

    #[test]
    fn times_are_written_with_the_offset_of_the_zone() {
        let mut row = serde_json::json!({ "created_at": 1_676_104_200_500_i64 }).as_object().unwrap().clone();
        write_times(&mut row, &TimeZone::get("Asia/Kuala_Lumpur").unwrap());
        assert_eq!(row["created_at"], "2023-02-11T16:30:00.500+08:00");
        row["created_at"] = "yesterday".into();
        assert!(read_times(&mut row).is_none());
    }
}
