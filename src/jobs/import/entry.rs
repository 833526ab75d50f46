//! A post or a page from elsewhere: its text as Markdown, its pictures and links led here, written once.

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::{BTreeMap, HashMap},
};

use url::Url;

use super::{
    Place, Taker, normal,
    pictures::{Kept, not_come, refused},
};
use crate::{
    error::Error,
    exchange::{self, markdown::relink},
    model::{
        entry::Picture,
        ids::PostId,
        import::Format,
        incoming::{Entry, Fault, File, Person, Source, State},
        media::{self, Shown},
        post::{Intent, Meta, PostComments, PostContent, PostKind, StoredPost},
        remark::{Remark, remark},
        time::Time,
    },
    picture::short,
    rules::token,
    store::{Imported, KnownEntry, NamedAuthor, NewEntry},
    text::{
        manuscript::{self, Manuscript},
        plain, slug,
    },
};

/// More missing pictures of one text are counted, not named.
const MAX_NAMED: usize = 20;
/// One that more texts show is not named at each of them.
const MAX_TIMES: u32 = 3;
/// No longer address is kept.
const MAX_ADDRESS: usize = 2000;

/// A longer original is not kept: escaped, it has to go into a line of an archive.
const MAX_ORIGINAL: usize = 15 << 20;
/// A shorter beginning of a text that cannot be drawn is not tried.
const MIN_PART: usize = 1000;

/// So many letters stand below a cover, as in its form.
const MAX_CAPTION: usize = 1000;

/// In milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// A longer old address is not said.
const MAX_SAID: usize = 60;

/// How an entry is named in a report, so that a person finds it: what it is called, and where it was.
fn place(origin: &str, title: &str, old_paths: &[String]) -> Place {
    Place { said: said(origin, title, old_paths), origin: Some(origin.to_owned()) }
}

fn said(origin: &str, title: &str, old_paths: &[String]) -> String {
    let title = plain::clean_line(title);
    // Of a file its name says it.
    if title.is_empty() || origin.starts_with("markdown:") {
        return origin.to_owned();
    }
    let address = old_paths.iter().find(|path| !path.contains('?') && path.chars().count() <= MAX_SAID);
    let address = address.map(|path| format!(", /{path}")).unwrap_or_default();
    format!("{} ({origin}{address})", short(&title))
}

/// The same of one that is ready.
pub(super) fn place_of(entry: &NewEntry) -> Place {
    place(&entry.origin, &entry.content.title, &entry.old_paths)
}

/// The pictures of an entry that are here.
#[derive(Debug, Default)]
struct Pictures {
    /// By their addresses as the text has them: those that take their place.
    addresses: BTreeMap<String, String>,
    /// By their new ones: what is known of them.
    shown: HashMap<String, Shown>,
}

impl Taker<'_> {
    pub(super) async fn entry(&mut self, mut entry: Entry) -> Result<(), Error> {
        let pictures = std::mem::take(&mut entry.pictures);
        let (elsewhere, brought) =
            std::mem::take(&mut entry.files).into_iter().partition(|file| file.source == Source::Elsewhere);
        entry.files = elsewhere;
        for file in brought {
            self.files.extend(file.references.into_iter().map(|reference| (reference, file.source.clone())));
        }
        // How something is said does not make it another.
        let (mut left, mut warnings): (Vec<_>, Vec<_>) = std::mem::take(&mut entry.warnings)
            .into_iter()
            .partition(|warning| exchange::LEFT_OF_TEXT.contains(&warning.key()));
        if let State::PublishedUntil(end) = entry.state {
            let is_over = end <= self.now;
            entry.state = if is_over { State::Draft } else { State::Published };
            let day = end.in_zone(&self.settings.zone).strftime("%Y-%m-%d").to_string();
            warnings.push(match is_over {
                true => remark("import-expired").put("date", day),
                false => remark("import-expires").put("date", day),
            });
        }
        let mut told = token::content_hash(format!("{entry:?}").as_bytes());
        if self.wanted.format != Format::Wordpress {
            let leads = self.own().leads(entry.body.as_str());
            if !leads.is_empty() {
                told = token::content_hash(format!("{told} {leads}").as_bytes());
            }
        }
        let known = self.store.known_entry(&entry.origin).await?;
        if entry.state == State::Scheduled {
            // What readers did not see there is not published by the way, under a date that is over.
            let is_late = entry.published_at.is_none_or(|at| at <= self.now);
            entry.state = if is_late && !self.is_shown_here(known.as_ref()).await? {
                warnings.push(remark("import-was-waiting"));
                State::Draft
            } else {
                State::Published
            };
        }
        if entry.state == State::Draft && self.is_shown_here(known.as_ref()).await? {
            let key = |key: &str| warnings.iter().any(|warning| warning.key() == key);
            let what = match () {
                () if key("import-was-private") => remark("import-withdrawn-private"),
                () if key("import-had-password") => remark("import-withdrawn-password"),
                () => remark("import-withdrawn"),
            };
            self.report.known += 1;
            self.line(place(&entry.origin, &entry.title, &entry.old_paths), what, false);
            return Ok(());
        }
        if let Some(known) = known.as_ref().filter(|known| self.is_done(&entry, known, &told, !pictures.is_empty())) {
            match known.post_id {
                Some(post) if !known.is_changed => self.tell_again(&entry, warnings, post).await?,
                _ if self.may_come(!pictures.is_empty()) => self.pictures_of_changed(&entry, pictures, known).await?,
                _ => {}
            }
            return Ok(());
        }
        let (body, kept) = (std::mem::take(&mut entry.body), std::mem::take(&mut entry.original));
        let (body, (markdown, mut lost)) = tokio::task::spawn_blocking(move || {
            let made = exchange::markdown_of(&body);
            (body, made)
        })
        .await?;
        lost.append(&mut left);
        let found = self.pictures_of(&entry, pictures, &markdown).await?;
        let digest = format!("{told}:{}", token::content_hash(format!("{:?}", found.addresses).as_bytes()));
        let post = known.as_ref().and_then(|known| known.post_id);
        if let Some(known) = known.as_ref().filter(|known| known.digest == digest) {
            self.report.known += 1;
            if let Some(post) = known.post_id {
                self.tell_lasting(&entry, warnings, post).await?;
            }
            return Ok(());
        }
        for warning in warnings {
            self.line(place(&entry.origin, &entry.title, &entry.old_paths), warning, false);
        }
        let Some(new) =
            self.ready(entry, post, digest, markdown, found, (lost, kept.unwrap_or_else(|| body.into()))).await?
        else {
            return Ok(());
        };
        if self.wanted.is_trial {
            let taken = Vec::new();
            let becomes = match known {
                _ if !self.tried.is_first(&new.origin) => Imported::Known,
                Some(_) => Imported::Updated { taken },
                None => Imported::Added { taken },
            };
            self.taken(&new, becomes);
        } else {
            self.batch.entry(new);
        }
        Ok(())
    }

    fn own(&self) -> Own {
        let address = self.about.address.as_deref().and_then(|address| Url::parse(&format!("{address}/")).ok());
        Own { hosts: self.own_hosts(), address }
    }

    /// Whether what an earlier import brought is as that left it, and published.
    async fn is_shown_here(&self, known: Option<&KnownEntry>) -> Result<bool, Error> {
        self.is_published(known.filter(|known| !known.is_changed)).await
    }

    async fn is_published(&self, known: Option<&KnownEntry>) -> Result<bool, Error> {
        let post = self.stored(known.and_then(|known| known.post_id)).await?;
        Ok(post.is_some_and(|post| post.is_published && post.trashed_at.is_none()))
    }

    async fn stored(&self, post: Option<PostId>) -> Result<Option<StoredPost>, Error> {
        match post {
            Some(id) => self.store.stored_post(id).await,
            None => Ok(None),
        }
    }

    /// Says of what is in the trash there that readers see it here, where they do; else what its source says.
    pub(super) async fn trashed(&mut self, origin: &str, title: &str, otherwise: Option<Fault>) -> Result<(), Error> {
        let known = self.store.known_entry(origin).await?;
        if self.is_published(known.as_ref()).await? {
            self.report.known += 1;
            self.line(place(origin, title, &[]), remark("import-withdrawn-trash"), false);
        } else if let Some(Fault { place, what, is_skipped }) = otherwise {
            self.line(place, what, is_skipped);
        }
        Ok(())
    }

    /// Whether nothing is to be done about what came before; counts it then. `told`: of what came now.
    fn is_done(&mut self, entry: &Entry, known: &KnownEntry, told: &str, has_pictures: bool) -> bool {
        // Without pictures that may have come meanwhile, the text alone tells.
        let is_same = known.digest.starts_with(told);
        let may_differ = self.may_come(has_pictures) && !self.wanted.is_trial;
        let is_done = known.is_changed || is_same && !may_differ;
        self.report.known += u64::from(is_done);
        if known.is_changed && !is_same {
            self.report.changed_here += 1;
            if known.post_id.is_some() {
                let place = place(&entry.origin, &entry.title, &entry.old_paths);
                self.line(place, remark("import-changed-both"), false);
            }
        }
        is_done
    }

    /// Tells of a post that stands here as it came what the run that brought it told, or was broken off before it could: what
    /// was lost, what it was, which pictures it lacks.
    async fn tell_again(&mut self, entry: &Entry, warnings: Vec<Remark>, post: PostId) -> Result<(), Error> {
        self.tell_lasting(entry, warnings, post).await?;
        if let Some(stored) = self.stored(Some(post)).await?.filter(|_| !self.may_come(false)) {
            self.pictures_of(entry, Vec::new(), &stored.source).await?;
        }
        Ok(())
    }

    async fn tell_lasting(&mut self, entry: &Entry, warnings: Vec<Remark>, post: PostId) -> Result<(), Error> {
        let place = place(&entry.origin, &entry.title, &entry.old_paths);
        for warning in warnings {
            self.line(place.clone(), warning, false);
        }
        let lost = self.store.import_losses(post).await?;
        self.tell_losses(&place, &lost, !lost.is_empty());
        Ok(())
    }

    /// Says what was lost of a text; `is_kept`: whether the original stands beside it.
    fn tell_losses(&mut self, place: &Place, lost: &[Remark], is_kept: bool) {
        if lost.contains(&remark("lost-text")) {
            self.line(place.clone(), remark("import-cut-draft"), false);
        }
        if !lost.is_empty() {
            self.report.originals += u64::from(is_kept);
            let what = if is_kept {
                remark("import-not-whole").because(lost.to_vec())
            } else {
                remark("import-not-whole-nor-kept").because(lost.to_vec())
            };
            self.line(place.clone(), what, false);
        }
    }

    /// Whether a picture may be found that was not before.
    fn may_come(&self, has_pictures: bool) -> bool {
        has_pictures || !self.uploads.is_empty() || self.fetching.is_some()
    }

    /// Brings the pictures of a post that was edited here: its text is whoever's who edited it, and stays as it is.
    async fn pictures_of_changed(
        &mut self,
        entry: &Entry,
        pictures: Vec<Picture>,
        known: &KnownEntry,
    ) -> Result<(), Error> {
        let Some(post) = self.stored(known.post_id).await? else { return Ok(()) };
        let before = self.report.pictures + self.report.files;
        let found = self.pictures_of(entry, pictures, &post.source).await?;
        let is_shown = RefCell::new(false);
        relink(&post.source, &|reference| {
            *is_shown.borrow_mut() |= found.addresses.contains_key(reference);
            None
        });
        if self.report.pictures + self.report.files > before && is_shown.into_inner() {
            let place = place(&entry.origin, &entry.title, &entry.old_paths);
            self.line(place, remark("import-pictures-beside"), false);
        }
        Ok(())
    }

    /// An entry as the store takes it; a draft where only a part of its text can be drawn. `original`: what was lost of its text,
    /// and that.
    async fn ready(
        &mut self,
        entry: Entry,
        post: Option<PostId>,
        digest: String,
        markdown: String,
        found: Pictures,
        original: (Vec<Remark>, String),
    ) -> Result<Option<NewEntry>, Error> {
        let kind = if entry.is_page { PostKind::Page } else { PostKind::Post };
        let mut intent = if entry.state == State::Draft { Intent::Save } else { Intent::Publish };
        let authors = self.authors(&entry);
        let mut changed = changed(&entry).filter(|changed| *changed <= self.now);
        let old_paths = entry.old_paths.iter().map(|path| normal(path)).filter(|path| !path.is_empty()).collect();
        let origin = entry.origin.clone();
        let place = place(&origin, &entry.title, &entry.old_paths);
        let own = self.own();
        let uuid = self.uuid(&origin, post).await?;
        let drawn = tokio::task::spawn_blocking(move || as_much(&entry, &uuid, &markdown, &found, &own));
        let (Some(content), is_whole) = drawn.await? else {
            self.line(place, remark("import-text-undrawn"), true);
            return Ok(None);
        };
        let (mut lost, kept) = original;
        let rest = remark("lost-text");
        if !is_whole && !lost.contains(&rest) {
            lost.insert(0, rest.clone());
        }
        // Readers are not to find half of a text.
        if lost.contains(&rest) {
            (intent, changed) = (Intent::Save, None);
        }
        let is_kept = !lost.is_empty() && kept.len() <= MAX_ORIGINAL;
        self.tell_losses(&place, &lost, is_kept);
        let original = is_kept.then_some((lost, kept));
        Ok(Some(NewEntry { origin, digest, kind, content, intent, authors, changed, old_paths, original }))
    }

    /// Counts an entry that is in the store.
    pub(super) fn taken(&mut self, entry: &NewEntry, imported: Imported) {
        let taken = match imported {
            Imported::Known => {
                self.report.known += 1;
                Vec::new()
            }
            Imported::Withdrawn => {
                self.report.known += 1;
                self.line(place_of(entry), remark("import-withdrawn"), false);
                Vec::new()
            }
            Imported::Updated { taken } => {
                self.report.updated += 1;
                taken
            }
            Imported::Added { taken } => {
                let is_draft = entry.intent == Intent::Save;
                match (is_draft, entry.kind) {
                    (true, _) => self.report.drafts += 1,
                    (false, PostKind::Post) => self.report.posts += 1,
                    (false, PostKind::Page) => self.report.pages += 1,
                }
                let waits = entry.content.published_at.is_some_and(|at| at > self.now);
                self.report.scheduled += u64::from(!is_draft && waits);
                taken
            }
        };
        for path in taken {
            self.line(place_of(entry), remark("import-old-address-taken").put("path", path), false);
        }
    }

    /// Keeps the pictures that come with an entry, that its text shows or links to, and its cover; and the files that it links
    /// to.
    async fn pictures_of(&mut self, entry: &Entry, pictures: Vec<Picture>, markdown: &str) -> Result<Pictures, Error> {
        let mut found = Pictures::default();
        let place = place(&entry.origin, &entry.title, &entry.old_paths);
        for picture in pictures {
            if self.wanted.is_trial {
                self.would_picture(&picture).await?;
                continue;
            }
            let (address, about) = self.keep(&picture).await?;
            for path in &picture.old_paths {
                self.lead_from_path(path, &about.hash, &address).await?;
            }
            found.shown.insert(address.clone(), about);
            found.addresses.extend(picture.references.into_iter().map(|reference| (reference, address.clone())));
        }
        let named = RefCell::new(Vec::new());
        relink(markdown, &|reference| {
            named.borrow_mut().push(reference.to_owned());
            None
        });
        let mut references = named.into_inner();
        references.extend(entry.cover.as_ref().map(|cover| cover.address.clone()));
        references.sort_unstable();
        references.dedup();
        let (mut missing, mut came, mut stay) = (0, Vec::new(), Vec::new());
        for reference in references {
            // What was brought here earlier, and stands so in a text that was edited here.
            if let Some(hash) = media::hash_in(&reference)
                && self.store.media(hash).await?.is_some()
            {
                continue;
            }
            if let Some((_, number)) = reference.split_once("?attachment_id=") {
                let here = self.store.path_redirect(&normal(&reference)).await?;
                let shown = self.store.media_shown(here.as_slice()).await?;
                match here.and_then(|here| Some((shown.get(&here)?.clone(), here))) {
                    Some((about, here)) => {
                        found.shown.insert(here.clone(), about);
                        found.addresses.insert(reference, here);
                    }
                    None => self.line(place.clone(), remark("import-cover-elsewhere").put("number", number), false),
                }
                continue;
            }
            let is_told = entry.files.iter().any(|file| file.references.contains(&reference));
            let is_brought = exchange::has_file_ending(&reference) && (self.is_brought(&reference) || is_told);
            if is_brought || exchange::is_uploaded_file(&reference) {
                match self.file(&reference).await? {
                    Kept::Here(address, _) => {
                        came.push(reference.clone());
                        found.addresses.insert(reference, address);
                    }
                    Kept::Would => came.push(reference),
                    Kept::Missing(why) => stay.push((reference, why)),
                    Kept::Refused(why) => stay.push((reference, Some(why))),
                }
                continue;
            }
            // Those within a folder of Markdown were looked for by its reader, but those that it says are elsewhere.
            let was_looked_for = entry.origin.starts_with("markdown:")
                && (self.fetching.is_none() || !reference.contains("://"))
                && !is_told;
            if found.addresses.contains_key(&reference) || !self.may_be_picture(&reference) || was_looked_for {
                continue;
            }
            let what = match self.picture(&reference).await? {
                Kept::Here(address, about) => {
                    found.shown.insert(address.clone(), about);
                    found.addresses.insert(reference, address);
                    continue;
                }
                Kept::Would => continue,
                Kept::Missing(why) => {
                    let times = self.note_missed(&reference);
                    self.report.missing_pictures += u64::from(times == 1);
                    missing += 1;
                    if missing > MAX_NAMED || times > MAX_TIMES {
                        continue;
                    }
                    not_come(&reference, why)
                }
                Kept::Refused(why) => {
                    self.note_missed(&reference);
                    refused(&reference, why)
                }
            };
            self.line(place.clone(), what, false);
        }
        // Pictures that stay are named above.
        let is_file = |file: &&File| !file.references.iter().any(|address| exchange::has_picture_ending(address));
        let told: Vec<File> = entry.files.iter().filter(is_file).cloned().collect();
        self.name_those_that_stay(&place, told, &came, stay);
        Ok(found)
    }

    fn authors(&self, entry: &Entry) -> Vec<NamedAuthor> {
        let by_name = |name: &str| self.people.values().find(|person| person.name == name).cloned();
        entry
            .people
            .iter()
            .map(|key| self.people.get(key).cloned().or_else(|| by_name(key)).unwrap_or_else(|| nobody_listed(key)))
            .map(|person| self.author(&person))
            .filter(|author| !author.name.is_empty())
            .collect()
    }

    /// The same in every run: ids in the HTML are made of it.
    async fn uuid(&self, origin: &str, post: Option<PostId>) -> Result<String, Error> {
        Ok(self.stored(post).await?.map_or_else(
            || {
                uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, format!("{}:{origin}", self.settings.uuid).as_bytes())
                    .to_string()
            },
            |post| post.uuid,
        ))
    }
}

/// When readers were given another text: mending a word on the day of publication is none.
fn changed(entry: &Entry) -> Option<Time> {
    let published_at = entry.published_at.filter(|_| entry.state != State::Draft)?;
    entry.changed.filter(|changed| *changed >= published_at.plus(DAY))
}

fn nobody_listed(name: &str) -> Person {
    Person { key: name.to_owned(), name: name.to_owned(), ..Person::default() }
}

/// An entry with as much of its text as can be drawn, none at worst; and whether that is all of it.
fn as_much(entry: &Entry, uuid: &str, markdown: &str, found: &Pictures, own: &Own) -> (Option<PostContent>, bool) {
    let mut part = markdown;
    loop {
        let made = content(entry.clone(), uuid.to_owned(), part, found, own);
        if made.is_some() || part.is_empty() {
            return (made, part.len() == markdown.len());
        }
        part = if part.len() < MIN_PART { "" } else { beginning(part, part.len() / 2) };
    }
}

/// The beginning of a text up to the end of a paragraph, of `most` bytes.
fn beginning(text: &str, most: usize) -> &str {
    let most = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let part = text.get(..most).unwrap_or_default();
    let end = part.rfind("\n\n").or_else(|| part.rfind('\n')).filter(|end| *end > most / 2).unwrap_or(most);
    part.get(..end).unwrap_or_default()
}

/// Everything that can be made of an entry without the store; `None` when its text cannot be rendered.
fn content(
    entry: Entry,
    uuid: String,
    markdown: &str,
    Pictures { addresses, shown }: &Pictures,
    own: &Own,
) -> Option<PostContent> {
    let source = relink(markdown, &|reference| addresses.get(reference).cloned().or_else(|| own.led(reference)));
    let cover = entry.cover.as_ref().and_then(|cover| Some((addresses.get(&cover.address)?, cover)));
    let title = plain::clean_line(&entry.title);
    let slug = entry.slug.map(|slug| if slug::is_slug(&slug) { slug } else { slug::slug(&slug) });
    let manuscript = Manuscript {
        uuid,
        title: if title.is_empty() { "…".to_owned() } else { title },
        slug: slug.filter(|slug| slug::is_slug(slug)),
        source: plain::clean_text(&source),
        excerpt: entry.excerpt.as_deref().map(plain::clean_line).unwrap_or_default(),
        tags: entry.tags.iter().map(|name| plain::clean_line(name)).collect(),
        meta: Meta {
            description: plain::clean_line(&entry.description),
            cover: cover.map_or_else(String::new, |(address, _)| address.clone()),
            cover_alt: cover.map_or_else(String::new, |(_, cover)| plain::clean_line(&cover.alt)),
            cover_caption: cover.map_or_else(String::new, |(_, cover)| caption(&cover.caption)),
            canonical: elsewhere(&entry.canonical, own).unwrap_or_default(),
            language: entry.language.unwrap_or_default(),
            featured: entry.is_featured,
        },
        comments: if entry.comments_open { PostComments::Open } else { PostComments::Closed },
        published_at: entry.published_at,
        authors: Vec::new(),
    };
    manuscript::content(manuscript, shown).ok()
}

/// What stood below a cover, as long as it may be.
fn caption(said: &str) -> String {
    plain::excerpt(&plain::clean_line(said), MAX_CAPTION)
}

/// The address of the same text elsewhere. The old blog's own leads here.
fn elsewhere(address: &str, own: &Own) -> Option<String> {
    let url = Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let is_elsewhere = url.has_host() && !own.is_at(&url);
    (is_elsewhere && url.as_str().len() <= MAX_ADDRESS).then(|| url.into())
}

/// The old blog, as far as links to it become links to this.
#[derive(Debug, Default)]
struct Own {
    /// As [`exchange::own_host`] has them.
    hosts: Vec<String>,
    /// Where it was.
    address: Option<Url>,
}

impl Own {
    fn is_host(&self, host: &str) -> bool {
        self.hosts.contains(&exchange::own_host(host))
    }

    /// Whether an address is one of its own: at another port there is something else.
    fn is_at(&self, url: &Url) -> bool {
        url.host_str().is_some_and(|host| self.is_host(host)) && url.port() == self.address.as_ref().and_then(Url::port)
    }

    /// A link to the old blog as one to this: its old addresses answer here. Pictures and files that did not come stay where they
    /// are, by their whole address.
    fn led(&self, reference: &str) -> Option<String> {
        let whole =
            reference.strip_prefix("//").map_or(Cow::Borrowed(reference), |rest| format!("https://{rest}").into());
        let Ok(url) = Url::parse(&whole) else {
            let is_upload = reference.starts_with('/') && exchange::is_upload(reference);
            return self.address.as_ref().filter(|_| is_upload)?.join(reference).ok().map(String::from);
        };
        let is_own = matches!(url.scheme(), "http" | "https") && self.is_at(&url);
        let is_page = url.path().rsplit('/').next().is_none_or(|name| !name.contains('.') || name.ends_with(".html"));
        (is_own && is_page).then(|| url[url::Position::BeforePath..].to_owned())
    }

    /// What of a text becomes another by what is known of the old blog: a digest of the text has to hold it too. Most sources say it
    /// all by themselves.
    fn leads(&self, text: &str) -> String {
        let end = |rest: &str| rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-'));
        let hosts = text.match_indices("://").filter_map(|(at, sign)| {
            let rest = text.get(at + sign.len()..)?;
            rest.get(..end(rest).unwrap_or(rest.len()))
        });
        let mut known: Vec<String> = hosts.filter(|host| self.is_host(host)).map(str::to_ascii_lowercase).collect();
        known.extend(self.address.iter().filter(|_| text.contains("/content/")).map(Url::to_string));
        known.sort_unstable();
        known.dedup();
        known.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_the_old_blog_are_known_by_its_host_and_port() {
        for (address, own, path) in [
            ("https://www.old.example/a/?b#c", "old.example", Some("/a/?b#c")),
            ("http://old.example:8080/a", "old.example:8080", Some("/a")),
            ("http://old.example:8080/a", "old.example", None),
            ("http://old.example/a", "old.example:8080", None),
        ] {
            let at = Url::parse(&format!("http://{own}")).unwrap();
            let own = Own { hosts: vec![exchange::own_host(at.host_str().unwrap())], address: Some(at) };
            assert_eq!(own.led(address).as_deref(), path, "{address} {own:?}");
        }
    }

    #[test]
    fn of_a_text_that_cannot_be_drawn_as_a_whole_the_beginning_is_kept() {
        let drawn = |markdown: &str| {
            let (made, is_whole) = as_much(&Entry::default(), "p", markdown, &Pictures::default(), &Own::default());
            (made.map(|content| content.source.trim().to_owned()), is_whole)
        };
        let deep = format!("{} x", ">".repeat(200));
        assert_eq!(drawn("a\n\nb"), (Some("a\n\nb".to_owned()), true));
        assert_eq!(drawn(&deep), (Some(String::new()), false));
        let (beginning, is_whole) = drawn(&format!("{}{deep}", "wörd\n\n".repeat(1000)));
        assert!(!is_whole && beginning.is_some_and(|text| text.len() > 3000 && text.ends_with("wörd")));
    }
}
