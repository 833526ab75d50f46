//! What a form saves by itself: whatever is in it, good or not, where readers do not see it.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde_json::json;

use super::{
    editor::{self, Card, stored},
    post_form::PostForm,
};
use crate::{
    app::App,
    error::{Error, Result},
    model::{
        post::{Intent, PostKind, StoredPost},
        revision::{RevisionKind, Typed},
    },
    rules::permission::Act,
    store::{SaveError, Saved},
    web::{
        auth::{AdminFrame, Desk},
        desk,
        form::{Faults, Fields},
        layout::Layout,
    },
};

/// POST /admin/posts/autosave: the first save makes the draft, and however often it is sent, it makes one.
pub async fn create(State(app): State<Arc<App>>, Desk(who): Desk, fields: Fields) -> Response {
    answer(&app, who, None, &fields).await
}

/// POST /admin/posts/{id}/autosave
pub async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, Desk(who): Desk, fields: Fields) -> Response {
    answer(&app, who, Some(&id), &fields).await
}

async fn answer(app: &App, who: Result<AdminFrame, Box<Layout>>, id: Option<&str>, fields: &Fields) -> Response {
    let a = match who {
        Ok(a) => a,
        Err(l) => return fault(StatusCode::UNAUTHORIZED, l.t("saving-ended")),
    };
    let l = &a.l;
    let form = PostForm::sent(fields);
    let version = form.version;
    match saved(app, &a, id, form.clone()).await {
        Ok(Saved { id, version, path }) => {
            let said = l.tx("saving-saved", l.time(&l.now));
            let card = Card::told(app, l, &form, path.as_deref()).await;
            desk::json(StatusCode::OK, &json!({ "id": id.0, "version": version, "saved": said, "card": card }))
        }
        Err(SaveError::Stale(theirs)) => {
            let is_own = app.store.is_saved_by(a.user.id, theirs.id, version).await.unwrap_or_default();
            fault(StatusCode::CONFLICT, l.t(if is_own { "saving-conflict-own" } else { "saving-conflict" }))
        }
        Err(SaveError::SlugTaken) => fault(StatusCode::UNPROCESSABLE_ENTITY, l.t("error-slug-taken")),
        Err(SaveError::Store(Error::NotFound)) => fault(StatusCode::NOT_FOUND, l.t("saving-gone")),
        Err(SaveError::Store(error)) => {
            tracing::error!(%error, "a post could not be kept");
            fault(error.status(), l.t("saving-not-now"))
        }
    }
}

fn fault(status: StatusCode, words: String) -> Response {
    desk::json(status, &json!({ "fault": words }))
}

async fn saved(app: &App, a: &AdminFrame, id: Option<&str>, form: PostForm) -> Result<Saved, SaveError> {
    let post = match id {
        Some(id) => Some(stored(app, a, id).await?),
        None => app.store.post_named(&form.uuid).await?,
    };
    keep(app, a, post.as_ref(), form, RevisionKind::Autosave).await
}

/// Keeps what a form holds: a draft that readers never saw is itself saved; beside anything else, and where something in
/// the form is wrong, it is kept as typed.
pub async fn keep(
    app: &App,
    a: &AdminFrame,
    post: Option<&StoredPost>,
    mut form: PostForm,
    kind: RevisionKind,
) -> Result<Saved, SaveError> {
    let (l, by) = (&a.l, a.user.id);
    form.kind = post.map_or(form.kind, |post| post.kind);
    match post {
        Some(post) => a.must_write(post)?,
        None if form.kind == PostKind::Page => a.must(Act::WritePage)?,
        None => {}
    }
    editor::choose_authors(app, a, &mut form, post).await?;
    let is_draft = post.is_none_or(|post| !post.is_published && !post.was_live(l.now));
    let content = if is_draft { form.content(app, l, Intent::Save, post).await? } else { None };
    match (post, content) {
        (Some(post), Some(content)) => {
            app.store.save_post(post.id, &content, &form.saving(by, Intent::Save, kind, l)).await
        }
        (None, Some(content)) => {
            app.store.create_post(form.kind, &content, &form.saving(by, Intent::Save, kind, l)).await
        }
        (Some(post), None) => app.store.keep_working(post.id, &form.saving(by, Intent::Save, kind, l)).await,
        (None, None) => {
            // Something for it to lie beside.
            let mut bare = PostForm { typed: Typed::default(), faults: Faults::default(), ..form.clone() };
            let content = bare.content(app, l, Intent::Save, None).await?.ok_or_else(|| {
                SaveError::Store(Error::Internal("a draft without anything in it is not taken".to_owned()))
            })?;
            let made = app.store.create_post(form.kind, &content, &bare.saving(by, Intent::Save, kind, l)).await?;
            form.version = made.version;
            app.store.keep_working(made.id, &form.saving(by, Intent::Save, kind, l)).await
        }
    }
}
