//! What can be done with a draft beside writing it: shared by a link, copied, made a template.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    autosave,
    editor::{as_readers_would_see_it, stands, writable},
    post_form::PostForm,
};
use crate::{
    app::App,
    error::{Error, Result},
    model::{
        post::{Intent, Json},
        revision::RevisionKind,
    },
    rules::{
        permission::{self, Reach},
        token,
    },
    store::SaveError,
    web::{
        auth::AdminFrame,
        form::Fields,
        headers::Frames,
        layout::{Layout, html},
        reader::post::PostPage,
    },
};

/// POST /admin/posts/{id}/share
pub async fn share(State(app): State<Arc<App>>, a: AdminFrame, Path(id): Path<String>, _: Fields) -> Result<Redirect> {
    let post = writable(&app, &a, &id).await?;
    let token = token::new().map_err(|error| Error::Internal(error.to_string()))?;
    app.store.share_draft(post.id, &token, a.user.id, a.l.now).await?;
    Ok(Redirect::to(&format!("/admin/posts/{id}?done=shared#links")))
}

/// POST /admin/posts/{id}/unshare
pub async fn unshare(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect> {
    let post = writable(&app, &a, &id).await?;
    app.store.unshare_draft(post.id, fields.raw("token"), a.by()).await?;
    Ok(Redirect::to(&format!("/admin/posts/{id}?done=unshared#links")))
}

/// POST /admin/posts/{id}/duplicate: a new draft with everything but address and date.
pub async fn duplicate(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Redirect> {
    let post = writable(&app, &a, &id).await?;
    let typed = stands(&app, &a.l, &post).await?.copy();
    let form = PostForm { typed, ..PostForm::empty(post.kind) };
    match autosave::keep(&app, &a, None, form, RevisionKind::Save).await {
        Ok(made) => Ok(Redirect::to(&format!("/admin/posts/{}?done=duplicated", made.id))),
        Err(SaveError::Store(error)) => Err(error),
        Err(_) => Err(Error::Busy),
    }
}

/// POST /admin/posts/{id}/template: new posts can begin as copies of it, or no longer.
pub async fn template(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect> {
    let post = writable(&app, &a, &id).await?;
    let is_template = fields.raw("template") == "yes";
    app.store.set_template(post.id, is_template).await?;
    let done = if is_template { "template" } else { "no-template" };
    Ok(Redirect::to(&format!("/admin/posts/{id}?done={done}")))
}

/// GET /draft/{token}: the draft as readers would see it, for whoever has its link.
pub async fn shared(State(app): State<Arc<App>>, l: Layout, Path(token): Path<String>) -> Result<Response> {
    let known = if token::is_well_formed(&token) { app.store.shared_draft(&token).await? } else { None };
    let (id, by) = known.ok_or(Error::NotFound)?;
    let post = app.store.stored_post(id).await?.ok_or(Error::NotFound)?;
    if let Some(by) = by {
        // What has left their hands is no longer theirs to show.
        let maker = app.store.user(by).await?.ok_or(Error::NotFound)?;
        let may_sign_in = app.store.password_hash(by).await?.is_some();
        if !may_sign_in || permission::reach(&maker, &post) != Reach::Written {
            return Err(Error::NotFound);
        }
    }
    let typed = stands(&app, &l, &post).await?;
    let mut form = PostForm::new(post.kind, post.uuid.clone(), post.version, typed);
    let content = match form.content(&app, &l, Intent::Save, Some(&post)).await? {
        Some(content) => content,
        None => {
            // Something in it is not ready: what was saved last is.
            let mut form = PostForm::stored(&post, None, &l.settings.zone, l.now);
            form.content(&app, &l, Intent::Save, Some(&post)).await?.ok_or(Error::NotFound)?
        }
    };
    let mut shown = as_readers_would_see_it(post.kind, content, l.now);
    shown.authors = Json(app.store.authors_of(post.id).await?);
    let notice = l.t("shared-notice");
    let frames = Frames::of([shown.body.as_str()]);
    Ok((frames, html(&PostPage { notice, ..PostPage::preview(l, shown) })?).into_response())
}
