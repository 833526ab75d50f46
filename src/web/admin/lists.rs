//! Whom to trust and what to block, put into the judge's lists from beside a comment.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{comment::CommentPage, comments::View};
use crate::{
    app::App,
    error::Result,
    model::{comment::ModeratedComment, settings::List},
    rules::judge::{lists::is_narrow, traits::hosts},
    web::{
        auth::Editor,
        desk::EditorForm,
        form::{Fields, after},
    },
};

/// Longest line that is taken, in characters.
pub const MAX_LINE: usize = 200;
/// So many of a comment's hosts are offered to be blocked.
const MAX_OFFERED: usize = 5;

/// The lines that a comment suggests.
pub struct Offers {
    /// Its author.
    pub trust: Option<String>,
    /// Its author's address, where it leads, and from where it came.
    pub block: Vec<String>,
}

impl Offers {
    /// Of a comment.
    pub fn of(comment: &ModeratedComment) -> Self {
        let mut leads =
            hosts(&format!("{} {}", comment.website.as_deref().unwrap_or_default(), comment.html).to_lowercase());
        leads.sort();
        leads.dedup();
        leads.truncate(MAX_OFFERED);
        let network = Some(comment.network.clone()).filter(|network| !network.is_empty());
        let line = |email: &String| format!("{} <{email}>", comment.name);
        Self {
            trust: comment.email.as_ref().map(line),
            block: comment.email.iter().cloned().chain(leads).chain(network).collect(),
        }
    }
}

/// POST /admin/comments/{id}/list: puts a line into a list; what is refused comes back on the comment's own page.
pub async fn put(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    EditorForm(a, fields): EditorForm,
) -> Result<Response> {
    // A button that offers a line says which; the one beside the field says nothing.
    let list = if fields.has("trust") { List::Trust } else { List::Spam };
    let offered = fields.line(list.as_str());
    let line = if offered.is_empty() { fields.line("line") } else { offered };
    let fault = if line.chars().count() > MAX_LINE {
        Some(a.l.tn("error-long", &(MAX_LINE as i64)))
    } else if !is_narrow(&line) {
        Some(a.l.t("error-line-wide"))
    } else if app.store.list_line(list, &line, a.by()).await? {
        None
    } else {
        Some(a.l.t("error-list-full"))
    };
    if let Some(why) = fault {
        let mut page = CommentPage::load(&app, a, &id).await?;
        page.line = line;
        return page.again(StatusCode::UNPROCESSABLE_ENTITY, "line", why);
    }
    let mut done = after("");
    done.append_pair("line", &line);
    let done = format!("{}-listed&{}", list.as_str(), done.finish());
    Ok(View::carried(&fields).after(done, &fields).into_response())
}

/// POST /admin/comments/list: takes a line out again.
pub async fn undo(State(app): State<Arc<App>>, Editor(a): Editor, fields: Fields) -> Result<Redirect> {
    if let Some(list) = List::named(fields.raw("list")) {
        app.store.unlist_line(list, fields.raw("line"), a.by()).await?;
    }
    Ok(View::carried(&fields).after("undo", &fields))
}
