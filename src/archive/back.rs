//! Back: what an archive holds into an empty blog, whole or not at all. Its HTML is made anew from what was typed.

use std::{
    collections::{BTreeMap, HashSet},
    io::{BufRead, BufReader, Read},
};

use serde_json::Value;

use super::{Failed, check, check::word, file_of};
use crate::{
    error::Error,
    exchange::laman::{self, FOLDERS, MANIFEST, Row, page, refused, source::Source},
    model::{
        incoming::Refused,
        post::{Meta, PostComments},
        revision::Typed,
    },
    picture,
    rules::{password, token},
    store::{Intake, PART, PARTS, Part, Store},
    text::{
        manuscript::{self, Manuscript},
        markdown, plain,
    },
};

/// The longest line, or file of a post.
const MOST: u64 = 32 * 1024 * 1024;
/// What is read of a file at once.
const PIECE: usize = 4 * PART;

/// How many rows came in, by the name of their file.
pub type Tally = BTreeMap<&'static str, u64>;

/// Takes all of it in, but for files whose bytes are not those that were uploaded: gives their names, too. Blocks while it reads.
/// `tell` hears how many rows are in, and of how many.
///
/// # Errors
/// When something else is not as it should be: then nothing is taken.
pub async fn unpack(
    store: &Store,
    source: &mut Source,
    tell: impl Fn(u64, u64),
) -> Result<(Tally, Vec<String>), Failed> {
    let counts = manifest(source)?;
    let all = counts.values().filter_map(Value::as_u64).sum();
    let intake = store.intake().await?.ok_or(Failed::NotEmpty)?;
    // Of a password that nobody has ever seen.
    let secret = token::new().map_err(|error| Error::Internal(error.to_string()))?;
    let password_hash = password::hash(&secret).map_err(|error| Error::Internal(error.to_string()))?;
    let (tally, files, altered) = (Tally::new(), HashSet::new(), Vec::new());
    let mut back = Back { intake, password_hash, tally, files, altered, tell, done: 0, all };
    for part in PARTS {
        let name = file_of(part);
        back.tally.insert(name, 0);
        match part {
            Part::Posts => back.posts(source).await?,
            // Not asked for, or not known yet when it was made.
            Part::Revisions
            | Part::Appearance
            | Part::ImportedPosts
            | Part::ImportedComments
            | Part::ImportedPictures
            | Part::ImportedAddresses
            | Part::Originals
            | Part::Appearance
                if !source.names().iter().any(|known| known == name) => {}
            _ => back.lines(source, part).await?,
        }
        let said = counts.get(name.trim_end_matches(".jsonl")).and_then(Value::as_u64).unwrap_or_default();
        let came = back.tally.get(name).copied().unwrap_or_default();
        if said != came {
            return Err(refused(name, format!("{came} came of {said}: the archive is not whole")).into());
        }
        if part == Part::Comments
            && let Some(id) = back.intake.adopt().await?
        {
            return Err(refused(name, format!("the comment {id} answers none that is there")).into());
        }
    }
    back.intake.commit().await?;
    Ok((back.tally, back.altered))
}

/// What the archive says of itself.
fn manifest(source: &mut Source) -> Result<Row, Refused> {
    let bytes = source.read_whole(MANIFEST, 65_536)?;
    let manifest: Row = serde_json::from_slice(&bytes).map_err(|error| refused(MANIFEST, error))?;
    if word(&manifest, "format") != laman::FORMAT {
        return Err(refused(MANIFEST, "this is no archive of laman"));
    }
    match manifest.get("version").and_then(Value::as_u64) {
        Some(1..=laman::VERSION) => {}
        _ => return Err(refused(MANIFEST, "a newer laman made this; update the program first")),
    }
    manifest.get("counts").and_then(Value::as_object).cloned().ok_or_else(|| refused(MANIFEST, "it counts nothing"))
}

struct Back<T> {
    intake: Intake,
    password_hash: String,
    tally: Tally,
    /// By their hashes.
    files: HashSet<String>,
    altered: Vec<String>,
    tell: T,
    done: u64,
    all: u64,
}

impl<T: Fn(u64, u64)> Back<T> {
    fn count(&mut self, part: Part) {
        *self.tally.entry(file_of(part)).or_default() += 1;
        self.done += 1;
        (self.tell)(self.done, self.all);
    }

    async fn lines(&mut self, source: &mut Source, part: Part) -> Result<(), Failed> {
        let name = file_of(part);
        if part == Part::Media {
            // Each row is followed by its bytes, which the same zip holds: the rows are short, and read first.
            let rows = rows(source, name)?.collect::<Result<Vec<_>, _>>()?;
            for (place, row) in rows {
                self.media(source, &place, row).await?;
                self.count(part);
            }
            return Ok(());
        }
        for row in rows(source, name)? {
            let (place, row) = row?;
            self.row(part, &place, row).await?;
            self.count(part);
        }
        Ok(())
    }

    async fn row(&mut self, part: Part, place: &str, mut row: Row) -> Result<(), Failed> {
        let wrong = |what: String| refused(place, what);
        let taken = match part {
            Part::People => {
                check::person(&row).map_err(wrong)?;
                row.insert("skeleton".to_owned(), plain::skeleton(word(&row, "name")).into());
                self.intake.add_person(&row.into(), &self.password_hash).await
            }
            Part::Comments => {
                check::comment(&row).map_err(wrong)?;
                let html = comment_html(word(&row, "text")).map_err(wrong)?;
                let edits = row.get("edits").and_then(Value::as_array).cloned().unwrap_or_default();
                let edits = edits
                    .into_iter()
                    .map(|edit| {
                        let html = comment_html(edit.get("text").and_then(Value::as_str).unwrap_or_default())?;
                        Ok((edit, html))
                    })
                    .collect::<Result<Vec<_>, String>>()
                    .map_err(wrong)?;
                self.intake.add_comment(&row.into(), &html, &edits).await
            }
            Part::Appearance => {
                check::appearance(&row).map_err(wrong)?;
                let html = comment_html(word(&row, "footer")).map_err(wrong)?;
                row.insert("footer_html".to_owned(), html.trim().into());
                self.intake.add(part, &row.into()).await
            }
            Part::Working => {
                let typed = typed(&row).map_err(wrong)?;
                self.intake.add_working(&row.into(), &typed).await
            }
            Part::Revisions => {
                let typed = typed(&row).map_err(wrong)?;
                self.intake.add_revision(&row.into(), &typed).await
            }
            _ => {
                match part {
                    Part::Settings => check::settings(&row).map_err(wrong)?,
                    Part::Redirects => check::redirect(&row).map_err(wrong)?,
                    _ => {}
                }
                self.intake.add(part, &row.into()).await
            }
        };
        taken.map_err(|error| at(place, error))
    }

    async fn posts(&mut self, source: &mut Source) -> Result<(), Failed> {
        let is_post = |name: &&String| name.ends_with(".md") && FOLDERS.iter().any(|folder| name.starts_with(folder));
        let names: Vec<String> = source.names().iter().filter(is_post).cloned().collect();
        for name in names {
            let wrong = |what: String| refused(&name, what);
            let text =
                String::from_utf8(source.read_whole(&name, MOST)?).map_err(|_| wrong("it is no UTF-8".into()))?;
            let mut row = page::read(&text).map_err(wrong)?;
            laman::read_times(&mut row).ok_or_else(|| wrong("a date in it is none".into()))?;
            check::post(&row).map_err(wrong)?;
            let shown = self.intake.media_shown(&markdown::media_in(word(&row, "source"))).await?;
            let content = manuscript::content(manuscript(&row), &shown).map_err(|error| wrong(error.to_string()))?;
            let added = self.intake.add_post(&row.into(), &content).await.map_err(|error| at(&name, error))?;
            if !added {
                return Err(wrong("its authors are not all among the people of the archive".into()).into());
            }
            self.count(Part::Posts);
        }
        Ok(())
    }

    /// The bytes first: whether they are what the row says shows then.
    async fn media(&mut self, source: &mut Source, place: &str, row: Row) -> Result<(), Failed> {
        let wrong = |what: &str| refused(place, what);
        let (hash, length) = (word(&row, "hash").to_owned(), row.get("length").and_then(Value::as_u64).unwrap_or(0));
        let name = laman::file_of_media(&hash, word(&row, "name"));
        if !self.files.insert(hash.clone()) {
            return Err(wrong("this file is in it twice").into());
        }
        let is_picture = word(&row, "kind") == "picture";
        if is_picture && length > picture::MAX_BYTES as u64 {
            return Err(wrong("a picture is not as large as that").into());
        }
        let mut from = source.read(&name)?.take(length + 1);
        let (mut hashed, mut head, mut whole) = (token::ContentHash::default(), Vec::new(), Vec::new());
        let (mut piece, mut came) = (Vec::with_capacity(PIECE), 0);
        for first in (0..).step_by(PIECE / PART) {
            piece.clear();
            (&mut from).take(PIECE as u64).read_to_end(&mut piece).map_err(|error| refused(&name, error))?;
            if piece.is_empty() {
                break;
            }
            came += piece.len() as u64;
            hashed.add(&piece);
            if first == 0 {
                head = piece.iter().take(picture::file::HEAD).copied().collect();
            }
            if is_picture {
                whole.extend_from_slice(&piece);
            }
            self.intake.add_media_parts(&hash, first, &piece).await?;
        }
        if came != length || hashed.finish() != hash {
            // A disk lost them, here or there: one picture is no reason to leave a whole blog behind.
            self.intake.drop_media_parts(&hash).await?;
            self.altered.push(name);
            return Ok(());
        }
        check::media(&row, &head, is_picture.then_some(whole)).map_err(|what| refused(&name, what))?;
        self.intake.add_media(&row.into()).await.map_err(|error| at(place, error))
    }
}

/// What the database refuses is the archive's fault, unless it cannot write at all.
fn at(place: &str, error: Error) -> Failed {
    match error {
        Error::Internal(what) => refused(place, what).into(),
        other => other.into(),
    }
}

/// The rows of a file, each with the place where it stands.
fn rows<'a>(
    source: &'a mut Source,
    name: &'static str,
) -> Result<impl Iterator<Item = Result<(String, Row), Refused>> + use<'a>, Refused> {
    let mut lines = BufReader::new(source.read(name)?);
    let mut number = 0;
    Ok(std::iter::from_fn(move || {
        number += 1;
        let place = format!("{name}, line {number}");
        let mut line = Vec::new();
        match (&mut lines).take(MOST).read_until(b'\n', &mut line) {
            Err(error) => Some(Err(refused(&place, error))),
            Ok(0) => None,
            Ok(_) => Some(serde_json::from_slice(&line).map_err(|error| refused(&place, error)).and_then(|mut row| {
                laman::read_times(&mut row).ok_or_else(|| refused(&place, "a time in it is none"))?;
                Ok((place, row))
            })),
        }
    }))
}

fn typed(row: &Row) -> Result<Typed, String> {
    serde_json::from_value(row.get("typed").cloned().unwrap_or_default()).map_err(|error| error.to_string())
}

fn comment_html(text: &str) -> Result<String, String> {
    if text.is_empty() { Ok(String::new()) } else { markdown::comment(text).map_err(|error| error.to_string()) }
}

/// Of a post what its text is made of; the rest goes from the row into the database as it is.
fn manuscript(row: &Row) -> Manuscript {
    let tags = row.get("tags").and_then(Value::as_array).into_iter().flatten();
    Manuscript {
        uuid: word(row, "uuid").to_owned(),
        title: word(row, "title").to_owned(),
        slug: None,
        source: word(row, "source").to_owned(),
        excerpt: word(row, "excerpt").to_owned(),
        tags: tags.filter_map(Value::as_str).map(str::to_owned).collect(),
        comments: PostComments::typed(word(row, "comments")),
        published_at: None,
        authors: Vec::new(),
        meta: Meta::default(),
    }
}
