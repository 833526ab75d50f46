//! A post or a page from elsewhere: its text as Markdown, its pictures and links led here, written once.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
};

use super::{Taker, bare, named, normal, pictures::Kept};
use crate::{
    error::Error,
    exchange::{self, markdown::relink},
    model::{
        incoming::{Entry, Person, State},
        media::Shown,
        post::{Intent, Meta, PostComments, PostContent, PostKind},
    },
    picture::short,
    rules::token,
    store::{Imported, NamedAuthor, NewEntry, SaveError},
    text::{
        manuscript::{self, Manuscript},
        plain, slug,
    },
};

/// More missing pictures of one text are counted, not named.
const MAX_NAMED: usize = 20;

/// Addresses as texts have them, and those that take their place.
type Addresses = BTreeMap<String, String>;

impl Taker<'_> {
    pub(super) async fn entry(&mut self, mut entry: Entry) -> Result<(), Error> {
        let pictures = std::mem::take(&mut entry.pictures);
        for file in std::mem::take(&mut entry.files) {
            self.files.extend(file.references.into_iter().map(|reference| (reference, file.source.clone())));
        }
        let told = token::content_hash(format!("{entry:?}").as_bytes());
        let known = self.store.known_entry(&entry.origin).await?;
        if let Some(known) = &known {
            // Without pictures that may have come meanwhile, the text alone tells.
            let is_same = known.digest.starts_with(&told);
            let may_come = !pictures.is_empty() || self.wanted.media.is_some() || self.fetching.is_some();
            let may_differ = may_come && !self.wanted.is_trial;
            if known.is_changed || is_same && !may_differ {
                self.report.known += 1;
                self.report.changed_here += u64::from(known.is_changed && !is_same);
                return Ok(());
            }
        }
        let warnings = std::mem::take(&mut entry.warnings);
        let body = std::mem::take(&mut entry.body);
        let (body, (markdown, lost)) = tokio::task::spawn_blocking(move || {
            let made = exchange::markdown_of(&body);
            (body, made)
        })
        .await?;
        let mut addresses = Addresses::new();
        let mut shown: HashMap<String, Shown> = HashMap::new();
        for picture in pictures {
            if self.wanted.is_trial {
                self.report.pictures += 1;
                continue;
            }
            let (address, about) = self.keep(&picture).await?;
            shown.insert(address.clone(), about);
            addresses.extend(picture.references.into_iter().map(|reference| (reference, address.clone())));
        }
        self.pictures_of(&entry, &markdown, &mut addresses, &mut shown).await?;
        let digest = token::content_hash(format!("{addresses:?}").as_bytes());
        let digest = format!("{told}:{digest}");
        if known.as_ref().is_some_and(|known| known.digest == digest) {
            self.report.known += 1;
            return Ok(());
        }
        for warning in warnings {
            self.line(entry.origin.clone(), warning, false);
        }

        let kind = if entry.is_page { PostKind::Page } else { PostKind::Post };
        let is_draft = entry.state == State::Draft;
        let authors = self.authors(&entry);
        let old_paths: Vec<String> =
            entry.old_paths.iter().map(|path| normal(path)).filter(|path| !path.is_empty()).collect();
        let origin = entry.origin.clone();
        let published_at = entry.published_at;
        let own = self.own_host();
        let uuid = self.uuid(&origin, known.as_ref().and_then(|known| known.post_id)).await?;
        let content =
            tokio::task::spawn_blocking(move || content(entry, uuid, &markdown, &addresses, &shown, own.as_deref()))
                .await?;
        let Some(content) = content else {
            self.line(origin, "the text is nested too deeply or too long to be drawn".to_owned(), true);
            return Ok(());
        };
        let lost = lost.join("\n");
        if !lost.is_empty() {
            self.report.originals += 1;
            let what = format!("could not be kept whole: {}; its original is kept", lost.replace('\n', ", "));
            self.line(origin.clone(), what, false);
        }
        let imported = if self.wanted.is_trial {
            if known.is_some() {
                Imported::Updated { taken: Vec::new() }
            } else {
                Imported::Added { taken: Vec::new() }
            }
        } else {
            let new = NewEntry {
                origin: &origin,
                digest: &digest,
                kind,
                content: &content,
                intent: if is_draft { Intent::Save } else { Intent::Publish },
                authors: &authors,
                fallback: self.owner,
                old_paths: &old_paths,
                original: (!lost.is_empty()).then_some((lost.as_str(), body.as_str())),
                zone: &self.settings.zone,
            };
            match self.store.import_post(&new, self.now).await {
                Ok(imported) => imported,
                Err(SaveError::Store(error)) => return Err(error),
                Err(error) => {
                    self.line(origin, error.to_string(), true);
                    return Ok(());
                }
            }
        };
        let taken = match imported {
            Imported::Known => {
                self.report.known += 1;
                Vec::new()
            }
            Imported::Updated { taken } => {
                self.report.updated += 1;
                taken
            }
            Imported::Added { taken } => {
                match (is_draft, kind) {
                    (true, _) => self.report.drafts += 1,
                    (false, PostKind::Post) => self.report.posts += 1,
                    (false, PostKind::Page) => self.report.pages += 1,
                }
                self.report.scheduled += u64::from(!is_draft && published_at.is_some_and(|at| at > self.now));
                taken
            }
        };
        for path in taken {
            self.line(origin.clone(), format!("the old address /{path} belongs to another post"), false);
        }
        Ok(())
    }

    /// Keeps the pictures that a text shows or links to, and its cover.
    async fn pictures_of(
        &mut self,
        entry: &Entry,
        markdown: &str,
        addresses: &mut Addresses,
        shown: &mut HashMap<String, Shown>,
    ) -> Result<(), Error> {
        let named = RefCell::new(Vec::new());
        relink(markdown, &|reference| {
            named.borrow_mut().push(reference.to_owned());
            None
        });
        let mut references = named.into_inner();
        references.extend(entry.cover.as_ref().map(|cover| cover.address.clone()));
        references.sort_unstable();
        references.dedup();
        let mut missing = 0;
        for reference in references {
            // Those within a folder of Markdown were looked for by its reader.
            let was_looked_for =
                entry.origin.starts_with("markdown:") && (self.fetching.is_none() || !reference.contains("://"));
            if addresses.contains_key(&reference) || !self.may_be_picture(&reference) || was_looked_for {
                continue;
            }
            let what = match self.picture(&reference).await? {
                Kept::Here(address, about) => {
                    shown.insert(address.clone(), about);
                    addresses.insert(reference, address);
                    continue;
                }
                Kept::Would => {
                    self.report.pictures += 1;
                    continue;
                }
                Kept::Missing(why) => {
                    self.report.missing_pictures += 1;
                    missing += 1;
                    if missing > MAX_NAMED {
                        continue;
                    }
                    format!("picture {} was not found{why}", short(&reference))
                }
                Kept::Refused(why) => format!("picture {} is refused: {why}", short(&reference)),
            };
            self.line(entry.origin.clone(), what, false);
        }
        Ok(())
    }

    fn authors(&self, entry: &Entry) -> Vec<NamedAuthor> {
        let by_name = |name: &str| self.people.values().find(|person| person.name == name).cloned();
        entry
            .people
            .iter()
            .map(|key| self.people.get(key).cloned().or_else(|| by_name(key)).unwrap_or_else(|| nobody_listed(key)))
            .map(|person| named(&person))
            .filter(|author| !author.name.is_empty())
            .collect()
    }

    fn own_host(&self) -> Option<String> {
        let url = url::Url::parse(self.about.address.as_deref()?).ok()?;
        url.host_str().map(|host| bare(host).to_owned())
    }

    /// The same in every run: ids in the HTML are made of it.
    async fn uuid(&self, origin: &str, post: Option<crate::model::ids::PostId>) -> Result<String, Error> {
        let stored = match post {
            Some(id) => self.store.stored_post(id).await?,
            None => None,
        };
        Ok(stored.map_or_else(
            || {
                uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, format!("{}:{origin}", self.settings.uuid).as_bytes())
                    .to_string()
            },
            |post| post.uuid,
        ))
    }
}

fn nobody_listed(name: &str) -> Person {
    Person { key: name.to_owned(), name: name.to_owned(), ..Person::default() }
}

/// Everything that can be made of an entry without the store; `None` when its text cannot be rendered.
fn content(
    entry: Entry,
    uuid: String,
    markdown: &str,
    addresses: &Addresses,
    shown: &HashMap<String, Shown>,
    own_host: Option<&str>,
) -> Option<PostContent> {
    let source =
        relink(markdown, &|reference| addresses.get(reference).cloned().or_else(|| own_path(reference, own_host?)));
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
            language: entry.language.unwrap_or_default(),
            featured: entry.is_featured,
            ..Meta::default()
        },
        comments: if entry.comments_open { PostComments::Open } else { PostComments::Closed },
        published_at: entry.published_at,
        authors: Vec::new(),
    };
    manuscript::content(manuscript, shown).ok()
}

/// A link to the old blog as one to this: its old addresses answer here. Pictures that did not come stay where they are.
fn own_path(reference: &str, own_host: &str) -> Option<String> {
    let url = url::Url::parse(reference).ok()?;
    let host = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https"))?;
    let is_own = bare(host) == own_host && url.port().is_none();
    let is_page = url.path().rsplit('/').next().is_none_or(|name| !name.contains('.') || name.ends_with(".html"));
    (is_own && is_page).then(|| url[url::Position::BeforePath..].to_owned())
}
