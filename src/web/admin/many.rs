//! What is done to many posts of the list at once, and undone.

use std::sync::Arc;

use axum::{extract::State, response::Redirect};

use super::posts::View;
use crate::{
    app::App,
    error::{Error, Result},
    model::{
        deed::{Deed, TagName},
        ids::PostId,
    },
    store::{AT_ONCE, Doer},
    text::slug,
    web::{auth::AdminFrame, form::Fields},
};

/// So many steps of deleting fit into one request.
const STEPS: usize = 200;
const MAX_TAG: usize = 60;

fn doer(a: &AdminFrame) -> Doer<'_> {
    Doer { user: &a.user, zone: &a.l.settings.zone, slug: slug::slug, tag_slug: slug::tag, now: a.l.now }
}

/// POST /admin/posts/many: the same to every post that is ticked, or all of the page.
pub async fn act(State(app): State<Arc<App>>, a: AdminFrame, fields: Fields) -> Result<Redirect> {
    let view = View::carried(&fields);
    let mut ids: Vec<PostId> = if fields.has("all") {
        fields.raw("page").split(' ').filter_map(|id| id.parse().ok()).collect()
    } else {
        fields.all("id").filter_map(|id| id.parse().ok()).collect()
    };
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(AT_ONCE);
    if ids.is_empty() {
        return Ok(view.after("nothing"));
    }
    if fields.raw("action") == "delete" {
        return Ok(view.after(delete(&app, &a, &ids).await?));
    }
    let deed = Deed::named(fields.raw("action")).ok_or(Error::BadRequest("no such deed"))?;
    let name = fields.line("tag");
    let tag = Some(TagName { slug: slug::tag(&name), name }).filter(|_| deed.is_about_a_tag());
    if tag
        .as_ref()
        .is_some_and(|tag| tag.slug.is_empty() || tag.name.contains(',') || tag.name.chars().count() > MAX_TAG)
    {
        return Ok(view.after("no-tag"));
    }
    let done = app.store.do_to_posts(&ids, deed, tag.as_ref(), &doer(&a)).await?;
    Ok(view.after(done.id))
}

/// Deletes for good what lies in the trash, in steps, so that others can write in between.
async fn delete(app: &App, a: &AdminFrame, ids: &[PostId]) -> Result<&'static str> {
    let mut steps = STEPS;
    for id in ids {
        let Some(post) = app.store.stored_post(*id).await? else { continue };
        if post.trashed_at.is_none() || a.must_write(&post).is_err() {
            continue;
        }
        while !app.store.delete_post(*id, a.user.id, a.l.now).await? {
            steps -= 1;
            if steps == 0 {
                return Ok("more");
            }
        }
    }
    Ok("deleted")
}

/// POST /admin/posts/undo
pub async fn undo(State(app): State<Arc<App>>, a: AdminFrame, fields: Fields) -> Result<Redirect> {
    let id = fields.raw("deed").parse().unwrap_or_default();
    let done = match app.store.undo_deed(id, &doer(&a)).await {
        Ok(()) => "undone",
        Err(Error::NotFound) => "past",
        Err(error) => return Err(error),
    };
    Ok(View::carried(&fields).after(done))
}
