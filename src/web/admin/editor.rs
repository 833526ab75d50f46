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
    rules::permission::{self, Act},
    store::{SaveError, Saved},
    web::{
        auth::AdminFrame,
        desk::DeskForm,
        form::{Fields, Query},
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
    /// Since when it waits for an editor.
    submitted_at: Option<Time>,
    /// Whose names may stand under it, those that do first; empty where that is not theirs to say.
    people: Vec<User>,
}

impl EditorPage {
    fn new(a: AdminFrame, post: Option<&StoredPost>, form: PostForm) -> Self {
        let state = post.map_or(PostState::Draft, |post| post.state(a.l.now));
        let path = post.and_then(|post| post.path.clone());
        let submitted_at = post.and_then(|post| post.submitted_at);
        let id = post.map(|post| post.id);
        Self { a, id, state, path, form, notice: None, alarm: None, theirs: None, submitted_at, people: Vec::new() }
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

    /// Whether they publish by themselves, and need not hand it in.
    fn can_publish(&self) -> bool {
        permission::may(self.a.user.role, Act::Publish, true)
    }

    fn is_author(&self, person: &User) -> bool {
        self.form.authors.contains(&person.id)
    }

    async fn show(mut self, app: &App, status: StatusCode) -> Result<Response> {
        if self.a.may(Act::ChooseAuthors) {
            if self.form.authors.is_empty() {
                self.form.authors.push(self.a.user.id);
            }
            let place = |person: &User| self.form.authors.iter().position(|id| *id == person.id);
            self.people = app.store.users().await?;
            self.people.sort_by_key(|person| place(person).unwrap_or(usize::MAX));
        }
        Ok((status, html(&self)?).into_response())
    }
}

/// GET /admin/posts/new
pub async fn new(State(app): State<Arc<App>>, a: AdminFrame, query: Query) -> Result<Response> {
    let kind = if query.0.raw("kind") == "page" { PostKind::Page } else { PostKind::Post };
    if kind == PostKind::Page {
        a.must(Act::WritePage)?;
    }
    EditorPage::new(a, None, PostForm::empty(kind)).show(&app, StatusCode::OK).await
}

/// GET /admin/posts/{id}
pub async fn edit(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Path(id): Path<String>,
    query: Query,
) -> Result<Response> {
    let post = stored(&app, &a, &id).await?;
    a.must_write(&post)?;
    let form = PostForm::stored(&post, &a.l.settings.zone, a.l.now);
    let notice = match query.0.raw("done") {
        done @ ("saved" | "published" | "scheduled" | "updated" | "unpublished" | "restored" | "handed-in"
        | "taken-back") => Some(a.l.t(&format!("done-{done}"))),
        _ => None,
    };
    EditorPage { notice, ..EditorPage::new(a, Some(&post), form) }.show(&app, StatusCode::OK).await
}

/// The post of an address, for whoever may find it.
async fn stored(app: &App, a: &AdminFrame, id: &str) -> Result<StoredPost> {
    let id: PostId = id.parse().map_err(|_| Error::NotFound)?;
    let post = app.store.stored_post(id).await?.ok_or(Error::NotFound)?;
    match a.must_write(&post) {
        Err(Error::NotFound) => Err(Error::NotFound),
        _ => Ok(post),
    }
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
    let post = stored(&app, &a, &id).await?;
    save(&app, a, Some(post), &fields).await
}

/// The form with what was carried through the door.
pub async fn resume(app: &App, a: AdminFrame, to: &str, fields: &Fields) -> Result<Response> {
    // What names no post here is a new one: its text counts, not its address.
    let id = to.strip_prefix("/admin/posts/").and_then(|id| id.parse().ok());
    let post = match id {
        Some(id) => app.store.stored_post(id).await?.filter(|post| a.must_write(post).is_ok()),
        None => None,
    };
    let notice = Some(a.l.t("session-resumed"));
    EditorPage { notice, ..EditorPage::new(a, post.as_ref(), PostForm::typed(fields)) }.show(app, StatusCode::OK).await
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
    let is_theirs = match &post {
        Some(post) => a.must_write(post).is_ok(),
        None => form.kind == PostKind::Post || a.may(Act::WritePage),
    };
    if !is_theirs || (intent != Intent::Save && !permission::may(a.user.role, Act::Publish, true)) {
        return refused(app, a, post.as_ref(), form).await;
    }
    choose_authors(app, &a, &mut form).await?;
    let content = match form.content(app, &a.l, intent, post.as_ref()).await {
        Ok(Some(content)) => content,
        unready => return unsaved(app, a, post.as_ref(), form, unready.map(drop)).await,
    };
    let (zone, now) = (&a.l.settings.zone, a.l.now);
    let saved = match &post {
        None => app.store.create_post(form.kind, &content, intent, a.user.id, zone, now).await,
        Some(post) => app.store.save_post(post.id, form.version, &content, intent, zone, now).await,
    };
    // The same form sent twice (a double click, the way back) is no conflict, and makes no second post.
    let saved = match saved {
        // The name of another's post, which feeds tell: nothing is said of it.
        Err(SaveError::Stale(made)) if a.must_write(&made).is_err() => {
            form.uuid = uuid::Uuid::new_v4().to_string();
            return refused(app, a, None, form).await;
        }
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
            let handed_in = match fields.raw("action") {
                "hand-in" => Some(true),
                "take-back" => Some(false),
                _ => None,
            };
            if let Some(handed_in) = handed_in {
                app.store.hand_in(id, handed_in.then_some(now)).await?;
            }
            let done = match (was, is) {
                (_, Some(PostState::Draft)) if handed_in == Some(true) => "handed-in",
                (_, Some(PostState::Draft)) if handed_in == Some(false) => "taken-back",
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
            page.show(app, StatusCode::CONFLICT).await
        }
        Err(SaveError::SlugTaken) => {
            form.faults.add("slug", a.l.t("error-slug-taken"));
            unsaved(app, a, post.as_ref(), form, Ok(())).await
        }
        Err(SaveError::Store(error)) => {
            tracing::error!(%error, "a post could not be kept");
            unsaved(app, a, post.as_ref(), form, Err(error)).await
        }
    }
}

/// The form as it was typed, with what kept it from being saved: something in it, or the machine.
async fn unsaved(
    app: &App,
    a: AdminFrame,
    post: Option<&StoredPost>,
    form: PostForm,
    why: Result<()>,
) -> Result<Response> {
    let mut page = EditorPage::new(a, post, form);
    let (word, status) = match why {
        Ok(()) => ("not-saved-mend", StatusCode::UNPROCESSABLE_ENTITY),
        Err(error) => ("not-saved", error.status()),
    };
    page.alarm = Some(page.a.l.t(word));
    page.show(app, status).await
}

/// The form as it was typed, where it is not theirs to save so: an editor has published the draft meanwhile, say.
async fn refused(app: &App, a: AdminFrame, post: Option<&StoredPost>, form: PostForm) -> Result<Response> {
    let mut page = EditorPage::new(a, post, form);
    page.alarm = Some(page.a.l.t("publish-not-yours"));
    page.show(app, StatusCode::FORBIDDEN).await
}

/// Leaves in the form the authors that it may choose.
async fn choose_authors(app: &App, a: &AdminFrame, form: &mut PostForm) -> Result<()> {
    let people = if a.may(Act::ChooseAuthors) { app.store.users().await? } else { Vec::new() };
    form.authors.retain(|id| people.iter().any(|person| person.id == *id));
    Ok(())
}

/// POST /admin/posts/preview: the reader's page of what is in the form, in a tab of its own.
pub async fn preview(State(app): State<Arc<App>>, a: AdminFrame, fields: Fields) -> Result<Response> {
    let mut form = PostForm::typed(&fields);
    let content = match form.content(&app, &a.l, Intent::Save, None).await {
        Ok(Some(content)) => content,
        unready => return unsaved(&app, a, None, form, unready.map(drop)).await,
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
