//! The library of pictures and files: what is there, what it shows, where it is used; uploading, replacing, deleting.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Extension, Multipart, Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde_json::json;

use crate::{
    app::App,
    error::{Error, Result},
    model::{
        ids::MediaId,
        listing::Listing,
        media::{MediaRow, Shelf, Uses},
    },
    rules::permission::{self, Act},
    web::{
        auth::AdminFrame,
        desk::DeskForm,
        form::{Faults, Fields, Query, after},
        layout::html,
        upload::{self, Most},
    },
};

const MAX_LINE: usize = 1_000;

/// A file that was sent and not kept, and why.
struct Refused {
    name: String,
    why: String,
}

#[derive(Template)]
#[template(path = "admin/media.html")]
struct Library {
    a: AdminFrame,
    shelf: Shelf,
    words: String,
    rows: Listing<MediaRow>,
    notice: Option<String>,
    refused: Vec<Refused>,
    /// The largest file, in megabytes.
    most: i64,
}

impl Library {
    fn address(&self, shelf: &Shelf) -> String {
        let mut query = after("/admin/media?");
        query.append_pair("show", shelf.as_str());
        if !self.words.is_empty() {
            query.append_pair("q", &self.words);
        }
        query.finish()
    }

    fn weight(&self, row: &MediaRow) -> String {
        weight(&self.a, row)
    }

    /// What kind of file it is, as its name says.
    fn ending<'a>(&self, row: &'a MediaRow) -> &'a str {
        row.name.rsplit('.').next().unwrap_or_default()
    }

    fn is_on(&self, shelf: &Shelf) -> bool {
        self.shelf == *shelf
    }
}

/// How large a file is, in words.
fn weight(a: &AdminFrame, row: &MediaRow) -> String {
    match row.length {
        ..=999_999 => a.l.tn("weight-kb", &(row.length + 999).div_euclid(1000)),
        more => a.l.tn("weight-mb", &(more + 500_000).div_euclid(1_000_000)),
    }
}

/// GET /admin/media
pub async fn index(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Extension(most): Extension<Most>,
    query: Query,
) -> Result<Response> {
    let notice = match query.0.raw("done") {
        done @ ("added" | "deleted") => Some(a.l.t(&format!("done-media-{done}"))),
        _ => None,
    };
    library(&app, a, most, &query, notice, Vec::new()).await
}

async fn library(
    app: &App,
    a: AdminFrame,
    most: Most,
    query: &Query,
    notice: Option<String>,
    refused: Vec<Refused>,
) -> Result<Response> {
    let shelf = Shelf::named(query.0.raw("show"));
    let words = query.0.line("q");
    let rows = app.store.library(shelf, &words, query.place()).await?;
    let status = if refused.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, html(&Library { a, shelf, words, rows, notice, refused, most: most.megabytes() })?).into_response())
}

/// POST /admin/media: keeps what can be kept of what was sent, and says of the rest why not.
pub async fn create(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Extension(most): Extension<Most>,
    headers: HeaderMap,
    mut files: Multipart,
) -> Result<Response> {
    let (mut kept, mut refused) = (Vec::new(), Vec::new());
    let unread = |_| Error::BadRequest("the files did not arrive whole");
    while let Some(mut field) = files.next_field().await.map_err(unread)? {
        // A file field that was left empty is sent without a name.
        let name = field.file_name().unwrap_or_default().to_owned();
        if name.is_empty() {
            continue;
        }
        match upload::keep(&app, &a, most, &mut field).await {
            Ok(row) => kept.push(row),
            Err(refusal) => refused.push(Refused { why: refusal.words(&a.l), name }),
        }
    }
    if wants_json(&headers) {
        let kept_all = kept.iter().map(as_json);
        let refused_all = refused.iter().map(|file| json!({ "name": file.name, "error": file.why }));
        let status = if kept.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let body = json!({ "files": kept_all.chain(refused_all).collect::<Vec<_>>() }).to_string();
        return Ok((status, [(header::CONTENT_TYPE, "application/json")], body).into_response());
    }
    match (kept.len(), refused.is_empty()) {
        (0, true) => library(&app, a, most, &Query::default(), None, Vec::new()).await,
        (_, true) => Ok(Redirect::to("/admin/media?done=added").into_response()),
        (count, false) => {
            let notice = (count > 0).then(|| a.l.tn("media-kept", &(count as i64)));
            library(&app, a, most, &Query::default(), notice, refused).await
        }
    }
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"))
}

fn as_json(row: &MediaRow) -> serde_json::Value {
    json!({
        "id": row.id.0,
        "name": row.name,
        "address": row.address(),
        "thumbnail": row.is_picture().then(|| row.thumbnail()),
        "markdown": row.markdown(),
        "width": row.width,
        "height": row.height,
        "alt": row.alt,
    })
}

#[derive(Template)]
#[template(path = "admin/media_file.html")]
struct FilePage {
    a: AdminFrame,
    row: MediaRow,
    uses: Uses,
    faults: Faults,
    notice: Option<String>,
    alarm: Option<String>,
}

impl FilePage {
    async fn of(app: &App, a: AdminFrame, row: MediaRow) -> Result<Self> {
        // What others write is theirs to know.
        let among = (!a.may(Act::SeePost)).then_some(a.user.id);
        let uses = app.store.media_uses(&row.hash, among).await?;
        Ok(Self { a, row, uses, faults: Faults::default(), notice: None, alarm: None })
    }

    fn weight(&self, row: &MediaRow) -> String {
        weight(&self.a, row)
    }

    fn can_tend(&self) -> bool {
        must_tend(&self.a, &self.row).is_ok()
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }
}

async fn stored(app: &App, id: &str) -> Result<MediaRow> {
    let id: MediaId = id.parse().map_err(|_| Error::NotFound)?;
    app.store.media_row(id).await?.ok_or(Error::NotFound)
}

/// [`Error::Forbidden`] unless the file is theirs to change.
fn must_tend(a: &AdminFrame, row: &MediaRow) -> Result<()> {
    let is_own = row.uploaded_by == Some(a.user.id);
    if permission::may(a.user.role, Act::TendMedia, is_own) { Ok(()) } else { Err(Error::Forbidden) }
}

/// GET /admin/media/{id}
pub async fn show(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Path(id): Path<String>,
    query: Query,
) -> Result<Response> {
    let row = stored(&app, &id).await?;
    let mut page = FilePage::of(&app, a, row).await?;
    page.notice = match query.0.raw("done") {
        done @ ("saved" | "replaced") => Some(page.a.l.t(&format!("done-media-{done}"))),
        _ => None,
    };
    page.show(StatusCode::OK)
}

/// POST /admin/media/{id}
pub async fn update(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    DeskForm(a, fields): DeskForm,
) -> Result<Response> {
    let row = stored(&app, &id).await?;
    must_tend(&a, &row)?;
    let mut page = FilePage::of(&app, a, typed(row, &fields)).await?;
    for (field, text) in [("alt", &page.row.alt), ("caption", &page.row.caption), ("credit", &page.row.credit)] {
        if text.chars().count() > MAX_LINE {
            page.faults.add(field, page.a.l.tn("error-long", &(MAX_LINE as i64)));
        }
    }
    if !page.faults.is_empty() {
        page.alarm = Some(page.a.l.t("not-saved-mend"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let MediaRow { id, alt, caption, credit, .. } = &page.row;
    app.store.describe_media(&page.row, alt, caption, credit).await?;
    app.media_came.notify_one();
    Ok(Redirect::to(&format!("/admin/media/{id}?done=saved")).into_response())
}

fn typed(row: MediaRow, fields: &Fields) -> MediaRow {
    MediaRow { alt: fields.line("alt"), caption: fields.line("caption"), credit: fields.line("credit"), ..row }
}

/// The form with what was carried through the door.
pub async fn resume(app: &App, a: AdminFrame, id: &str, fields: &Fields) -> Result<Response> {
    let row = stored(app, id).await?;
    let mut page = FilePage::of(app, a, typed(row, fields)).await?;
    page.notice = Some(page.a.l.t("session-resumed"));
    page.show(StatusCode::OK)
}

/// POST /admin/media/{id}/replace: another file in its place, in the posts that show it and at its address.
pub async fn replace(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Extension(most): Extension<Most>,
    Path(id): Path<String>,
    mut files: Multipart,
) -> Result<Response> {
    let old = stored(&app, &id).await?;
    must_tend(&a, &old)?;
    let unread = |_| Error::BadRequest("the file did not arrive whole");
    let mut why = a.l.t("choose-file");
    while let Some(mut field) = files.next_field().await.map_err(unread)? {
        if field.file_name().unwrap_or_default().is_empty() {
            continue;
        }
        match upload::keep(&app, &a, most, &mut field).await {
            Ok(new) if new.id == old.id => return Ok(Redirect::to(&format!("/admin/media/{id}")).into_response()),
            // What shows a picture cannot show a file.
            Ok(new) if new.kind != old.kind => why = a.l.t("replace-kind"),
            Ok(new) => {
                app.store.replace_media(&old, &new, a.by()).await?;
                app.media_came.notify_one();
                return Ok(Redirect::to(&format!("/admin/media/{}?done=replaced", new.id)).into_response());
            }
            Err(refusal) => why = refusal.words(&a.l),
        }
        break;
    }
    let mut page = FilePage::of(&app, a, old).await?;
    page.faults.add("replacement", why);
    page.show(StatusCode::UNPROCESSABLE_ENTITY)
}

/// POST /admin/media/{id}/delete
pub async fn delete(State(app): State<Arc<App>>, a: AdminFrame, Path(id): Path<String>) -> Result<Response> {
    let row = stored(&app, &id).await?;
    must_tend(&a, &row)?;
    if app.store.delete_media(&row, a.by()).await? {
        return Ok(Redirect::to("/admin/media?done=deleted").into_response());
    }
    let mut page = FilePage::of(&app, a, row).await?;
    page.alarm = Some(page.a.l.t("media-in-use"));
    page.show(StatusCode::CONFLICT)
}
