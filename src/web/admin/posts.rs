//! The list of posts and pages in every state: what is asked for of it, and what can be done to many.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};

use crate::{
    app::App,
    error::{Error, Result},
    model::{
        deed::Deed,
        ids::{PostId, UserId},
        listing::{Cursor, From, Listing},
        post::{PostKind, PostRow, PostState},
        user::User,
    },
    rules::permission::{self, Act},
    store::PostFilter,
    text::{search, slug},
    web::{
        auth::AdminFrame,
        form::{Fields, Query, after},
        layout::html,
    },
};

/// Longer words are not looked for.
const MAX_WORDS: usize = 200;

/// The part of the list that somebody looks at. Forms carry it in one field, so that whoever acts stays where they were.
#[derive(Clone, Debug)]
pub struct View {
    kind: PostKind,
    state: Option<PostState>,
    /// Drafts that were handed in alone.
    submitted: bool,
    /// Those alone that an import could not bring as a whole.
    original: bool,
    question: String,
    tag: String,
    author: Option<UserId>,
    is_oldest_first: bool,
    from: From,
}

impl View {
    fn of(query: &Query) -> Self {
        let fields = &query.0;
        let line = |name| fields.line(name).chars().take(MAX_WORDS).collect();
        Self {
            kind: if fields.raw("kind") == "page" { PostKind::Page } else { PostKind::Post },
            state: STATES.into_iter().find(|state| state.as_str() == fields.raw("state")),
            submitted: fields.raw("state") == "submitted",
            original: fields.raw("state") == "original",
            question: line("q"),
            tag: line("tag"),
            author: fields.raw("author").parse().ok(),
            is_oldest_first: fields.raw("order") == "oldest",
            from: query.place(),
        }
    }

    /// That in which a form stood.
    pub fn carried(fields: &Fields) -> Self {
        Self::of(&Query(Fields::parse(fields.raw("from").as_bytes())))
    }

    /// As in its address, and as forms carry it.
    fn query(&self) -> String {
        let mut query = after("");
        query.append_pair("kind", self.kind.as_str());
        if self.submitted {
            query.append_pair("state", "submitted");
        } else if self.original {
            query.append_pair("state", "original");
        } else if let Some(state) = self.state {
            query.append_pair("state", state.as_str());
        }
        for (name, value) in [("q", &self.question), ("tag", &self.tag)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some(author) = self.author {
            query.append_pair("author", &author.to_string());
        }
        if self.is_oldest_first {
            query.append_pair("order", "oldest");
        }
        match self.from {
            From::Newest => {}
            From::OlderThan(cursor) => drop(query.append_pair("older", &cursor.to_string())),
            From::NewerThan(cursor) => drop(query.append_pair("newer", &cursor.to_string())),
        }
        query.finish()
    }

    fn address(&self) -> String {
        format!("/admin/posts?{}", self.query())
    }

    /// Back to it after something was done.
    pub fn after(&self, done: impl std::fmt::Display) -> Redirect {
        Redirect::to(&format!("{}&done={done}", self.address()))
    }

    /// Whether fewer are asked for than stand in a state.
    fn is_narrowed(&self) -> bool {
        !self.question.is_empty() || !self.tag.is_empty() || self.author.is_some()
    }
}

#[derive(Template)]
#[template(path = "admin/posts.html")]
struct Posts {
    a: AdminFrame,
    view: View,
    rows: Listing<PostRow>,
    /// Whose posts can be asked for; empty where nobody else's can.
    people: Vec<User>,
    tags: Vec<String>,
    /// Whether there are posts that an import could not bring as a whole.
    has_originals: bool,
    /// What new ones can begin as copies of.
    templates: Vec<(PostId, String)>,
    notice: Option<String>,
    /// What was done last and can be undone.
    undo: Option<i64>,
    /// How often each was read; `None` where nobody is counted.
    views: Option<HashMap<i64, i64>>,
    /// After so long what is in the trash is deleted; `None` where that is not shown.
    trash_days: Option<i64>,
}

/// The tabs over the list.
const STATES: [PostState; 4] = [PostState::Draft, PostState::Scheduled, PostState::Published, PostState::Trash];

impl Posts {
    fn state_of(&self, row: &PostRow) -> PostState {
        row.state(self.a.l.now)
    }

    fn is_page(&self) -> bool {
        self.view.kind == PostKind::Page
    }

    fn is_in(&self, state: &PostState) -> bool {
        self.view.state == Some(*state)
    }

    fn is_trash(&self) -> bool {
        self.view.state == Some(PostState::Trash)
    }

    fn is_by(&self, person: &User) -> bool {
        self.view.author == Some(person.id)
    }

    /// Where readers find it, if they do.
    fn live_path<'a>(&self, row: &'a PostRow) -> Option<&'a str> {
        row.path.as_deref().filter(|_| self.state_of(row) == PostState::Published)
    }

    /// Whether a line leads to the form: what a contributor wrote is out of their hands once it is published.
    fn can_write(&self, row: &PostRow) -> bool {
        permission::may(self.a.user.role, if row.is_published { Act::Publish } else { Act::WriteDraft }, true)
    }

    fn views(&self, row: &PostRow) -> String {
        self.a.l.tn("view-count", self.views.as_ref().and_then(|views| views.get(&row.id.0)).unwrap_or(&0))
    }

    /// What can be done to many of these.
    fn deeds(&self) -> impl Iterator<Item = Deed> {
        let can_publish = permission::may(self.a.user.role, Act::Publish, true);
        let deeds = Deed::among(self.view.state).iter().copied();
        deeds.filter(move |deed| can_publish || !matches!(deed, Deed::Publish | Deed::Unpublish))
    }

    /// The same in this or another state, from its beginning on.
    fn address(&self, state: Option<&PostState>) -> String {
        View { state: state.copied(), submitted: false, original: false, from: From::Newest, ..self.view.clone() }
            .address()
    }

    fn submitted(&self) -> String {
        View { state: None, submitted: true, original: false, from: From::Newest, ..self.view.clone() }.address()
    }

    fn original(&self) -> String {
        View { state: None, submitted: false, original: true, from: From::Newest, ..self.view.clone() }.address()
    }

    /// All in this state.
    fn of_all(&self) -> String {
        let View { kind, state, submitted, original, .. } = self.view;
        View { kind, state, submitted, original, ..View::of(&Query::default()) }.address()
    }

    fn tagged(&self, tag: &str) -> String {
        View { tag: tag.to_owned(), from: From::Newest, ..self.view.clone() }.address()
    }

    fn older(&self, cursor: &Cursor) -> String {
        View { from: From::OlderThan(*cursor), ..self.view.clone() }.address()
    }

    fn newer(&self, cursor: &Cursor) -> String {
        View { from: From::NewerThan(*cursor), ..self.view.clone() }.address()
    }

    /// The posts of this page, for a box that means all of them.
    fn page(&self) -> String {
        self.rows.items.iter().map(|row| row.id.to_string()).collect::<Vec<_>>().join(" ")
    }
}

/// GET /admin/posts
pub async fn index(State(app): State<Arc<App>>, a: AdminFrame, query: Query) -> Result<impl IntoResponse> {
    let mut view = View::of(&query);
    if view.kind == PostKind::Page {
        a.must(Act::WritePage)?;
    }
    let sees_all = a.may(Act::SeePost);
    view.author = view.author.filter(|_| sees_all);
    let rows = found(&app, &a, &view).await?;
    let people = if sees_all { app.store.users().await? } else { Vec::new() };
    let tags = app.store.known_tags((!sees_all).then_some(a.l.now)).await?;
    let has_originals = view.original || app.store.has_originals().await?;
    let templates = app.store.templates(view.kind).await?;
    let is_counted = app.readers().is_on();
    let views = if is_counted { Some(app.store.views_of(rows.items.iter().map(|row| row.id)).await?) } else { None };
    let is_trash = view.state == Some(PostState::Trash);
    let trash_days = if is_trash { Some(app.store.trash_days().await?) } else { None };
    let mut page =
        Posts { a, view, rows, people, tags, has_originals, templates, notice: None, undo: None, views, trash_days };
    match query.0.raw("done") {
        done @ ("trashed" | "undone" | "past" | "nothing" | "no-tag" | "deleted" | "more") => {
            page.notice = Some(page.a.l.word("done-posts", done));
        }
        done => {
            let done = match done.parse() {
                Ok(id) => app.store.deed(id, &page.a.user).await?,
                Err(_) => None,
            };
            if let Some(done) = done {
                let l = &page.a.l;
                let mut said = l.words.tn(&format!("done-posts-{}", done.act.as_str()), done.posts);
                if done.passed > 0 {
                    said = format!("{said} {}", l.tn("done-posts-passed", &done.passed));
                }
                page.notice = Some(said);
                page.undo = (done.posts > 0).then_some(done.id);
            }
        }
    }
    html(&page)
}

/// What a view shows.
async fn found(app: &App, a: &AdminFrame, view: &View) -> Result<Listing<PostRow>> {
    const NONE: Listing<PostRow> = Listing { items: Vec::new(), newer: None, older: None };
    let terms = search::terms(&view.question);
    if terms.is_none() && !view.question.is_empty() {
        return Ok(NONE);
    }
    let tag = match view.tag.is_empty() {
        true => None,
        false => match app.store.tag_named(&view.tag, &slug::tag(&view.tag)).await? {
            Some((id, _)) => Some(id),
            None => return Ok(NONE),
        },
    };
    let filter = PostFilter {
        state: view.state,
        submitted: view.submitted,
        original: view.original,
        terms,
        tag,
        author: if a.may(Act::SeePost) { view.author } else { Some(a.user.id) },
        is_oldest_first: view.is_oldest_first,
        ..PostFilter::of(view.kind)
    };
    app.store.post_rows(&filter, view.from, a.l.now).await
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
