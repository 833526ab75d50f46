//! One comment at the desk: its words are mended, what it said before is read, its thread is moved.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use url::Url;

use super::{
    comments::{View, rendered},
    lists::{MAX_LINE, Offers},
};
use crate::{
    app::App,
    error::{Error, Result},
    model::{
        ids::CommentId,
        queue::{DeskComment, Revision, Shelf},
    },
    web::{
        auth::{AdminFrame, Editor},
        comment_form::MAX_TEXT,
        desk::EditorForm,
        form::{Faults, Fields, Query},
        layout::html,
    },
};

#[derive(Template)]
#[template(path = "admin/comment.html")]
pub struct CommentPage {
    a: AdminFrame,
    shown: DeskComment,
    shelf: Shelf,
    /// What it said before.
    revisions: Vec<Revision>,
    /// As typed, or as it stands.
    text: String,
    /// Where to move it, as typed.
    to: String,
    /// What to block, as typed.
    pub line: String,
    faults: Faults,
    notice: Option<String>,
}

impl CommentPage {
    /// What there is to be shown.
    pub async fn load(app: &App, a: AdminFrame, id: &str) -> Result<Self> {
        let id: CommentId = id.parse().map_err(|_| Error::NotFound)?;
        let shown = app.store.desk_comment(id).await?.ok_or(Error::NotFound)?;
        let shelf = shown.shelf.ok_or(Error::NotFound)?;
        let revisions = app.store.revisions(id).await?;
        let (text, faults) = (shown.source.clone(), Faults::default());
        let (to, line) = (String::new(), String::new());
        Ok(Self { a, shown, shelf, revisions, text, to, line, faults, notice: None })
    }

    fn id(&self) -> CommentId {
        self.shown.comment.id
    }

    fn is_in_trash(&self) -> bool {
        self.shelf == Shelf::Trash
    }

    /// The shelf that it lies on.
    fn queue(&self) -> String {
        View::start(self.shelf).address()
    }

    fn queue_query(&self) -> String {
        View::start(self.shelf).query()
    }

    fn max_line(&self) -> usize {
        MAX_LINE
    }

    fn max_text(&self) -> usize {
        MAX_TEXT
    }

    fn until(&self, earlier: &Revision) -> String {
        let (l, at) = (&self.a.l, self.a.l.moment(&earlier.replaced_at));
        match &earlier.user_name {
            Some(name) => l.words.with("replaced-by", &[("it", at.into()), ("name", name.as_str().into())]),
            None => l.tx("replaced-at", at),
        }
    }

    /// The page again, with what is wrong.
    pub fn again(mut self, status: StatusCode, field: &'static str, why: String) -> Result<Response> {
        self.faults.add(field, why);
        Ok((status, html(&self)?).into_response())
    }

    fn done(&self, what: &str) -> Response {
        Redirect::to(&format!("/admin/comments/{}?done={what}", self.id())).into_response()
    }
}

/// GET /admin/comments/{id}
pub async fn show(
    State(app): State<Arc<App>>,
    Editor(a): Editor,
    Path(id): Path<String>,
    query: Query,
) -> Result<Response> {
    let mut page = CommentPage::load(&app, a, &id).await?;
    if let done @ ("edit" | "move") = query.0.raw("done") {
        page.notice = Some(page.a.l.t(&format!("done-comment-{done}")));
    }
    Ok(html(&page)?.into_response())
}

/// POST /admin/comments/{id}/edit
pub async fn edit(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    EditorForm(a, fields): EditorForm,
) -> Result<Response> {
    let mut page = CommentPage::load(&app, a, &id).await?;
    page.text = fields.text("text");
    let html_text = match rendered(&app, &page.a.l, &page.text).await {
        Ok(html_text) => html_text,
        Err((status, why)) => return page.again(status, "text", why),
    };
    match app.store.mend_comment(page.id(), &page.text, &html_text, page.a.by()).await {
        Ok(()) => Ok(page.done("edit")),
        Err(error) => {
            tracing::error!(%error, "a comment could not be changed");
            let why = page.a.l.t("not-saved");
            page.again(error.status(), "text", why)
        }
    }
}

/// POST /admin/comments/{id}/move: with everything that answers it.
pub async fn relocate(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    EditorForm(a, fields): EditorForm,
) -> Result<Response> {
    let mut page = CommentPage::load(&app, a, &id).await?;
    page.to = fields.line("to");
    let Some(post) = app.store.post_at(path_of(&page.to).trim_matches('/')).await? else {
        let why = page.a.l.t("error-no-post");
        return page.again(StatusCode::UNPROCESSABLE_ENTITY, "to", why);
    };
    app.store.move_thread(page.id(), post, page.a.by()).await?;
    Ok(page.done("move"))
}

/// The path in an address as it stands in a browser, or as somebody types it.
fn path_of(typed: &str) -> String {
    let whole = Url::parse(typed).or_else(|_| Url::parse("http://blog.invalid/").and_then(|base| base.join(typed)));
    whole.map_or_else(|_| String::new(), |url| url.path().to_owned())
}

/// The page with what was carried through the door.
pub async fn resume(app: &App, a: AdminFrame, id: &str, fields: &Fields) -> Result<Response> {
    let mut page = CommentPage::load(app, a, id).await?;
    if fields.has("text") {
        page.text = fields.text("text");
    }
    page.to = fields.line("to");
    page.line = fields.line("line");
    page.notice = Some(page.a.l.t("session-resumed"));
    Ok(html(&page)?.into_response())
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn the_address_of_a_post_is_taken_in_every_form() {
        for typed in
            ["http://blog.example/2023/02/post", "/2023/02/post", "2023/02/post", "/2023/02/post?part=2#comment-7"]
        {
            assert_eq!(path_of(typed), "/2023/02/post", "{typed}");
        }
        assert_eq!(path_of("http://"), "");
    }
}
