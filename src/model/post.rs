//! Posts and pages: as readers see them, and as editors do.

use jiff::tz::TimeZone;
/// A list that the database gives as one value.
pub use sqlx::types::Json;

use super::{
    ids::{PostId, UserId},
    language::Language,
    listing::Cursor,
    time::Time,
    user::Author,
};

/// A dated post, or a page in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, serde::Deserialize)]
#[sqlx(rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum PostKind {
    /// Lives at `/YYYY/MM/slug` and in the lists.
    Post,
    /// Lives at `/slug` and in the navigation.
    Page,
}

impl PostKind {
    /// As in addresses and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Page => "page",
        }
    }
}

/// What readers have of a post's thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::Type, serde::Serialize, serde::Deserialize)]
#[sqlx(rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum PostComments {
    /// They may add to it.
    #[default]
    Open,
    /// What is there stays visible.
    Closed,
    /// Not even that.
    Hidden,
}

impl PostComments {
    /// As in the form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Hidden => "hidden",
        }
    }

    /// As in the form; what is unknown is closed.
    pub fn typed(word: &str) -> Self {
        match word {
            "open" => Self::Open,
            "hidden" => Self::Hidden,
            _ => Self::Closed,
        }
    }

    /// How it stands in the database: whether the thread is open, and whether it is hidden.
    pub fn columns(self) -> (&'static str, bool) {
        (if self == Self::Open { "open" } else { "closed" }, self == Self::Hidden)
    }
}

/// What a post tells machines about itself, and how it stands out. All of it may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, sqlx::FromRow)]
#[serde(default)]
pub struct Meta {
    /// Plain text for search engines; empty: the summary.
    pub description: String,
    /// Address of a picture: `/media/…`.
    pub cover: String,
    /// What the picture shows, for those who do not see it.
    pub cover_alt: String,
    /// What stands below it, for everybody: plain text.
    pub cover_caption: String,
    /// An http(s) address where the text was published first.
    pub canonical: String,
    /// BCP 47; empty: the blog's.
    pub language: String,
    /// Stands above the newest posts of the home page.
    pub featured: bool,
}

/// Where a post is in its life, at a given moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PostState {
    /// Readers do not see it.
    Draft,
    /// Readers will see it at its time.
    Scheduled,
    /// Readers see it.
    Published,
    /// Put away; can be restored.
    Trash,
}

impl PostState {
    /// As in addresses and in the names of words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::Trash => "trash",
        }
    }
}

/// A tag under a post.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, sqlx::FromRow)]
pub struct Tag {
    /// As written.
    pub name: String,
    /// `/tag/SLUG`.
    pub slug: String,
}

/// A live post, as readers see it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Post {
    /// Row id.
    pub id: PostId,
    /// Names the post in feeds for ever.
    pub uuid: String,
    /// Post or page.
    pub kind: PostKind,
    /// The permalink without its leading slash.
    pub path: String,
    /// Plain text.
    pub title: String,
    /// Safe HTML: all of it, or up to the jump break, as the question asked.
    pub body: String,
    /// Whether `body` ends at a jump break.
    pub is_cut: bool,
    /// Plain text: the excerpt, or the beginning of the text.
    pub summary: String,
    /// Of the whole text.
    pub words: i64,
    /// Whether readers may add to the thread.
    pub comments: PostComments,
    /// Approved comments.
    pub comment_count: i64,
    /// In the past.
    pub published_at: Time,
    /// Set when the content changed after publication.
    pub updated_at: Option<Time>,
    /// In order, at least one.
    pub authors: Json<Vec<Author>>,
    /// In the writer's order.
    pub tags: Json<Vec<Tag>>,
    /// What machines are told.
    #[sqlx(flatten)]
    pub meta: Meta,
}

impl Post {
    /// What search engines show of it.
    pub fn description(&self) -> &str {
        if self.meta.description.is_empty() { &self.summary } else { &self.meta.description }
    }

    /// The language of its text, where that is not the one `around` it.
    pub fn language_in(&self, around: &Language) -> Option<Language> {
        Language::from_tag(&self.meta.language).filter(|language| language != around)
    }

    /// Its place in the order of publication.
    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.published_at, id: self.id.0 }
    }

    /// Whether what is shown of it has a video that can be played there.
    pub fn has_video(&self) -> bool {
        self.body.contains(" data-player=\"")
    }

    /// What the ids inside its HTML begin with.
    pub fn anchor(&self) -> String {
        anchor(&self.uuid)
    }

    /// When it last changed for readers.
    pub fn changed_at(&self) -> Time {
        self.updated_at.map_or(self.published_at, |updated| updated.max(self.published_at))
    }
}

/// A live post without its texts: what those who write under it need.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PostHead {
    /// Row id.
    pub id: PostId,
    /// Names the post in feeds for ever.
    pub uuid: String,
    /// The permalink without its leading slash.
    pub path: String,
    /// Plain text.
    pub title: String,
    /// Whether readers may add to the thread.
    pub comments: PostComments,
    /// Comments that readers see.
    pub comment_count: i64,
    /// A post or a page.
    pub kind: PostKind,
    /// When it went live.
    pub published_at: Time,
}

/// A live post's address and title.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PostLink {
    /// Row id.
    pub id: PostId,
    /// The permalink without its leading slash.
    pub path: String,
    /// Plain text.
    pub title: String,
    /// In the past.
    pub published_at: Time,
    /// When it last changed for readers.
    pub changed_at: Time,
}

impl PostLink {
    /// Its place in the order of publication.
    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.published_at, id: self.id.0 }
    }
}

/// How many posts live under `/YYYY/MM`.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MonthCount {
    /// `YYYY/MM`
    pub month: String,
    /// At least one.
    pub posts: i64,
}

/// A post as its editor sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StoredPost {
    /// Row id.
    pub id: PostId,
    /// Names the post in feeds for ever.
    pub uuid: String,
    /// Post or page.
    pub kind: PostKind,
    /// Whether it is (or will be) published, apart from the trash.
    pub is_published: bool,
    /// Set while it is in the trash.
    pub trashed_at: Option<Time>,
    /// As typed; empty while it follows the title.
    pub slug: String,
    /// The permalink without its leading slash; `None` before publication.
    pub path: Option<String>,
    /// Plain text.
    pub title: String,
    /// Markdown.
    pub source: String,
    /// As typed; empty when taken from the text.
    pub excerpt: String,
    /// Whether readers may add to the thread.
    pub comments: PostComments,
    /// May be in the future.
    pub published_at: Option<Time>,
    /// The publication that dates the permalink.
    pub first_live_at: Option<Time>,
    /// Rises with every save.
    pub version: i64,
    /// Last save.
    pub saved_at: Time,
    /// Names, in the writer's order.
    pub tags: Json<Vec<String>>,
    /// In order, at least one.
    pub authors: Json<Vec<UserId>>,
    /// When it was handed in for an editor to publish.
    pub submitted_at: Option<Time>,
    /// What machines are told.
    #[sqlx(flatten)]
    pub meta: Meta,
}

impl StoredPost {
    /// Its state at `now`.
    pub fn state(&self, now: Time) -> PostState {
        state(self.is_published, self.trashed_at, self.published_at, now)
    }

    /// From when on readers see it; `None`: as it is, never.
    pub fn seen_from(&self) -> Option<Time> {
        self.published_at.filter(|_| self.is_published && self.trashed_at.is_none())
    }

    /// Whether readers have seen it: then its address is theirs, and is kept for ever.
    pub fn was_live(&self, now: Time) -> bool {
        self.first_live_at.is_some_and(|at| at <= now)
    }

    /// The slug that its form shows: the one that readers know, or the one that was typed.
    pub fn form_slug(&self, now: Time) -> &str {
        match &self.path {
            Some(path) if self.was_live(now) => path.rsplit('/').next().unwrap_or(path),
            _ => &self.slug,
        }
    }
}

/// A line in the admin's list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PostRow {
    /// Row id.
    pub id: PostId,
    /// Plain text.
    pub title: String,
    /// Whether it is (or will be) published, apart from the trash.
    pub is_published: bool,
    /// Set while it is in the trash.
    pub trashed_at: Option<Time>,
    /// The permalink without its leading slash.
    pub path: Option<String>,
    /// May be in the future.
    pub published_at: Option<Time>,
    /// Last save.
    pub saved_at: Time,
    /// Approved comments.
    pub comment_count: i64,
    /// Names under it.
    pub authors: Json<Vec<Author>>,
    /// In the writer's order.
    pub tags: Json<Vec<String>>,
    /// When it was handed in for an editor to publish.
    pub submitted_at: Option<Time>,
}

impl PostRow {
    /// Its place in the editors' lists.
    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.published_at.unwrap_or(self.saved_at), id: self.id.0 }
    }

    /// Its state at `now`.
    pub fn state(&self, now: Time) -> PostState {
        state(self.is_published, self.trashed_at, self.published_at, now)
    }
}

fn state(is_published: bool, trashed_at: Option<Time>, published_at: Option<Time>, now: Time) -> PostState {
    match (trashed_at, is_published) {
        (Some(_), _) => PostState::Trash,
        (None, false) => PostState::Draft,
        (None, true) if published_at.is_some_and(|at| at > now) => PostState::Scheduled,
        (None, true) => PostState::Published,
    }
}

/// What the ids inside a post's HTML begin with: no other post on the same page has it.
pub fn anchor(uuid: &str) -> String {
    format!("p{}", uuid.get(..6).unwrap_or_default())
}

/// The content of a post, checked and rendered, on its way to the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostContent {
    /// Hashes of the files that it shows or links to.
    pub media: Vec<String>,
    /// Names the post in feeds for ever; `html` has ids made of it.
    pub uuid: String,
    /// Plain text, not empty.
    pub title: String,
    /// As typed, a valid slug; `None`: follows the title until first publication, then stays.
    pub slug: Option<String>,
    /// The slug that the title makes; numbered when another post has it.
    pub title_slug: String,
    /// Markdown.
    pub source: String,
    /// Safe HTML of `source`.
    pub html: String,
    /// Safe HTML up to the jump break.
    pub lead: Option<String>,
    /// Which renderer made `html`.
    pub renderer: i64,
    /// As typed; may be empty.
    pub excerpt: String,
    /// The excerpt, or the beginning of the text.
    pub summary: String,
    /// Plain text of the whole, for search.
    pub text: String,
    /// Of the whole text.
    pub words: i64,
    /// Name and slug of each tag, in the writer's order, no slug twice.
    pub tags: Vec<(String, String)>,
    /// Whether readers may add to the thread.
    pub comments: PostComments,
    /// When to publish, or when it was published; `None`: at the moment of publishing.
    pub published_at: Option<Time>,
    /// Whose names stand under it, in order; none: those that do.
    pub authors: Vec<UserId>,
    /// What machines are told.
    pub meta: Meta,
}

/// What a save is to do with the post's place among readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Keep the state it has; a new post becomes a draft.
    Save,
    /// Publish at its time; in the future, that schedules it.
    Publish,
    /// Take it back to a draft.
    Unpublish,
}

/// First parts of addresses that are the program's own: a page named so could never be reached.
const RESERVED: &[&str] = &[
    "admin",
    "archive",
    "author",
    "comments",
    "draft",
    "favicon.ico",
    "feed.json",
    "feed.rss",
    "feed.xml",
    "healthz",
    "media",
    "robots.txt",
    "search",
    "setup",
    "sitemap.xml",
    "static",
    "tag",
];

/// The number in the name of a part of the sitemap, `sitemap-N.xml`.
pub fn sitemap_part(name: &str) -> Option<i64> {
    let number = name.strip_prefix("sitemap-")?.strip_suffix(".xml")?;
    number.parse().ok().filter(|part: &i64| part.to_string() == number && *part > 0)
}

/// Whether a page may not have this slug: the program's own names, and what reads as a year of the archive.
pub fn is_reserved(slug: &str) -> bool {
    RESERVED.iter().any(|name| name.eq_ignore_ascii_case(slug))
        || sitemap_part(&slug.to_ascii_lowercase()).is_some()
        || (slug.len() == 4 && slug.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a path, without slashes around it, is one behind which nobody but the blog's people may be.
pub fn is_door(path: &str) -> bool {
    matches!(path.split('/').next(), Some("admin" | "setup"))
}

/// The folder of a permalink: `YYYY/MM/` of the blog's zone for a post, nothing for a page.
pub fn permalink_folder(kind: PostKind, live_at: Time, zone: &TimeZone) -> String {
    match kind {
        PostKind::Page => String::new(),
        PostKind::Post => {
            let date = live_at.in_zone(zone).date();
            format!("{:04}/{:02}/", date.year().clamp(0, 9999), date.month())
        }
    }
}
