//! Rows that lack what belongs to them, or say what cannot be; and what the schema lacks.

use std::collections::BTreeSet;

use super::{Store, health::Finding, open, proof};
use crate::{error::Result, model::media};

const NO_TEXT: &str = "SELECT post.id, post.title AS what, 'its text is gone' AS detail FROM post \
     WHERE NOT EXISTS (SELECT 1 FROM post_text WHERE post_text.post_id = post.id)";
const NO_AUTHOR: &str = "SELECT post.id, post.title AS what, 'it has no author' AS detail FROM post \
     WHERE NOT EXISTS (SELECT 1 FROM post_author WHERE post_author.post_id = post.id)";
const NO_ADDRESS: &str = "SELECT post.id, post.title AS what, 'published at the address /' || coalesce(post.path, '') AS detail \
     FROM post WHERE +post.state = 'published' AND +post.trashed_at IS NULL AND (coalesce(post.path, '') = '' \
     OR instr('/' || post.path || '/', '//') > 0 OR instr('/' || post.path || '/', '/./') > 0 \
     OR instr('/' || post.path || '/', '/../') > 0)";
const NO_STATE: [&str; 2] = [
    "SELECT post.id, post.title AS what, 'in no known state: ' || post.state AS detail FROM post \
     WHERE post.state NOT IN ('draft', 'published')",
    "SELECT comment.id, 'comment ' || comment.id AS what, 'in no known state: ' || comment.state AS detail FROM comment \
     WHERE comment.state NOT IN ('approved', 'held', 'spam', 'deleted')",
];
const OWNERS: &str = "SELECT count(*) FROM user WHERE role = 'owner' AND disabled_at IS NULL";
const PEOPLE: &str = "SELECT count(*) FROM user";
const SCALED: &str = "SELECT media.id, media.name, media.hash, media.media_type, media.is_animated, media.width, \
     (SELECT json_group_array(media_variant.width) FROM media_variant WHERE media_variant.hash = media.hash) AS kept \
     FROM media WHERE media.is_scaled = 1";

/// A picture that was made smaller, and the widths that there are, as a list in JSON.
type Scaled = (i64, String, String, String, bool, u32, String);

impl Store {
    /// What the schema lacks: tables that are gone, and whatever else is not as this program makes it.
    pub async fn schema_faults(&self) -> Result<(Vec<String>, Vec<String>)> {
        let mut connection = self.readers.acquire().await?;
        let there = proof::schema(&mut connection).await?;
        let made = open::schema_of(open::known_version()).await?;
        let (mut tables, mut others) = (Vec::new(), Vec::new());
        for (name, (kind, sql)) in &made {
            match there.get(name) {
                None if kind == "table" => tables.push(format!("the table {name} is gone")),
                None => others.push(format!("the {kind} {name} is gone")),
                // What belongs to the search index is SQLite's to make.
                Some((_, found)) if found != sql && !proof::is_shadow(name, &made) => {
                    others.push(format!("the {kind} {name} is not as laman makes it"));
                }
                Some(_) => {}
            }
        }
        let strange = there.iter().filter(|(name, (kind, _))| kind == "trigger" && !made.contains_key(*name));
        others.extend(strange.map(|(name, _)| format!("the trigger {name} is none of laman's")));
        Ok((tables, others))
    }

    /// Posts without text, author or address, and what is in a state that does not exist.
    pub async fn impossible_rows(&self) -> Result<Vec<Finding>> {
        let mut found = Vec::new();
        for statement in [NO_TEXT, NO_AUTHOR, NO_ADDRESS].into_iter().chain(NO_STATE) {
            let rows: Vec<Finding> = sqlx::query_as(statement).fetch_all(&self.readers).await?;
            found.extend(rows);
        }
        Ok(found)
    }

    /// How many people there are, and how many owners among them who can sign in.
    pub async fn people_and_owners(&self) -> Result<(i64, i64)> {
        let people = sqlx::query_scalar(PEOPLE).fetch_one(&self.readers).await?;
        Ok((people, sqlx::query_scalar(OWNERS).fetch_one(&self.readers).await?))
    }

    /// Smaller widths that pictures should have, and do not.
    pub(super) async fn absent_variants(&self) -> Result<Vec<Finding>> {
        let pictures: Vec<Scaled> = sqlx::query_as(SCALED).fetch_all(&self.readers).await?;
        let mut found = Vec::new();
        for (id, name, hash, media_type, is_animated, width, kept) in pictures {
            let kept: BTreeSet<u32> = serde_json::from_str(&kept).unwrap_or_default();
            for width in media::widths(&media_type, is_animated, width).filter(|width| !kept.contains(width)) {
                found.push(Finding { id, what: name.clone(), detail: format!("{hash}/{width}") });
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
statements!(NO_TEXT, NO_AUTHOR, NO_ADDRESS, NO_STATE, OWNERS, PEOPLE, SCALED);
