//! A post or page with its thread, and where to look when an address is neither.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
};

use url::Url;

use super::{archive, sitemap, structured};
use crate::{
    app::App,
    error::{Error, Result},
    model::{
        change::Shows,
        media::Shown,
        post::{Post, PostComments, PostKind, PostLink, sitemap_part},
    },
    rules::{old_address, own_address, thread::Placed},
    text::{outline, plain},
    web::{
        comment_form::CommentForm,
        form::{Query, decoded},
        headers::{Cache, Frames},
        layout::{Layout, html},
        thread::Thread,
    },
};

#[derive(Template)]
#[template(path = "reader/post.html")]
pub struct PostPage {
    pub l: Layout,
    pub title: String,
    pub post: Post,
    pub minutes: i64,
    pub older: Option<PostLink>,
    pub newer: Option<PostLink>,
    pub thread: Vec<Placed>,
    /// Numbers of the parts of a long thread before and after this one, in reading order.
    pub before: Option<usize>,
    pub after: Option<usize>,
    /// "Page 2 of 5", where the thread has so many.
    pub part: Option<String>,
    /// `None`: the thread is closed.
    pub form: Option<CommentForm>,
    /// Absolute address of the first picture, for those who share the post.
    pub picture: Option<String>,
    /// JSON-LD, escaped for its place.
    pub structured: String,
    /// Whether readers see another part of the thread first.
    pub is_part: bool,
    /// A look at what is not saved: says so, and has no thread.
    pub is_preview: bool,
    /// What is known of the cover.
    pub cover: Option<Shown>,
    /// What a preview says of itself.
    pub notice: String,
}

impl PostPage {
    /// A live post as readers see it, with this part of its thread, or the one that they see first. `None`: there is no such
    /// part.
    pub async fn of(app: &App, l: Layout, post: Post, number: Option<usize>) -> Result<Option<Self>> {
        let Some(thread) = Thread::of(app, &l, post.id, post.comment_count, number).await? else { return Ok(None) };
        let newest_first = l.settings.newest_comments_first;
        let numbers = [("n", thread.part.number.into()), ("count", thread.part.count.into())];
        let part = (thread.part.count > 1).then(|| l.words.with("thread-part", &numbers));
        let (older, newer) = match post.kind {
            PostKind::Post => app.store.neighbours(&post, l.now).await?,
            PostKind::Page => (None, None),
        };
        let is_open = l.settings.takes_comments(post.kind, post.comments, post.published_at, l.now);
        let own = Some(post.meta.cover.clone()).filter(|cover| !cover.is_empty());
        let picture = own
            .or_else(|| outline::first_picture(&post.body))
            .and_then(|address| Some(Url::parse(&l.url(&post.path)).ok()?.join(&address).ok()?.to_string()));
        let cover = app.store.media_shown(std::slice::from_ref(&post.meta.cover)).await?.remove(&post.meta.cover);
        let form = is_open.then(|| CommentForm::empty(post.id));
        Ok(Some(Self {
            title: format!("{} · {}", post.title, l.settings.title),
            before: thread.before(newest_first),
            after: thread.after(newest_first),
            is_part: !thread.is_first_seen,
            part,
            thread: thread.comments,
            minutes: reading_minutes(&post),
            structured: structured::blog_posting(&l, &post, picture.as_deref()),
            picture,
            is_preview: false,
            cover,
            notice: String::new(),
            older,
            newer,
            form,
            post,
            l,
        }))
    }

    /// A look at what is not saved, or not for everybody: no thread, no neighbours, nothing for machines.
    pub fn preview(l: Layout, post: Post) -> Self {
        Self {
            title: format!("{} · {}", post.title, l.settings.title),
            minutes: reading_minutes(&post),
            older: None,
            newer: None,
            thread: Vec::new(),
            before: None,
            after: None,
            part: None,
            form: None,
            picture: None,
            structured: String::new(),
            is_part: false,
            is_preview: true,
            cover: None,
            notice: l.t("preview-notice"),
            post,
            l,
        }
    }

    fn is_post(&self) -> bool {
        self.post.kind == PostKind::Post
    }

    /// Whether there is anything to say below the text.
    fn has_thread(&self) -> bool {
        !self.is_preview
            && self.post.comments != PostComments::Hidden
            && (self.is_post() || !self.thread.is_empty() || self.form.is_some())
    }
}

/// Minutes for the whole text.
pub fn reading_minutes(post: &Post) -> i64 {
    plain::reading_minutes(usize::try_from(post.words).unwrap_or_default()) as i64
}

/// GET /{year}/{month}/{slug}
pub async fn show(
    State(app): State<Arc<App>>,
    l: Layout,
    Path((year, month, slug)): Path<(String, String, String)>,
    uri: Uri,
) -> Result<Response> {
    at(app, l, &format!("{year}/{month}/{slug}"), uri).await
}

/// GET /{name}: a page, a year of the archive, or a part of the sitemap.
pub async fn page_or_year(
    State(app): State<Arc<App>>,
    l: Layout,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Response> {
    // A slash that came encoded would make a second address of a post.
    if name.contains('/') {
        return elsewhere(State(app), uri).await;
    }
    if own_address::is_year(&name) {
        return archive::year(app, l, &name, uri).await;
    }
    match sitemap_part(&name) {
        Some(part) => sitemap::part(app, l, part, uri).await,
        None => at(app, l, &name, uri).await,
    }
}

async fn at(app: Arc<App>, l: Layout, path: &str, uri: Uri) -> Result<Response> {
    match app.store.published_post(path, l.now).await? {
        Some(post) => {
            let shows = Shows::Post(post.id);
            let page = PostPage::of(&app, l, post, Query::of(&uri).thread()).await?.ok_or(Error::NotFound)?;
            let cache = if page.is_part { Cache::Part(shows) } else { Cache::Page(shows) };
            Ok((cache, Frames::of([page.post.body.as_str()]), html(&page)?).into_response())
        }
        None => elsewhere(State(app), uri).await,
    }
}

/// No such address: the post that once had it, where the owner leads it, the same without the slash at its end, or nothing.
pub async fn elsewhere(State(app): State<Arc<App>>, uri: Uri) -> Result<Response> {
    let asked = uri.path();
    if let Some(path) = decoded(asked) {
        // Some blogs kept everything at their home, under a number; and that in a folder.
        let numbered = Query::of(&uri).old_address().map(|old| format!("{path}/{old}"));
        for path in numbered.iter().chain([&path]) {
            if let Some(target) = led(&app, path).await? {
                return Ok(moved(&target));
            }
        }
        if app.store.is_gone(&path).await? {
            return Err(Error::Gone);
        }
        let without_slash = without_slash(&uri);
        if let Some(target) = &without_slash
            && app.store.published_post(&path, app.clock.now()).await?.is_some()
        {
            return Ok(moved(target));
        }
        if let Some(whole) = old_address::whole(&path)
            && let Some(target) = whole_target(&app, whole).await?
        {
            return Ok(moved(&target));
        }
        if let Some(about) = old_address::fed(&path)
            && let Some(target) = whole_target(&app, about).await?
        {
            return Ok(moved(&feed_of(&app, target).await?));
        }
        if let Some(picture) = old_address::full_size(&path) {
            let scaled = old_address::scaled(&picture);
            for picture in std::iter::once(picture).chain(scaled) {
                if let Some(target) = app.store.path_redirect(&picture).await? {
                    return Ok(moved(&target));
                }
            }
        }
        if old_address::is_sitemap(&path) {
            return Ok(moved("/sitemap.xml"));
        }
        if let Some(target) = without_slash {
            return Ok(moved(&target));
        }
    }
    Err(Error::NotFound)
}

/// The same address without the slash at its end.
fn without_slash(uri: &Uri) -> Option<String> {
    let asked = uri.path();
    let trimmed = asked.trim_end_matches('/');
    // One slash at the beginning: two would name another host.
    let is_sound =
        trimmed.len() < asked.len() && trimmed.is_ascii() && !trimmed.contains("//") && !trimmed.contains('\\');
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    is_sound.then(|| format!("{trimmed}{query}"))
}

/// Where an old address leads: to the post that once had it, or where the owner or an import said.
pub(super) async fn led(app: &App, path: &str) -> Result<Option<String>> {
    match app.store.redirect_for(path, app.clock.now()).await? {
        Some(now_at) => Ok(Some(format!("/{now_at}"))),
        None => app.store.path_redirect(path).await,
    }
}

/// Where the whole is of which another system showed a part.
async fn whole_target(app: &App, whole: &str) -> Result<Option<String>> {
    let is_here = whole.is_empty()
        || match whole.split_once('/') {
            Some(("tag", slug)) => app.store.tag(slug).await?.is_some(),
            Some(("author", slug)) => app.store.author(slug).await?.is_some(),
            Some((year, month)) if own_address::is_month(year, month) => true,
            _ => app.store.published_post(whole, app.clock.now()).await?.is_some(),
        };
    if is_here { Ok(Some(format!("/{whole}"))) } else { led(app, whole).await }
}

/// The feed of what is at an address: of all posts, of a tag's, or of a post's comments; where there is none, the address itself.
async fn feed_of(app: &App, address: String) -> Result<String> {
    let path = address.trim_start_matches('/');
    if path.is_empty() || path.starts_with("tag/") {
        return Ok(format!("{}/feed.xml", address.trim_end_matches('/')));
    }
    let post = app.store.published_post(path, app.clock.now()).await?;
    let talked_of = post.filter(|post| post.comments != PostComments::Hidden);
    Ok(talked_of.map_or(address, |post| format!("/comments/on/{}/feed.xml", post.id)))
}

pub(super) fn moved(to: &str) -> Response {
    (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to.to_owned())], Html("")).into_response()
}
