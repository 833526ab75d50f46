//! Bringing in a blog from elsewhere: a reader tells what it finds on a thread of its own, here it is made ready, and what is
//! ready goes into the store while the next is made. It can be stopped at any time and run again.

mod attached;
mod batch;
mod comments;
pub mod desk;
mod early;
mod entry;
mod fetch;
mod files;
mod people;
mod pictures;
mod uploads;

use std::{
    collections::{BTreeMap, HashMap},
    hash::{BuildHasher, RandomState},
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
};

use tokio::sync::mpsc;
use url::Url;

use crate::{
    error::Error,
    exchange,
    model::{
        ids::UserId,
        import::{Format, Line, Progress, Report},
        incoming::{About, Fault, Item, Person, Refused, Source, Stop, Term},
        post::Tag,
        redirect::NewRedirect,
        remark::{Remark, remark},
        settings::Settings,
        time::Time,
    },
    outside::download::Downloads,
    store::{NamedAuthor, Store},
    text::{plain, slug},
};
use attached::Missed;
use batch::Batch;
use early::Early;
use fetch::Fetching;
use people::Namesakes;
use uploads::Uploads;

/// So many things are read before they are wanted.
const AHEAD: usize = 8;
/// So many old addresses share a transaction.
const ADDRESSES: usize = 500;
/// So many letters of what somebody is are kept.
const MAX_BIO: usize = 1000;
/// A longer address of somebody's page is not kept.
const MAX_WEBSITE: usize = 500;

/// What is to be brought in.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What it is.
    pub format: Format,
    /// The files or folders of one blog.
    pub sources: Vec<PathBuf>,
    /// Where that blog was, for formats that do not say it.
    pub site: Option<Url>,
    /// A folder or a zip of its pictures.
    pub media: Option<PathBuf>,
    /// How pictures and files that are only at the old blog are asked for; its own hosts come by themselves.
    pub fetch: Option<Downloads>,
    /// Bytes of the largest file that is taken.
    pub max_file: u64,
    /// Whether nothing is to be written.
    pub is_trial: bool,
}

/// What came of it.
#[derive(Debug)]
pub struct Done {
    /// All of that.
    pub report: Report,
    /// Whether it was read to its end.
    pub read: Result<(), Refused>,
}

/// Brings in what is wanted. `owner` stands under what names nobody; `note` hears of everything that is worth a line.
///
/// # Errors
/// When the database refuses. What came before is there.
pub async fn run(
    store: &Store,
    settings: &Settings,
    owner: UserId,
    wanted: &Wanted,
    progress: &Arc<Progress>,
    note: &mut (dyn FnMut(&Line) + Send + Sync),
    now: Time,
) -> Result<Done, Error> {
    let (sender, mut items) = mpsc::channel(AHEAD);
    let reading = tokio::task::spawn_blocking({
        let (wanted, zone, progress) = (wanted.clone(), settings.zone.clone(), Arc::clone(progress));
        move || {
            let mut tell = |item| sender.blocking_send(item).map_err(|_| Stop);
            exchange::read(wanted.format, &wanted.sources, wanted.site.as_ref(), &zone, &progress.read, &mut tell)
        }
    });
    let uploads = tokio::task::spawn_blocking({
        let wanted = wanted.clone();
        move || uploads::all(&wanted)
    });
    let uploads = uploads.await?;
    let mut taker = Taker {
        store,
        settings,
        owner,
        wanted,
        note,
        now,
        report: Report { is_trial: wanted.is_trial, ..Report::default() },
        about: About::default(),
        people: BTreeMap::new(),
        namesakes: Namesakes::default(),
        terms: Vec::new(),
        files: HashMap::new(),
        uploads: Arc::new(uploads),
        fetching: wanted.fetch.clone().map(|downloads| Fetching::new(downloads, wanted.format)),
        moved: Vec::new(),
        batch: Batch::default(),
        no_posts: BTreeMap::new(),
        tried: Tried::default(),
        missed: Missed::default(),
        early: Early::default(),
    };
    while let Some(item) = items.recv().await {
        if progress.is_stopped() {
            break;
        }
        if matches!(item, Item::Entry(_)) {
            progress.entries.fetch_add(1, Ordering::Relaxed);
        }
        taker.take(item).await?;
    }
    drop(items);
    let read = reading.await?;
    taker.flush().await?;
    taker.settle().await?;
    if read != Err(Refused::Stopped) {
        // What was found before the end of what can be read is whole.
        taker.finish().await?;
    }
    let mut report = taker.report;
    if let Err(Refused::Bad { place, what }) = &read {
        report.refused = Some(Line { place: place.clone(), what: what.clone(), is_skipped: true, origin: None });
    }
    Ok(Done { report, read })
}

/// What a line of the report is about.
#[derive(Clone, Debug)]
struct Place {
    /// As a person finds it.
    said: String,
    /// As in [`Line::origin`].
    origin: Option<String>,
}

impl From<String> for Place {
    fn from(said: String) -> Self {
        Self { said, origin: None }
    }
}

struct Taker<'a> {
    store: &'a Store,
    settings: &'a Settings,
    owner: UserId,
    wanted: &'a Wanted,
    note: &'a mut (dyn FnMut(&Line) + Send + Sync),
    now: Time,
    report: Report,
    about: About,
    /// By what entries call them.
    people: BTreeMap<String, Person>,
    /// By the name: keys, and e-mail addresses.
    namesakes: Namesakes,
    terms: Vec<Term>,
    /// Files that the source brings, by the addresses that texts use.
    files: HashMap<String, Source>,
    uploads: Arc<Vec<Uploads>>,
    fetching: Option<Fetching>,
    moved: Vec<(String, String)>,
    batch: Batch,
    /// Where comments had no post, and how many.
    no_posts: BTreeMap<String, u64>,
    tried: Tried,
    missed: Missed,
    early: Early,
}

/// What a trial has told of, so that it counts once, as when it comes.
#[derive(Default)]
struct Tried {
    seen: HashMap<u64, u32>,
    hashing: RandomState,
}

impl Tried {
    /// The how manyth time this is told of.
    fn times(&mut self, what: &str) -> u32 {
        let times = self.seen.entry(self.hashing.hash_one(what)).or_default();
        *times = times.saturating_add(1);
        *times
    }

    /// Whether this was not told of before.
    fn is_first(&mut self, what: &str) -> bool {
        self.times(what) == 1
    }

    fn has(&self, what: &str) -> bool {
        self.seen.contains_key(&self.hashing.hash_one(what))
    }
}

impl Taker<'_> {
    async fn take(&mut self, item: Item) -> Result<(), Error> {
        match item {
            Item::About(about) => {
                if let (Some(fetching), Some(address)) = (&mut self.fetching, &about.address) {
                    fetching.also(address);
                }
                self.about = about;
            }
            Item::Person(person) => {
                self.person(person).await?;
            }
            Item::Term(term) => self.terms.push(term),
            Item::File(file) if file.source == Source::Elsewhere => {}
            Item::File(file) => {
                self.files.extend(file.references.into_iter().map(|reference| (reference, file.source.clone())));
            }
            Item::Attached(attached) => self.attached(attached).await?,
            Item::Moved { from, to } => self.moved.push((from, to)),
            Item::Trashed { origin, title, otherwise } => self.trashed(&origin, &title, otherwise).await?,
            Item::Fault(Fault { place, what, is_skipped }) => self.line(place, what, is_skipped),
            Item::Entry(entry) => self.entry(*entry).await?,
            Item::Comment(comment) => self.batch.comment(comment),
        }
        if self.batch.is_full() {
            self.flush().await?;
        }
        Ok(())
    }

    fn line(&mut self, place: impl Into<Place>, what: Remark, is_skipped: bool) {
        let Place { said: place, origin } = place.into();
        let line = Line { place, what, is_skipped, origin };
        (self.note)(&line);
        self.report.add(line);
    }

    async fn finish(&mut self) -> Result<(), Error> {
        self.take_early().await?;
        for (place, comments) in std::mem::take(&mut self.no_posts) {
            self.line(place, remark("import-no-post-there").put("n", comments), true);
        }
        self.count_missed();
        self.tell_other_emails().await?;
        if self.wanted.is_trial {
            return Ok(());
        }
        self.store.mend_threads().await?;
        let mut redirects = Vec::new();
        for term in std::mem::take(&mut self.terms) {
            let name = plain::clean_line(&term.name);
            if let Some((_, Tag { slug, .. })) = self.store.tag_named(&name, &slug::tag(&name)).await? {
                let (feeds, lists): (Vec<_>, Vec<_>) =
                    term.old_paths.iter().cloned().partition(|path| is_feed(path, &term.old_paths));
                redirects.extend(lead(&lists, &format!("/tag/{slug}")));
                redirects.extend(lead(&feeds, &format!("/tag/{slug}/feed.xml")));
            }
        }
        for person in std::mem::take(&mut self.people).into_values() {
            if let Some((slug, _)) = self.store.known_author(&self.author(&person)).await? {
                let (feeds, lists): (Vec<_>, Vec<_>) =
                    person.old_paths.iter().cloned().partition(|path| is_feed(path, &person.old_paths));
                redirects.extend(lead(&lists, &format!("/author/{slug}")));
                // A list of one's own posts has no feed here.
                redirects.extend(lead(&feeds, "/feed.xml"));
            }
        }
        for (from, to) in std::mem::take(&mut self.moved) {
            if !self.is_to_come(&to)
                && let Some(target) = self.target(&to).await?
            {
                redirects.extend(lead(&[from], &target));
            }
        }
        for some in redirects.chunks(ADDRESSES) {
            for path in self.store.import_redirects(some, self.now).await? {
                self.line(format!("/{path}"), remark("import-path-taken"), false);
            }
        }
        Ok(())
    }

    /// Whether a target is a month that has not begun: what waits for it has no list yet, and had none there.
    fn is_to_come(&self, to: &str) -> bool {
        let month = self.now.in_zone(&self.settings.zone).strftime("/%Y/%m").to_string();
        let is_month =
            to.len() == month.len() && to.bytes().zip(month.bytes()).all(|(a, b)| (a == b'/') == (b == b'/'));
        is_month && to.bytes().all(|byte| byte == b'/' || byte.is_ascii_digit()) && to > month.as_str()
    }

    /// Where something that moved is now.
    async fn target(&self, to: &str) -> Result<Option<String>, Error> {
        if to.starts_with('/') {
            return Ok(Some(to.to_owned()));
        }
        // A path counts from the host.
        let reference = if to.contains("://") { to.to_owned() } else { format!("/{to}") };
        if let Some(key) = self.picture_key(&reference)
            && let Some((hash, name)) = self.store.imported_picture(&key).await?
        {
            return Ok(Some(crate::model::media::address(&hash, &name)));
        }
        let path = Url::parse(to).map_or(to.to_owned(), |url| url.path().to_owned());
        let path = normal(&path);
        if self.store.post_once_at(&path).await?.is_some() {
            return Ok(Some(format!("/{path}")));
        }
        // Ghost says alone what its owner leads to others.
        let url = Url::parse(to).ok().filter(|_| self.wanted.format == Format::Ghost);
        Ok(url.filter(|url| url.host_str().is_some_and(|host| !self.is_own(host))).map(String::from))
    }
}

/// Whether an old address of a tag, one of `all`, was that of its feed.
fn is_feed(path: &str, all: &[String]) -> bool {
    let above = ["/feed", "/rss"].iter().find_map(|end| path.strip_suffix(end));
    let is_below = above.is_some_and(|list| all.iter().any(|other| other == list));
    is_below || path.starts_with("feeds/posts/")
}

/// Redirects from old addresses.
fn lead(from: &[String], target: &str) -> Vec<NewRedirect> {
    let leads_to = target.split(['?', '#']).next().map(normal).filter(|path| !path.is_empty());
    from.iter()
        .map(|path| normal(path))
        .filter(|path| !path.is_empty())
        .map(|path| NewRedirect { path, target: target.to_owned(), leads_to: leads_to.clone() })
        .collect()
}

/// A path as the store has it: its escapes undone, without slashes around it.
fn normal(path: &str) -> String {
    if path.starts_with('?') {
        return path.to_owned();
    }
    let path = path.trim_matches('/');
    percent_encoding::percent_decode_str(path).decode_utf8().map_or_else(|_| path.to_owned(), |path| path.into_owned())
}

/// An address of the web, as it may be.
fn website(said: &str) -> Option<String> {
    let url = Url::parse(said.trim()).ok().filter(|_| said.len() <= MAX_WEBSITE)?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

fn named(person: &Person) -> NamedAuthor {
    let name = plain::clean_line(&person.name);
    NamedAuthor {
        slug: slug::slug(&name),
        skeleton: plain::skeleton(&name),
        email: person.email.as_deref().map(|email| email.trim().to_lowercase()),
        website: person.website.as_deref().and_then(website).unwrap_or_default(),
        picture: person.picture.clone().unwrap_or_default(),
        bio: plain::clean_text(&person.bio).trim().chars().take(MAX_BIO).collect(),
        name,
        ..NamedAuthor::default()
    }
}
