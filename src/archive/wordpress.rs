//! The blog for WordPress's importer: a post with its comments at a time.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;
use serde_json::Value;
use tokio::sync::mpsc::Sender;

use super::{Failed, out::Out};
use crate::{
    exchange::{
        laman::{Row, sink::Piece},
        wordpress::written::{Beside, Blog, TAIL},
    },
    model::{media, time::Time},
    store::{Part, Store},
};

/// Hands over the one file, ending with [`Piece::End`].
///
/// # Errors
/// When the database refuses, or nobody takes the pieces any more.
pub async fn pack(
    store: &Store,
    base: &str,
    now: Time,
    to: &Sender<Piece>,
    tell: impl Fn(u64, u64),
) -> Result<(), Failed> {
    let zone = store.settings().await?.map_or(TimeZone::UTC, |settings| settings.zone);
    let mut blog = Blog { base: base.to_owned(), zone: zone.clone(), now, taken: HashMap::new() };
    let mut out = Out::new(store.snapshot().await?, to, zone, tell);
    out.expect(&[Part::Settings, Part::People, Part::Media, Part::Posts, Part::Comments]).await?;
    let mut free = out.snapshot.last_comment().await? + 1;
    out.send(Piece::File("wordpress.xml".to_owned())).await?;
    for part in [Part::Settings, Part::People, Part::Media, Part::Posts] {
        let mut after = String::new();
        loop {
            let rows = out.keyed(part, &after).await?;
            let Some((last, _)) = rows.last() else { break };
            after.clone_from(last);
            for (key, row) in &rows {
                match part {
                    Part::Settings => out.text(blog.head(row)).await?,
                    Part::People => out.text(blog.author(key, row)).await?,
                    Part::Media => out.text(blog.file(row)).await?,
                    _ => post(&mut out, &mut blog, &mut free, row).await?,
                }
            }
            out.count(rows.len());
        }
    }
    out.text(TAIL.to_owned()).await?;
    out.send(Piece::End).await
}

async fn post<T: Fn(u64, u64)>(out: &mut Out<'_, T>, blog: &mut Blog, free: &mut i64, row: &Row) -> Result<(), Failed> {
    let word = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default();
    let Some(id) = row.get("id").and_then(Value::as_i64) else { return Ok(()) };
    let mut beside = Beside { html: out.snapshot.html(id).await?, cover: None };
    if let Some(hash) = media::hash_in(word("cover"))
        && let Some((file, alt, caption)) = out.snapshot.file(hash).await?
        && [alt.as_str(), ""].contains(&word("cover_alt"))
        && caption == word("cover_caption")
    {
        beside.cover = Some(file);
    }
    out.text(blog.post(row, &beside)).await?;
    let others = parents_first(&out.snapshot.answers(id).await?, free);
    let mut after = 0;
    loop {
        let rows = out.snapshot.thread(id, after).await?;
        let Some((last, _)) = rows.last() else { break };
        after = *last;
        for (_, json) in &rows {
            let mut row = out.read(json)?;
            for key in ["id", "parent"] {
                if let Some(other) = row.get(key).and_then(Value::as_i64).and_then(|number| others.get(&number)) {
                    row.insert(key.to_owned(), (*other).into());
                }
            }
            out.text(blog.comment(&row)).await?;
        }
        out.count(rows.len());
    }
    out.text("</item>\n".to_owned()).await
}

/// Other numbers for answers whose own is lower than that of what they answer: the importer takes comments in by number, and
/// knows only those that it has.
fn parents_first(answers: &[(i64, i64)], free: &mut i64) -> HashMap<i64, i64> {
    let mut others = HashMap::new();
    if answers.iter().all(|(id, parent)| parent < id) {
        return others;
    }
    let mut below: HashMap<i64, Vec<i64>> = HashMap::new();
    for (id, parent) in answers {
        below.entry(*parent).or_default().push(*id);
    }
    // What no top leads to is in a ring, and nobody's answer.
    let answering: HashSet<i64> = answers.iter().map(|(id, _)| *id).collect();
    let mut waiting: Vec<i64> = below.keys().copied().filter(|id| !answering.contains(id)).collect();
    while let Some(parent) = waiting.pop() {
        let above = others.get(&parent).copied().unwrap_or(parent);
        for id in below.remove(&parent).unwrap_or_default() {
            if id < above {
                others.insert(id, *free);
                *free += 1;
            }
            waiting.push(id);
        }
    }
    others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_answers_has_a_higher_number_than_what_it_answers() {
        let numbers = |answers: &[(i64, i64)]| {
            let mut others: Vec<_> = parents_first(answers, &mut 100).into_iter().collect();
            others.sort_unstable();
            others
        };
        assert_eq!(numbers(&[(2, 1), (3, 2)]), []);
        assert_eq!(numbers(&[(21, 22), (23, 21), (24, 22)]), [(21, 100), (23, 101)]);
        assert_eq!(numbers(&[(5, 6), (6, 5), (1, 2)]), [(1, 100)], "a ring stays");
    }
}
