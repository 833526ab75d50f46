//! The moderators' queue: its shelves, what is looked for on them, and an answer from there.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::lists::Offers;
use crate::{
    app::App,
    error::{Error, Result},
    model::{
        comment::{CommentState, NewComment},
        ids::CommentId,
        listing::{Cursor, From, Listing},
        queue::{COUNTED, Moderation, QueuedComment, Shelf, Whose},
        settings::List,
    },
    rules::{digest, network, token},
    store::SCANNED,
    text::markdown,
    web::{
        auth::{AdminFrame, Editor},
        client::Client,
        comment_form::{MAX_TEXT, render_fault, text_fault},
        desk::EditorForm,
        form::{Fields, Query, after},
        layout::{Layout, html},
    },
};

/// Longer words are not looked for.
const MAX_WORDS: usize = 200;

/// The part of the queue that somebody looks at. Forms carry it in one field, so that whoever acts stays where they were.
#[derive(Clone, Debug)]
pub struct View {
    shelf: Shelf,
    whose: Whose,
    words: String,
    from: From,
}

impl View {
    /// That of an address; what it does not say is as at first.
    fn of(query: &Query) -> Self {
        let fields = &query.0;
        let line = |name| Some(fields.line(name)).filter(|line| !line.is_empty());
        let whose = (fields.raw("post").parse().map(Whose::Post).ok())
            .or_else(|| line("email").map(Whose::Email))
            .or_else(|| line("network").map(Whose::Network));
        Self {
            shelf: Shelf::named(fields.raw("state")).unwrap_or(Shelf::Held),
            whose: whose.unwrap_or(Whose::All),
            words: fields.line("q").chars().take(MAX_WORDS).collect(),
            from: query.place(),
        }
    }

    /// That in which a form stood.
    pub fn carried(fields: &Fields) -> Self {
        Self::of(&Query(Fields::parse(fields.raw("from").as_bytes())))
    }

    /// What waits and has a line of a list.
    fn waiting_with(line: &str) -> Self {
        let view = Self::start(Shelf::Held);
        let email = line.strip_suffix('>').and_then(|line| line.rsplit_once('<')).map_or(line, |(_, email)| email);
        if email.contains('@') {
            Self { whose: Whose::Email(email.to_owned()), ..view }
        } else if line.contains('/') {
            Self { whose: Whose::Network(line.to_owned()), ..view }
        } else {
            Self { words: line.replace('*', " ").trim().to_owned(), ..view }
        }
    }

    /// The beginning of a shelf.
    pub fn start(shelf: Shelf) -> Self {
        Self { shelf, whose: Whose::All, words: String::new(), from: From::Newest }
    }

    /// As in its address, and as forms carry it.
    pub fn query(&self) -> String {
        let mut query = after("");
        query.append_pair("state", self.shelf.as_str());
        if let Some((name, value)) = self.narrowed() {
            query.append_pair(name, &value);
        }
        if !self.words.is_empty() {
            query.append_pair("q", &self.words);
        }
        match self.from {
            From::Newest => {}
            From::OlderThan(cursor) => drop(query.append_pair("older", &cursor.to_string())),
            From::NewerThan(cursor) => drop(query.append_pair("newer", &cursor.to_string())),
        }
        query.finish()
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("/admin/comments?{}", self.query())
    }

    /// The parameter that names the one post or sender.
    fn narrowed(&self) -> Option<(&'static str, String)> {
        match &self.whose {
            Whose::All => None,
            Whose::Post(id) => Some(("post", id.to_string())),
            Whose::Email(email) => Some(("email", email.clone())),
            Whose::Network(network) => Some(("network", network.clone())),
        }
    }

    /// Back to it after something was done, at the comment that comes next.
    pub fn after(&self, done: impl std::fmt::Display, fields: &Fields) -> Redirect {
        let next =
            fields.raw("next").parse::<CommentId>().map_or_else(|_| String::new(), |id| format!("#comment-{id}"));
        Redirect::to(&format!("{}&done={done}{next}", self.address()))
    }
}

#[derive(Template)]
#[template(path = "admin/comments.html")]
struct Comments {
    a: AdminFrame,
    view: View,
    rows: Listing<QueuedComment>,
    /// How many are spam, as far as they are counted.
    spam: i64,
    notice: Option<String>,
    /// What was decided last and can be undone.
    undo: Option<i64>,
    /// What was put into a list, and can be taken out again.
    listed: Option<(List, String)>,
    /// A reply that could not be kept: to which comment, its text, and why.
    unsent: Option<(CommentId, String, String)>,
}

impl Comments {
    async fn load(app: &App, a: AdminFrame, view: View) -> Result<Self> {
        // Whoever types an address or a network looks for who came from there.
        let typed = network::typed(&view.words).and_then(|net| app.store.networks().mark_of(&net)).map(Whose::Network);
        let (whose, words) = typed.as_ref().map_or((&view.whose, view.words.as_str()), |typed| (typed, ""));
        let rows = app.store.queue(view.shelf, whose, words, view.from).await?;
        let spam = app.store.spam_comments().await?;
        Ok(Self { a, view, rows, spam, notice: None, undo: None, listed: None, unsent: None })
    }

    fn shelf(&self) -> &'static str {
        self.view.shelf.as_str()
    }

    /// The same on another shelf.
    fn on(&self, shelf: &Shelf) -> String {
        View { shelf: *shelf, from: From::Newest, ..self.view.clone() }.address()
    }

    fn is_on(&self, shelf: &Shelf) -> bool {
        self.view.shelf == *shelf
    }

    /// Everybody's on this shelf.
    fn of_all(&self) -> String {
        View::start(self.view.shelf).address()
    }

    fn of(&self, whose: Whose) -> String {
        View { whose, ..View::start(self.view.shelf) }.address()
    }

    fn older(&self, cursor: &Cursor) -> String {
        View { from: From::OlderThan(*cursor), ..self.view.clone() }.address()
    }

    fn newer(&self, cursor: &Cursor) -> String {
        View { from: From::NewerThan(*cursor), ..self.view.clone() }.address()
    }

    /// Whose comments these are, in words; empty for everybody's.
    fn whose(&self) -> String {
        let l = &self.a.l;
        match (&self.view.whose, self.rows.items.first()) {
            (Whose::All, _) => String::new(),
            (Whose::Post(_), Some(first)) => l.tx("only-on", &first.comment.post_title),
            (Whose::Post(id), None) => l.tx("only-on", id),
            (Whose::Email(sender) | Whose::Network(sender), _) => l.tx("only-from", sender),
        }
    }

    fn decisions(&self) -> &'static [Moderation] {
        Moderation::on(self.view.shelf)
    }

    /// The comments of this page, for a box that means all of them.
    fn page(&self) -> String {
        self.rows.items.iter().map(|row| row.comment.id.to_string()).collect::<Vec<_>>().join(" ")
    }

    /// The comment after this one, or before it where it is the last: there one goes on when it has moved.
    fn next(&self, index: &usize) -> String {
        let beside = self.rows.items.get(index + 1).or_else(|| self.rows.items.get(index.checked_sub(1)?));
        beside.map_or_else(String::new, |row| row.comment.id.to_string())
    }

    /// "approved 3, spam 0"
    fn history(&self, approved: &i64, spam: &i64) -> String {
        let l = &self.a.l;
        format!("{}, {}", l.tx("history-approved", many(l, *approved)), l.tx("history-spam", many(l, *spam)))
    }

    fn waiting_with(&self, line: &str) -> String {
        View::waiting_with(line).address()
    }

    fn spam_count(&self) -> String {
        many(&self.a.l, self.spam)
    }

    fn scanned(&self) -> &'static i64 {
        &SCANNED
    }

    /// The reply that waits under this comment, and what is wrong with it.
    fn unsent_to(&self, id: &CommentId) -> Option<(&str, &str)> {
        self.unsent.as_ref().filter(|(to, ..)| to == id).map(|(_, text, why)| (text.as_str(), why.as_str()))
    }

    fn max_text(&self) -> usize {
        MAX_TEXT
    }
}

/// A number that was counted to [`COUNTED`].
fn many(l: &Layout, count: i64) -> String {
    if count < COUNTED { l.words.number(count) } else { l.tx("at-least", l.words.number(COUNTED - 1)) }
}

/// GET /admin/comments
pub async fn index(State(app): State<Arc<App>>, Editor(a): Editor, query: Query) -> Result<Response> {
    let mut page = Comments::load(&app, a, View::of(&query)).await?;
    match query.0.raw("done") {
        done @ ("reply" | "undo" | "pin" | "unpin" | "open" | "close" | "empty" | "more" | "nothing" | "past") => {
            page.notice = Some(page.a.l.t(&format!("done-comment-{done}")));
        }
        done @ ("spam-listed" | "trust-listed") => {
            let line = query.0.line("line");
            let list = done.split('-').next().and_then(List::named);
            page.listed =
                list.filter(|list| page.a.l.settings.policy.lists(*list, &line)).map(|list| (list, line.clone()));
            page.notice = page.listed.is_some().then(|| page.a.l.tx(&format!("done-{done}"), line));
        }
        done => {
            let done = match done.parse() {
                Ok(id) => app.store.moderated(id).await?,
                Err(_) => None,
            };
            if let Some(done) = done {
                let word = if done.comments == 0 { "none" } else { done.decision.as_str() };
                page.notice = Some(page.a.l.words.tn(&format!("done-comment-{word}"), done.comments));
                page.undo = done.can_be_undone.then_some(done.id);
            }
        }
    }
    Ok(html(&page)?.into_response())
}

/// POST /admin/comments/{id}/reply: answers a comment, and approves it where it still waits.
pub async fn reply(
    State(app): State<Arc<App>>,
    client: Client,
    Path(id): Path<String>,
    EditorForm(a, fields): EditorForm,
) -> Result<Response> {
    let id: CommentId = id.parse().map_err(|_| Error::NotFound)?;
    let to = app.store.moderated_comment(id).await?.ok_or(Error::NotFound)?;
    let (source, view) = (fields.text("text"), View::carried(&fields));
    let html_text = match rendered(&app, &a.l, &source).await {
        Ok(html_text) => html_text,
        Err((status, why)) => return unsent(&app, a, view, id, source, (status, why)).await,
    };
    let comment = NewComment {
        uuid: token::uuid(a.l.now).map_err(|error| Error::Internal(error.to_string()))?.to_string(),
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
        network: client.mark,
        reason: String::new(),
        secret_hash: None,
        wishes: Vec::new(),
    };
    let (status, word) = match app.store.add_comment(&comment, a.l.now).await {
        Ok(Some(_)) => return Ok(view.after("reply", &fields).into_response()),
        Ok(None) => (StatusCode::CONFLICT, "comment-duplicate"),
        Err(error) => {
            tracing::error!(%error, "a reply could not be kept");
            (error.status(), if matches!(error, Error::NotFound) { "reply-post-not-live" } else { "not-saved" })
        }
    };
    let why = a.l.t(word);
    unsent(&app, a, view, id, source, (status, why)).await
}

/// The HTML of what was written at the desk under a post, or what is wrong with it.
pub async fn rendered(app: &App, l: &Layout, source: &str) -> Result<String, (StatusCode, String)> {
    let fault = |text| Err((StatusCode::UNPROCESSABLE_ENTITY, text));
    if let Some(text) = text_fault(l, source) {
        return fault(text);
    }
    let text = source.to_owned();
    match app.rendering(text.len(), move || markdown::comment(&text)).await {
        Ok(Ok(rendered)) => Ok(rendered),
        Ok(Err(error)) => fault(l.t(render_fault(&error))),
        Err(error) => Err((error.status(), l.t("not-saved"))),
    }
}

/// The queue with a reply that could not be kept.
async fn unsent(
    app: &App,
    a: AdminFrame,
    view: View,
    id: CommentId,
    text: String,
    (status, why): (StatusCode, String),
) -> Result<Response> {
    let page = Comments { unsent: Some((id, text, why)), ..Comments::load(app, a, view).await? };
    Ok((status, html(&page)?).into_response())
}

/// The queue with the reply that was carried through the door.
pub async fn resume(app: &App, a: AdminFrame, id: &str, fields: &Fields) -> Result<Response> {
    let why = a.l.t("session-resumed");
    let unsent = id.parse().ok().map(|id| (id, fields.text("text"), why));
    Ok(html(&Comments { unsent, ..Comments::load(app, a, View::carried(fields)).await? })?.into_response())
}
