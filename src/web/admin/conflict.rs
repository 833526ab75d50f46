//! Two people saved the same post: what each wrote stays, and is brought together as far as that goes by itself.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};

use super::{
    difference::{Difference, differences},
    editor::{EditorPage, stands, unsaved, writable},
    post_form::PostForm,
};
use crate::{
    app::App,
    error::{Error, Result},
    model::{
        ids::RevisionId,
        post::{Intent, Meta, StoredPost},
        revision::{RevisionKind, Typed},
    },
    rules::merge::{Part, merge},
    web::{auth::AdminFrame, form::Query, layout::Layout},
};

/// What the editor's page says of a conflict.
pub struct Conflict {
    /// The revision that keeps what its writer sent; `None`: it could not be kept, and stands in the form alone.
    pub mine: Option<RevisionId>,
    pub theirs: Typed,
    pub theirs_saved: String,
    /// From theirs to mine.
    pub differences: Vec<Difference>,
    /// Which of them stands in the form.
    pub taken: Take,
    /// Whether nothing was changed by both in different ways.
    pub is_settled: bool,
}

/// What is to stand in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    Mine,
    Theirs,
    Merged,
}

impl Take {
    pub const ALL: [Self; 3] = [Self::Mine, Self::Theirs, Self::Merged];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Theirs => "theirs",
            Self::Merged => "merged",
        }
    }
}

impl Conflict {
    pub fn is_taken(&self, take: &Take) -> bool {
        self.taken == *take
    }

    pub fn takes(&self) -> [Take; 3] {
        Take::ALL
    }
}

/// The answer to a save that came too late: what was sent is kept, and the form holds both as far as they agree.
pub async fn answer(app: &App, a: AdminFrame, post: StoredPost, mut form: PostForm) -> Result<Response> {
    let saving = form.saving(a.user.id, Intent::Save, RevisionKind::Conflict, &a.l);
    let kept = app.store.keep_conflict(post.id, &saving).await;
    let mine =
        kept.inspect_err(|error| tracing::warn!(%error, "one side of a conflict is kept in its form alone")).ok();
    let version = form.version;
    // Where the database does not answer, the form is what counts.
    let is_own = app.store.is_saved_by(a.user.id, post.id, version).await.unwrap_or_default();
    let word = if is_own { "conflict-own" } else { "conflict" };
    let conflict = match of(app, &a.l, &post, version, &mut form, mine, None).await {
        Ok(conflict) => conflict,
        Err(error) => return unsaved(app, a, Some(&post), form, Err(error)).await,
    };
    // The next save stands on what is shown here beside it.
    form.version = post.version;
    let mut page = EditorPage::load(app, a, Some(&post), form).await;
    page.alarm = Some(page.a.l.t(word));
    page.conflict = Some(conflict);
    page.show(app, StatusCode::CONFLICT).await
}

/// GET /admin/posts/{id}/conflict/{revision}: the form again, with what is chosen in it.
pub async fn show(
    State(app): State<Arc<App>>,
    a: AdminFrame,
    Path((id, revision)): Path<(String, String)>,
    query: Query,
) -> Result<Response> {
    let post = writable(&app, &a, &id).await?;
    let revision: RevisionId = revision.parse().map_err(|_| Error::NotFound)?;
    let (kept, typed) = app.store.revision(post.id, revision).await?.ok_or(Error::NotFound)?;
    let take = Take::ALL.into_iter().find(|take| take.as_str() == query.0.raw("take"));
    let mut form = PostForm::new(post.kind, post.uuid.clone(), post.version, typed);
    let conflict = of(&app, &a.l, &post, kept.version, &mut form, Some(kept.id), take).await?;
    let mut page = EditorPage::load(&app, a, Some(&post), form).await;
    page.conflict = Some(conflict);
    page.show(&app, StatusCode::OK).await
}

/// Compares what is in the form, which was opened at `version`, with what stands there now; leaves in it what is taken.
async fn of(
    app: &App,
    l: &Layout,
    post: &StoredPost,
    version: i64,
    form: &mut PostForm,
    mine: Option<RevisionId>,
    take: Option<Take>,
) -> Result<Conflict> {
    let theirs = stands(app, l, post).await?;
    let base = app.store.base_of(post.id, version).await?.unwrap_or_default();
    let marks = [l.t("merge-mine"), l.t("merge-theirs"), l.t("merge-end")];
    let (ours, others) = (form.typed.clone(), theirs.clone());
    let bytes = ours.text.len() + others.text.len();
    let (merged, is_settled) = app.rendering(bytes, move || merged(&base, &ours, &others, &marks)).await?;
    let differences = differences(app, l, &theirs, &form.typed).await?;
    let taken = take.unwrap_or(if is_settled { Take::Merged } else { Take::Mine });
    match taken {
        Take::Mine => {}
        Take::Theirs => form.typed = theirs.clone(),
        Take::Merged => form.typed = merged,
    }
    Ok(Conflict { mine, theirs, theirs_saved: l.moment(&post.saved_at), differences, taken, is_settled })
}

/// Both together. `false`: both changed the same, and both stand there between marks.
fn merged(base: &Typed, ours: &Typed, theirs: &Typed, marks: &[String; 3]) -> (Typed, bool) {
    let mut is_settled = true;
    let mut field = |base: &str, ours: &str, theirs: &str| {
        is_settled &= ours == theirs || ours == base || theirs == base;
        pick(base, ours, theirs).to_owned()
    };
    let meta = Meta {
        description: field(&base.meta.description, &ours.meta.description, &theirs.meta.description),
        cover: field(&base.meta.cover, &ours.meta.cover, &theirs.meta.cover),
        cover_alt: field(&base.meta.cover_alt, &ours.meta.cover_alt, &theirs.meta.cover_alt),
        cover_caption: field(&base.meta.cover_caption, &ours.meta.cover_caption, &theirs.meta.cover_caption),
        canonical: field(&base.meta.canonical, &ours.meta.canonical, &theirs.meta.canonical),
        language: field(&base.meta.language, &ours.meta.language, &theirs.meta.language),
        featured: *pick(&base.meta.featured, &ours.meta.featured, &theirs.meta.featured),
    };
    let mut typed = Typed {
        title: field(&base.title, &ours.title, &theirs.title),
        text: String::new(),
        tags: field(&base.tags, &ours.tags, &theirs.tags),
        slug: field(&base.slug, &ours.slug, &theirs.slug),
        excerpt: field(&base.excerpt, &ours.excerpt, &theirs.excerpt),
        publish_at: field(&base.publish_at, &ours.publish_at, &theirs.publish_at),
        comments: *pick(&base.comments, &ours.comments, &theirs.comments),
        meta,
        authors: pick(&base.authors, &ours.authors, &theirs.authors).clone(),
    };
    let [mine, others, end] = marks;
    for part in merge(&base.text, &ours.text, &theirs.text) {
        match part {
            Part::Settled(text) => typed.text.push_str(&text),
            Part::Contested { ours, theirs } => {
                is_settled = false;
                for (mark, text) in [(mine, ours.as_str()), (others, theirs.as_str()), (end, "")] {
                    if !typed.text.is_empty() && !typed.text.ends_with('\n') {
                        typed.text.push('\n');
                    }
                    typed.text.push_str(&format!("{mark}\n{text}"));
                }
            }
        }
    }
    (typed, is_settled)
}

/// What only one of them changed is taken as they have it; of what both did, ours.
fn pick<'a, T: PartialEq + ?Sized>(base: &T, ours: &'a T, theirs: &'a T) -> &'a T {
    if ours == base { theirs } else { ours }
}
