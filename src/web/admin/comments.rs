//! Moderation: the comments that wait, and every other state of them.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{OriginalUri, Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::App,
    error::{Error, Result},
    model::{
        comment::{CommentState, ModeratedComment, NewComment},
        ids::CommentId,
        listing::{From, Listing},
    },
    rules::digest,
    store::Moderation,
    text::markdown,
    web::{
        auth::{AdminFrame, Desk},
        client::Client,
        comment_form::{MAX_TEXT, render_fault},
        form::{Fields, Query},
        layout::html,
        session,
    },
};

#[derive(Template)]
#[template(path = "admin/comments.html")]
struct Comments {
    a: AdminFrame,
    state: CommentState,
    rows: Listing<ModeratedComment>,
    notice: Option<String>,
    /// A reply that could not be kept: to which comment, its text, and why.
    unsent: Option<(CommentId, String, String)>,
}

/// The tabs over the list.
const STATES: [CommentState; 3] = [CommentState::Held, CommentState::Approved, CommentState::Spam];

impl Comments {
    fn address(&self, state: &CommentState) -> String {
        format!("/admin/comments?state={}", state.as_str())
    }

    fn is_in(&self, state: &CommentState) -> bool {
        self.state == *state
    }

    /// The reply that waits under this comment, and what is wrong with it.
    fn unsent_to(&self, id: &CommentId) -> Option<(&str, &str)> {
        self.unsent.as_ref().filter(|(to, ..)| to == id).map(|(_, text, why)| (text.as_str(), why.as_str()))
    }

    fn max_text(&self) -> usize {
        MAX_TEXT
    }
}

/// GET /admin/comments
pub async fn index(State(app): State<Arc<App>>, a: AdminFrame, query: Query) -> Result<Response> {
    let state = state_named(query.0.raw("state"));
    let rows = app.store.moderated_comments(state, query.place()).await?;
    let notice = match query.0.raw("done") {
        done @ ("approve" | "hold" | "spam" | "delete" | "reply") => Some(a.l.t(&format!("done-comment-{done}"))),
        _ => None,
    };
    Ok(html(&Comments { a, state, rows, notice, unsent: None })?.into_response())
}

fn state_named(name: &str) -> CommentState {
    STATES.into_iter().find(|state| state.as_str() == name).unwrap_or(CommentState::Held)
}

/// POST /admin/comments/{id}
pub async fn moderate(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let (decision, done) = match fields.raw("action") {
        "approve" => (Moderation::Approve, "approve"),
        "hold" => (Moderation::Hold, "hold"),
        "spam" => (Moderation::Spam, "spam"),
        "delete" => (Moderation::Delete, "delete"),
        _ => return Err(Error::BadRequest("no such decision")),
    };
    app.store.moderate(id, decision, a.l.now).await?;
    // Back to the list that the button stood in.
    let state = state_named(fields.raw("from"));
    Ok(Redirect::to(&format!("/admin/comments?state={}&done={done}", state.as_str())))
}

/// POST /admin/comments/{id}/reply: answers a comment, and approves it where it still waits.
pub async fn reply(
    State(app): State<Arc<App>>,
    client: Client,
    Desk(desk): Desk,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let a = match desk {
        Ok(a) => a,
        Err(l) => return session::carrying(*l, uri.path(), &fields),
    };
    let id: CommentId = id.parse().map_err(|_| Error::NotFound)?;
    let to = app.store.moderated_comment(id).await?.ok_or(Error::NotFound)?;
    let (source, from) = (fields.text("text"), state_named(fields.raw("from")));
    let fault = if source.trim().is_empty() {
        Some(a.l.t("error-comment-empty"))
    } else if source.chars().count() > MAX_TEXT {
        Some(a.l.words.tn("error-comment-long", (source.chars().count() - MAX_TEXT) as i64))
    } else {
        None
    };
    let text = source.clone();
    let rendered = match fault {
        Some(fault) => Err((StatusCode::UNPROCESSABLE_ENTITY, fault)),
        None => match app.rendering(text.len(), move || markdown::comment(&text)).await {
            Ok(rendered) => rendered.map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, a.l.t(render_fault(&error)))),
            Err(error) => Err((error.status(), a.l.t("not-saved"))),
        },
    };
    let html_text = match rendered {
        Ok(html_text) => html_text,
        Err((status, why)) => {
            let rows = app.store.moderated_comments(from, From::Newest).await?;
            let page = Comments { a, state: from, rows, notice: None, unsent: Some((id, source, why)) };
            return Ok((status, html(&page)?).into_response());
        }
    };
    let comment = NewComment {
        uuid: uuid::Uuid::new_v4().to_string(),
        post_id: to.post_id,
        parent_id: Some(id),
        state: CommentState::Approved,
        user_id: Some(a.user.id),
        name: a.user.name.clone(),
        email: None,
        website: None,
        digest: digest::comment(&a.user.name, Some(id), &source),
        source: source.clone(),
        html: html_text,
        network: client.network,
        reason: String::new(),
        secret_hash: None,
        wishes: Vec::new(),
    };
    match app.store.add_comment(&comment, a.l.now).await {
        Ok(None) => {
            let rows = app.store.moderated_comments(from, From::Newest).await?;
            let why = a.l.t("comment-duplicate");
            let page = Comments { a, state: from, rows, notice: None, unsent: Some((id, source, why)) };
            Ok((StatusCode::CONFLICT, html(&page)?).into_response())
        }
        Ok(Some(_)) => Ok(Redirect::to(&format!("/admin/comments?state={}&done=reply", from.as_str())).into_response()),
        Err(error) => {
            tracing::error!(%error, "a reply could not be kept");
            let word = if matches!(error, Error::NotFound) { "reply-post-not-live" } else { "not-saved" };
            let rows = app.store.moderated_comments(from, From::Newest).await?;
            let why = a.l.t(word);
            let page = Comments { a, state: from, rows, notice: None, unsent: Some((id, source, why)) };
            Ok((error.status(), html(&page)?).into_response())
        }
    }
}

/// The queue with the reply that was carried through the door.
pub async fn resume(app: &App, a: AdminFrame, id: &str, fields: &Fields) -> Result<Response> {
    let state = state_named(fields.raw("from"));
    let rows = app.store.moderated_comments(state, From::Newest).await?;
    let why = a.l.t("session-resumed");
    let unsent = id.parse().ok().map(|id| (id, fields.text("text"), why));
    Ok(html(&Comments { a, state, rows, notice: None, unsent })?.into_response())
}
