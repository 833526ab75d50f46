//! What an import could not keep of a post: what was lost, and its HTML as it was.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};

use super::editor::writable;
use crate::{
    app::App,
    error::{Error, Result},
    model::{ids::PostId, remark::Remark},
    web::{auth::AdminFrame, form::Fields, layout::html},
};

#[derive(Template)]
#[template(path = "admin/original.html")]
struct Page {
    a: AdminFrame,
    id: PostId,
    title: String,
    lost: Vec<Remark>,
    original: String,
}

/// GET /admin/posts/{id}/original
pub async fn show(State(app): State<Arc<App>>, a: AdminFrame, Path(id): Path<String>) -> Result<impl IntoResponse> {
    let post = writable(&app, &a, &id).await?;
    let (lost, original) = app.store.import_original(post.id).await?.ok_or(Error::NotFound)?;
    html(&Page { a, id: post.id, title: post.title, lost, original })
}

/// POST /admin/posts/{id}/original: it is not needed any more.
pub async fn dismiss(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Redirect> {
    let post = writable(&app, &a, &id).await?;
    app.store.drop_import_original(post.id).await?;
    Ok(Redirect::to(&format!("/admin/posts/{id}?done=dismissed")))
}
