//! What a commenter does: write, look at it, reply.

use std::sync::Arc;

use super::{
    auth::Visitor,
    client::Client,
    comment_form::{CommentForm, render_fault},
    form::Fields,
    headers::Cache,
    layout::{Layout, html},
    own_comment, thread,
};
use crate::{
    app::App,
    error::{Error, Result},
    limits::Act,
    model::{
        change::Shows,
        comment::{Comment, CommentState, NewComment},
        post::{PostComments, PostHead},
        user::User,
    },
    rules::{
        digest, token,
        verdict::{self, Signals, Verdict},
    },
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
    l.settings.comments_open && post.comments == PostComments::Open
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
    let trap_filled = !fields.raw("subject").is_empty();
    send(&app, &client, page, website, rendered, user, trap_filled).await
}

/// Judges a checked comment, keeps it, and tells its author.
async fn send(
    app: &App,
    client: &Client,
    mut page: Write,
    website: Option<String>,
    rendered: String,
    user: Option<User>,
    trap_filled: bool,
) -> Result<Response> {
    let form = &page.form;
    let email = Some(form.email.to_lowercase()).filter(|email| !email.is_empty());
    let name = user.as_ref().map_or_else(|| form.name.clone(), |user| user.name.clone());
    let is_known = match &email {
        Some(email) => app.store.is_known_commenter(email, &name).await?,
        None => false,
    };
    let signals = Signals { is_own: user.is_some(), is_known, trap_filled, links: links_in(&rendered) };
    let (state, reason) = judged(&page.l, signals);
    // The blog's own people change theirs at the desk.
    let secret = match user {
        Some(_) => None,
        None => Some(token::new().map_err(|error| Error::Internal(error.to_string()))?),
    };
    let parent_id = form.parent.as_ref().map(|(id, _)| *id);
    let comment = NewComment {
        uuid: uuid::Uuid::new_v4().to_string(),
        post_id: form.post_id,
        parent_id,
        state,
        user_id: user.as_ref().map(|user| user.id),
        digest: digest::comment(&name, parent_id, &form.text),
        name,
        email,
        website,
        source: form.text.clone(),
        html: rendered,
        network: client.network.clone(),
        reason,
        secret_hash: secret.as_deref().map(token::hash),
        wishes: form.wishes.clone(),
    };
    let id = match app.store.add_comment(&comment, page.l.now).await {
        Ok(Some(id)) => id,
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
    let to = match (&secret, state) {
        (Some(secret), CommentState::Held | CommentState::Spam) => format!("/comments/yours/{secret}"),
        _ => {
            let (post, count) = (&page.post, page.post.comment_count + 1);
            // It is kept, whatever becomes of the way to it.
            let address = thread::address(app, &page.l, post.id, &post.path, count, id).await;
            address.unwrap_or_else(|_| format!("/{}#comment-{id}", post.path))
        }
    };
    let response = Redirect::to(&to).into_response();
    Ok(match secret {
        Some(secret) => ([(header::SET_COOKIE, own_comment::cookie(app, id, &secret))], response).into_response(),
        None => response,
    })
}

/// How many links a rendered comment has.
pub fn links_in(rendered: &str) -> usize {
    rendered.matches("<a ").count()
}

/// What becomes of a comment, and why.
pub fn judged(l: &Layout, signals: Signals) -> (CommentState, String) {
    let (state, reasons) = match verdict::judge(signals, l.settings.comment_hold) {
        Verdict::Approve => (CommentState::Approved, Vec::new()),
        Verdict::Hold(reasons) => (CommentState::Held, reasons),
        Verdict::Spam(reasons) => (CommentState::Spam, reasons),
    };
    (state, reasons.iter().map(|reason| reason.as_str()).collect::<Vec<_>>().join(" "))
}
