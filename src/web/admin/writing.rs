//! What the editor asks for while somebody writes: the text as readers will see it, posts to link to, pictures of the library, tags that are known.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::post_form::MAX_TEXT_BYTES;
use crate::{
    app::App,
    error::Result,
    model::{
        listing::From,
        media::{MediaRow, Shelf},
        post::{PostKind, PostState},
    },
    rules::permission::Act,
    store::PostFilter,
    text::{markdown, search, slug},
    web::{
        auth::AdminFrame,
        form::{Fields, Query},
    },
};

/// What every id in the preview begins with; the page's own begin otherwise.
const ANCHOR: &str = "seen";
/// So many posts or tags are offered.
const OFFERS: usize = 8;
/// So many pictures and files.
const MEDIA_OFFERS: usize = 24;

/// POST /admin/posts/preview.fragment: the HTML of a text alone, its blocks marked with their lines.
pub async fn preview(State(app): State<Arc<App>>, _: AdminFrame, fields: Fields) -> Result<Response> {
    let text = fields.text("text");
    if text.len() > MAX_TEXT_BYTES {
        return Ok(StatusCode::UNPROCESSABLE_ENTITY.into_response());
    }
    // Most texts show no picture of the blog's own, and need not be read twice.
    let media = if text.contains("/media/") { markdown::media_in(&text) } else { Vec::new() };
    let pictures = app.store.media_shown(&media).await?;
    let made = app.rendering(text.len(), move || markdown::preview(&text, &pictures, ANCHOR)).await?;
    Ok(match made {
        Ok(html) => as_json(&json!({ "html": html })),
        Err(_) => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
    })
}

/// GET /admin/posts/links?q=…: live posts and pages that a link may lead to; without a question, the newest.
pub async fn links(State(app): State<Arc<App>>, a: AdminFrame, query: Query) -> Result<Response> {
    let offer = |title: &str, path: &str, at| {
        let label = if title.is_empty() { a.l.t("untitled") } else { title.to_owned() };
        json!({ "label": label, "detail": a.l.date(at), "address": format!("/{path}") })
    };
    let offers: Vec<Value> = match search::terms(&query.0.line("q")) {
        Some(terms) => {
            let _turn = app.search_turn().await?;
            let found = app.store.search(&terms, 1, a.l.now).await?;
            found.items.iter().take(OFFERS).map(|found| offer(&found.title, &found.path, &found.published_at)).collect()
        }
        None => {
            let filter = PostFilter { state: Some(PostState::Published), ..PostFilter::of(PostKind::Post) };
            let newest = app.store.post_rows(&filter, From::Newest, a.l.now).await?;
            let rows = newest.items.iter().take(OFFERS);
            rows.filter_map(|row| Some(offer(&row.title, row.path.as_deref()?, row.published_at.as_ref()?))).collect()
        }
    };
    Ok(as_json(&Value::Array(offers)))
}

/// GET /admin/tags?q=…: known tags that begin so.
pub async fn tags(State(app): State<Arc<App>>, a: AdminFrame, query: Query) -> Result<Response> {
    let beginning = slug::tag(&query.0.line("q"));
    // What others' drafts are about is theirs to know.
    let seen = (!a.may(Act::SeePost)).then_some(a.l.now);
    let names = if beginning.is_empty() { Vec::new() } else { app.store.tags_like(&beginning, OFFERS, seen).await? };
    Ok(as_json(&names.iter().map(|name| json!({ "label": name })).collect()))
}

/// GET /admin/media/offers?show=…&q=…: pictures and files of the library; without a question, the newest.
pub async fn media(State(app): State<Arc<App>>, _: AdminFrame, query: Query) -> Result<Response> {
    let found = app.store.library(Shelf::named(query.0.raw("show")), &query.0.line("q"), From::Newest).await?;
    let offer = |row: &MediaRow| {
        json!({
            "label": row.name,
            "detail": row.alt,
            "alt": row.alt,
            "address": row.address(),
            "markdown": row.markdown(),
            "picture": row.is_picture().then(|| row.thumbnail()),
        })
    };
    Ok(as_json(&found.items.iter().take(MEDIA_OFFERS).map(offer).collect()))
}

fn as_json(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}
