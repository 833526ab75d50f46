//! What a post was once: listed, compared word by word, brought back.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    autosave,
    difference::{Difference, differences},
    editor::{stands, writable},
    post_form::PostForm,
};
use crate::{
    app::App,
    error::{Error, Result},
    model::{
        ids::{PostId, RevisionId},
        listing::Listing,
        post::{Intent, StoredPost},
        revision::{Revision, RevisionKind, Typed},
    },
    store::SaveError,
    web::{
        auth::AdminFrame,
        form::{Fields, Query},
        layout::{Layout, html},
    },
};

#[derive(Template)]
#[template(path = "admin/revisions.html")]
struct RevisionsPage {
    a: AdminFrame,
    id: PostId,
    title: String,
    rows: Listing<Revision>,
}

impl RevisionsPage {
    fn address(&self) -> String {
        format!("/admin/posts/{}/revisions", self.id)
    }

    fn size(&self, row: &Revision) -> String {
        match row.size.max(0) {
            size @ ..=999 => self.a.l.tn("size-bytes", &size),
            size => self.a.l.tx("size-kb", format!("{}.{}", size / 1000, size % 1000 / 100)),
        }
    }
}

/// GET /admin/posts/{id}/revisions
pub async fn index(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Path(id): Path<String>,
    query: Query,
) -> Result<impl IntoResponse> {
    let post = writable(&app, &a, &id).await?;
    let rows = app.store.revisions_of(post.id, query.place()).await?;
    html(&RevisionsPage { a, id: post.id, title: post.title, rows })
}

#[derive(Template)]
#[template(path = "admin/changes.html")]
struct ChangesPage {
    a: AdminFrame,
    id: PostId,
    title: String,
    from: String,
    to: String,
    differences: Vec<Difference>,
    /// What can be brought back.
    revision: Option<RevisionId>,
    /// Whether what is typed now is compared with what readers see.
    is_working: bool,
}

/// One side of a comparison.
enum Side {
    /// What readers see, or the draft as it is saved.
    Live,
    /// What is typed now.
    Now,
    Once(RevisionId),
}

impl Side {
    fn named(name: &str) -> Option<Self> {
        match name {
            "live" => Some(Self::Live),
            "now" => Some(Self::Now),
            id => id.parse().ok().map(Self::Once),
        }
    }

    /// What it says, and its name in words; an empty text for what was before everything.
    async fn read(&self, app: &App, l: &Layout, post: &StoredPost) -> Result<(Typed, String)> {
        match self {
            Self::Live => Ok((Typed::of(post, &l.settings.zone, l.now), l.t("side-live"))),
            Self::Now => Ok((stands(app, l, post).await?, l.t("side-now"))),
            Self::Once(id) => {
                let (revision, typed) = app.store.revision(post.id, *id).await?.ok_or(Error::NotFound)?;
                Ok((typed, l.moment(&revision.at)))
            }
        }
    }
}

/// GET /admin/posts/{id}/changes?from=…&to=…: `live`, `now` or the number of a revision; without `from`, the one before.
pub async fn compare(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Path(id): Path<String>,
    query: Query,
) -> Result<Response> {
    let post = writable(&app, &a, &id).await?;
    let to = Side::named(query.0.raw("to")).unwrap_or(Side::Now);
    let from = match (Side::named(query.0.raw("from")), &to) {
        (Some(from), _) => Some(from),
        (None, Side::Once(id)) => app.store.revision_before(post.id, *id).await?.map(Side::Once),
        (None, _) => Some(Side::Live),
    };
    let (before, from) = match from {
        Some(from) => from.read(&app, &a.l, &post).await?,
        None => (Typed::default(), a.l.t("side-nothing")),
    };
    let (after, said) = to.read(&app, &a.l, &post).await?;
    let page = ChangesPage {
        id: post.id,
        title: post.title.clone(),
        differences: differences(&app, &a.l, &before, &after).await?,
        revision: if let Side::Once(id) = to { Some(id) } else { None },
        is_working: matches!(to, Side::Now) && app.store.working(post.id).await?.is_some(),
        from,
        to: said,
        a,
    };
    Ok(html(&page)?.into_response())
}

/// POST /admin/posts/{id}/revisions/{revision}/restore: a new revision; readers see it when it is published.
pub async fn restore(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Path((id, revision)): Path<(String, String)>,
    _: Fields,
) -> Result<Redirect> {
    let post = writable(&app, &a, &id).await?;
    let revision: RevisionId = revision.parse().map_err(|_| Error::NotFound)?;
    let (_, typed) = app.store.revision(post.id, revision).await?.ok_or(Error::NotFound)?;
    let form = PostForm::new(post.kind, post.uuid.clone(), post.version, typed);
    match autosave::keep(&app, &a, Some(&post), form, RevisionKind::Restore).await {
        Ok(_) => Ok(Redirect::to(&format!("/admin/posts/{id}?done=brought-back"))),
        Err(SaveError::Store(error)) => Err(error),
        // Somebody saved at this very moment: what they wrote is shown first.
        Err(_) => Ok(Redirect::to(&format!("/admin/posts/{id}/revisions"))),
    }
}

/// POST /admin/posts/{id}/discard: what is typed but not published goes; the revisions keep it.
pub async fn discard(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Redirect> {
    let post = writable(&app, &a, &id).await?;
    let form = PostForm::new(post.kind, post.uuid.clone(), post.version, Typed::default());
    let saving = form.saving(a.user.id, Intent::Save, RevisionKind::Save, &a.l);
    app.store.discard_working(post.id, &saving).await?;
    Ok(Redirect::to(&format!("/admin/posts/{id}?done=discarded")))
}
