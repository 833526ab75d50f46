//! Writing: the form of a post or page, and what its buttons do. What was typed is never lost on the way.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{OriginalUri, Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::{civil::DateTime, tz::TimeZone};
use sqlx::types::Json;

use crate::{
    app::App,
    error::{Error, Result},
    model::{
        ids::PostId,
        post::{self, Intent, Post, PostComments, PostContent, PostKind, PostState, StoredPost, Tag, is_reserved},
        time::Time,
        user::{Author, User},
    },
    store::{SaveError, Saved},
    text::{markdown, plain, slug},
    web::{
        auth::{AdminFrame, Visitor},
        comments::render_fault,
        form::{Fields, Query},
        layout::{Layout, html},
        reader::post::{PostPage, reading_minutes},
        session,
    },
};

/// The fields of the form: the only ones that are read, and those that pass the door with an ended session.
pub const FIELDS: &[&str] =
    &["kind", "version", "title", "text", "tags", "slug", "excerpt", "publish-at", "comments", "action"];

const MAX_TITLE: usize = 300;
const MAX_TEXT_BYTES: usize = 1_000_000;
const MAX_TAGS: usize = 30;
const MAX_TAG: usize = 60;
const MAX_EXCERPT: usize = 1_000;

/// The form as typed.
#[derive(Clone, Debug)]
struct PostForm {
    kind: PostKind,
    /// What the form was opened with; 0 for a new post.
    version: i64,
    title: String,
    text: String,
    tags: String,
    slug: String,
    excerpt: String,
    /// `2023-02-11T08:30` in the blog's zone, as `datetime-local` writes it.
    publish_at: String,
    comments: PostComments,
    errors: Vec<(&'static str, String)>,
}

impl PostForm {
    fn empty(kind: PostKind) -> Self {
        Self {
            kind,
            version: 0,
            title: String::new(),
            text: String::new(),
            tags: String::new(),
            slug: String::new(),
            excerpt: String::new(),
            publish_at: String::new(),
            // A page is seldom a conversation.
            comments: if kind == PostKind::Page { PostComments::Closed } else { PostComments::Open },
            errors: Vec::new(),
        }
    }

    fn typed(fields: &Fields) -> Self {
        Self {
            kind: if fields.raw("kind") == "page" { PostKind::Page } else { PostKind::Post },
            version: fields.raw("version").parse().unwrap_or(0),
            title: fields.line("title"),
            text: fields.text("text"),
            tags: fields.line("tags"),
            slug: fields.line("slug"),
            excerpt: fields.line("excerpt"),
            publish_at: fields.line("publish-at"),
            comments: if fields.raw("comments") == "open" { PostComments::Open } else { PostComments::Closed },
            errors: Vec::new(),
        }
    }

    fn stored(post: &StoredPost, zone: &TimeZone, now: Time) -> Self {
        Self {
            kind: post.kind,
            version: post.version,
            title: post.title.clone(),
            text: post.source.clone(),
            tags: post.tags.join(", "),
            slug: post.form_slug(now).to_owned(),
            excerpt: post.excerpt.clone(),
            publish_at: post.published_at.map_or_else(String::new, |at| written(at, zone)),
            comments: post.comments,
            errors: Vec::new(),
        }
    }

    fn fault(&mut self, field: &'static str, text: String) {
        self.errors.push((field, text));
    }

    fn is_open(&self) -> bool {
        self.comments == PostComments::Open
    }

    fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, text)| text.as_str())
    }

    /// Whether something beside title and text is wrong: what is folded away is opened then.
    fn has_error_in_details(&self) -> bool {
        self.errors.iter().any(|(name, _)| !matches!(*name, "title" | "text"))
    }

    /// Checks and renders everything. `None`: see `errors`. `post`: what the form was filled from.
    async fn content(
        &mut self,
        app: &App,
        l: &Layout,
        intent: Intent,
        post: Option<&StoredPost>,
    ) -> Result<Option<PostContent>> {
        if self.title.is_empty() && intent == Intent::Publish {
            self.fault("title", l.t("error-needed"));
        }
        if self.title.chars().count() > MAX_TITLE {
            self.fault("title", l.tn("error-long", &(MAX_TITLE as i64)));
        }
        if self.text.len() > MAX_TEXT_BYTES {
            self.fault("text", l.t("error-too-long"));
        }
        if self.excerpt.chars().count() > MAX_EXCERPT {
            self.fault("excerpt", l.tn("error-long", &(MAX_EXCERPT as i64)));
        }
        if !self.slug.is_empty() && !slug::is_slug(&self.slug) {
            self.fault("slug", l.t("error-slug"));
        } else if self.kind == PostKind::Page && is_reserved(&self.slug) {
            self.fault("slug", l.t("error-slug-taken"));
        }
        let tags = self.checked_tags(l);
        let kept_at = post.and_then(|post| post.published_at);
        let published_at = match self.publish_at.as_str() {
            "" => None,
            typed => match moment(typed, &l.settings.zone) {
                // The form's minutes stand for the very millisecond that they were made of.
                Some(at) => Some(kept_at.filter(|kept| written(*kept, &l.settings.zone) == typed).unwrap_or(at)),
                None => {
                    self.fault("publish-at", l.t("error-time"));
                    None
                }
            },
        };
        if !self.errors.is_empty() {
            return Ok(None);
        }
        let hashes: Vec<String> = markdown::media_in(&self.text);
        let sizes = sizes(app, &hashes).await?;
        let uuid = post.map_or_else(|| uuid::Uuid::new_v4().to_string(), |post| post.uuid.clone());
        let (source, anchor) = (self.text.clone(), post::anchor(&uuid));
        let rendered = match app.rendering(move || markdown::post(&source, &sizes, &anchor)).await? {
            Ok(rendered) => rendered,
            Err(error) => {
                self.fault("text", l.t(render_fault(&error)));
                return Ok(None);
            }
        };
        Ok(Some(content(uuid, rendered, self, tags, published_at)))
    }

    fn checked_tags(&mut self, l: &Layout) -> Vec<(String, String)> {
        let mut tags: Vec<(String, String)> = Vec::new();
        for name in self.tags.clone().split([',', '،', '、']).map(str::trim).filter(|name| !name.is_empty()) {
            let slug = slug::slug(name);
            if slug.is_empty() || name.chars().count() > MAX_TAG {
                self.fault("tags", l.tx("error-tag", name));
            } else if tags.iter().all(|(_, known)| *known != slug) {
                tags.push((name.to_owned(), slug));
            }
        }
        if tags.len() > MAX_TAGS {
            self.fault("tags", l.tn("error-tags", &(MAX_TAGS as i64)));
        }
        tags
    }
}

fn content(
    uuid: String,
    rendered: markdown::Rendered,
    form: &PostForm,
    tags: Vec<(String, String)>,
    published_at: Option<Time>,
) -> PostContent {
    let summary = if form.excerpt.is_empty() { plain::excerpt(&rendered.text, 200) } else { form.excerpt.clone() };
    PostContent {
        uuid,
        title: form.title.clone(),
        slug: Some(form.slug.clone()).filter(|slug| !slug.is_empty()),
        title_slug: slug::slug(&form.title),
        source: form.text.clone(),
        words: plain::words(&rendered.text) as i64,
        html: rendered.html,
        lead: rendered.lead,
        renderer: markdown::RENDERER,
        excerpt: form.excerpt.clone(),
        summary,
        text: rendered.text,
        tags,
        comments: form.comments,
        published_at,
    }
}

async fn sizes(app: &App, addresses: &[String]) -> Result<std::collections::HashMap<String, (u32, u32)>> {
    let hash_of = |address: &str| address.strip_prefix("/media/").and_then(|rest| rest.split('/').next()).map(str::to_owned);
    let hashes: Vec<String> = addresses.iter().filter_map(|address| hash_of(address)).collect();
    let found = app.store.media_sizes(&hashes.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    Ok(addresses
        .iter()
        .filter_map(|address| {
            let hash = hash_of(address)?;
            let size = found.iter().find(|size| size.hash == hash)?;
            Some((address.clone(), (size.width, size.height)))
        })
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

#[derive(Template)]
#[template(path = "admin/editor.html")]
struct EditorPage {
    a: AdminFrame,
    /// `None` for a post that was never saved.
    id: Option<PostId>,
    state: PostState,
    path: Option<String>,
    form: PostForm,
    notice: Option<String>,
    /// Something that kept it from being saved.
    alarm: Option<String>,
    /// What somebody else saved in the meantime.
    theirs: Option<StoredPost>,
}

impl EditorPage {
    fn new(a: AdminFrame, post: Option<&StoredPost>, form: PostForm) -> Self {
        let state = post.map_or(PostState::Draft, |post| post.state(a.l.now));
        let path = post.and_then(|post| post.path.clone());
        Self { a, id: post.map(|post| post.id), state, path, form, notice: None, alarm: None, theirs: None }
    }

    fn is_page(&self) -> bool {
        self.form.kind == PostKind::Page
    }

    /// Where readers find it, if they do.
    fn live_path(&self) -> Option<&str> {
        self.path.as_deref().filter(|_| self.state == PostState::Published)
    }

    /// Where the form goes.
    fn action(&self) -> String {
        self.id.map_or_else(|| "/admin/posts".to_owned(), |id| format!("/admin/posts/{id}"))
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }
}

/// GET /admin/posts/new
pub async fn new(a: AdminFrame, query: Query) -> Result<Response> {
    let kind = if query.0.raw("kind") == "page" { PostKind::Page } else { PostKind::Post };
    EditorPage::new(a, None, PostForm::empty(kind)).show(StatusCode::OK)
}

/// GET /admin/posts/{id}
pub async fn edit(State(app): State<Arc<App>>, a: AdminFrame, Path(id): Path<String>, query: Query) -> Result<Response> {
    let post = stored(&app, &id).await?;
    let form = PostForm::stored(&post, &a.l.settings.zone, a.l.now);
    let notice = match query.0.raw("done") {
        done @ ("saved" | "published" | "scheduled" | "updated" | "unpublished" | "restored") => {
            Some(a.l.t(&format!("done-{done}")))
        }
        _ => None,
    };
    EditorPage { notice, ..EditorPage::new(a, Some(&post), form) }.show(StatusCode::OK)
}

async fn stored(app: &App, id: &str) -> Result<StoredPost> {
    let id: PostId = id.parse().map_err(|_| Error::NotFound)?;
    app.store.stored_post(id).await?.ok_or(Error::NotFound)
}

/// POST /admin/posts
pub async fn create(
    State(app): State<Arc<App>>,
    l: Layout,
    Visitor(user): Visitor,
    OriginalUri(uri): OriginalUri,
    fields: Fields,
) -> Result<Response> {
    let Some(user) = user else { return session::carrying(l, uri.path(), &fields) };
    let a = AdminFrame::of(&app, l, user).await?;
    save(&app, a, None, &fields).await
}

/// POST /admin/posts/{id}
pub async fn update(
    State(app): State<Arc<App>>,
    l: Layout,
    Visitor(user): Visitor,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let Some(user) = user else { return session::carrying(l, uri.path(), &fields) };
    let post = stored(&app, &id).await?;
    let a = AdminFrame::of(&app, l, user).await?;
    save(&app, a, Some(post), &fields).await
}

/// Back at the form after signing in again, with the text still in it and nothing saved yet.
pub async fn resume(app: &App, a: AdminFrame, to: &str, fields: &Fields) -> Result<Response> {
    let post = match to.strip_prefix("/admin/posts/") {
        Some(id) => Some(stored(app, id).await?),
        None => None,
    };
    let notice = Some(a.l.t("session-resumed"));
    EditorPage { notice, ..EditorPage::new(a, post.as_ref(), PostForm::typed(fields)) }.show(StatusCode::OK)
}

async fn save(app: &App, a: AdminFrame, post: Option<StoredPost>, fields: &Fields) -> Result<Response> {
    let intent = match fields.raw("action") {
        "publish" => Intent::Publish,
        "unpublish" => Intent::Unpublish,
        _ => Intent::Save,
    };
    let mut form = PostForm::typed(fields);
    if let Some(post) = &post {
        form.kind = post.kind;
    }
    let Some(content) = form.content(app, &a.l, intent, post.as_ref()).await? else {
        let mut page = EditorPage::new(a, post.as_ref(), form);
        page.alarm = Some(page.a.l.t("not-saved-mend"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    };
    let (zone, now) = (&a.l.settings.zone, a.l.now);
    let saved = match &post {
        None => app.store.create_post(form.kind, &content, intent, a.user.id, zone, now).await,
        Some(post) => app.store.save_post(post.id, form.version, &content, intent, zone, now).await,
    };
    match saved {
        Ok(Saved { id, .. }) => {
            let was = post.as_ref().map(|post| post.state(now));
            let is = app.store.stored_post(id).await?.map(|post| post.state(now));
            let done = match (was, is) {
                (Some(PostState::Published), Some(PostState::Published)) => "updated",
                (_, Some(PostState::Published)) => "published",
                (_, Some(PostState::Scheduled)) => "scheduled",
                _ if intent == Intent::Unpublish => "unpublished",
                _ => "saved",
            };
            Ok(Redirect::to(&format!("/admin/posts/{id}?done={done}")).into_response())
        }
        Err(SaveError::Stale(theirs)) => {
            // The next save stands on what is shown here beside it.
            form.version = theirs.version;
            let mut page = EditorPage::new(a, Some(&theirs), form);
            page.alarm = Some(page.a.l.t("conflict"));
            page.theirs = Some(*theirs);
            page.show(StatusCode::CONFLICT)
        }
        Err(SaveError::SlugTaken) => {
            form.fault("slug", a.l.t("error-slug-taken"));
            let mut page = EditorPage::new(a, post.as_ref(), form);
            page.alarm = Some(page.a.l.t("not-saved-mend"));
            page.show(StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(SaveError::Store(error @ Error::Unavailable(_))) => {
            tracing::warn!(%error, "a post could not be kept");
            let mut page = EditorPage::new(a, post.as_ref(), form);
            page.alarm = Some(page.a.l.t("not-saved"));
            page.show(StatusCode::SERVICE_UNAVAILABLE)
        }
        Err(SaveError::Store(error)) => Err(error),
    }
}

/// POST /admin/posts/preview: the reader's page of what is in the form, in a tab of its own.
pub async fn preview(State(app): State<Arc<App>>, a: AdminFrame, fields: Fields) -> Result<Response> {
    let mut form = PostForm::typed(&fields);
    let Some(content) = form.content(&app, &a.l, Intent::Save, None).await? else {
        let mut page = EditorPage::new(a, None, form);
        page.alarm = Some(page.a.l.t("not-saved-mend"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    };
    let post = as_readers_would_see_it(form.kind, content, &a.user, a.l.now);
    let page = PostPage {
        title: format!("{} · {}", post.title, a.l.settings.title),
        minutes: reading_minutes(&post),
        older: None,
        newer: None,
        thread: Vec::new(),
        form: None,
        structured: String::new(),
        is_preview: true,
        post,
        l: a.l,
    };
    Ok(html(&page)?.into_response())
}

fn as_readers_would_see_it(kind: PostKind, content: PostContent, user: &User, now: Time) -> Post {
    Post {
        // No row: it is not saved.
        id: PostId(0),
        uuid: String::new(),
        kind,
        path: String::new(),
        title: content.title,
        body: content.html,
        is_cut: false,
        summary: content.summary,
        words: content.words,
        comments: PostComments::Closed,
        comment_count: 0,
        published_at: content.published_at.unwrap_or(now),
        updated_at: None,
        authors: Json(vec![Author { name: user.name.clone(), slug: user.slug.clone() }]),
        tags: Json(content.tags.into_iter().map(|(name, slug)| Tag { name, slug }).collect()),
    }
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
