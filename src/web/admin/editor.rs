//! Writing: the form of a post or page, and what its buttons do. What was typed is never lost on the way.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::post_form::PostForm;
use crate::{
    app::App,
    error::{Error, Result},
    model::{
        ids::PostId,
        post::{Intent, Json, Post, PostComments, PostContent, PostKind, PostState, StoredPost, Tag},
        time::Time,
        user::{Author, User},
    },
    store::{SaveError, Saved},
    web::{
        auth::AdminFrame,
        desk::DeskForm,
        form::{Fields, Query},
        headers::Frames,
        layout::html,
        reader::post::{PostPage, reading_minutes},
    },
};

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
pub async fn edit(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Path(id): Path<String>,
    query: Query,
) -> Result<Response> {
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
pub async fn create(State(app): State<Arc<App>>, DeskForm(a, fields): DeskForm) -> Result<Response> {
    save(&app, a, None, &fields).await
}

/// POST /admin/posts/{id}
pub async fn update(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    DeskForm(a, fields): DeskForm,
) -> Result<Response> {
    let post = stored(&app, &id).await?;
    save(&app, a, Some(post), &fields).await
}

/// The form with what was carried through the door.
pub async fn resume(app: &App, a: AdminFrame, to: &str, fields: &Fields) -> Result<Response> {
    // What names no post here is a new one: its text counts, not its address.
    let id = to.strip_prefix("/admin/posts/").and_then(|id| id.parse().ok());
    let post = match id {
        Some(id) => app.store.stored_post(id).await?,
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
    let content = match form.content(app, &a.l, intent, post.as_ref()).await {
        Ok(Some(content)) => content,
        unready => return unsaved(a, post.as_ref(), form, unready.map(drop)),
    };
    let (zone, now) = (&a.l.settings.zone, a.l.now);
    let saved = match &post {
        None => app.store.create_post(form.kind, &content, intent, a.user.id, zone, now).await,
        Some(post) => app.store.save_post(post.id, form.version, &content, intent, zone, now).await,
    };
    // The same form sent twice (a double click, the way back) is no conflict, and makes no second post.
    let saved = match saved {
        Err(SaveError::Stale(made)) if post.is_none() && form.says_the_same(&made) => {
            app.store.save_post(made.id, made.version, &content, intent, zone, now).await
        }
        Err(SaveError::Stale(made)) if form.is_done(&made, intent, zone, now) => {
            Ok(Saved { id: made.id, path: made.path, version: made.version })
        }
        other => other,
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
            form.faults.add("slug", a.l.t("error-slug-taken"));
            unsaved(a, post.as_ref(), form, Ok(()))
        }
        Err(SaveError::Store(error)) => {
            tracing::error!(%error, "a post could not be kept");
            unsaved(a, post.as_ref(), form, Err(error))
        }
    }
}

/// The form as it was typed, with what kept it from being saved: something in it, or the machine.
fn unsaved(a: AdminFrame, post: Option<&StoredPost>, form: PostForm, why: Result<()>) -> Result<Response> {
    let mut page = EditorPage::new(a, post, form);
    let (word, status) = match why {
        Ok(()) => ("not-saved-mend", StatusCode::UNPROCESSABLE_ENTITY),
        Err(error) => ("not-saved", error.status()),
    };
    page.alarm = Some(page.a.l.t(word));
    page.show(status)
}

/// POST /admin/posts/preview: the reader's page of what is in the form, in a tab of its own.
pub async fn preview(State(app): State<Arc<App>>, a: AdminFrame, fields: Fields) -> Result<Response> {
    let mut form = PostForm::typed(&fields);
    let content = match form.content(&app, &a.l, Intent::Save, None).await {
        Ok(Some(content)) => content,
        unready => return unsaved(a, None, form, unready.map(drop)),
    };
    let post = as_readers_would_see_it(form.kind, content, &a.user, a.l.now);
    let page = PostPage {
        title: format!("{} · {}", post.title, a.l.settings.title),
        minutes: reading_minutes(&post),
        older: None,
        newer: None,
        thread: Vec::new(),
        before: None,
        after: None,
        part: None,
        is_part: false,
        form: None,
        picture: None,
        structured: String::new(),
        is_preview: true,
        post,
        l: a.l,
    };
    Ok((Frames::of([page.post.body.as_str()]), html(&page)?).into_response())
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
