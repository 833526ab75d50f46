//! The form of a post or page: as typed, as stored, and checked into what the store takes.

use std::collections::HashMap;

use jiff::{
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone},
};
use url::Url;

use crate::{
    app::App,
    error::Result,
    model::{
        ids::UserId,
        language::Language,
        media,
        post::{Intent, Meta, PostComments, PostContent, PostKind, StoredPost, anchor, is_reserved},
        revision::{Hand, RevisionKind, Saving, Typed, Working},
        time::Time,
    },
    text::{
        gate::{self, Finding, Weighed, What},
        manuscript::{self, Manuscript},
        markdown, slug,
    },
    web::{
        comment_form::render_fault,
        form::{Faults, Fields},
        layout::Layout,
        leads::{is_missing, is_there},
    },
};

const MAX_TITLE: usize = 300;
/// The longest source of a post.
pub const MAX_TEXT_BYTES: usize = 1_000_000;
const MAX_TAGS: usize = 30;
/// So many pictures of a text are weighed.
const MAX_WEIGHED: usize = 100;
const MAX_TAG: usize = 60;
const MAX_EXCERPT: usize = 1_000;
const MAX_ADDRESS: usize = 2_000;

/// The form as typed.
#[derive(Clone, Debug)]
pub struct PostForm {
    pub kind: PostKind,
    /// Names the post from its first form on, so that a form sent twice makes one post.
    pub uuid: String,
    /// What the form was opened with; 0 for a new post.
    pub version: i64,
    /// Which form this is: it is never in conflict with itself.
    pub hand: Hand,
    pub typed: Typed,
    pub faults: Faults,
}

impl PostForm {
    pub fn empty(kind: PostKind) -> Self {
        // A page is seldom a conversation.
        let comments = if kind == PostKind::Page { PostComments::Closed } else { PostComments::Open };
        Self::new(kind, new_name(), 0, Typed { comments, ..Typed::default() })
    }

    pub fn new(kind: PostKind, uuid: String, version: i64, typed: Typed) -> Self {
        Self { kind, uuid, version, hand: Hand { holder: new_name(), turn: 0 }, typed, faults: Faults::default() }
    }

    /// As it was sent.
    pub fn sent(fields: &Fields) -> Self {
        let name = |field| uuid::Uuid::parse_str(fields.raw(field)).map(|name| name.to_string()).ok();
        Self {
            kind: if fields.raw("kind") == "page" { PostKind::Page } else { PostKind::Post },
            uuid: name("uuid").unwrap_or_else(new_name),
            version: fields.raw("version").parse().unwrap_or(0),
            hand: Hand { holder: name("hand").unwrap_or_default(), turn: fields.raw("turn").parse().unwrap_or(0) },
            typed: Typed {
                title: fields.line("title"),
                text: fields.text("text"),
                tags: fields.line("tags"),
                slug: fields.line("slug"),
                excerpt: fields.line("excerpt"),
                publish_at: fields.line("publish-at"),
                comments: PostComments::typed(fields.raw("comments")),
                meta: Meta {
                    description: fields.line("description"),
                    cover: fields.line("cover"),
                    cover_alt: fields.line("cover-alt"),
                    cover_caption: fields.line("cover-caption"),
                    canonical: fields.line("canonical"),
                    language: fields.line("language"),
                    featured: fields.has("featured"),
                },
                authors: fields.all("author").filter_map(|id| id.parse().ok()).collect(),
            },
            faults: Faults::default(),
        }
    }

    /// Of a stored post: with what is typed but not yet what readers see, where there is such.
    pub fn stored(post: &StoredPost, working: Option<&Working>, zone: &TimeZone, now: Time) -> Self {
        let typed = working.map_or_else(|| Typed::of(post, zone, now), |working| working.typed.clone());
        Self::new(post.kind, post.uuid.clone(), post.version, typed)
    }

    /// This form as a save.
    pub fn saving<'a>(&'a self, by: UserId, intent: Intent, kind: RevisionKind, l: &'a Layout) -> Saving<'a> {
        Saving {
            by,
            hand: &self.hand,
            version: self.version,
            typed: &self.typed,
            intent,
            kind,
            zone: &l.settings.zone,
            now: l.now,
        }
    }

    pub fn has_comments(&self, which: &str) -> bool {
        self.typed.comments.as_str() == which
    }

    /// Whether a stored post is already all that sending this form would make of it.
    pub fn is_done(&self, stored: &StoredPost, intent: Intent, zone: &TimeZone, now: Time) -> bool {
        let is_in_state = match intent {
            Intent::Save => true,
            Intent::Publish => stored.is_published,
            Intent::Unpublish => !stored.is_published,
        };
        let is_at = |at: Time| at.typed_in(zone) == self.typed.publish_at;
        is_in_state
            && self.says_the_same(stored)
            && (self.typed.slug.is_empty() || self.typed.slug == stored.form_slug(now))
            && (self.typed.publish_at.is_empty() || stored.published_at.is_some_and(is_at))
    }

    /// Whether something beside title and text is wrong: what is folded away is opened then.
    pub fn has_error_in_details(&self) -> bool {
        self.faults.beside(&["title", "text"])
    }

    /// Whether a stored post holds just what this form does.
    pub fn says_the_same(&self, stored: &StoredPost) -> bool {
        let typed = &self.typed;
        typed.title == stored.title
            && typed.text == stored.source
            && typed.excerpt == stored.excerpt
            && typed.comments == stored.comments
            && typed.meta == stored.meta
            && (typed.authors.is_empty() || typed.authors == *stored.authors)
            && self.typed.tag_names().eq(stored.tags.iter())
    }

    /// Checks and renders everything. `None`: see `faults`. `post`: what the form was filled from.
    pub async fn content(
        &mut self,
        app: &App,
        l: &Layout,
        intent: Intent,
        post: Option<&StoredPost>,
    ) -> Result<Option<PostContent>> {
        if self.typed.title.is_empty() && intent == Intent::Publish {
            self.faults.add("title", l.t("error-needed"));
        }
        if self.typed.title.chars().count() > MAX_TITLE {
            self.faults.add("title", l.tn("error-long", &(MAX_TITLE as i64)));
        }
        if self.typed.text.len() > MAX_TEXT_BYTES {
            self.faults.add("text", l.t("error-too-long"));
        }
        if self.typed.excerpt.chars().count() > MAX_EXCERPT {
            self.faults.add("excerpt", l.tn("error-long", &(MAX_EXCERPT as i64)));
        }
        if !self.typed.slug.is_empty() && !slug::is_slug(&self.typed.slug) {
            self.faults.add("slug", l.t("error-slug"));
        } else if self.kind == PostKind::Page && is_reserved(&self.typed.slug) {
            self.faults.add("slug", l.t("error-slug-taken"));
        }
        self.check_meta(l);
        let tags = self.checked_tags(l);
        let published_at = self.checked_time(l, post.and_then(|post| post.published_at));
        if !self.faults.is_empty() {
            return Ok(None);
        }
        let manuscript = Manuscript {
            uuid: post.map_or_else(|| self.uuid.clone(), |post| post.uuid.clone()),
            title: self.typed.title.clone(),
            slug: Some(self.typed.slug.clone()).filter(|slug| !slug.is_empty()),
            source: self.typed.text.clone(),
            excerpt: self.typed.excerpt.clone(),
            tags,
            comments: self.typed.comments,
            published_at,
            authors: self.typed.authors.clone(),
            meta: self.typed.meta.clone(),
        };
        let pictures = app.store.media_shown(&markdown::media_in(&self.typed.text)).await?;
        match app.rendering(self.typed.text.len(), move || manuscript::content(manuscript, &pictures)).await? {
            Ok(content) => Ok(Some(content)),
            Err(error) => {
                self.faults.add("text", l.t(render_fault(&error)));
                Ok(None)
            }
        }
    }

    /// What a careful editor would mend before readers see what stands in the form.
    pub async fn findings(&self, app: &App, l: &Layout, post: Option<&StoredPost>) -> Result<Vec<Finding>> {
        let (source, uuid, base) = (self.typed.text.clone(), self.uuid.clone(), l.base.clone());
        let at = self.address(l, post);
        let own = format!("/{at}");
        let look = move || {
            // What is not rendered has a fault of its own.
            let html =
                markdown::post(&source, &HashMap::new(), &anchor(&uuid)).map(|made| made.html).unwrap_or_default();
            (gate::findings(&html, &source), gate::local_links(&html, &base, &at), markdown::media_of(&html))
        };
        let (mut findings, links, files) = app.rendering(self.typed.text.len(), look).await?;
        let mut missing = Vec::new();
        for hash in files {
            if is_missing(&app.store, &hash).await? {
                missing.push(hash);
            }
        }
        for link in links {
            // Of files it is told below.
            let is_told = media::hash_in(&link.path).is_some_and(|hash| missing.iter().any(|file| file == hash));
            if link.path != own && !is_told && !is_there(&app.store, &link, app.clock.now()).await? {
                let line = gate::line_of(&self.typed.text, &link.written);
                findings.push(Finding { what: What::BrokenLink, detail: link.written, line });
            }
        }
        for hash in &missing {
            let line = gate::line_of(&self.typed.text, hash);
            findings.push(Finding { what: What::MissingFile, detail: format!("/media/{hash}"), line });
        }
        let meta = &self.typed.meta;
        if let Some(hash) = media::hash_in(&meta.cover)
            && is_missing(&app.store, hash).await?
        {
            findings.push(Finding { what: What::MissingCover, detail: meta.cover.clone(), line: None });
        }
        if !meta.cover.is_empty() && meta.cover_alt.is_empty() {
            findings.push(Finding { what: What::NoCoverAlt, detail: meta.cover.clone(), line: None });
        }
        findings.extend(self.findings_of_weight(app, l).await?);
        findings.extend(self.findings_in_time(l, post));
        Ok(findings)
    }

    /// Where it is, or about where it will be: what it links to without saying where from stands beside it.
    fn address(&self, l: &Layout, post: Option<&StoredPost>) -> String {
        let at = moment(&self.typed.publish_at, &l.settings.zone).unwrap_or(l.now).in_zone(&l.settings.zone);
        match post.and_then(|post| post.path.clone()) {
            Some(path) => path,
            None if self.kind == PostKind::Page => String::new(),
            None => at.strftime("%Y/%m/").to_string(),
        }
    }

    /// Pictures of the blog that readers would wait for.
    async fn findings_of_weight(&self, app: &App, l: &Layout) -> Result<Vec<Finding>> {
        let mut addresses = markdown::media_in(&self.typed.text);
        addresses.truncate(MAX_WEIGHED);
        let shown = app.store.media_shown(&addresses).await?;
        let mut weighed = Vec::new();
        for (address, shown) in shown {
            if let Some(row) = app.store.media_row_of_hash(&shown.hash).await? {
                weighed.push(Weighed { address, bytes: row.length, is_scaled: shown.widths().next().is_some() });
            }
        }
        weighed.sort_by_key(|picture| std::cmp::Reverse(picture.bytes));
        let (mut findings, all) = gate::heavy(&weighed, &self.typed.text);
        findings.extend(all.map(|bytes| Finding {
            what: What::HeavyPage,
            detail: l.tn("weight-mb", &(bytes + 500_000).div_euclid(1_000_000)),
            line: None,
        }));
        Ok(findings)
    }

    fn findings_in_time(&self, l: &Layout, post: Option<&StoredPost>) -> Option<Finding> {
        let (typed, zone) = (&self.typed.publish_at, &l.settings.zone);
        let civil: DateTime = typed.parse().ok()?;
        let at = moment(typed, zone)?;
        let what = match zone.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Fold { .. } => What::DoubleHour,
            _ if at > l.now => What::Future,
            // What was published once keeps its date.
            _ if post.is_none_or(|post| post.first_live_at.is_none()) => What::Past,
            _ => return None,
        };
        Some(Finding { what, detail: l.moment(&at), line: None })
    }

    /// `kept_at`: the moment that the form was filled with; its minutes stand for that very millisecond.
    fn checked_time(&mut self, l: &Layout, kept_at: Option<Time>) -> Option<Time> {
        if self.typed.publish_at.is_empty() {
            return None;
        }
        let zone = &l.settings.zone;
        let typed = moment(&self.typed.publish_at, zone);
        match typed {
            None => self.faults.add("publish-at", l.t("error-time")),
            Some(at) if is_skipped(&self.typed.publish_at, zone) => {
                self.faults.add("publish-at", l.tx("error-skipped-hour", l.moment(&at)));
            }
            Some(_) => {}
        }
        kept_at.filter(|kept| kept.typed_in(zone) == self.typed.publish_at).or(typed)
    }

    fn check_meta(&mut self, l: &Layout) {
        let Meta { description, cover, cover_alt, cover_caption, canonical, language, .. } = &self.typed.meta;
        for (field, text) in [("description", description), ("cover-alt", cover_alt), ("cover-caption", cover_caption)]
        {
            if text.chars().count() > MAX_EXCERPT {
                self.faults.add(field, l.tn("error-long", &(MAX_EXCERPT as i64)));
            }
        }
        // No page asks a third party for anything.
        if !cover.is_empty() && media::hash_in(cover).is_none() {
            self.faults.add("cover", l.t("error-cover"));
        }
        let is_web = |address: &str| Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if !canonical.is_empty() && (canonical.len() > MAX_ADDRESS || !is_web(canonical)) {
            self.faults.add("canonical", l.t("error-canonical"));
        }
        if !language.is_empty() && Language::from_tag(language).is_none() {
            self.faults.add("language", l.t("error-choose"));
        }
    }

    fn checked_tags(&mut self, l: &Layout) -> Vec<String> {
        let tags: Vec<String> = self.typed.tag_names().map(str::to_owned).collect();
        for name in &tags {
            if slug::tag(name).is_empty() || name.chars().count() > MAX_TAG {
                self.faults.add("tags", l.tx("error-tag", name));
            }
        }
        if tags.len() > MAX_TAGS {
            self.faults.add("tags", l.tn("error-tags", &(MAX_TAGS as i64)));
        }
        tags
    }
}

/// A name that nothing else has.
fn new_name() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Whether no clock ever shows it: they are put forward over it.
fn is_skipped(typed: &str, zone: &TimeZone) -> bool {
    let offset = |civil: DateTime| zone.to_ambiguous_timestamp(civil).offset();
    typed.parse().is_ok_and(|civil| matches!(offset(civil), AmbiguousOffset::Gap { .. }))
}

/// What `datetime-local` wrote, in the blog's zone. An hour that the clocks skip is the one after it; of one that
/// comes twice, the first is meant.
fn moment(typed: &str, zone: &TimeZone) -> Option<Time> {
    let civil: DateTime = typed.parse().ok()?;
    Some(civil.to_zoned_datetime(zone.clone()).ok()?.timestamp().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publish_time_is_read_in_the_blogs_zone_also_where_the_clocks_change() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let at = |typed| moment(typed, &berlin).map(Time::rfc3339);
        assert_eq!(at("2023-02-11T08:30").as_deref(), Some("2023-02-11T07:30:00Z"));
        assert_eq!(at("2023-03-26T02:30").as_deref(), Some("2023-03-26T01:30:00Z"));
        assert_eq!(at("2023-10-29T02:30").as_deref(), Some("2023-10-29T00:30:00Z"));
        assert_eq!(at("tomorrow"), None);
        assert_eq!(at("2023-02-30T08:30"), None);
        assert_eq!(moment("2023-02-11T08:30", &berlin).unwrap().typed_in(&berlin), "2023-02-11T08:30");
    }
}
