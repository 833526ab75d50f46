//! Writing: the form of a post or page, and what its buttons do. What was typed is never lost on the way.

use std::{collections::HashMap, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde_json::{Value, json};

use super::{
    autosave,
    conflict::{self, Conflict},
    post_form::PostForm,
};
use crate::{
    app::App,
    error::{Error, Result},
    model::{
        ids::{PostId, UserId},
        language::LANGUAGES,
        listing::From,
        media::{MediaRow, Shelf, hash_in},
        post::{Intent, Json, Post, PostComments, PostContent, PostKind, PostState, StoredPost, Tag},
        revision::{DraftLink, RevisionKind, Typed, Working},
        time::Time,
        user::{Author, User},
    },
    rules::permission::{self, Act},
    store::{SaveError, Saved},
    text::{gate::Finding, manuscript::SUMMARY, markdown, outline, plain},
    web::{
        auth::AdminFrame,
        desk::{self, DeskForm},
        form::{Fields, Query},
        headers::Frames,
        layout::{Layout, html},
        reader::post::PostPage,
    },
};

#[derive(Template)]
#[template(path = "admin/editor.html")]
pub struct EditorPage {
    pub a: AdminFrame,
    /// `None` for a post that was never saved.
    id: Option<PostId>,
    state: PostState,
    path: Option<String>,
    form: PostForm,
    pub notice: Option<String>,
    /// Something that kept it from being saved.
    pub alarm: Option<String>,
    /// That something was typed that readers do not see yet, by whom and when.
    working: Option<String>,
    /// What somebody else saved in the meantime.
    pub conflict: Option<Conflict>,
    /// What a careful editor would mend, and whether publishing waits for it.
    pub findings: Option<Vec<Finding>>,
    is_held: bool,
    is_resumed: bool,
    links: Vec<DraftLink>,
    is_template: bool,
    /// Whether an import kept its original.
    has_original: bool,
    /// Since when it waits for an editor.
    submitted_at: Option<Time>,
    /// Whose names may stand under it, those that do first; empty where that is not theirs to say.
    people: Vec<User>,
    /// Those that do as long as none are chosen.
    authors: Vec<UserId>,
    /// What it can begin as a copy of, as long as it is new.
    templates: Vec<(PostId, String)>,
    /// Tags that are in use.
    tags: Vec<String>,
    /// The newest pictures of the library.
    pictures: Vec<MediaRow>,
    card: Card,
}

/// What search engines and social sites show of a text where nothing else is given for them; each may be empty.
#[derive(Default)]
pub struct Card {
    text: String,
    picture: String,
}

impl Card {
    /// Of the text in a form.
    async fn of(app: &App, form: &PostForm) -> Result<Self> {
        let source = form.typed.text.clone();
        let look = move || {
            // What cannot be drawn has a fault of its own.
            let Ok(made) = markdown::post(&source, &HashMap::new(), "card") else { return Self::default() };
            let picture = outline::first_picture(&made.html).unwrap_or_default();
            Self { text: plain::excerpt(&made.text, SUMMARY), picture }
        };
        app.rendering(form.typed.text.len(), look).await
    }

    /// Of a text that was saved just now, for the page that shows it.
    pub async fn told(app: &App, l: &Layout, form: &PostForm, path: Option<&str>) -> Value {
        let Self { text, picture } = Self::of(app, form).await.unwrap_or_default();
        json!({ "text": text, "picture": picture, "address": card_address(l, form, path) })
    }
}

/// The address of what is in a form as search engines show it.
fn card_address(l: &Layout, form: &PostForm, path: Option<&str>) -> String {
    let slug = if form.typed.slug.is_empty() { "…" } else { &form.typed.slug };
    l.url(path.unwrap_or(slug))
}

impl EditorPage {
    /// Over a form, whatever is in it.
    pub async fn load(app: &App, a: AdminFrame, post: Option<&StoredPost>, form: PostForm) -> Self {
        let mut page = Self::new(a, post, form);
        if let Some(post) = post {
            // Where the database does not answer, the form is what counts.
            let working = app.store.working(post.id).await.unwrap_or_default();
            page.working = working.map(|working| page.told_of(&working));
            page.links = app.store.draft_links(post.id).await.unwrap_or_default();
            page.has_original = app.store.has_import_original(post.id).await.unwrap_or_default();
            page.is_template = app.store.is_template(post.id).await.unwrap_or_default();
        }
        page
    }

    fn new(a: AdminFrame, post: Option<&StoredPost>, form: PostForm) -> Self {
        Self {
            id: post.map(|post| post.id),
            state: post.map_or(PostState::Draft, |post| post.state(a.l.now)),
            path: post.and_then(|post| post.path.clone()),
            form,
            notice: None,
            alarm: None,
            working: None,
            conflict: None,
            findings: None,
            is_held: false,
            is_resumed: false,
            links: Vec::new(),
            is_template: false,
            has_original: false,
            submitted_at: post.and_then(|post| post.submitted_at),
            people: Vec::new(),
            authors: post.map_or_else(|| vec![a.user.id], |post| post.authors.to_vec()),
            templates: Vec::new(),
            tags: Vec::new(),
            pictures: Vec::new(),
            card: Card::default(),
            a,
        }
    }

    /// Words for what readers do not see yet: those of another are called theirs.
    fn told_of(&self, working: &Working) -> String {
        let (l, at) = (&self.a.l, self.a.l.moment(&working.saved_at));
        match &working.user_name {
            _ if self.state == PostState::Draft => l.tx("working-draft", at),
            Some(name) if working.by != Some(self.a.user.id) => l.of("working-theirs", name, at),
            _ => l.tx("working-notice", at),
        }
    }

    fn is_page(&self) -> bool {
        self.form.kind == PostKind::Page
    }

    /// Whether it has a place among readers, or will have one.
    fn is_out(&self) -> bool {
        matches!(self.state, PostState::Published | PostState::Scheduled)
    }

    /// Where readers find it, if they do.
    fn live_path(&self) -> Option<&str> {
        self.path.as_deref().filter(|_| self.state == PostState::Published)
    }

    fn languages(&self) -> &'static [(&'static str, &'static str)] {
        LANGUAGES
    }

    /// Whether what stands in the form has not been saved.
    fn is_unsaved(&self) -> bool {
        self.alarm.is_some() || self.is_held || self.is_resumed
    }

    /// Where the form goes.
    fn action(&self) -> String {
        self.id.map_or_else(|| "/admin/posts".to_owned(), |id| format!("/admin/posts/{id}"))
    }

    /// The title as search engines and social sites show it.
    fn card_title(&self) -> &str {
        if self.form.typed.title.is_empty() { "…" } else { &self.form.typed.title }
    }

    /// Its address as search engines show it.
    fn card_address(&self) -> String {
        card_address(&self.a.l, &self.form, self.path.as_deref())
    }

    /// What they show beneath.
    fn card_text(&self) -> &str {
        let Typed { meta, excerpt, .. } = &self.form.typed;
        [&meta.description, excerpt].into_iter().find(|text| !text.is_empty()).unwrap_or(&self.card.text)
    }

    /// The picture that social sites show; may be empty.
    fn card_picture(&self) -> &str {
        let cover = &self.form.typed.meta.cover;
        if hash_in(cover).is_none() { &self.card.picture } else { cover }
    }

    /// Whether they publish by themselves, and need not hand it in.
    fn can_publish(&self) -> bool {
        permission::may(self.a.user.role, Act::Publish, true)
    }

    fn is_author(&self, person: &User) -> bool {
        self.form.typed.authors.contains(&person.id)
    }

    pub async fn show(mut self, app: &App, status: StatusCode) -> Result<Response> {
        if self.a.may(Act::ChooseAuthors) {
            let chosen = &mut self.form.typed.authors;
            if chosen.is_empty() {
                chosen.extend(self.authors.clone());
            }
            let place = |person: &User| chosen.iter().position(|id| *id == person.id);
            self.people = app.store.users().await?;
            self.people.sort_by_key(|person| place(person).unwrap_or(usize::MAX));
        }
        // What is offered is no more than that: the form comes without it, too.
        // What others' drafts are about is theirs to know.
        let seen = (!self.a.may(Act::SeePost)).then_some(self.a.l.now);
        self.tags = app.store.known_tags(seen).await.unwrap_or_default();
        let newest = app.store.library(Shelf::Pictures, "", From::Newest).await;
        self.pictures = newest.map(|listing| listing.items).unwrap_or_default();
        self.card = Card::of(app, &self.form).await.unwrap_or_default();
        let empty = Typed { comments: self.form.typed.comments, ..Typed::default() };
        if self.id.is_none() && self.form.typed == empty {
            self.templates = app.store.templates(self.form.kind).await.unwrap_or_default();
        }
        Ok((status, html(&self)?).into_response())
    }
}

/// GET /admin/posts/new
pub async fn new(State(app): State<Arc<App>>, a: AdminFrame, query: Query) -> Result<Response> {
    let kind = if query.0.raw("kind") == "page" { PostKind::Page } else { PostKind::Post };
    if kind == PostKind::Page {
        a.must(Act::WritePage)?;
    }
    let mut form = PostForm::empty(kind);
    if let Ok(id) = query.0.raw("from").parse::<PostId>() {
        // A copy of what it holds; not of where and when.
        let template = app.store.stored_post(id).await?.ok_or(Error::NotFound)?;
        if template.kind != kind || !app.store.is_template(id).await? {
            a.must_write(&template)?;
        }
        form.typed = stands(&app, &a.l, &template).await?.copy();
    }
    EditorPage::load(&app, a, None, form).await.show(&app, StatusCode::OK).await
}

/// GET /admin/posts/{id}
pub async fn edit(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Path(id): Path<String>,
    query: Query,
) -> Result<Response> {
    let post = writable(&app, &a, &id).await?;
    let working = app.store.working(post.id).await?;
    let form = PostForm::stored(&post, working.as_ref(), &a.l.settings.zone, a.l.now);
    if let Err(error) = app.store.keep_opened(&post, &form.typed).await {
        // Nobody is kept from writing by it.
        tracing::warn!(%error, "what a form is opened with could not be kept");
    }
    let mut page = EditorPage::load(&app, a, Some(&post), form).await;
    page.notice = match query.0.raw("done") {
        done @ ("saved" | "published" | "scheduled" | "updated" | "unpublished" | "restored" | "kept" | "discarded"
        | "dismissed" | "brought-back" | "duplicated" | "shared" | "unshared" | "template" | "no-template"
        | "handed-in" | "taken-back") => Some(page.a.l.t(&format!("done-{done}"))),
        _ => None,
    };
    if query.0.has("check") {
        page.findings = Some(page.form.findings(&app, &page.a.l, Some(&post)).await?);
    }
    page.show(&app, StatusCode::OK).await
}

/// What an editor of this post sees in its form: what is typed but not published, or what is stored.
pub async fn stands(app: &App, l: &Layout, post: &StoredPost) -> Result<Typed> {
    let working = app.store.working(post.id).await?;
    Ok(working.map_or_else(|| Typed::of(post, &l.settings.zone, l.now), |working| working.typed))
}

/// The post of an address, for whoever may write it as it stands.
pub async fn writable(app: &App, a: &AdminFrame, id: &str) -> Result<StoredPost> {
    let post = stored(app, a, id).await?;
    a.must_write(&post)?;
    Ok(post)
}

/// The post of an address, for whoever may find it.
pub async fn stored(app: &App, a: &AdminFrame, id: &str) -> Result<StoredPost> {
    let id: PostId = id.parse().map_err(|_| Error::NotFound)?;
    let post = app.store.stored_post(id).await?.ok_or(Error::NotFound)?;
    match a.must_write(&post) {
        Err(Error::NotFound) => Err(Error::NotFound),
        _ => Ok(post),
    }
}

/// POST /admin/posts
pub async fn create(State(app): State<Arc<App>>, DeskForm(a, fields): DeskForm) -> Result<Response> {
    let made = app.store.post_named(&PostForm::sent(&fields).uuid).await?;
    if let Some(made) = &made
        && matches!(a.must_write(made), Err(Error::NotFound))
    {
        let mut form = PostForm::sent(&fields);
        form.uuid = uuid::Uuid::new_v4().to_string();
        return refused(&app, a, None, form).await;
    }
    save(&app, a, made, &fields).await
}

/// POST /admin/posts/{id}
pub async fn update(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    DeskForm(a, fields): DeskForm,
) -> Result<Response> {
    let post = stored(&app, &a, &id).await?;
    save(&app, a, Some(post), &fields).await
}

/// The form with what was carried through the door.
pub async fn resume(app: &App, a: AdminFrame, to: &str, fields: &Fields) -> Result<Response> {
    // What names no post here is a new one: its text counts, not its address.
    let id = to.strip_prefix("/admin/posts/").and_then(|id| id.parse().ok());
    let post = match id {
        Some(id) => app.store.stored_post(id).await?.filter(|post| a.must_write(post).is_ok()),
        None => None,
    };
    let mut page = EditorPage::load(app, a, post.as_ref(), PostForm::sent(fields)).await;
    page.notice = Some(page.a.l.t("session-resumed"));
    page.is_resumed = true;
    page.show(app, StatusCode::OK).await
}

async fn save(app: &App, a: AdminFrame, post: Option<StoredPost>, fields: &Fields) -> Result<Response> {
    let intent = match fields.raw("action") {
        "publish" | "publish-anyway" => Intent::Publish,
        "unpublish" => Intent::Unpublish,
        _ => Intent::Save,
    };
    // A script saves and stays where it is: it is told, not led on. What goes wrong, a page says.
    let is_staying = fields.raw("action") == "save" && fields.has("stay");
    let mut form = PostForm::sent(fields);
    if let Some(post) = &post {
        form.kind = post.kind;
    }
    let is_theirs = match &post {
        Some(post) => a.must_write(post).is_ok(),
        None => form.kind == PostKind::Post || a.may(Act::WritePage),
    };
    if !is_theirs || (intent != Intent::Save && !permission::may(a.user.role, Act::Publish, true)) {
        return refused(app, a, post.as_ref(), form).await;
    }
    choose_authors(app, &a, &mut form, post.as_ref()).await?;
    let is_out = post.as_ref().is_some_and(|post| post.is_published);
    let is_beside = intent == Intent::Save && is_out && post.as_ref().is_some_and(|post| post.trashed_at.is_none());
    let saved = if is_beside {
        autosave::keep(app, &a, post.as_ref(), form.clone(), RevisionKind::Save).await
    } else {
        let content = match form.content(app, &a.l, intent, post.as_ref()).await {
            Ok(Some(content)) => content,
            unready => return unsaved(app, a, post.as_ref(), form, unready.map(drop)).await,
        };
        if intent == Intent::Publish && !is_out {
            let findings = form.findings(app, &a.l, post.as_ref()).await?;
            let is_anyway = fields.raw("action") == "publish-anyway";
            let is_seen = |finding: &Finding| is_anyway && fields.all("seen").any(|seen| seen == finding.key());
            if findings.iter().any(|finding| !is_seen(finding)) {
                return held(app, a, post.as_ref(), form, findings).await;
            }
        }
        let kind = if intent == Intent::Publish { RevisionKind::Publish } else { RevisionKind::Save };
        let saving = form.saving(a.user.id, intent, kind, &a.l);
        match &post {
            None => app.store.create_post(form.kind, &content, &saving).await,
            Some(post) => app.store.save_post(post.id, &content, &saving).await,
        }
    };
    // The same form sent twice, by a browser that does not tell which it is, is no conflict.
    let saved = match saved {
        Err(SaveError::Stale(made)) if !is_beside && form.is_done(&made, intent, &a.l.settings.zone, a.l.now) => {
            Ok(Saved { id: made.id, path: made.path, version: made.version })
        }
        other => other,
    };
    match saved {
        Ok(Saved { id, version, path }) => {
            let was = post.as_ref().map(|post| post.state(a.l.now));
            let is = app.store.stored_post(id).await?.map(|post| post.state(a.l.now));
            let handed_in = match fields.raw("action") {
                "hand-in" => Some(true),
                "take-back" => Some(false),
                _ => None,
            };
            if let Some(handed_in) = handed_in {
                app.store.hand_in(id, handed_in, a.by()).await?;
            }
            let done = match (was, is) {
                (_, Some(PostState::Draft)) if handed_in == Some(true) => "handed-in",
                (_, Some(PostState::Draft)) if handed_in == Some(false) => "taken-back",
                _ if is_beside => "kept",
                (Some(PostState::Published), Some(PostState::Published)) => "updated",
                (_, Some(PostState::Published)) => "published",
                (_, Some(PostState::Scheduled)) => "scheduled",
                _ if intent == Intent::Unpublish => "unpublished",
                _ => "saved",
            };
            if is_staying {
                let (said, card) =
                    (a.l.t(&format!("done-{done}")), Card::told(app, &a.l, &form, path.as_deref()).await);
                let told = json!({ "id": id.0, "version": version, "saved": said, "card": card });
                return Ok(desk::json(StatusCode::OK, &told));
            }
            Ok(Redirect::to(&format!("/admin/posts/{id}?done={done}")).into_response())
        }
        // Its page sends it again, without staying, and both are kept then.
        Err(SaveError::Stale(_)) if is_staying => Ok(StatusCode::CONFLICT.into_response()),
        // The name of another's post, which feeds tell: nothing is said of it.
        Err(SaveError::Stale(theirs)) if a.must_write(&theirs).is_err() => {
            form.uuid = uuid::Uuid::new_v4().to_string();
            refused(app, a, None, form).await
        }
        Err(SaveError::Stale(theirs)) => conflict::answer(app, a, *theirs, form).await,
        Err(SaveError::SlugTaken) => {
            form.faults.add("slug", a.l.t("error-slug-taken"));
            unsaved(app, a, post.as_ref(), form, Ok(())).await
        }
        Err(SaveError::Store(error)) => {
            tracing::error!(%error, "a post could not be kept");
            unsaved(app, a, post.as_ref(), form, Err(error)).await
        }
    }
}

/// The form with what a careful editor would mend first.
async fn held(
    app: &App,
    a: AdminFrame,
    post: Option<&StoredPost>,
    form: PostForm,
    findings: Vec<Finding>,
) -> Result<Response> {
    let mut page = EditorPage::load(app, a, post, form).await;
    page.findings = Some(findings);
    page.is_held = true;
    page.show(app, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The form as it was typed, with what kept it from being saved: something in it, or the machine.
pub async fn unsaved(
    app: &App,
    a: AdminFrame,
    post: Option<&StoredPost>,
    form: PostForm,
    why: Result<()>,
) -> Result<Response> {
    let mut page = EditorPage::load(app, a, post, form).await;
    let (word, status) = match why {
        Ok(()) => ("not-saved-mend", StatusCode::UNPROCESSABLE_ENTITY),
        Err(error) => ("not-saved", error.status()),
    };
    page.alarm = Some(page.a.l.t(word));
    page.show(app, status).await
}

/// The form as it was typed, where it is not theirs to save so: an editor has published the draft meanwhile, say.
async fn refused(app: &App, a: AdminFrame, post: Option<&StoredPost>, form: PostForm) -> Result<Response> {
    let mut page = EditorPage::new(a, post, form);
    page.alarm = Some(page.a.l.t("publish-not-yours"));
    page.show(app, StatusCode::FORBIDDEN).await
}

/// Leaves in the form the authors that it may choose; those that an editor chose where that is not for its writer to say.
pub async fn choose_authors(app: &App, a: &AdminFrame, form: &mut PostForm, post: Option<&StoredPost>) -> Result<()> {
    let chosen = &mut form.typed.authors;
    if a.may(Act::ChooseAuthors) {
        let people = app.store.users().await?;
        chosen.retain(|id| people.iter().any(|person| person.id == *id));
    } else {
        *chosen = match post {
            Some(post) => stands(app, &a.l, post).await?.authors,
            None => Vec::new(),
        };
    }
    Ok(())
}

/// POST /admin/posts/preview: the reader's page of what is in the form, in a tab of its own.
pub async fn preview(State(app): State<Arc<App>>, a: AdminFrame, fields: Fields) -> Result<Response> {
    let mut form = PostForm::sent(&fields);
    let content = match form.content(&app, &a.l, Intent::Save, None).await {
        Ok(Some(content)) => content,
        unready => return unsaved(&app, a, None, form, unready.map(drop)).await,
    };
    let mut post = as_readers_would_see_it(form.kind, content, a.l.now);
    post.authors = Json(vec![Author { name: a.user.name.clone(), slug: a.user.slug.clone() }]);
    Ok((Frames::of([post.body.as_str()]), html(&PostPage::preview(a.l, post))?).into_response())
}

/// What a post looks like that is not saved, or not for everybody.
pub fn as_readers_would_see_it(kind: PostKind, content: PostContent, now: Time) -> Post {
    Post {
        // No row: it is not saved.
        id: PostId(0),
        uuid: String::new(),
        kind,
        path: String::new(),
        title: content.title,
        body: content.html,
        is_cut: false,
        summary: content.summary,
        words: content.words,
        comments: PostComments::Closed,
        comment_count: 0,
        published_at: content.published_at.unwrap_or(now),
        updated_at: None,
        authors: Json(Vec::new()),
        meta: content.meta,
        tags: Json(content.tags.into_iter().map(|(name, slug)| Tag { name, slug }).collect()),
    }
}
