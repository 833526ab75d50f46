//! A comment's own address, and what whoever wrote it does there: see how it stands, change it, delete it.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    client::Client,
    comment_form::{MAX_TEXT, render_fault, text_fault},
    form::{Faults, Fields, Query},
    judging::{Hints, judged},
    layout::{Layout, html},
    reader, thread,
};
use crate::{
    app::App,
    error::{Error, Result},
    limits::Act,
    model::{
        comment::{CommentState, EditedComment, OwnComment, Written},
        ids::CommentId,
        post::PostHead,
    },
    rules::{digest, judge::traits::Traits, token},
    text::markdown,
};

/// Browsers keep a cookie for no longer.
const COOKIE_SECONDS: u32 = 400 * 24 * 3600;
const COOKIE: &str = "own";

/// `Set-Cookie` for whoever wrote a comment: sent back at that comment's own address alone.
pub fn cookie(app: &App, id: CommentId, secret: &str) -> String {
    let secure = if app.is_https() { "; Secure" } else { "" };
    format!("{COOKIE}={secret}; Path=/comments/{id}; HttpOnly; SameSite=Lax; Max-Age={COOKIE_SECONDS}{secure}")
}

fn secret_in(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    pairs.find(|(name, secret)| *name == COOKIE && token::is_well_formed(secret)).map(|(_, secret)| secret)
}

/// The address that leads whoever wrote a comment to its place in the thread too.
pub fn place(id: CommentId) -> String {
    format!("/comments/{id}?place#comment-{id}")
}

/// GET /comments/{id}: leads readers to its place in the thread, and whoever wrote it to where they may change it.
pub async fn permalink(
    State(app): State<Arc<App>>,
    l: Layout,
    Path(id): Path<String>,
    query: Query,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response> {
    // Another system had its feed of comments here.
    let Ok(id) = id.parse::<CommentId>() else { return reader::post::elsewhere(State(app), uri).await };
    if let Some(secret) = secret_in(&headers).filter(|_| !query.0.has("place")) {
        let own = app.store.own_comment(&token::hash(secret), l.now).await?;
        if own.is_some_and(|own| own.id == id) {
            return Ok(Redirect::to(&format!("/comments/yours/{secret}")).into_response());
        }
    }
    let (_, post) = app.store.comment_to_reply(id, l.now).await?.ok_or(Error::NotFound)?;
    let post = app.store.post_head(post, l.now).await?.ok_or(Error::NotFound)?;
    Ok(Redirect::to(&thread::address(&app, &l, post.id, &post.path, post.comment_count, id).await?).into_response())
}

#[derive(Template)]
#[template(path = "comments/yours.html")]
struct Yours {
    l: Layout,
    title: String,
    secret: String,
    comment: OwnComment,
    /// Where it stands in its thread; `None` while readers do not see it.
    place: Option<String>,
    /// `None` while readers do not see it.
    post: Option<PostHead>,
    /// As typed.
    text: String,
    faults: Faults,
    preview: Option<String>,
    notice: Option<String>,
    alarm: Option<String>,
}

impl Yours {
    async fn of(app: &App, l: Layout, secret: String) -> Result<Self> {
        if !token::is_well_formed(&secret) {
            return Err(Error::NotFound);
        }
        let comment = app.store.own_comment(&token::hash(&secret), l.now).await?.ok_or(Error::NotFound)?;
        let post = app.store.post_head(comment.post_id, l.now).await?;
        let place = match (&post, comment.state) {
            (Some(post), CommentState::Approved) => {
                Some(thread::address(app, &l, post.id, &post.path, post.comment_count, comment.id).await?)
            }
            _ => None,
        };
        let title = format!("{} · {}", l.t("comment-yours"), l.settings.title);
        let text = comment.source.clone();
        let faults = Faults::default();
        Ok(Self { title, secret, comment, place, post, text, faults, preview: None, notice: None, alarm: None, l })
    }

    /// Whether others may have answered what it says now.
    fn is_marked_when_changed(&self) -> bool {
        let free_until = self.comment.created_at.plus(i64::from(self.l.settings.edit_minutes) * 60_000);
        self.comment.state == CommentState::Approved && (self.comment.has_replies || self.l.now > free_until)
    }

    fn max_text(&self) -> &'static i64 {
        &(MAX_TEXT as i64)
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }

    fn refuse(mut self, status: StatusCode, alarm: String) -> Result<Response> {
        self.alarm = Some(alarm);
        self.show(status)
    }
}

/// GET /comments/yours/{token}
pub async fn show(
    State(app): State<Arc<App>>,
    l: Layout,
    Path(secret): Path<String>,
    query: Query,
) -> Result<Response> {
    let mut page = Yours::of(&app, l, secret).await?;
    if query.0.raw("done") == "saved" {
        page.notice = Some(page.l.t("comment-changed"));
    }
    page.show(StatusCode::OK)
}

/// POST /comments/yours/{token}: other words, a look at them, or the end of it.
pub async fn update(
    State(app): State<Arc<App>>,
    l: Layout,
    client: Client,
    Path(secret): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let mut page = Yours::of(&app, l, secret).await?;
    if fields.raw("action") == "delete" {
        app.store.delete_own_comment(&token::hash(&page.secret), page.l.now).await?;
        let path = page.post.as_ref().map_or(String::new(), |post| format!("{}#comments", post.path));
        return Ok(Redirect::to(&format!("/{path}")).into_response());
    }
    page.text = fields.text("text");
    if let Some(fault) = text_fault(&page.l, &page.text) {
        page.faults.add("text", fault);
    }
    let act = if fields.raw("action") == "preview" { Act::Preview } else { Act::Comment };
    if page.faults.is_empty()
        && let Err(Error::TooMany { retry_after }) = client.take(&app, act)
    {
        let alarm = page.l.words.tn("comment-too-many", retry_after as i64);
        let response = page.refuse(StatusCode::TOO_MANY_REQUESTS, alarm)?;
        return Ok(([(header::RETRY_AFTER, retry_after.to_string())], response).into_response());
    }
    if !page.faults.is_empty() {
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let source = page.text.clone();
    let rendered = match app.rendering(source.len(), move || markdown::comment(&source)).await {
        Ok(Ok(rendered)) => rendered,
        Err(error) => {
            let alarm = page.l.t("not-saved");
            return page.refuse(error.status(), alarm);
        }
        Ok(Err(error)) => {
            page.faults.add("text", page.l.t(render_fault(&error)));
            return page.show(StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    if markdown::text_of(&rendered).trim().is_empty() {
        page.faults.add("text", page.l.t("error-comment-empty"));
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    }
    if fields.raw("action") == "preview" {
        page.preview = Some(rendered);
        return page.show(StatusCode::OK);
    }
    save(&app, page, rendered).await
}

/// Other words are judged as the first were: what was approved may have to wait again, and what waits goes on waiting.
async fn save(app: &App, page: Yours, rendered: String) -> Result<Response> {
    let comment = &page.comment;
    if page.text == comment.source {
        return Ok(Redirect::to(&format!("/comments/yours/{}?done=saved", page.secret)).into_response());
    }
    let written = Written {
        name: comment.name.clone(),
        email: comment.email.clone(),
        website: comment.website.clone(),
        source: page.text.clone(),
        network: comment.network.clone(),
        // Where the first words came from tells, not where somebody is now.
        address: None,
    };
    let traits = Traits::of(&written, page.l.settings.language);
    // Whoever had it approved is no stranger: the secret tells that it is them.
    let hints = Hints { before: Some(comment.state), ..Hints::default() };
    let published_at = page.post.as_ref().map_or(comment.created_at, |post| post.published_at);
    let (verdict, reason) = judged(app, &page.l, &written, traits, published_at, hints).await?;
    let state = match (comment.state, verdict) {
        (CommentState::Approved, verdict) => verdict,
        (before, _) => before,
    };
    let edited = EditedComment {
        before: comment.state,
        state,
        reason,
        digest: digest::comment(&comment.name, comment.parent_id, &page.text),
        source: page.text.clone(),
        html: rendered,
        is_marked: page.is_marked_when_changed(),
    };
    match app.store.edit_comment(comment.id, comment.post_id, &edited, page.l.now).await {
        Ok(true) => Ok(Redirect::to(&format!("/comments/yours/{}?done=saved", page.secret)).into_response()),
        Ok(false) => {
            let alarm = page.l.t("comment-duplicate");
            page.refuse(StatusCode::CONFLICT, alarm)
        }
        Err(Error::NotFound) => {
            let alarm = page.l.t("comment-decided-meanwhile");
            page.refuse(StatusCode::CONFLICT, alarm)
        }
        Err(error) => {
            tracing::error!(%error, "a comment could not be changed");
            let alarm = page.l.t("not-saved");
            page.refuse(error.status(), alarm)
        }
    }
}
