//! What moderators do to comments: decide about one or many, undo it, empty a shelf, pin, close.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Redirect,
};

use super::comments::View;
use crate::{
    app::App,
    error::{Error, Result},
    model::{
        ids::CommentId,
        post::PostComments,
        queue::{Moderation, Shelf},
    },
    store::AT_ONCE,
    web::{
        auth::{AdminFrame, Editor},
        form::Fields,
    },
};

/// So many steps of emptying fit into one request.
const STEPS: usize = 50;

/// POST /admin/comments/{id}
pub async fn one(
    State(app): State<Arc<App>>,
    Editor(a): Editor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect> {
    let id: CommentId = id.parse().map_err(|_| Error::NotFound)?;
    let view = View::carried(&fields);
    match fields.raw("action") {
        action @ ("pin" | "unpin") => {
            app.store.pin_comment(id, action == "pin", a.by()).await?;
            Ok(view.after(action, &fields))
        }
        action @ ("open" | "close") => {
            let comment = app.store.moderated_comment(id).await?.ok_or(Error::NotFound)?;
            let comments = if action == "open" { PostComments::Open } else { PostComments::Closed };
            app.store.set_thread(comment.post_id, comments, a.by()).await?;
            Ok(view.after(action, &fields))
        }
        _ => decide(&app, &a, &[id], &fields).await,
    }
}

/// POST /admin/comments: the same about every comment that is ticked, or all of the page.
pub async fn many(State(app): State<Arc<App>>, Editor(a): Editor, fields: Fields) -> Result<Redirect> {
    let mut ids: Vec<CommentId> = if fields.has("all") {
        fields.raw("page").split(' ').filter_map(|id| id.parse().ok()).collect()
    } else {
        fields.all("id").filter_map(|id| id.parse().ok()).collect()
    };
    ids.truncate(AT_ONCE);
    if ids.is_empty() {
        return Ok(View::carried(&fields).after("nothing", &fields));
    }
    decide(&app, &a, &ids, &fields).await
}

async fn decide(app: &App, a: &AdminFrame, ids: &[CommentId], fields: &Fields) -> Result<Redirect> {
    let decision = Moderation::named(fields.raw("action")).ok_or(Error::BadRequest("no such decision"))?;
    let done = app.store.moderate_all(ids, decision, a.by()).await?;
    Ok(View::carried(fields).after(done.id, fields))
}

/// POST /admin/comments/undo
pub async fn undo(State(app): State<Arc<App>>, Editor(a): Editor, fields: Fields) -> Result<Redirect> {
    let id = fields.raw("moderation").parse().unwrap_or_default();
    let done = match app.store.undo_moderation(id, a.by()).await {
        Ok(_) => "undo",
        Err(Error::NotFound) => "past",
        Err(error) => return Err(error),
    };
    Ok(View::carried(&fields).after(done, &fields))
}

/// POST /admin/comments/empty: deletes for good everything that lies on a shelf.
pub async fn empty(State(app): State<Arc<App>>, Editor(a): Editor, fields: Fields) -> Result<Redirect> {
    let shelf = Shelf::named(fields.raw("state")).ok_or(Error::BadRequest("no such shelf"))?;
    // What comes while it is emptied stays.
    let before = a.l.now.plus(1);
    let mut done = "more";
    for _ in 0..STEPS {
        if app.store.empty(shelf, before, a.by()).await? < AT_ONCE {
            done = "empty";
            break;
        }
    }
    Ok(View::start(shelf).after(done, &fields))
}
