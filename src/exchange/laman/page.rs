//! A post or page as a Markdown file: a line for each thing that is known of it, then its text as it was typed.
//!
//! Each value is JSON, so the head is YAML that other programs read, and reading it back needs no guessing.

use serde_json::Value;

use super::Row;

/// What a row calls it, and what the head of the file does.
const NAMES: &[(&str, &str)] = &[
    ("title", "title"),
    ("slug", "slug"),
    ("published_at", "date"),
    ("updated_at", "updated"),
    ("kind", "kind"),
    ("state", "state"),
    ("path", "path"),
    ("authors", "authors"),
    ("tags", "tags"),
    ("excerpt", "excerpt"),
    ("description", "description"),
    ("cover", "cover"),
    ("cover_alt", "cover_alt"),
    ("cover_caption", "cover_caption"),
    ("canonical", "canonical"),
    ("language", "language"),
    ("featured", "featured"),
    ("comments", "comments"),
    ("old_paths", "aliases"),
    ("uuid", "uuid"),
    ("id", "id"),
    ("version", "version"),
    ("created_at", "created"),
    ("saved_at", "saved"),
    ("first_live_at", "first_live"),
    ("trashed_at", "trashed"),
    ("submitted_at", "submitted"),
    ("origin", "origin"),
    ("is_template", "template"),
];

/// The file.
pub fn write(row: &Row) -> String {
    let mut text = "---\n".to_owned();
    for (key, name) in NAMES {
        let value = row.get(*key).unwrap_or(&Value::Null);
        let said = match *key {
            "old_paths" => Value::from_iter(words(value).map(|path| format!("/{path}"))),
            "featured" | "is_template" => Value::Bool(value == 1),
            _ => value.clone(),
        };
        if *name == "state" && value == "draft" {
            // As other programs say it.
            text.push_str("draft: true\n");
        }
        if said != Value::Null && said != "" && said != false && said != serde_json::json!([]) {
            text.push_str(&format!("{name}: {said}\n"));
        }
    }
    text.push_str("---\n");
    text.push_str(row.get("source").and_then(Value::as_str).unwrap_or_default());
    text
}

/// The row. `Err`: what is wrong.
pub fn read(text: &str) -> Result<Row, String> {
    let (head, source) = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
        .ok_or("it does not begin with what is known of the post, between two lines of ---")?;
    let mut row = Row::new();
    for line in head.lines() {
        let (name, value) = line.split_once(": ").ok_or_else(|| format!("the line {line:?} is no \"name: value\""))?;
        let value: Value = serde_json::from_str(value).map_err(|error| format!("{name}: {error}"))?;
        if let Some((key, _)) = NAMES.iter().find(|(_, other)| *other == name) {
            row.insert((*key).to_owned(), value);
        }
    }
    for (key, _) in NAMES {
        let value = row.remove(*key).unwrap_or(Value::Null);
        let meant = match *key {
            "old_paths" => Value::from_iter(words(&value).map(|path| path.trim_start_matches('/').to_owned())),
            "authors" | "tags" => Value::from_iter(words(&value)),
            "featured" | "is_template" => Value::from(i64::from(value == true)),
            "title" | "slug" | "excerpt" | "description" | "cover" | "cover_alt" | "cover_caption" | "canonical"
            | "language"
                if value.is_null() =>
            {
                "".into()
            }
            _ => value,
        };
        row.insert((*key).to_owned(), meant);
    }
    row.insert("source".to_owned(), source.into());
    Ok(row)
}

fn words(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_post_comes_back_as_it_went(title in ".*", source in "(.|\n|---\n){0,30}", tags in prop::collection::vec(".+", 0..3), path in prop::option::of("[a-z/]+"), featured in 0..2_i64) {
            let row = serde_json::json!({
                "title": title, "source": source, "tags": tags, "path": path, "featured": featured, "authors": ["a"],
                "old_paths": ["one", "old/two"], "published_at": null, "id": 7, "state": "draft",
            });
            let back = read(&write(row.as_object().unwrap())).unwrap();
            for (key, value) in row.as_object().unwrap() {
                prop_assert_eq!(&back[key], value, "{}", key);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "(---\n|title: |\"|\n|.){0,20}") {
            let _ = read(&text);
        }
    }
}
