//! What a commenter does: write, look at it, reply.

use std::sync::{Arc, PoisonError};

use super::{
    auth::Visitor,
    client::Client,
    comment_form::{CommentForm, render_fault},
    form::Fields,
    headers::Cache,
    judging::{Hints, judged},
    layout::{Layout, html},
    own_comment, thread,
};
use crate::{
    app::App,
    error::{Error, Result},
    limits::Act,
    model::{
        change::Shows,
        comment::{Comment, CommentState, NewComment, Written},
        post::PostHead,
        time::Time,
        user::User,
    },
    rules::{
        digest,
        judge::{outside::is_asked, recent::Trace, traits::Traits, work},
        token,
    },
    store::Added,
    text::markdown,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

#[derive(Template)]
#[template(path = "comments/write.html")]
struct Write {
    l: Layout,
    title: String,
    post: PostHead,
    /// What is replied to.
    parent: Option<Comment>,
    form: CommentForm,
    /// The text as readers would see it.
    preview: Option<String>,
    /// Something that concerns the whole comment.
    notice: Option<String>,
}

impl Write {
    fn new(l: Layout, post: PostHead, parent: Option<Comment>, form: CommentForm) -> Self {
        let title = format!("{} · {}", l.tx("comment-on", &post.title), l.settings.title);
        Self { l, title, post, parent, form, preview: None, notice: None }
    }

    fn show(self, status: StatusCode) -> Result<Response> {
        Ok((status, html(&self)?).into_response())
    }
}

/// GET /comments/{id}/reply
pub async fn reply(State(app): State<Arc<App>>, l: Layout, Path(id): Path<String>) -> Result<Response> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let (parent, post) = app.store.comment_to_reply(id, l.now).await?.ok_or(Error::NotFound)?;
    let post = app.store.post_head(post, l.now).await?.ok_or(Error::NotFound)?;
    if !is_open(&l, &post) {
        return Err(Error::NotFound);
    }
    let form = CommentForm { parent: Some((parent.id, parent.name.clone())), ..CommentForm::empty(post.id) };
    let shows = Shows::Post(post.id);
    let page = Write::new(l, post, Some(parent), form).show(StatusCode::OK)?;
    Ok((Cache::Page(shows), page).into_response())
}

fn is_open(l: &Layout, post: &PostHead) -> bool {
    l.settings.takes_comments(post.kind, post.comments, post.published_at, l.now)
}

/// POST /comments
pub async fn create(
    State(app): State<Arc<App>>,
    client: Client,
    l: Layout,
    Visitor(user): Visitor,
    fields: Fields,
) -> Result<Response> {
    let post = fields.raw("post").parse().map_err(|_| Error::BadRequest("no such post"))?;
    let post = app.store.post_head(post, l.now).await?.ok_or(Error::NotFound)?;
    let parent = match fields.raw("parent") {
        "" => None,
        id => {
            let id = id.parse().map_err(|_| Error::BadRequest("no such comment"))?;
            app.store.comment_to_reply(id, l.now).await?.filter(|(_, on)| *on == post.id).map(|(parent, _)| parent)
        }
    };
    let parent_is_gone = parent.is_none() && !fields.raw("parent").is_empty();
    let mut form = CommentForm::typed(post.id, parent.as_ref().map(|parent| (parent.id, parent.name.clone())), &fields);
    form.drawn = Some(drawn(&fields).unwrap_or(l.now));
    let website = form.check(&l, user.is_some());
    let mut page = Write::new(l, post, parent, form);

    if !is_open(&page.l, &page.post) {
        page.notice = Some(page.l.t("comments-closed-kept"));
        return page.show(StatusCode::FORBIDDEN);
    }
    if parent_is_gone {
        page.notice = Some(page.l.t("comment-parent-gone"));
        return page.show(StatusCode::CONFLICT);
    }
    if user.is_none() && page.l.is_own_name(&page.form.name) {
        let text = page.l.t("error-name-own");
        page.form.faults.add("name", text);
    }
    let act = if fields.has("preview") { Act::Preview } else { Act::Comment };
    if page.form.faults.is_empty()
        && user.is_none()
        && let Err(Error::TooMany { retry_after }) = client.take(&app, act)
    {
        page.notice = Some(page.l.words.tn("comment-too-many", retry_after as i64));
        let response = page.show(StatusCode::TOO_MANY_REQUESTS)?;
        return Ok(([(header::RETRY_AFTER, retry_after.to_string())], response).into_response());
    }
    if !page.form.faults.is_empty() {
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let source = page.form.text.clone();
    let rendered = match app.rendering(source.len(), move || markdown::comment(&source)).await {
        Ok(Ok(rendered)) => rendered,
        Err(error) => {
            page.notice = Some(page.l.t("not-saved"));
            return page.show(error.status());
        }
        Ok(Err(error)) => {
            let text = page.l.t(render_fault(&error));
            page.form.faults.add("text", text);
            return page.show(StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    if markdown::text_of(&rendered).trim().is_empty() {
        let text = page.l.t("error-comment-empty");
        page.form.faults.add("text", text);
        return page.show(StatusCode::UNPROCESSABLE_ENTITY);
    }
    if fields.has("preview") {
        page.preview = Some(rendered);
        return page.show(StatusCode::OK);
    }
    let hints = Hints {
        is_trapped: !fields.raw("subject").is_empty(),
        seconds: drawn(&fields).and_then(|at| seconds_since(at, page.l.now)),
        has_worked: page.l.settings.policy.wants_work
            && work::is_done(fields.raw("work"), page.post.id, fields.raw("text"), page.l.now),
        ..Hints::default()
    };
    send(&app, &client, page, website, rendered, user, hints).await
}

/// When this form was first drawn for this person alone; forms under posts are the same for everybody, and do not tell.
fn drawn(fields: &Fields) -> Option<Time> {
    fields.raw("drawn").parse().ok().map(Time)
}

/// What is drawn in the future was not drawn by us.
fn seconds_since(drawn: Time, now: Time) -> Option<u32> {
    u32::try_from(now.0.checked_sub(drawn.0)? / 1000).ok()
}

/// Judges a checked comment, keeps it, and tells its author.
async fn send(
    app: &App,
    client: &Client,
    mut page: Write,
    website: Option<String>,
    rendered: String,
    user: Option<User>,
    hints: Hints,
) -> Result<Response> {
    let form = &page.form;
    let written = Written {
        name: user.as_ref().map_or_else(|| form.name.clone(), |user| user.name.clone()),
        email: Some(form.email.to_lowercase()).filter(|email| !email.is_empty()),
        website,
        source: form.text.clone(),
        network: client.mark.clone(),
        address: Some(client.address),
    };
    let traits = Traits::of(&written, page.l.settings.language);
    let trace = Trace::of(&written, &traits, page.l.now);
    let recent = app.recent().await?;
    let (state, reason) = match user {
        Some(_) => (CommentState::Approved, String::new()),
        None => {
            let company = recent.lock().unwrap_or_else(PoisonError::into_inner).company(&trace);
            let hints = Hints { company, ..hints };
            judged(app, &page.l, &written, traits, page.post.published_at, hints).await?
        }
    };
    // The blog's own people change theirs at the desk.
    let secret = match user {
        Some(_) => None,
        None => Some(token::dated(page.l.now).map_err(|error| Error::Internal(error.to_string()))?),
    };
    let parent_id = form.parent.as_ref().map(|(id, _)| *id);
    let comment = NewComment {
        uuid: token::uuid(page.l.now).map_err(|error| Error::Internal(error.to_string()))?.to_string(),
        post_id: form.post_id,
        parent_id,
        state,
        user_id: user.as_ref().map(|user| user.id),
        digest: digest::comment(&written.name, parent_id, &written.source),
        name: written.name,
        email: written.email,
        website: written.website,
        source: written.source,
        html: rendered,
        network: written.network,
        reason,
        secret_hash: secret.as_deref().map(token::hash),
        wishes: form.wishes.clone(),
    };
    // Before it is stored: whoever asks about it may be faster than this.
    if is_asked(&comment.reason) {
        app.note_sender(&comment.uuid, client.address);
    }
    let Added { id, among } = match app.store.add_comment(&comment, page.l.now).await {
        Ok(Some(added)) => added,
        Ok(None) => {
            page.notice = Some(page.l.t("comment-duplicate"));
            return page.show(StatusCode::CONFLICT);
        }
        // Nothing is lost: the text goes back into its form.
        Err(error) => {
            let word = match error {
                Error::NotFound | Error::Forbidden => "comments-closed-kept",
                Error::BadRequest(_) => "comment-parent-gone",
                _ => "not-saved",
            };
            tracing::error!(%error, "a comment could not be kept");
            page.notice = Some(page.l.t(word));
            return page.show(error.status());
        }
    };
    if user.is_none() {
        recent.lock().unwrap_or_else(PoisonError::into_inner).add(trace);
    }
    let to = match (&secret, state) {
        (Some(secret), CommentState::Held | CommentState::Spam) => format!("/comments/yours/{secret}"),
        // Where it stands in a long thread is found when somebody goes there: here, all would wait for it.
        _ if thread::has_parts(&page.l, among + 1) => own_comment::place(id),
        _ => format!("/{}#comment-{id}", page.post.path),
    };
    let response = Redirect::to(&to).into_response();
    Ok(match secret {
        Some(secret) => ([(header::SET_COOKIE, own_comment::cookie(app, id, &secret))], response).into_response(),
        None => response,
    })
}
