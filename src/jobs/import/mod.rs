//! Bringing in a blog from elsewhere: a reader tells what it finds on a thread of its own, and here it goes into the store,
//! an entry a transaction. It can be stopped at any time and run again.

mod comments;
mod entry;
mod pictures;
mod report;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::mpsc;
use url::Url;

use crate::{
    error::Error,
    exchange::{self, Format},
    model::{
        ids::UserId,
        incoming::{About, Comment, Fault, Item, Person, Refused, Source, Stop, Term},
        redirect::NewRedirect,
        settings::Settings,
        time::Time,
    },
    store::{NamedAuthor, Store},
    text::{plain, slug},
};
pub use report::{Line, Report};

/// So many things are read before they are wanted.
const AHEAD: usize = 8;
/// So many comments share a transaction.
const COMMENTS: usize = 200;
/// So many old addresses share a transaction.
const ADDRESSES: usize = 500;

/// What is to be brought in.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What it is.
    pub format: Format,
    /// The files or folders of one blog.
    pub sources: Vec<PathBuf>,
    /// Where its pictures are.
    pub media: Option<PathBuf>,
    /// Whether nothing is to be written.
    pub is_trial: bool,
}

/// How far it is.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes that were read.
    pub read: AtomicU64,
    /// Entries that were taken in.
    pub entries: AtomicU64,
}

/// Why it went no further.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source is not what it should be.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The database.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Brings in what is wanted. `owner` stands under what names nobody; `note` hears of everything that is worth a line.
///
/// # Errors
/// When the rest cannot be read, or the database refuses. What came before is there.
pub async fn run(
    store: &Store,
    settings: &Settings,
    owner: UserId,
    wanted: &Wanted,
    progress: &Arc<Progress>,
    note: &mut (dyn FnMut(&Line) + Send),
    now: Time,
) -> Result<Report, ImportError> {
    let (sender, mut items) = mpsc::channel(AHEAD);
    let reading = tokio::task::spawn_blocking({
        let (wanted, zone, progress) = (wanted.clone(), settings.zone.clone(), Arc::clone(progress));
        move || {
            let mut tell = |item| sender.blocking_send(item).map_err(|_| Stop);
            exchange::read(wanted.format, &wanted.sources, &zone, &progress.read, &mut tell)
        }
    });
    let mut taker = Taker {
        store,
        settings,
        owner,
        wanted,
        note,
        now,
        report: Report { is_trial: wanted.is_trial, ..Report::default() },
        about: About::default(),
        people: HashMap::new(),
        terms: Vec::new(),
        files: HashMap::new(),
        moved: Vec::new(),
        waiting: Vec::new(),
    };
    while let Some(item) = items.recv().await {
        if matches!(item, Item::Entry(_)) {
            progress.entries.fetch_add(1, Ordering::Relaxed);
        }
        taker.take(item).await?;
    }
    let read = reading.await.map_err(Error::from)?;
    // What was found before the end of what can be read is whole.
    taker.finish().await?;
    read?;
    Ok(taker.report)
}

struct Taker<'a> {
    store: &'a Store,
    settings: &'a Settings,
    owner: UserId,
    wanted: &'a Wanted,
    note: &'a mut (dyn FnMut(&Line) + Send),
    now: Time,
    report: Report,
    about: About,
    /// By what entries call them.
    people: HashMap<String, Person>,
    terms: Vec<Term>,
    /// Files that the source brings, by the addresses that texts use.
    files: HashMap<String, Source>,
    moved: Vec<(String, String)>,
    /// Comments that are not written yet.
    waiting: Vec<Comment>,
}

impl Taker<'_> {
    async fn take(&mut self, item: Item) -> Result<(), Error> {
        match item {
            Item::About(about) => self.about = about,
            Item::Person(person) => {
                self.people.insert(person.key.clone(), person);
            }
            Item::Term(term) => self.terms.push(term),
            Item::File(file) if file.source == Source::Elsewhere => {}
            Item::File(file) => {
                self.files.extend(file.references.into_iter().map(|reference| (reference, file.source.clone())));
            }
            Item::Moved { from, to } => self.moved.push((from, to)),
            Item::Fault(Fault { place, what, is_skipped }) => self.line(place, what, is_skipped),
            Item::Entry(entry) => {
                self.write_comments().await?;
                self.entry(*entry).await?;
            }
            Item::Comment(comment) => {
                self.waiting.push(*comment);
                if self.waiting.len() >= COMMENTS {
                    self.write_comments().await?;
                }
            }
        }
        Ok(())
    }

    fn line(&mut self, place: String, what: String, is_skipped: bool) {
        let line = Line { place, what, is_skipped };
        (self.note)(&line);
        self.report.add(line);
    }

    async fn finish(&mut self) -> Result<(), Error> {
        self.write_comments().await?;
        if self.wanted.is_trial {
            return Ok(());
        }
        self.store.mend_threads().await?;
        let mut redirects = Vec::new();
        for term in std::mem::take(&mut self.terms) {
            let slug = slug::slug(&plain::clean_line(&term.name));
            if self.store.tag(&slug).await?.is_some() {
                lead(&mut redirects, &term.old_paths, &format!("/tag/{slug}"));
            }
        }
        for person in std::mem::take(&mut self.people).into_values() {
            if let Some((_, slug)) = self.store.known_author(&named(&person)).await? {
                lead(&mut redirects, &person.old_paths, &format!("/author/{slug}"));
            }
        }
        for (from, to) in std::mem::take(&mut self.moved) {
            if let Some(target) = self.target(&to).await? {
                lead(&mut redirects, &[from], &target);
            }
        }
        for some in redirects.chunks(ADDRESSES) {
            for path in self.store.import_redirects(some, self.now).await? {
                self.line(format!("/{path}"), "the old address is another's here".to_owned(), false);
            }
        }
        Ok(())
    }

    /// Where something that moved is now.
    async fn target(&self, to: &str) -> Result<Option<String>, Error> {
        if to.starts_with('/') {
            return Ok(Some(to.to_owned()));
        }
        if let Some(key) = self.picture_key(to)
            && let Some((hash, name)) = self.store.imported_picture(&key).await?
        {
            return Ok(Some(crate::model::media::address(&hash, &name)));
        }
        let path = Url::parse(to).map_or(to.to_owned(), |url| url.path().to_owned());
        let path = normal(&path);
        Ok(self.store.post_once_at(&path).await?.map(|_| format!("/{path}")))
    }
}

fn lead(redirects: &mut Vec<NewRedirect>, from: &[String], target: &str) {
    let leads_to = target.split(['?', '#']).next().map(normal).filter(|path| !path.is_empty());
    for path in from.iter().map(|path| normal(path)) {
        if !path.is_empty() && leads_to.as_ref() != Some(&path) {
            redirects.push(NewRedirect { path, target: target.to_owned(), leads_to: leads_to.clone() });
        }
    }
}

/// A path as the store has it: its escapes undone, without slashes around it.
fn normal(path: &str) -> String {
    if path.starts_with('?') {
        return path.to_owned();
    }
    let path = path.trim_matches('/');
    percent_encoding::percent_decode_str(path).decode_utf8().map_or_else(|_| path.to_owned(), |path| path.into_owned())
}

fn named(person: &Person) -> NamedAuthor {
    let name = plain::clean_line(&person.name);
    NamedAuthor {
        slug: slug::slug(&name),
        skeleton: plain::skeleton(&name),
        email: person.email.as_deref().map(|email| email.trim().to_lowercase()),
        name,
    }
}
