//! The form of a post or page: as typed, as stored, and checked into what the store takes.

use std::collections::HashMap;

use jiff::{civil::DateTime, tz::TimeZone};

use crate::{
    app::App,
    error::Result,
    model::{
        ids::UserId,
        media,
        post::{Intent, PostComments, PostContent, PostKind, StoredPost, is_reserved},
        time::Time,
    },
    text::{
        manuscript::{self, Manuscript},
        markdown, slug,
    },
    web::{
        comment_form::render_fault,
        form::{Faults, Fields},
        layout::Layout,
    },
};

const MAX_TITLE: usize = 300;
const MAX_TEXT_BYTES: usize = 1_000_000;
const MAX_TAGS: usize = 30;
const MAX_TAG: usize = 60;
const MAX_EXCERPT: usize = 1_000;

/// The form as typed.
#[derive(Clone, Debug)]
pub struct PostForm {
    pub kind: PostKind,
    /// Names the post from its first form on, so that a form sent twice makes one post.
    pub uuid: String,
    /// What the form was opened with; 0 for a new post.
    pub version: i64,
    pub title: String,
    pub text: String,
    pub tags: String,
    pub slug: String,
    pub excerpt: String,
    /// `2023-02-11T08:30` in the blog's zone, as `datetime-local` writes it.
    pub publish_at: String,
    pub comments: PostComments,
    /// Those that are ticked, in order.
    pub authors: Vec<UserId>,
    pub faults: Faults,
}

impl PostForm {
    pub fn empty(kind: PostKind) -> Self {
        Self {
            kind,
            uuid: uuid::Uuid::new_v4().to_string(),
            version: 0,
            title: String::new(),
            text: String::new(),
            tags: String::new(),
            slug: String::new(),
            excerpt: String::new(),
            publish_at: String::new(),
            // A page is seldom a conversation.
            comments: if kind == PostKind::Page { PostComments::Closed } else { PostComments::Open },
            authors: Vec::new(),
            faults: Faults::default(),
        }
    }

    pub fn typed(fields: &Fields) -> Self {
        Self {
            kind: if fields.raw("kind") == "page" { PostKind::Page } else { PostKind::Post },
            uuid: uuid::Uuid::parse_str(fields.raw("uuid")).unwrap_or_else(|_| uuid::Uuid::new_v4()).to_string(),
            version: fields.raw("version").parse().unwrap_or(0),
            title: fields.line("title"),
            text: fields.text("text"),
            tags: fields.line("tags"),
            slug: fields.line("slug"),
            excerpt: fields.line("excerpt"),
            publish_at: fields.line("publish-at"),
            comments: if fields.raw("comments") == "open" { PostComments::Open } else { PostComments::Closed },
            authors: fields.all("author").filter_map(|id| id.parse().ok()).collect(),
            faults: Faults::default(),
        }
    }

    pub fn stored(post: &StoredPost, zone: &TimeZone, now: Time) -> Self {
        Self {
            kind: post.kind,
            uuid: post.uuid.clone(),
            version: post.version,
            title: post.title.clone(),
            text: post.source.clone(),
            tags: post.tags.join(", "),
            slug: post.form_slug(now).to_owned(),
            excerpt: post.excerpt.clone(),
            publish_at: post.published_at.map_or_else(String::new, |at| written(at, zone)),
            comments: post.comments,
            authors: post.authors.to_vec(),
            faults: Faults::default(),
        }
    }

    pub fn is_open(&self) -> bool {
        self.comments == PostComments::Open
    }

    /// Whether a stored post is already all that sending this form would make of it.
    pub fn is_done(&self, stored: &StoredPost, intent: Intent, zone: &TimeZone, now: Time) -> bool {
        let is_in_state = match intent {
            Intent::Save => true,
            Intent::Publish => stored.is_published,
            Intent::Unpublish => !stored.is_published,
        };
        let is_at = |at: Time| written(at, zone) == self.publish_at;
        is_in_state
            && self.says_the_same(stored)
            && (self.slug.is_empty() || self.slug == stored.form_slug(now))
            && (self.publish_at.is_empty() || stored.published_at.is_some_and(is_at))
    }

    /// Whether something beside title and text is wrong: what is folded away is opened then.
    pub fn has_error_in_details(&self) -> bool {
        self.faults.beside(&["title", "text"])
    }

    /// Whether a stored post holds just what this form does.
    pub fn says_the_same(&self, stored: &StoredPost) -> bool {
        self.title == stored.title
            && self.text == stored.source
            && self.excerpt == stored.excerpt
            && self.comments == stored.comments
            && (self.authors.is_empty() || self.authors == *stored.authors)
            && self.tag_names() == *stored.tags
    }

    /// Checks and renders everything. `None`: see `faults`. `post`: what the form was filled from.
    pub async fn content(
        &mut self,
        app: &App,
        l: &Layout,
        intent: Intent,
        post: Option<&StoredPost>,
    ) -> Result<Option<PostContent>> {
        if self.title.is_empty() && intent == Intent::Publish {
            self.faults.add("title", l.t("error-needed"));
        }
        if self.title.chars().count() > MAX_TITLE {
            self.faults.add("title", l.tn("error-long", &(MAX_TITLE as i64)));
        }
        if self.text.len() > MAX_TEXT_BYTES {
            self.faults.add("text", l.t("error-too-long"));
        }
        if self.excerpt.chars().count() > MAX_EXCERPT {
            self.faults.add("excerpt", l.tn("error-long", &(MAX_EXCERPT as i64)));
        }
        if !self.slug.is_empty() && !slug::is_slug(&self.slug) {
            self.faults.add("slug", l.t("error-slug"));
        } else if self.kind == PostKind::Page && is_reserved(&self.slug) {
            self.faults.add("slug", l.t("error-slug-taken"));
        }
        let tags = self.checked_tags(l);
        let published_at = self.checked_time(l, post.and_then(|post| post.published_at));
        if !self.faults.is_empty() {
            return Ok(None);
        }
        let manuscript = Manuscript {
            uuid: post.map_or_else(|| self.uuid.clone(), |post| post.uuid.clone()),
            title: self.title.clone(),
            slug: Some(self.slug.clone()).filter(|slug| !slug.is_empty()),
            source: self.text.clone(),
            excerpt: self.excerpt.clone(),
            tags,
            comments: self.comments,
            published_at,
            authors: self.authors.clone(),
        };
        let sizes = sizes(app, &markdown::media_in(&self.text)).await?;
        match app.rendering(self.text.len(), move || manuscript::content(manuscript, &sizes)).await? {
            Ok(content) => Ok(Some(content)),
            Err(error) => {
                self.faults.add("text", l.t(render_fault(&error)));
                Ok(None)
            }
        }
    }

    /// `kept_at`: the moment that the form was filled with; its minutes stand for that very millisecond.
    fn checked_time(&mut self, l: &Layout, kept_at: Option<Time>) -> Option<Time> {
        if self.publish_at.is_empty() {
            return None;
        }
        let zone = &l.settings.zone;
        let typed = moment(&self.publish_at, zone);
        if typed.is_none() {
            self.faults.add("publish-at", l.t("error-time"));
        }
        kept_at.filter(|kept| written(*kept, zone) == self.publish_at).or(typed)
    }

    fn tag_names(&self) -> Vec<String> {
        let names = self.tags.split([',', '،', '、']).map(str::trim);
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    fn checked_tags(&mut self, l: &Layout) -> Vec<String> {
        let tags = self.tag_names();
        for name in &tags {
            if slug::slug(name).is_empty() || name.chars().count() > MAX_TAG {
                self.faults.add("tags", l.tx("error-tag", name));
            }
        }
        if tags.len() > MAX_TAGS {
            self.faults.add("tags", l.tn("error-tags", &(MAX_TAGS as i64)));
        }
        tags
    }
}

/// Width and height of those of these pictures that are kept.
async fn sizes(app: &App, addresses: &[String]) -> Result<HashMap<String, (u32, u32)>> {
    let hashes: Vec<&str> = addresses.iter().filter_map(|address| media::hash_in(address)).collect();
    let found = app.store.media_sizes(&hashes).await?;
    let size_of = |address: &String| found.iter().find(|size| media::hash_in(address) == Some(&size.hash));
    Ok(addresses
        .iter()
        .filter_map(|address| size_of(address).map(|size| (address.clone(), (size.width, size.height))))
        .collect())
}

/// A moment as `datetime-local` writes it.
fn written(at: Time, zone: &TimeZone) -> String {
    at.in_zone(zone).strftime("%Y-%m-%dT%H:%M").to_string()
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
        assert_eq!(written(moment("2023-02-11T08:30", &berlin).unwrap(), &berlin), "2023-02-11T08:30");
    }
}
