//! What was typed into the form of a post, and what is kept of it.

use jiff::tz::TimeZone;

use super::{
    ids::{PostId, RevisionId, UserId},
    post::{Intent, Meta, PostComments, StoredPost},
    time::Time,
};

/// The fields of a post's form, as typed: good or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Typed {
    /// The title.
    pub title: String,
    /// Markdown.
    pub text: String,
    /// Names, apart by commas.
    pub tags: String,
    /// The last part of the address.
    pub slug: String,
    /// Plain text.
    pub excerpt: String,
    /// `2023-02-11T08:30` in the blog's zone, as `datetime-local` writes it.
    pub publish_at: String,
    /// What becomes of the thread.
    pub comments: PostComments,
    /// What machines are told.
    pub meta: Meta,
    /// Whose names stand under it, in order; none: those that do already.
    pub authors: Vec<UserId>,
}

impl Typed {
    /// What the form of a stored post is filled with.
    pub fn of(post: &StoredPost, zone: &TimeZone, now: Time) -> Self {
        Self {
            title: post.title.clone(),
            text: post.source.clone(),
            tags: post.tags.join(", "),
            slug: post.form_slug(now).to_owned(),
            excerpt: post.excerpt.clone(),
            publish_at: post.published_at.map_or_else(String::new, |at| at.typed_in(zone)),
            comments: post.comments,
            meta: post.meta.clone(),
            authors: post.authors.to_vec(),
        }
    }

    /// Its tags, as typed.
    pub fn tag_names(&self) -> impl Iterator<Item = &str> {
        self.tags.split([',', '،', '、']).map(str::trim).filter(|name| !name.is_empty())
    }

    /// What a copy of it begins with: all but where, when and by whom.
    pub fn copy(self) -> Self {
        Self { slug: String::new(), publish_at: String::new(), authors: Vec::new(), ..self }
    }
}

/// Names the form that saves, and counts what it sends: a form cannot be in conflict with itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hand {
    /// Random for each form that is drawn; empty: nobody knows.
    pub holder: String,
    /// Rises with each save that the form sends.
    pub turn: i64,
}

/// A save on its way: whose, from which form, and what it is to do.
#[derive(Clone, Copy, Debug)]
pub struct Saving<'a> {
    /// Who saves.
    pub by: UserId,
    /// The form.
    pub hand: &'a Hand,
    /// What the form was opened with; 0 for a new post.
    pub version: i64,
    /// What stands in it.
    pub typed: &'a Typed,
    /// What is to become of the post's place among readers.
    pub intent: Intent,
    /// What it is kept for.
    pub kind: RevisionKind,
    /// The blog's zone.
    pub zone: &'a TimeZone,
    /// The moment.
    pub now: Time,
}

impl Saving<'_> {
    /// Whether the form saves by itself.
    pub fn is_auto(&self) -> bool {
        self.kind == RevisionKind::Autosave
    }
}

/// What a revision was kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(rename_all = "lowercase")]
pub enum RevisionKind {
    /// Somebody saved.
    Save,
    /// Readers saw it from then on.
    Publish,
    /// An earlier one was brought back.
    Restore,
    /// The form saved by itself.
    Autosave,
    /// Somebody else had saved in the meantime.
    Conflict,
}

impl RevisionKind {
    /// As in the database and in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Save => "save",
            Self::Publish => "publish",
            Self::Restore => "restore",
            Self::Autosave => "autosave",
            Self::Conflict => "conflict",
        }
    }
}

/// A line in the list of revisions.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Revision {
    /// Row id.
    pub id: RevisionId,
    /// What it was kept for.
    pub kind: RevisionKind,
    /// Who; `None`: not known any more.
    pub user_name: Option<String>,
    /// When.
    pub at: Time,
    /// The title that it had.
    pub title: String,
    /// Bytes of the text.
    pub size: i64,
    /// Of the post, when it was kept.
    pub version: i64,
}

/// What is typed but not yet what readers see.
#[derive(Clone, Debug)]
pub struct Working {
    /// As typed.
    pub typed: Typed,
    /// Last save.
    pub saved_at: Time,
    /// Who saved; `None`: not known any more.
    pub by: Option<UserId>,
    /// Their name.
    pub user_name: Option<String>,
}

/// A link by which whoever has it sees a draft.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DraftLink {
    /// The secret in its address.
    pub token: String,
    /// The draft.
    pub post_id: PostId,
    /// When it was made.
    pub created_at: Time,
}
