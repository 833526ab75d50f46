//! The list of posts and pages in every state.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};

use crate::{
    app::App,
    error::{Error, Result},
    model::{
        ids::PostId,
        listing::Listing,
        post::{PostKind, PostRow, PostState},
    },
    rules::permission::{self, Act},
    store::PostFilter,
    text::search,
    web::{
        auth::AdminFrame,
        form::{Query, after},
        layout::html,
    },
};

#[derive(Template)]
#[template(path = "admin/posts.html")]
struct Posts {
    a: AdminFrame,
    kind: PostKind,
    state: Option<PostState>,
    /// Drafts that were handed in alone.
    submitted: bool,
    question: String,
    rows: Listing<PostRow>,
    /// What new ones can begin as copies of.
    templates: Vec<(PostId, String)>,
    notice: Option<String>,
}

/// The tabs over the list.
const STATES: [PostState; 4] = [PostState::Draft, PostState::Scheduled, PostState::Published, PostState::Trash];

impl Posts {
    fn state_of(&self, row: &PostRow) -> PostState {
        row.state(self.a.l.now)
    }

    fn is_in(&self, state: &PostState) -> bool {
        self.state == Some(*state)
    }

    /// Where readers find it, if they do.
    fn live_path<'a>(&self, row: &'a PostRow) -> Option<&'a str> {
        row.path.as_deref().filter(|_| self.state_of(row) == PostState::Published)
    }

    /// Whether a line leads to the form: what a contributor wrote is out of their hands once it is published.
    fn can_write(&self, row: &PostRow) -> bool {
        permission::may(self.a.user.role, if row.is_published { Act::Publish } else { Act::WriteDraft }, true)
    }

    /// Address of the list in this or another state, from its newest on.
    fn address(&self, state: Option<&PostState>) -> String {
        let mut query = after("/admin/posts?");
        query.append_pair("kind", self.kind.as_str());
        if let Some(state) = state {
            query.append_pair("state", state.as_str());
        }
        if !self.question.is_empty() {
            query.append_pair("q", &self.question);
        }
        query.finish()
    }
}

/// GET /admin
pub async fn home(_: AdminFrame) -> Redirect {
    Redirect::to("/admin/posts")
}

/// GET /admin/posts
pub async fn index(State(app): State<Arc<App>>, a: AdminFrame, query: Query) -> Result<impl IntoResponse> {
    let kind = if query.0.raw("kind") == "page" { PostKind::Page } else { PostKind::Post };
    if kind == PostKind::Page {
        a.must(Act::WritePage)?;
    }
    let author = (!a.may(Act::SeePost)).then_some(a.user.id);
    let submitted = query.0.raw("state") == "submitted";
    let state = STATES.into_iter().find(|state| state.as_str() == query.0.raw("state"));
    let question = query.0.line("q");
    let terms = search::terms(&question);
    let rows = match (&terms, question.is_empty()) {
        (None, false) => Listing { items: Vec::new(), newer: None, older: None },
        _ => app.store.post_rows(&PostFilter { kind, state, terms, author, submitted }, query.place(), a.l.now).await?,
    };
    let notice = match query.0.raw("done") {
        "trashed" => Some(a.l.t("done-trashed")),
        _ => None,
    };
    let templates = app.store.templates(kind).await?;
    html(&Posts { a, kind, state, submitted, question, rows, templates, notice })
}

/// POST /admin/posts/{id}/trash
pub async fn trash(State(app): State<Arc<App>>, a: AdminFrame, Path(id): Path<String>) -> Result<Redirect> {
    let id: PostId = id.parse().map_err(|_| Error::NotFound)?;
    let post = app.store.stored_post(id).await?.ok_or(Error::NotFound)?;
    a.must_write(&post)?;
    app.store.trash_post(id, a.by()).await?;
    Ok(Redirect::to(&format!("/admin/posts?kind={}&done=trashed", post.kind.as_str())))
}

/// POST /admin/posts/{id}/restore
pub async fn restore(State(app): State<Arc<App>>, a: AdminFrame, Path(id): Path<String>) -> Result<Redirect> {
    let id: PostId = id.parse().map_err(|_| Error::NotFound)?;
    a.must_write(&app.store.stored_post(id).await?.ok_or(Error::NotFound)?)?;
    app.store.restore_post(id, a.by()).await?;
    Ok(Redirect::to(&format!("/admin/posts/{id}?done=restored")))
}
